//! The values of variables, as far as the history tells: `assignedVariables` of the events that leave states.

use std::sync::Arc;

use super::Execution;
use super::history::{Visit, VisitId};
use super::matcher::{Matcher, Mismatch};
use super::payload::{ExpectedJson, Payload};
use super::subject::Subject;
use super::wording::listed;
use crate::model::EventDetails;

/// The variable had this value when the state was entered, in one of its visits.
pub(crate) struct HasVariable {
    pub(crate) state: Subject,
    pub(crate) name: String,
    pub(crate) value: ExpectedJson,
}

/// The state assigned this value, in one of its visits.
pub(crate) struct Assigned {
    pub(crate) state: Subject,
    pub(crate) name: String,
    pub(crate) value: ExpectedJson,
}

impl Matcher for HasVariable {
    fn describes(&self) -> String {
        format!("enter {} with `${}` set to {}", self.state, self.name, self.value.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let ids = self.state.ids(execution);
        let values: Vec<_> = ids.iter().filter_map(|id| value_at(execution, *id, &self.name)).collect();
        if !values.is_empty() {
            let noun = format!("value of `${}` at {}", self.name, self.state);
            return self.value.explain(&noun, &values);
        }
        let mut known: Vec<_> = ids.iter().flat_map(|id| known_at(execution, *id)).collect();
        known.sort_unstable();
        known.dedup();
        let actual = format!("`${}` had no value at {}", self.name, self.state);
        let entries = ids.iter().filter_map(|id| execution.visits.get(*id)).map(|visit| visit.entered);
        Some(Mismatch::new(actual).guilty(entries).hint(hints(execution, &known)))
    }
}

impl Matcher for Assigned {
    fn describes(&self) -> String {
        format!("assign {} to `${}` in {}", self.value.words(), self.name, self.state)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        let exits: Vec<_> = visits.iter().filter_map(|visit| visit.exit()).collect();
        let assigned: Vec<_> = exits.iter().flat_map(|exit| assigned_by(execution, *exit)).collect();
        let of_name = assigned.iter().filter(|(name, _)| **name == *self.name);
        let values: Vec<_> = of_name.map(|(_, value)| value.clone()).collect();
        if !values.is_empty() {
            let noun = format!("value that {} assigned to `${}`", self.state, self.name);
            return self.value.explain(&noun, &values);
        }
        let mut names: Vec<_> = assigned.iter().map(|(name, _)| Arc::clone(name)).collect();
        names.sort_unstable();
        names.dedup();
        let actual = format!("{} assigned nothing to `${}`", self.state, self.name);
        let guilty =
            if exits.is_empty() { visits.iter().map(|visit| visit.entered).collect() } else { exits };
        Some(Mismatch::new(actual).guilty(guilty).hint(hints(execution, &names)))
    }
}

/// What a history tells of variables, if not this one.
fn hints(execution: &Execution, known: &[Arc<str>]) -> Option<String> {
    if !known.is_empty() {
        let known: Vec<_> = known.iter().map(|name| format!("${name}")).collect();
        return Some(format!("the variables known there: {}", listed(&known)));
    }
    let knows_any = execution.record.events.iter().any(|event| !assigned_by(execution, event.id).is_empty());
    (!knows_any).then(|| {
        "this history has no `assignedVariables`: either no state assigns any, or it was read without execution data"
            .to_owned()
    })
}

/// The value that a variable had when a visit began.
fn value_at(execution: &Execution, id: VisitId, name: &str) -> Option<Payload> {
    let mut found = None;
    for exit in exits_before(execution, id) {
        let assigned = assigned_by(execution, exit).into_iter().find(|(assigned, _)| &**assigned == name);
        found = assigned.map(|(_, value)| value).or(found);
    }
    found
}

fn known_at(execution: &Execution, id: VisitId) -> Vec<Arc<str>> {
    let exits = exits_before(execution, id).into_iter();
    exits.flat_map(|exit| assigned_by(execution, exit)).map(|(name, _)| name).collect()
}

/// The events that left a state before the visit began, in the same branch or iteration or around it: inner scopes see
/// the variables of outer ones, and never the other way round.
fn exits_before(execution: &Execution, id: VisitId) -> Vec<u64> {
    let visits = &execution.visits;
    let Some(entered) = visits.get(id).map(|visit| visit.entered) else { return Vec::new() };
    let scopes: Vec<_> = visits
        .upwards(id)
        .filter_map(|up| {
            let place = visits.get(up)?.place;
            // A retried Map or Parallel state starts its scopes anew.
            let since =
                place.container().and_then(|of| visits.get(of)).map_or(0, |of| begun_before(of, entered));
            Some((place, since))
        })
        .collect();
    let is_seen =
        |visit: &&Visit| scopes.iter().any(|(place, since)| *place == visit.place && visit.entered > *since);
    let mut exits: Vec<_> =
        visits.iter().filter(is_seen).filter_map(Visit::exit).filter(|exit| *exit < entered).collect();
    exits.sort_unstable();
    exits
}

/// The event that began the attempt of a Map or Parallel state that was going on at an event.
fn begun_before(container: &Visit, event: u64) -> u64 {
    let begun = container.attempts.iter().map(|attempt| attempt.event).filter(|begun| *begun < event);
    begun.max().unwrap_or(container.entered)
}

fn assigned_by(execution: &Execution, exit: u64) -> Vec<(Arc<str>, Payload)> {
    let Some(EventDetails::StateExited { assigned_variables, .. }) =
        execution.event(exit).map(|event| &event.details)
    else {
        return Vec::new();
    };
    let payload = |text: &Arc<str>| Payload { text: Arc::clone(text), event: exit };
    assigned_variables.iter().map(|(name, value)| (Arc::clone(name), payload(value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};
    use crate::model::HistoryEventType as Type;

    /// A sets $total to 1 and 2; each of two items sets $item to its index before B, and C sees both; D sets $total to 3.
    fn assigning() -> Execution {
        let mut history = History::started_with("1")
            .assigns("A", &[("total", "1"), ("who", r#""Ada""#)]) // 2, 3
            .assigns("A", &[("total", "2")]) // 4, 5
            .enters(Type::MapStateEntered, "Each", "[1,2]") // 6
            .map_started(2); // 7
        for index in 0..2 {
            history = history
                .following(7)
                .iteration(Type::MapIterationStarted, "Each", index) // 8, 14
                .assigns("B", &[("item", &index.to_string())]) // 9, 10; 15, 16
                .passes("C", "1", "1") // 11, 12; 17, 18
                .iteration(Type::MapIterationSucceeded, "Each", index);
        }
        history
            .bare(Type::MapStateSucceeded)
            .exits(Type::MapStateExited, "Each", "[]")
            .assigns("D", &[("total", "3")])
            .succeeded("1")
    }

    fn variable(state: impl Into<Subject>, name: &str, value: &Value) -> HasVariable {
        let value = ExpectedJson::whole(value).unwrap();
        HasVariable { state: state.into(), name: name.to_owned(), value }
    }

    fn assigned(state: &str, name: &str, value: &Value) -> Assigned {
        let value = ExpectedJson::whole(value).unwrap();
        Assigned { state: state.into(), name: name.to_owned(), value }
    }

    #[test]
    fn the_latest_value_before_the_entry_counts() {
        holds(&assigning(), &variable("D", "total", &json!(2)));
        holds(&assigning(), &variable("D", "who", &json!("Ada")));
        holds(&assigning(), &variable(Subject::from("A").nth(2), "total", &json!(1)));
        assert_eq!(
            why(&assigning(), &variable("D", "total", &json!(3))),
            "expected execution `e-1` of state machine `orders` to enter `D` with `$total` set to 3\n  \
             actual: the value of `$total` at `D` was 2\n  \
             first difference (actual != expected): $: 2 != 3"
        );
        assert_eq!(guilty(&assigning(), &variable("D", "total", &json!(3))), [5]);
    }

    #[test]
    fn inner_scopes_see_outer_variables_and_their_own() {
        use crate::assertion::subject::Part;
        let second = |name: &str| Subject::new(name, Subject::from("Each").part(Part::Iteration(1)));
        holds(&assigning(), &variable(second("C"), "total", &json!(2)));
        holds(&assigning(), &variable(second("C"), "item", &json!(1)));
        assert!(why(&assigning(), &variable(second("C"), "item", &json!(0))).contains("was 1\n"));
        assert_eq!(
            why(&assigning(), &variable("D", "item", &json!(1))),
            "expected execution `e-1` of state machine `orders` to enter `D` with `$item` set to 1\n  \
             actual: `$item` had no value at `D`\n\n\
             hint: the variables known there: `$total`, `$who`"
        );
    }

    #[test]
    fn what_a_state_assigns_is_seen_when_it_is_left() {
        holds(&assigning(), &assigned("D", "total", &json!(3)));
        holds(&assigning(), &assigned("A", "total", &json!(1)));
        assert_eq!(
            why(&assigning(), &assigned("D", "total", &json!(2))),
            "expected execution `e-1` of state machine `orders` to assign 2 to `$total` in `D`\n  \
             actual: the value that `D` assigned to `$total` was 3\n  \
             first difference (actual != expected): $: 3 != 2"
        );
        assert_eq!(
            why(&assigning(), &assigned("C", "total", &json!(2))),
            "expected execution `e-1` of state machine `orders` to assign 2 to `$total` in `C`\n  \
             actual: `C` assigned nothing to `$total`"
        );
        assert_eq!(guilty(&assigning(), &assigned("C", "total", &json!(2))), [12, 18]);
    }

    #[test]
    fn a_history_without_variables_says_so() {
        let execution = History::started_with("1").passes("A", "1", "1").succeeded("1");
        assert_eq!(
            why(&execution, &variable("A", "total", &json!(2))),
            "expected execution `e-1` of state machine `orders` to enter `A` with `$total` set to 2\n  \
             actual: `$total` had no value at `A`\n\n\
             hint: this history has no `assignedVariables`: either no state assigns any, or it was read without execution \
             data"
        );
    }
}
