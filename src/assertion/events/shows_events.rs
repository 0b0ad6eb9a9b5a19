//! The events of the history are as a sequence says.

use std::fmt;

use super::pattern::{ExpectedEvent, Sequence};
use super::program::{Program, Reached};
use crate::assertion::Execution;
use crate::assertion::matcher::{Matcher, Mismatch};
use crate::model::{HistoryEvent, Json};
use crate::pattern::Difference;

/// All events, from the first to the last, are as the sequence says.
pub(crate) struct ShowsEvents(pub(crate) Sequence);

impl Matcher for ShowsEvents {
    fn describes(&self) -> String {
        format!("show the events {}", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let events = &execution.record.events;
        let fits = |expected: &ExpectedEvent, index: usize| {
            events.get(index).is_some_and(|event| expected.fits(execution, event))
        };
        match Program::of(&self.0).run(events.len(), fits) {
            Reached::All => None,
            Reached::TooLong => Some(Mismatch::new("the sequence is too long: repeat fewer events")),
            Reached::End { read } => {
                let further = events.get(read)?;
                let actual = format!(
                    "the sequence ends there, and the history goes on with {}",
                    told(execution, further)
                );
                Some(Mismatch::new(actual).guilty([further.id]))
            }
            Reached::Before { read, expected, sometime } => {
                Some(missing(execution, expected, read, sometime))
            }
        }
    }
}

/// The event that was expected after so many others is not there.
fn missing(execution: &Execution, expected: &ExpectedEvent, read: usize, sometime: bool) -> Mismatch {
    let events = &execution.record.events;
    let last = read.checked_sub(1).and_then(|last| events.get(last));
    let after = last.map_or("at the start".to_owned(), |last| format!("after {}", told(execution, last)));
    let rest = events.get(read..).unwrap_or_default();
    // One that is nearly as expected tells more than that there is none.
    let nearly = rest
        .iter()
        .take(if sometime { rest.len() } else { 1 })
        .find(|event| expected.is_of(execution, event) && expected.details_differ(event).is_some());
    let actual = match (nearly, rest.first()) {
        (Some(event), _) => format!("{} has other details", told(execution, event)),
        (None, None) => format!("the history ends {after}, without {expected}"),
        (None, Some(_)) if sometime => format!("{after} there is no {expected}"),
        (None, Some(next)) => format!("{after} comes {}, not {expected}", told(execution, next)),
    };
    let mut mismatch = Mismatch::new(actual).guilty(last.map(|last| last.id));
    if let Some(event) = nearly {
        mismatch = mismatch.guilty([event.id]);
        mismatch.difference = expected.details_differ(event);
    } else if !sometime {
        mismatch = mismatch.guilty(rest.first().map(|next| next.id));
    }
    mismatch
}

impl ExpectedEvent {
    fn fits(&self, execution: &Execution, event: &HistoryEvent) -> bool {
        self.is_of(execution, event) && self.details_differ(event).is_none()
    }

    /// Whether type and state are as expected.
    fn is_of(&self, execution: &Execution, event: &HistoryEvent) -> bool {
        let owner = || state_of(execution, event);
        self.types.contains(&event.event_type)
            && self.state.as_ref().is_none_or(|state| owner() == Some(state.as_str()))
    }

    fn details_differ(&self, event: &HistoryEvent) -> Option<Difference> {
        let expected = self.details.as_ref()?;
        let wire = event.to_wire(true);
        let details = event.event_type.details_member().and_then(|member| wire.get(member).cloned());
        expected.difference(&details.unwrap_or_else(Json::empty_object))
    }
}

/// The state that an event belongs to. The events that begin and end an execution belong to none.
fn state_of<'e>(execution: &'e Execution, event: &HistoryEvent) -> Option<&'e str> {
    let is_of_execution = event.event_type.as_str().starts_with("Execution");
    let owner = execution.visits.owner(event).filter(|_| !is_of_execution)?;
    execution.visits.get(owner).map(|visit| &*visit.name)
}

