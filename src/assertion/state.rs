//! What one state did: how often it was entered and tried, with what, and what it caught.

use std::sync::Arc;
use std::time::Duration;

use super::Execution;
use super::hint;
use super::history::{Visit, VisitEnd};
use super::matcher::{Matcher, Mismatch};
use super::path::{entered, unknown};
use super::payload::{ExpectedJson, Payload};
use super::status::failure_events;
use super::subject::Subject;
use super::wording::{listed, spans, times};
use crate::model::fold;

/// How many characters of a cause a sentence shows.
const CAUSE_WIDTH: usize = 100;

/// Was entered at all. The other matchers of states take this as given.
pub(crate) struct StateVisited(pub(crate) Subject);

/// Was entered so many times.
pub(crate) struct Entered {
    pub(crate) state: Subject,
    pub(crate) times: usize,
}

/// Was tried so many times, over all visits.
pub(crate) struct Attempted {
    pub(crate) state: Subject,
    pub(crate) times: usize,
}

/// Had this input in one of its visits.
pub(crate) struct StateInput {
    pub(crate) state: Subject,
    pub(crate) input: ExpectedJson,
}

/// Was left with this output in one of its visits.
pub(crate) struct StateOutput {
    pub(crate) state: Subject,
    pub(crate) output: ExpectedJson,
}

/// Was left through a catcher because of this error, in one of its visits.
pub(crate) struct Caught {
    pub(crate) state: Subject,
    pub(crate) error: String,
}

/// Was left through a catcher because of an error with such a cause, in one of its visits.
pub(crate) struct CaughtBecause {
    pub(crate) state: Subject,
    pub(crate) part: String,
}

/// Was tried again after exactly these waits, over all visits.
pub(crate) struct RetriedAfter {
    pub(crate) state: Subject,
    pub(crate) delays: Vec<Duration>,
}

impl Matcher for StateVisited {
    fn describes(&self) -> String {
        format!("visit {}", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let missing = self.0.visits(execution).is_empty();
        missing.then(|| {
            Mismatch::new(entered(execution, &self.0.scope))
                .guilty(failure_events(execution))
                .hint(unknown(execution, &self.0.name))
        })
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        self.0.visits(execution).iter().map(|visit| visit.entered).collect()
    }
}

impl Matcher for Entered {
    fn describes(&self) -> String {
        format!("enter {} {}", self.state, times(self.times))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        (visits.len() != self.times).then(|| {
            let actual = format!("{} was entered {}", self.state, times(visits.len()));
            Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered))
        })
    }
}

impl Matcher for Attempted {
    fn describes(&self) -> String {
        format!("attempt {} {}", self.state, times(self.times))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        let count: usize = visits.iter().map(|visit| visit.n_attempts()).sum();
        if count == self.times {
            return None;
        }
        let actual = format!("{} was attempted {}{}", self.state, times(count), in_visits(&visits));
        let not_retried = visits.last().filter(|_| count < self.times);
        let hint = not_retried.and_then(|visit| hint::of_missing_retry(execution, visit, self.times));
        Some(Mismatch::new(actual).guilty(attempts(&visits)).hint(hint))
    }
}

impl Matcher for StateInput {
    fn describes(&self) -> String {
        format!("enter {} with {}", self.state, self.input.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        let payload = |visit: &&Visit| Payload { text: Arc::clone(&visit.input), event: visit.entered };
        let inputs: Vec<_> = visits.iter().map(payload).collect();
        self.input.explain(&format!("input of {}", self.state), &inputs)
    }
}

impl Matcher for StateOutput {
    fn describes(&self) -> String {
        format!("leave {} with {}", self.state, self.output.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        let payload = |visit: &&Visit| match &visit.end {
            VisitEnd::Exited { event, output } => Some(Payload { text: Arc::clone(output), event: *event }),
            VisitEnd::Open | VisitEnd::Aborted => None,
        };
        let outputs: Vec<_> = visits.iter().filter_map(payload).collect();
        if outputs.is_empty() {
            let actual = format!("{} was entered and never left", self.state);
            return Some(Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered)));
        }
        self.output.explain(&format!("output of {}", self.state), &outputs)
    }
}

impl Matcher for Caught {
    fn describes(&self) -> String {
        format!("catch `{}` in {}", self.error, self.state)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        let caught: Vec<Arc<str>> =
            visits.iter().filter_map(|visit| visit.caught()?.error.as_ref().map(Arc::clone)).collect();
        if caught.iter().any(|error| **error == *self.error) {
            return None;
        }
        let actual = format!("{} caught {}", self.state, listed(&caught));
        Some(Mismatch::new(actual).guilty(ends(&visits)).hint(hint::of_errors_seen(&visits)))
    }
}

