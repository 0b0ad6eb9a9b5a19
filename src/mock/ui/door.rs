//! Which page answers which request. Calls of the UI pass its gate and then go the way of all calls.

use super::gate;
use super::overview::overview;
use super::query::parameter;
use crate::assertion::{ClientDoor, Execution};
use crate::mock::core::Core;
use crate::mock::server::{Answer, Page, Visit};
use crate::report::page;
use crate::wire;

const SHELL: &str = include_str!("ui.html");
const SCRIPT: &str = include_str!("ui.js");
const STYLE: &str = include_str!("ui.css");

/// Everything of the UI but its first page is below it.
const PREFIX: &str = "/_sfn-testkit/";

const HTML: &str = "text/html; charset=utf-8";
const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

/// Nothing is loaded from elsewhere, nothing inline runs, and no page of elsewhere shows it in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; \
                      img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page of an execution brings a policy for what it contains.
const FRAMED_POLICY: &str = "frame-ancestors 'self'";

/// A core with the UI beside its API.
#[derive(Debug, Clone)]
pub(crate) struct WithUi {
    core: Core,
}

impl WithUi {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    fn execution_page(&self, query: &str) -> Page {
        self.core.drive();
        self.core.pump();
        let record = parameter(query, "arn").and_then(|arn| self.core.lock().account.execution(&arn));
        match record {
            Some(record) => {
                Page { policy: FRAMED_POLICY, ..shown(HTML, page::html(&Execution::new(record), None)) }
            }
            None => refused(404, "There is no such execution.\n".to_owned()),
        }
    }
}

impl Answer for WithUi {
    fn answer(&self, request: wire::Request<'_>) -> impl Future<Output = Option<wire::Response>> + Send {
        self.core.answer_client(ClientDoor::Http, request)
    }

    fn page(&self, visit: Visit<'_>) -> Option<Page> {
        let below = visit.path.strip_prefix(PREFIX);
        if below.is_none() && (visit.is_post || visit.path != "/") {
            return None;
        }
        if let Some(why) = gate::refusal(&visit) {
            return Some(refused(403, why));
        }
        let page = match (visit.is_post, below) {
            (true, Some("call")) => return None,
            (false, None) => shown(HTML, SHELL.to_owned()),
            (false, Some("ui.js")) => shown("text/javascript; charset=utf-8", SCRIPT.to_owned()),
            (false, Some("ui.css")) => shown("text/css; charset=utf-8", format!("{}{STYLE}", page::CSS)),
            (false, Some("executions")) => {
                shown("application/json", overview(&self.core, visit.query).to_text())
            }
            (false, Some("execution")) => self.execution_page(visit.query),
            (true | false, _) => refused(404, "The UI of sfn-testkit has no such page.\n".to_owned()),
        };
        Some(page)
    }
}

const fn shown(content_type: &'static str, body: String) -> Page {
    Page { status: 200, content_type, policy: POLICY, body }
}

const fn refused(status: u16, body: String) -> Page {
    Page { status, content_type: PLAIN_TEXT, policy: POLICY, body }
}