fn told(execution: &Execution, event: &HistoryEvent) -> impl fmt::Display {
    let state = state_of(execution, event).map_or(String::new(), |state| format!(" of `{state}`"));
    format!("event {} (`{}`{state})", event.id, event.event_type)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assertion::events::{EventPattern, event, events};
    use crate::assertion::test_history::{History, guilty, holds, why};

    /// Pay is tried three times; the third succeeds.
    fn paid() -> Execution {
        let failing = |history: History| history.calls("1").fails("Busy", "later");
        let history = failing(failing(History::started_with("1").enters_task("Pay", "1"))); // 3, 4, 5; 6, 7, 8
        history.calls("1").returns("2").exits_task("Pay", "2").succeeded("2") // 9 to 13
    }

    fn shows<E: Into<EventPattern>>(patterns: impl IntoIterator<Item = E>) -> ShowsEvents {
        let patterns: Vec<_> = patterns.into_iter().map(Into::into).collect();
        ShowsEvents(Sequence::read(&patterns).unwrap())
    }

    #[track_caller]
    fn check<E: Into<EventPattern>>(patterns: impl IntoIterator<Item = E>, actual: &str, marked: &[u64]) {
        let shows = shows(patterns);
        let text = why(&paid(), &shows);
        assert_eq!(text.split_once("\n  actual: ").unwrap().1, actual);
        assert_eq!(guilty(&paid(), &shows), marked);
    }

    #[test]
    fn gaps_and_repetitions_leave_open_what_does_not_matter() {
        holds(&paid(), &shows([".."]));
        holds(&paid(), &shows(["ExecutionStarted", "..", "ExecutionSucceeded"]));
        holds(
            &paid(),
            &shows([
                "ExecutionStarted",
                "TaskStateEntered Pay",
                "..",
                "TaskSucceeded",
                "..",
                "ExecutionSucceeded",
            ]),
        );
        holds(&paid(), &shows(["..", "TaskFailed", "..", "TaskFailed", ".."]));
        let attempt = || events(["TaskScheduled", "TaskStarted", "TaskFailed"]);
        for repeated in [attempt().times(2), attempt().at_least_once(), attempt().any_times()] {
            holds(&paid(), &shows(["..".into(), repeated, event("TaskScheduled"), "..".into()]));
        }
        holds(&paid(), &shows([event("*").any_times()]));
        holds(&paid(), &shows([event("TaskFailed").optional(), "..".into(), event("*").times(0)]));
        holds(
            &paid(),
            &shows(["..".into(), event("Task*").of_state("Pay").times(10), "ExecutionSucceeded".into()]),
        );
    }

    #[test]
    fn a_neighbour_that_is_another_is_told() {
        check(
            ["ExecutionStarted", "TaskScheduled", ".."],
            "after event 1 (`ExecutionStarted`) comes event 2 (`TaskStateEntered` of `Pay`), not `TaskScheduled`",
            &[1, 2],
        );
        check(
            ["TaskFailed", ".."],
            "at the start comes event 1 (`ExecutionStarted`), not `TaskFailed`",
            &[1],
        );
        check(
            ["..", "TaskFailed", "TaskStateExited", ".."],
            "after event 8 (`TaskFailed` of `Pay`) comes event 9 (`TaskScheduled` of `Pay`), not `TaskStateExited`",
            &[8, 9],
        );
    }

    #[test]
    fn what_never_comes_is_told_with_what_it_should_follow() {
        check(
            ["..", "TaskSucceeded", "..", "TaskFailed", ".."],
            "after event 11 (`TaskSucceeded` of `Pay`) there is no `TaskFailed`",
            &[11],
        );
        check(
            ["..", "ExecutionSucceeded", "..", "TaskFailed"],
            "the history ends after event 13 (`ExecutionSucceeded`), without `TaskFailed`",
            &[13],
        );
        check(
            ["ExecutionStarted", "TaskStateEntered"],
            "the sequence ends there, and the history goes on with event 3 (`TaskScheduled` of `Pay`)",
            &[3],
        );
        check(
            ["..".into(), events(["TaskScheduled", "TaskStarted", "TaskFailed"]).times(3), "..".into()],
            "after event 10 (`TaskStarted` of `Pay`) comes event 11 (`TaskSucceeded` of `Pay`), not `TaskFailed`",
            &[10, 11],
        );
    }

    #[test]
    fn details_are_compared_in_part() {
        let failed = |error: &str| event("TaskFailed").details(json!({"error": error}));
        holds(&paid(), &shows(["..".into(), failed("Busy"), "..".into()]));
        assert_eq!(
            why(&paid(), &shows(["..".into(), failed("Boom").of_state("Pay"), "..".into()])),
            "expected execution `e-1` of state machine `orders` to show the events .., `TaskFailed` of `Pay` with at \
             least {\"error\":\"Boom\"}, ..\n  \
             actual: event 5 (`TaskFailed` of `Pay`) has other details\n  \
             first difference (actual != expected): $.error: \"Busy\" != \"Boom\""
        );
        assert!(
            why(&paid(), &shows(["..", "TaskFailed Ship", ".."]))
                .contains("there is no `TaskFailed` of `Ship`")
        );
    }

    #[test]
    fn a_sequence_that_explodes_is_refused() {
        let mut pattern = event("TaskFailed").times(1000);
        for _ in 0..3 {
            pattern = events([pattern]).times(1000);
        }
        assert!(why(&paid(), &shows([pattern])).ends_with("the sequence is too long: repeat fewer events"));
    }
}