impl Matcher for CaughtBecause {
    fn describes(&self) -> String {
        format!("catch an error in {} with a cause that contains \"{}\"", self.state, self.part)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        let causes: Vec<&str> = visits
            .iter()
            .filter_map(|visit| visit.caught())
            .map(|caught| caught.cause.as_deref().unwrap_or(""))
            .collect();
        if causes.iter().any(|cause| cause.contains(&self.part)) {
            return None;
        }
        let shown: Vec<_> = causes.iter().map(|cause| format!("\"{}\"", fold(cause, CAUSE_WIDTH))).collect();
        let actual = match shown.as_slice() {
            [] => format!("{} caught nothing", self.state),
            causes => format!("the cause that {} caught was {}", self.state, causes.join(", then ")),
        };
        Some(Mismatch::new(actual).guilty(ends(&visits)).hint(hint::of_errors_seen(&visits)))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        ends(&self.state.visits(execution))
    }
}

impl Matcher for RetriedAfter {
    fn describes(&self) -> String {
        format!("retry {} after {}", self.state, spans(&self.delays))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.state.visits(execution);
        let delays: Vec<_> = visits.iter().flat_map(|visit| visit.retry_delays()).collect();
        if delays == self.delays {
            return None;
        }
        let actual = match delays.as_slice() {
            [] => format!("{} was not retried", self.state),
            delays => format!("{} was retried after {}", self.state, spans(delays)),
        };
        let fewer = visits.last().filter(|_| delays.len() < self.delays.len());
        let hint = fewer.and_then(|visit| hint::of_missing_retry(execution, visit, self.delays.len() + 1));
        Some(Mismatch::new(actual).guilty(attempts(&visits)).hint(hint))
    }
}

/// The events that leave the state; where it was not left, those that enter it.
fn ends(visits: &[&Visit]) -> Vec<u64> {
    visits.iter().map(|visit| visit.exit().unwrap_or(visit.entered)).collect()
}

/// The events that begin the attempts; of a state that does no work, those that enter it.
fn attempts(visits: &[&Visit]) -> Vec<u64> {
    let attempts: Vec<_> =
        visits.iter().flat_map(|visit| &visit.attempts).map(|attempt| attempt.event).collect();
    if attempts.is_empty() { visits.iter().map(|visit| visit.entered).collect() } else { attempts }
}

