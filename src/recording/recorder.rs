//! From calls and answers as they went over the wire to a cassette.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::bind::Binder;
use super::dependency::{Concern, Dependencies};
use super::effect::{Effect, effect};
use super::format::CassetteFile;
use super::interaction::{Interaction, error_name, is_retryable};
use super::nested;
use super::redaction::{Redaction, Redactor};
use super::secrets::{self, InUse, SecretFound};
use crate::model::{Json, Operation};

/// What the file says of variables, and interactions with their positions.
type Bound = (IndexMap<String, String>, Vec<(usize, Interaction)>);

/// How to record.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecorderSettings {
    /// What of payloads is nobody else's business.
    pub(crate) redactions: Vec<Redaction>,
    /// Whether throttled and failed attempts are kept that the client tried again.
    pub(crate) keep_retries: bool,
}

/// Takes down calls and their answers. It is told nothing but operation, bodies and status: what is in headers cannot
/// get into a cassette.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    settings: RecorderSettings,
    in_use: InUse,
    exchanges: Vec<Exchange>,
}

#[derive(Debug, Clone)]
struct Exchange {
    /// Before which interaction of a file it belongs, if it is added to one.
    position: usize,
    operation: Operation,
    request: Json,
    status: u16,
    response: Json,
}

impl Recorder {
    pub(crate) fn new(settings: RecorderSettings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// A credential that must not be written, whatever the calls say: an access key id, a secret, a session token.
    #[cfg(test)]
    pub(super) fn guard(&mut self, credential: &str) {
        self.in_use.add(credential);
    }

    /// The same of credentials that somebody else has gathered.
    pub(super) fn guard_all(&mut self, in_use: &InUse) {
        self.in_use = in_use.clone();
    }

    /// A call and its answer: the bodies as they are on the wire, an answer without a body as `null`, one that is no JSON
    /// as a string.
    pub(crate) fn observe(&mut self, operation: Operation, request: &Json, status: u16, response: &Json) {
        self.observe_at(0, (operation, request, status, response));
    }

    /// The same of a call that will be added to a file, before its interaction at this position.
    pub(crate) fn observe_at(&mut self, position: usize, exchange: (Operation, &Json, u16, &Json)) {
        let (operation, request, status, response) = exchange;
        let (request, response) = (request.compacted(), response.compacted());
        self.exchanges.push(Exchange { position, operation, request, status, response });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// The cassette of what was observed, of that day (UTC, `2026-11-25`).
    ///
    /// # Errors
    ///
    /// There is a credential in it.
    pub(crate) fn finish(&self, recorded: Option<&str>) -> Result<CassetteFile, SecretFound> {
        let (vars, interactions) = self.bound(Binder::default())?;
        let interactions = interactions.into_iter().map(|(_, interaction)| interaction).collect();
        let redacted = self.settings.redactions.clone();
        self.checked(CassetteFile { recorded: recorded.map(str::to_owned), redacted, vars, interactions })
    }

    /// The file and what was observed beyond it. Its variables are taken, and these values are what they stood for.
    pub(crate) fn added_to(
        &self,
        mut file: CassetteFile,
        values: &BTreeMap<String, String>,
    ) -> Result<CassetteFile, SecretFound> {
        let values = values.iter().map(|(variable, value)| (variable.clone(), value.clone()));
        let (vars, additions) = self.bound(Binder::with(file.vars.keys().cloned(), values))?;
        file.vars.extend(vars);
        for (added, (position, interaction)) in additions.into_iter().enumerate() {
            file.interactions.insert((position + added).min(file.interactions.len()), interaction);
        }
        let news = self.settings.redactions.iter().filter(|path| !file.redacted.contains(path));
        let news: Vec<_> = news.cloned().collect();
        file.redacted.extend(news);
        self.checked(file)
    }

    /// The variables and interactions of what was observed, each with its position.
    fn bound(&self, mut binder: Binder) -> Result<Bound, SecretFound> {
        let exchanges: Vec<Exchange> = self.redacted().iter().map(opened).collect();
        self.check(&exchanges)?;
        let exchanges = if self.settings.keep_retries { exchanges } else { final_attempts(&exchanges) };
        let messages = exchanges.iter().flat_map(|Exchange { operation, request, response, .. }| {
            [(*operation, request), (*operation, response)]
        });
        binder.learn(&messages.collect::<Vec<_>>());
        let mut bound = |exchange: &Exchange| Interaction {
            operation: exchange.operation,
            request: binder.bind(&exchange.request),
            status: exchange.status,
            error: error_name(exchange.status, &exchange.response),
            response: binder.bind(&exchange.response),
            times: 1,
        };
        let interactions: Vec<Interaction> = exchanges.iter().map(&mut bound).collect();
        let position = |at: usize| exchanges.get(at).map_or(0, |exchange| exchange.position);
        let folded = folded(&interactions, position).into_iter().map(|(at, one)| (position(at), one));
        Ok((binder.into_shown(), folded.collect()))
    }

    fn checked(&self, file: CassetteFile) -> Result<CassetteFile, SecretFound> {
        match secrets::in_text(&file.to_text(), &self.in_use) {
            Some(what) => Err(SecretFound { what, place: "the text of the file".to_owned() }),
            None => Ok(file),
        }
    }

    fn redacted(&self) -> Vec<Exchange> {
        let mut redactor = Redactor::new(self.settings.redactions.clone());
        for exchange in &self.exchanges {
            redactor.learn(&exchange.request);
            redactor.learn(&exchange.response);
        }
        let redact = |exchange: &Exchange| Exchange {
            request: redactor.redact(&exchange.request),
            response: redactor.redact(&exchange.response),
            ..exchange.clone()
        };
        self.exchanges.iter().map(redact).collect()
    }

    fn check(&self, exchanges: &[Exchange]) -> Result<(), SecretFound> {
        for (at, exchange) in exchanges.iter().enumerate() {
            for (side, message) in [("request", &exchange.request), ("response", &exchange.response)] {
                let closed = nested::close(message);
                if let Some((what, path)) = secrets::find(&closed, &self.in_use) {
                    let place = format!("call {}, {}, {side}, {path}", at + 1, exchange.operation);
                    return Err(SecretFound { what, place });
                }
            }
        }
        Ok(())
    }
}

fn opened(exchange: &Exchange) -> Exchange {
    let (request, response) = (nested::open(&exchange.request), nested::open(&exchange.response));
    Exchange { request, response, ..exchange.clone() }
}

/// Without the throttled and failed attempts after which the same was asked again.
fn final_attempts(exchanges: &[Exchange]) -> Vec<Exchange> {
    let is_superseded = |at: usize, attempt: &Exchange| {
        is_retryable(attempt.status, error_name(attempt.status, &attempt.response).as_deref())
            && exchanges
                .iter()
                .skip(at + 1)
                .any(|later| later.operation == attempt.operation && later.request == attempt.request)
    };
    let kept = exchanges.iter().enumerate().filter(|(at, exchange)| !is_superseded(*at, exchange));
    kept.map(|(_, exchange)| exchange.clone()).collect()
}

/// Equal answers to the same question, with nothing in between that could have changed them, become one.
fn folded(interactions: &[Interaction], position: impl Fn(usize) -> usize) -> Vec<(usize, Interaction)> {
    let dependencies = Dependencies::of(interactions);
    let mut last_of: BTreeMap<(Operation, String), usize> = BTreeMap::new();
    let mut folded_into: Vec<usize> = Vec::new();
    let mut latest = None;
    for (at, interaction) in interactions.iter().enumerate() {
        let key = (interaction.operation, interaction.request.to_text());
        let earlier = last_of.get(&key).copied().filter(|earlier| {
            let is_equal = interactions.get(*earlier) == Some(interaction);
            let is_elastic = matches!(effect(interaction.operation), Effect::Read | Effect::TaskPoll);
            let unchanged =
                || (earlier + 1..at).all(|between| dependencies.concern(between, at) == Concern::No);
            let is_near = position(*earlier) == position(at);
            is_equal && is_near && if is_elastic { unchanged() } else { latest == Some(*earlier) }
        });
        let target = earlier.unwrap_or(at);
        last_of.insert(key, target);
        folded_into.push(target);
        latest = Some(target);
    }
    let times = |at: usize| folded_into.iter().filter(|target| **target == at).count() as u64;
    let kept = interactions.iter().enumerate().filter(|(at, _)| folded_into.get(*at) == Some(at));
    kept.map(|(at, interaction)| (at, Interaction { times: times(at), ..interaction.clone() })).collect()
}
