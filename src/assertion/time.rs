//! How long the execution took, on its own clock.

use std::time::Duration;

use super::matcher::{Matcher, Mismatch};
use super::status::at_the_end;
use super::{Execution, hint, wording};

/// Ended, and not later than this after its start.
pub(crate) struct FinishedWithin(pub(crate) Duration);

/// Ended exactly so long after its start.
pub(crate) struct Lasted(pub(crate) Duration);

impl Matcher for FinishedWithin {
    fn describes(&self) -> String {
        format!("finish within {}", wording::span(self.0))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        explain(execution, |took| took <= self.0)
    }
}

impl Matcher for Lasted {
    fn describes(&self) -> String {
        format!("last {}", wording::span(self.0))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        explain(execution, |took| took == self.0)
    }
}

fn explain(execution: &Execution, fits: impl Fn(Duration) -> bool) -> Option<Mismatch> {
    let Some(took) = execution.duration() else { return Some(at_the_end(execution)) };
    (!fits(took)).then(|| {
        let mut mismatch = at_the_end(execution);
        mismatch.actual = format!("it took {}", wording::span(took));
        mismatch.hint(hint::of_time(execution))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};

    #[test]
    fn spans_are_measured_on_the_clock_of_the_execution() {
        let execution = History::started_with("1").after("1h30m").succeeded("1");
        holds(&execution, &Lasted(Duration::from_secs(5400)));
        holds(&execution, &FinishedWithin(Duration::from_secs(5400)));
        assert_eq!(
            why(&execution, &FinishedWithin(Duration::from_millis(5500))),
            "expected execution `e-1` of state machine `orders` to finish within 5.5s\n  actual: it took 1h30m"
        );
        assert_eq!(
            why(&execution, &Lasted(Duration::from_secs(86_400 * 30))),
            "expected execution `e-1` of state machine `orders` to last 30d\n  actual: it took 1h30m"
        );
        assert_eq!(guilty(&execution, &Lasted(Duration::ZERO)), [2]);
    }

    #[test]
    fn a_running_execution_has_not_finished() {
        assert_eq!(
            why(&History::started_with("1").running(), &FinishedWithin(Duration::from_secs(1))),
            "expected execution `e-1` of state machine `orders` to finish within 1s\n  \
             actual: it is still RUNNING\n\n\
             hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
        );
    }
}
