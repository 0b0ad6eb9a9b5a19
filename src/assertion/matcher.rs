//! What every assertion is made of: it describes itself, and explains why an execution is not so.

use std::collections::BTreeSet;

use super::report::Report;
use super::{Execution, hint};
use crate::model::Json;
use crate::pattern::Difference;

/// One thing that an execution must show.
pub(crate) trait Matcher {
    /// Goes on after "expected execution e-1 to": "succeed", "enter Save twice".
    fn describes(&self) -> String;

    /// What is there instead; `None` if the execution is as described.
    fn explains(&self, execution: &Execution) -> Option<Mismatch>;
}

/// What an execution shows instead of what it must.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mismatch {
    /// A whole clause: "it FAILED: Boom", "Save was entered once".
    pub(crate) actual: String,
    pub(crate) difference: Option<Difference>,
    /// The values that the difference is between, for hints.
    pub(crate) compared: Option<Compared>,
    /// In unified form, expected to actual.
    pub(crate) diff: Option<String>,
    /// The events that show it.
    pub(crate) guilty: BTreeSet<u64>,
    pub(crate) hints: Vec<String>,
}

/// An expected value and what is there instead.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared {
    /// Where they first differ.
    pub(crate) path: String,
    /// Patterns that hold are replaced by what they hold for.
    pub(crate) expected: Json,
    pub(crate) actual: Json,
}

impl Mismatch {
    pub(crate) fn new(actual: impl Into<String>) -> Self {
        Self {
            actual: actual.into(),
            difference: None,
            compared: None,
            diff: None,
            guilty: BTreeSet::new(),
            hints: Vec::new(),
        }
    }

    pub(crate) fn guilty(mut self, events: impl IntoIterator<Item = u64>) -> Self {
        self.guilty.extend(events);
        self
    }

    pub(crate) fn hint(mut self, hint: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hint);
        self
    }
}

/// Nothing, or the report of why the execution is not as it must be.
pub(crate) fn check(execution: &Execution, matcher: &dyn Matcher) -> Result<(), Box<Report>> {
    match matcher.explains(execution) {
        None => Ok(()),
        Some(mismatch) => {
            let hints = hint::of_mismatch(execution, &mismatch);
            let mut mismatch = Mismatch { hints, ..mismatch };
            let end = execution.end_event().map(|end| end.id);
            if mismatch.guilty.iter().all(|event| Some(*event) == end) {
                mismatch.guilty.extend(hint::culprits(execution));
            }
            Err(Box::new(Report::new(execution, &matcher.describes(), mismatch)))
        }
    }
}
