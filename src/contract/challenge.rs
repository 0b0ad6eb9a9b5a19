//! Whether clauses can fail at all: each is run against targets that answer wrongly in one place, and must say so.

use std::fmt;

use super::clause::Clause;
use super::collection::Contracts;
use super::mutant::{Mutant, bent, mutants_of, refused};
use super::run::{Asserted, Hook, Observed, Run};
use super::step::EventPattern;
use super::target::Target;
use super::verdict::Outcome;
use crate::endpoint::HttpResponse;
use crate::model::Json;
use crate::model::json::Map;
use crate::pattern::Pattern;

/// A clause that accepts a wrong answer, and so says less than it seems to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    clause: String,
    step: String,
    accepts: String,
}

impl Weakness {
    /// The id of the clause.
    #[must_use]
    pub fn clause(&self) -> &str {
        &self.clause
    }
}

/// `exec-input-size at /steps/1 accepts a success`.
impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} accepts {}", self.clause, self.step, self.accepts)
    }
}

impl Contracts {
    /// Runs each clause against targets that answer wrongly in one place that it looks at: a success where a refusal
    /// is expected, another code or message, a value changed, left out or added. Returns what was not noticed.
    ///
    /// For targets that answer alike each time, which are mocks. Clauses that are broken or not runnable there are
    /// passed over.
    pub async fn challenge(&self, target: &Target) -> Vec<Weakness> {
        let mut weaknesses = Vec::new();
        for clause in self.clauses() {
            weaknesses.extend(challenge(clause, target).await);
        }
        weaknesses
    }
}

async fn challenge(clause: &Clause, target: &Target) -> Vec<Weakness> {
    let weakness = |step: &str, accepts: String| Weakness {
        clause: clause.id().to_owned(),
        step: step.to_owned(),
        accepts,
    };
    let watch = Hook::Watch(std::sync::Mutex::default());
    if Run::clause(clause, target, &watch).await != Outcome::Upheld {
        return Vec::new();
    }
    let asserted = watch.into_asserted();
    if asserted.is_empty() {
        return vec![weakness("/steps", "every answer: no step looks at one".to_owned())];
    }
    let mut weaknesses = Vec::new();
    for Asserted { step, observed } in asserted {
        for Mutant { what, answer } in mutants(&observed) {
            let hook = Hook::Corrupt { step: step.clone(), answer };
            if Run::clause(clause, target, &hook).await == Outcome::Upheld {
                weaknesses.push(weakness(&step, what));
            }
        }
    }
    weaknesses
}

fn mutants(observed: &Observed) -> Vec<Mutant> {
    match observed {
        Observed::Answer { expected, answer } => mutants_of(expected, answer),
        Observed::Pages { member, items, expected, are_sizes_checked } => {
            let mut mutants = vec![refused()];
            let bent = expected.iter().flat_map(|expected| bent(expected, items, false));
            mutants.extend(bent.filter_map(|(what, items)| Some(list(what, member, items?))));
            if *are_sizes_checked {
                let longer = items.as_array().unwrap_or_default().iter().cloned().chain([Json::Null]);
                mutants.push(list("one more item".to_owned(), member, Json::array(longer.collect())));
            }
            mutants
        }
        Observed::History { events, wanted, details, is_whole } => {
            let mut mutants = vec![refused()];
            let bent = bent_histories(events.as_array().unwrap_or_default(), wanted, details, *is_whole);
            mutants.extend(bent.into_iter().map(|(what, events)| list(what, "events", Json::array(events))));
            mutants
        }
    }
}

fn list(what: String, member: &str, items: Json) -> Mutant {
    let body = Json::from_members([(member, items)]).to_text().into_bytes();
    Mutant { what, answer: HttpResponse { status: 200, headers: Vec::new(), body } }
}

/// Histories without one of the events, with another type or other details of one.
fn bent_histories(
    events: &[Json],
    wanted: &[EventPattern],
    details: &[Pattern],
    is_whole: bool,
) -> Vec<(String, Vec<Json>)> {
    let mut found = Vec::new();
    if is_whole {
        found.push(("one event more".to_owned(), events.iter().chain(events.last()).cloned().collect()));
        found.push(("one event less".to_owned(), events.iter().rev().skip(1).rev().cloned().collect()));
    }
    for (position, (wanted, details)) in wanted.iter().zip(details).enumerate() {
        // In a whole history positions agree; of a part, all events of the type are bent.
        let kind = wanted.line().rsplit(' ').next().unwrap_or_default();
        let is_meant = |at: usize, event: &Json| match is_whole {
            true => at == position,
            false => event.get("type").and_then(Json::as_str) == Some(kind),
        };
        let with = |change: &dyn Fn(&Json) -> Json| -> Vec<Json> {
            let events = events.iter().enumerate();
            events
                .map(|(at, event)| if is_meant(at, event) { change(event) } else { event.clone() })
                .collect()
        };
        let retyped = with(&|event| with_member(event, "type", Json::from("Mutant")));
        found.push((format!("another type of `{}`", wanted.line()), retyped));
        if wanted.at().is_some() {
            let later = |event: &Json| {
                let seconds = event.get("timestamp").and_then(Json::as_f64).unwrap_or_default();
                with_member(event, "timestamp", Json::Float(seconds + 1.0))
            };
            if events.first().is_some_and(|event| !is_meant(0, event)) {
                found.push((format!("a later `{}`", wanted.line()), with(&later)));
            }
        }
        if let Some((key, value)) = events
            .iter()
            .enumerate()
            .find(|(at, event)| is_meant(*at, event))
            .and_then(|(_, event)| details_of(event))
        {
            for (what, bent) in bent(details, &value, true) {
                let bent = bent.unwrap_or(Json::Null);
                let changed = with(&|event| with_member(event, &key, bent.clone()));
                found.push((format!("`{}` with {what}", wanted.line()), changed));
            }
        }
    }
    found
}

fn details_of(event: &Json) -> Option<(String, Json)> {
    let mut members = event.as_object()?.iter();
    members
        .find(|(key, _)| key.ends_with("EventDetails"))
        .map(|(key, value)| (key.to_string(), value.clone()))
}

fn with_member(object: &Json, key: &str, value: Json) -> Json {
    let mut members: Map = object.as_object().cloned().unwrap_or_default();
    members.insert(key.into(), value);
    Json::object(members)
}