fn in_visits(visits: &[&Visit]) -> String {
    if visits.len() > 1 { format!(" in {} visits", visits.len()) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};
    use crate::model::HistoryEventType as Type;

    const STATE: &str = "Save";

    fn save() -> Subject {
        STATE.into()
    }

    /// Fails with Busy, is retried after 1s and 2s, then is caught with Boom.
    fn retried_and_caught() -> Execution {
        History::started_with("{}")
            .enters_task(STATE, r#"{"n":1}"#) // 2
            .calls("{}")
            .fails("Busy", "try later") // 5
            .after("1s")
            .calls("{}")
            .fails("Busy", "try later") // 8
            .after("2s")
            .calls("{}")
            .fails("Boom", "it broke") // 11
            .exits_task(STATE, r#"{"Error":"Boom","Cause":"it broke"}"#) // 12
            .succeeded("{}")
    }

    fn failed_at_once(error: &str) -> Execution {
        let history = History::started_with("{}").enters_task(STATE, "{}").calls("{}");
        history.fails(error, "why").failed(error, "why")
    }

    fn looped() -> Execution {
        let history = History::started_with("{}").passes("Other", "0", "0").passes(STATE, r#"{"n":1}"#, "10");
        history.passes(STATE, r#"{"n":2,"x":0}"#, "20").succeeded("20")
    }

    #[test]
    fn retries_are_attempts_and_no_entries() {
        holds(&retried_and_caught(), &Attempted { state: save(), times: 3 });
        holds(&retried_and_caught(), &Entered { state: save(), times: 1 });
        holds(&looped(), &Attempted { state: save(), times: 2 });
        holds(&looped(), &Entered { state: save(), times: 2 });
        assert_eq!(
            why(&looped(), &Entered { state: save(), times: 1 }),
            "expected execution `e-1` of state machine `orders` to enter `Save` once\n  actual: `Save` was entered twice"
        );
        assert_eq!(
            why(&looped(), &Attempted { state: save(), times: 1 }),
            "expected execution `e-1` of state machine `orders` to attempt `Save` once\n  \
             actual: `Save` was attempted twice in 2 visits"
        );
        assert_eq!(guilty(&retried_and_caught(), &Attempted { state: save(), times: 1 }), [3, 6, 9]);
    }

    #[test]
    fn a_missing_retry_is_explained_by_the_error_that_no_retrier_matched() {
        let matcher = Attempted { state: save(), times: 3 };
        assert_eq!(
            why(&failed_at_once("Busy"), &matcher),
            "expected execution `e-1` of state machine `orders` to attempt `Save` 3 times\n  \
             actual: `Save` was attempted once\n\n\
             hint: `Save` was not retried after `Busy`: does a Retry have this very name in ErrorEquals, \
             with MaxAttempts of 2 or more?"
        );
        assert!(why(&failed_at_once("States.Timeout"), &matcher).ends_with(
            "hint: `Save` was not retried after `States.Timeout`: does a Retry have it in ErrorEquals \
             (States.TaskFailed does not match it), with MaxAttempts of 2 or more?"
        ));
        assert!(
            why(&failed_at_once("States.Runtime"), &matcher)
                .ends_with("hint: no Retry matches States.Runtime, not even with States.ALL")
        );
    }

    #[test]
    fn waits_between_attempts_are_compared_exactly() {
        let after = |delays: &[u64]| RetriedAfter {
            state: save(),
            delays: delays.iter().map(|millis| Duration::from_millis(*millis)).collect(),
        };
        holds(&retried_and_caught(), &after(&[1000, 2000]));
        holds(&failed_at_once("Busy"), &after(&[]));
        assert_eq!(
            why(&retried_and_caught(), &after(&[1000, 1500])),
            "expected execution `e-1` of state machine `orders` to retry `Save` after 1s, 1.5s\n  \
             actual: `Save` was retried after 1s, 2s"
        );
        assert_eq!(
            why(&failed_at_once("Busy"), &after(&[1000])),
            "expected execution `e-1` of state machine `orders` to retry `Save` after 1s\n  \
             actual: `Save` was not retried\n\n\
             hint: `Save` was not retried after `Busy`: does a Retry have this very name in ErrorEquals, \
             with MaxAttempts of 1 or more?"
        );
    }

    #[test]
    fn a_caught_error_is_the_one_that_led_away_from_the_state() {
        let caught = |error: &str| Caught { state: save(), error: error.to_owned() };
        holds(&retried_and_caught(), &caught("Boom"));
        assert_eq!(
            why(&retried_and_caught(), &caught("Busy")),
            "expected execution `e-1` of state machine `orders` to catch `Busy` in `Save`\n  \
             actual: `Save` caught `Boom`\n\n\
             hint: the errors it saw: `Busy`, `Boom`"
        );
        assert_eq!(guilty(&retried_and_caught(), &caught("Busy")), [12]);
        assert_eq!(
            why(&looped(), &caught("Busy")),
            "expected execution `e-1` of state machine `orders` to catch `Busy` in `Save`\n  \
             actual: `Save` caught nothing"
        );
    }

    #[test]
    fn a_caught_cause_is_found_by_a_part_of_it() {
        let because = |part: &str| CaughtBecause { state: save(), part: part.to_owned() };
        holds(&retried_and_caught(), &because("broke"));
        assert_eq!(
            why(&retried_and_caught(), &because("later")),
            "expected execution `e-1` of state machine `orders` to catch an error in `Save` with a cause that contains \
             \"later\"\n  \
             actual: the cause that `Save` caught was \"it broke\"\n\n\
             hint: the errors it saw: `Busy`, `Boom`"
        );
        assert_eq!(guilty(&retried_and_caught(), &because("later")), [12]);
        assert!(why(&looped(), &because("")).ends_with("actual: `Save` caught nothing"));
    }

    #[test]
    fn the_error_of_a_caught_fail_state_is_read_from_the_output() {
        let execution = History::started_with("{}")
            .enters(Type::ParallelStateEntered, STATE, "{}") // 2
            .bare(Type::ParallelStateStarted) // 3
            .enters(Type::FailStateEntered, "No", "{}") // 4
            .bare(Type::ParallelStateFailed) // 5
            .exits(Type::ParallelStateExited, STATE, r#"{"n":1,"why":{"Error":"Refused","Cause":"no"}}"#)
            .succeeded("{}");
        holds(&execution, &Caught { state: save(), error: "Refused".to_owned() });
    }

    #[test]
    fn one_visit_with_the_payload_is_enough_and_the_nearest_is_shown() {
        let input = |value| StateInput { state: save(), input: ExpectedJson::whole(&value).unwrap() };
        let output = |value| StateOutput { state: save(), output: ExpectedJson::whole(&value).unwrap() };
        holds(&looped(), &input(json!({"n": 1})));
        holds(&looped(), &output(json!(20)));
        assert_eq!(
            why(&looped(), &input(json!({"n": 2}))),
            r#"expected execution `e-1` of state machine `orders` to enter `Save` with {"n":2}
  actual: the input of `Save` was another one both times; the nearest was {"n":2,"x":0}
  first difference (actual != expected): $.x: unexpected 0

--- expected
+++ actual
@@ -1,3 +1,4 @@
 {
-  "n": 2
+  "n": 2,
+  "x": 0
 }"#
        );
        assert_eq!(
            why(&looped(), &output(json!(30))),
            "expected execution `e-1` of state machine `orders` to leave `Save` with 30\n  \
             actual: the output of `Save` was another one both times; the nearest was 10\n  \
             first difference (actual != expected): $: 10 != 30"
        );
        assert_eq!(
            why(&failed_at_once("Busy"), &output(json!(30))),
            "expected execution `e-1` of state machine `orders` to leave `Save` with 30\n  \
             actual: `Save` was entered and never left"
        );
    }

    #[test]
    fn a_state_that_was_not_entered_is_told_with_those_that_were() {
        holds(&looped(), &StateVisited(save()));
        assert_eq!(
            why(&looped(), &StateVisited("Sav".into())),
            "expected execution `e-1` of state machine `orders` to visit `Sav`\n  \
             actual: it entered `Other`, `Save`, `Save`\n\n\
             hint: there is a state of a similar name: did you mean `Save`?"
        );
    }
}
