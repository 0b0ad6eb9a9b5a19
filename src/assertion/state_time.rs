//! How long states took, on the clock of the execution.

use std::time::Duration;

use super::Execution;
use super::history::{Role, StateKind, Visit, VisitId};
use super::matcher::{Matcher, Mismatch};
use super::path::{entered, unknown};
use super::status::failure_events;
use super::subject::{Scope, Subject};
use super::wording::{span, spans};
use crate::model::HistoryEvent;

/// Took exactly so long, in one of its visits.
pub(crate) struct Took {
    pub(crate) state: Subject,
    pub(crate) span: Duration,
}

/// Took no longer in any of its visits.
pub(crate) struct TookAtMost {
    pub(crate) state: Subject,
    pub(crate) span: Duration,
}

/// A Wait state that took exactly so long.
pub(crate) struct Waited(pub(crate) Took);

/// How long one visit took.
struct Stay {
    took: Duration,
    entered: u64,
    /// The event that ended it; `None` if it goes on.
    ended: Option<u64>,
}

impl Matcher for Took {
    fn describes(&self) -> String {
        format!("spend {} in {}", span(self.span), self.state)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let stays = stays(execution, &self.state);
        if stays.iter().any(|stay| stay.ended.is_some() && stay.took == self.span) {
            return None;
        }
        let took: Vec<_> = stays.iter().map(|stay| stay.took).collect();
        let so_far = if stays.iter().any(|stay| stay.ended.is_none()) { " so far" } else { "" };
        let actual = format!("{} took {}{so_far}", self.state, spans(&took));
        Some(Mismatch::new(actual).guilty(stays.iter().flat_map(Stay::events)))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        let stays = stays(execution, &self.state).into_iter();
        stays.filter(|stay| stay.took == self.span).flat_map(|stay| stay.events()).collect()
    }
}

impl Matcher for TookAtMost {
    fn describes(&self) -> String {
        format!("spend at most {} in {}", span(self.span), self.state)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let longer: Vec<_> =
            stays(execution, &self.state).into_iter().filter(|stay| stay.took > self.span).collect();
        let longest = longer.iter().map(|stay| stay.took).max()?;
        let actual = format!("{} took {}", self.state, span(longest));
        Some(Mismatch::new(actual).guilty(longer.iter().flat_map(Stay::events)))
    }
}

impl Matcher for Waited {
    fn describes(&self) -> String {
        format!("wait {} in {}", span(self.0.span), self.0.state)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let state = &self.0.state;
        let visits = state.visits(execution);
        let Some(visit) = visits.first() else {
            let mismatch = Mismatch::new(entered(execution, &Scope::default()));
            return Some(mismatch.guilty(failure_events(execution)).hint(unknown(execution, &state.name)));
        };
        if visit.kind != StateKind::Wait {
            let hint = format!(
                "write `.state(\"{}\", |state| state.took(…))` for states of other types",
                state.name
            );
            let actual = format!("{state} is a {} state", visit.kind.as_str());
            return Some(Mismatch::new(actual).guilty([visit.entered]).hint([hint]));
        }
        self.0.explains(execution)
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        self.0.shows(execution)
    }
}

impl Stay {
    fn events(&self) -> impl Iterator<Item = u64> + use<> {
        [self.entered].into_iter().chain(self.ended)
    }
}

fn stays(execution: &Execution, state: &Subject) -> Vec<Stay> {
    let ids = state.ids(execution).into_iter();
    ids.filter_map(|id| stay(execution, id, execution.visits.get(id)?)).collect()
}

/// From the entry to the exit, the abort, or the end of the execution; of a visit that goes on, to the last event.
fn stay(execution: &Execution, id: VisitId, visit: &Visit) -> Option<Stay> {
    let from = execution.event(visit.entered)?.timestamp;
    let exit = visit.exit().and_then(|exit| execution.event(exit));
    let end = exit.or_else(|| aborted(execution, id)).or_else(|| execution.end_event());
    let to = end.or_else(|| execution.record.events.last())?.timestamp;
    Some(Stay { took: to.since(from), entered: visit.entered, ended: end.map(|end| end.id) })
}

