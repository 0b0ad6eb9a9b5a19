//! The HTML: one file with its style, its script, the picture and the data.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::data::data;
use crate::assertion::Execution;
use crate::report::graph::Graph;
use crate::report::layout::Layout;
use crate::report::marked::Marked;
use crate::report::svg::{STYLE, escape, svg};
use crate::report::taken::Taken;

const PAGE: &str = include_str!("page.html");
pub(crate) const CSS: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page of an execution, with the text of the assertion that did not hold, if there is one.
pub(crate) fn html(execution: &Execution, failed_assertion: Option<&str>) -> String {
    let (graph, note) = graph(execution);
    let taken = graph.as_ref().map(|graph| Taken::of(graph, execution.record(), execution.visits()));
    let known = graph.as_ref().zip(taken.as_ref());
    let picture = known.map(|(graph, taken)| svg(&Layout::of(graph), &Marked { graph, taken }));
    let note = note.map(|note| format!(r#"<p class="note">{}</p>"#, escape(&note)));
    let picture = [note, picture].map(Option::unwrap_or_default).concat();
    let data = in_script(&data(execution, known, failed_assertion).to_text());
    let title = format!("{} · {}", execution.name(), execution.state_machine_name());
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    fill(
        PAGE,
        &[
            ("{{hash}}", &hash),
            ("{{style}}", &format!("{STYLE}{CSS}")),
            ("{{script}}", SCRIPT),
            ("{{title}}", &escape(&title)),
            ("{{picture}}", &picture),
            ("{{data}}", &data),
        ],
    )
}

/// What is drawn, and what there is to say about it.
fn graph(execution: &Execution) -> (Option<Graph>, Option<String>) {
    let record = execution.record();
    let observed = || Graph::observed(&record.events, execution.visits());
    match record.definition.as_deref().map(Graph::of_text) {
        Some(Ok(graph)) => (Some(graph), None),
        Some(Err(why)) => (None, Some(format!("There is no picture: {why}."))),
        None => match observed() {
            Some(graph) => {
                let note =
                    "The definition of this execution is not known: these are the states that it entered.";
                (Some(graph), Some(note.to_owned()))
            }
            None => (None, Some("There is no picture: no state was entered.".to_owned())),
        },
    }
}

/// Each gap of the template with its value, in the order of the template; values are not looked into.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(start) = rest.find("{{") {
        let (before, gap) = rest.split_at_checked(start).unwrap_or((rest, ""));
        filled.push_str(before);
        let value = values.iter().find_map(|(name, value)| Some((value, gap.strip_prefix(name)?)));
        if let Some((value, after)) = value {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push_str("{{");
            rest = gap.strip_prefix("{{").unwrap_or_default();
        }
    }
    filled.push_str(rest);
    filled
}

/// JSON that no HTML parser takes for the end of its script, or for the start of a comment.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

impl Execution {
    /// One HTML file that tells the whole story: the graph with the path taken, each state with its inputs, outputs,
    /// attempts and errors, a timeline, and the history. It needs no network, and no server.
    ///
    /// [`write_html`](Self::write_html) writes it into a file.
    #[must_use]
    pub fn to_html(&self) -> String {
        html(self, None)
    }
}
