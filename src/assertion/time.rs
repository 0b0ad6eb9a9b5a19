//! How long the execution took, on its own clock.

use std::time::Duration;

use super::matcher::{Matcher, Mismatch};
use super::status::at_the_end;
use super::{Execution, wording};

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
        mismatch
    })
}