fn aborted(execution: &Execution, id: VisitId) -> Option<&HistoryEvent> {
    let is_abort = |event: &&HistoryEvent| matches!(Role::from(event.event_type), Role::StateAborted(_));
    let mut aborts = execution.record.events.iter().filter(is_abort);
    aborts.find(|event| execution.visits.owner(event) == Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};
    use crate::model::HistoryEventType as Type;

    fn took(state: &str, seconds: u64) -> Took {
        Took { state: state.into(), span: Duration::from_secs(seconds) }
    }

    fn at_most(state: &str, seconds: u64) -> TookAtMost {
        TookAtMost { state: state.into(), span: Duration::from_secs(seconds) }
    }

    /// Two waits of 5 and 7 seconds, then a task that fails after 3.
    fn waited() -> Execution {
        let wait = |history: History, span: &str| {
            history.enters(Type::WaitStateEntered, "Cool", "1").after(span).exits(
                Type::WaitStateExited,
                "Cool",
                "1",
            )
        };
        let history = wait(wait(History::started_with("1"), "5s"), "7s"); // 2 to 5
        history.enters_task("Pay", "1").calls("1").after("3s").fails("Boom", "").failed("Boom", "")
    }

    #[test]
    fn one_visit_with_that_length_is_enough() {
        holds(&waited(), &took("Cool", 7));
        assert_eq!(
            why(&waited(), &took("Cool", 12)),
            "expected execution `e-1` of state machine `orders` to spend 12s in `Cool`\n  actual: `Cool` took 5s, 7s"
        );
        assert_eq!(guilty(&waited(), &took("Cool", 12)), [2, 3, 4, 5]);
    }

    #[test]
    fn a_state_that_was_not_left_ends_with_its_execution() {
        holds(&waited(), &took("Pay", 3));
        holds(&waited(), &at_most("Pay", 3));
        let running = History::started_with("1").enters_task("Pay", "1").after("3s").calls("1").running();
        assert!(why(&running, &took("Pay", 3)).contains("actual: `Pay` took 3s so far\n"));
        holds(&running, &at_most("Pay", 3));
    }

    #[test]
    fn an_aborted_state_ends_with_its_abort() {
        let execution = History::started_with("1")
            .enters(Type::ParallelStateEntered, "Both", "1")
            .bare(Type::ParallelStateStarted)
            .enters(Type::FailStateEntered, "No", "1")
            .following(3)
            .enters_task("Pay", "1")
            .after("2s")
            .following(4)
            .bare(Type::TaskStateAborted)
            .after("9s")
            .failed("Boom", "");
        holds(&execution, &took("Pay", 2));
    }

    #[test]
    fn no_visit_may_be_longer() {
        holds(&waited(), &at_most("Cool", 7));
        assert_eq!(
            why(&waited(), &at_most("Cool", 4)),
            "expected execution `e-1` of state machine `orders` to spend at most 4s in `Cool`\n  actual: `Cool` took 7s"
        );
        assert_eq!(guilty(&waited(), &at_most("Cool", 6)), [4, 5]);
    }

    #[test]
    fn only_wait_states_wait() {
        holds(&waited(), &Waited(took("Cool", 5)));
        assert_eq!(
            why(&waited(), &Waited(took("Cool", 6))),
            "expected execution `e-1` of state machine `orders` to wait 6s in `Cool`\n  actual: `Cool` took 5s, 7s"
        );
        assert_eq!(
            why(&waited(), &Waited(took("Pay", 3))),
            "expected execution `e-1` of state machine `orders` to wait 3s in `Pay`\n  \
             actual: `Pay` is a Task state\n\n\
             hint: write `.state(\"Pay\", |state| state.took(…))` for states of other types"
        );
        assert!(why(&waited(), &Waited(took("Cold", 3))).ends_with("did you mean `Cool`?"));
    }
}
