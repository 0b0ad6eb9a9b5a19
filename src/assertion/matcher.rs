//! What every assertion is made of: it describes itself, and explains why an execution is not so.

use std::collections::BTreeSet;

use super::report::Report;
use super::{Execution, diff, hint};
use crate::model::Json;
use crate::pattern::Difference;

/// One thing that an execution must show: what every assertion is made of, and what you implement for those of your own.
///
/// ```
/// use sfn_testkit::{Execution, Matcher, Mismatch};
///
/// /// Every state that was entered was left again.
/// struct LeavesNothingOpen;
///
/// impl Matcher for LeavesNothingOpen {
///     fn describes(&self) -> String {
///         "leave every state it enters".to_owned()
///     }
///
///     fn explains(&self, execution: &Execution) -> Option<Mismatch> {
///         let history = execution.history();
///         let of_type = |end: &str| {
///             history.iter().filter(|event| event["type"].as_str().is_some_and(|name| name.ends_with(end))).count()
///         };
///         let (entered, left) = (of_type("StateEntered"), of_type("StateExited"));
///         let last = history.last().and_then(|event| event["id"].as_u64());
///         (entered != left).then(|| {
///             Mismatch::new(format!("it entered {entered} states and left {left}"))
///                 .guilty(last)
///                 .hint(["a state that fails is not left, unless a Catch leads on".to_owned()])
///         })
///     }
/// }
///
/// # fn of_a_test(execution: &Execution) {
/// execution.assert().has(&LeavesNothingOpen);
/// execution.assert().does_not(|it| it.has(&LeavesNothingOpen));
/// assert!(LeavesNothingOpen.matches(execution));
/// # }
/// ```
pub trait Matcher {
    /// Goes on after "expected execution e-1 to": `succeed`, `enter Save twice`.
    fn describes(&self) -> String;

    /// What is there instead; `None` if the execution is as described.
    fn explains(&self, execution: &Execution) -> Option<Mismatch>;

    /// Whether the execution is as described.
    fn matches(&self, execution: &Execution) -> bool {
        self.explains(execution).is_none()
    }

    /// The ids of the events that show it, of an execution that is as described: what the failure of a negation
    /// points at. None by default.
    fn shows(&self, execution: &Execution) -> Vec<u64> {
        let _ = execution;
        Vec::new()
    }
}

/// What an execution shows instead of what it must: what a failed assertion tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
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
    /// A mismatch with a clause that stands after "actual:", such as "`Save` was entered once".
    #[must_use]
    pub fn new(actual: impl Into<String>) -> Self {
        Self {
            actual: actual.into(),
            difference: None,
            compared: None,
            diff: None,
            guilty: BTreeSet::new(),
            hints: Vec::new(),
        }
    }

    /// Marks the lines of the timeline that tell of the events with these ids.
    #[must_use]
    pub fn guilty(mut self, events: impl IntoIterator<Item = u64>) -> Self {
        self.guilty.extend(events);
        self
    }

    /// Adds sentences that say what to do next.
    #[must_use]
    pub fn hint(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints);
        self
    }

    /// Adds a unified diff of two JSON values, unless they are equal or both scalars.
    #[must_use]
    pub fn diff_of(mut self, expected: &serde_json::Value, actual: &serde_json::Value) -> Self {
        self.diff = diff::of_json(&Json::from(expected), &Json::from(actual));
        self
    }
}

/// Nothing, or the report of why the execution is not as it must be.
pub(crate) fn check(execution: &Execution, matcher: &dyn Matcher) -> Result<(), Box<Report>> {
    match matcher.explains(execution) {
        None => Ok(()),
        Some(mismatch) => Err(Box::new(report(execution, &matcher.describes(), mismatch))),
    }
}

/// The report of a mismatch, with the hints that go with it.
pub(crate) fn report(execution: &Execution, description: &str, mismatch: Mismatch) -> Report {
    let hints = hint::of_mismatch(execution, &mismatch);
    let mut mismatch = Mismatch { hints, ..mismatch };
    let end = execution.end_event().map(|end| end.id);
    if mismatch.guilty.iter().all(|event| Some(*event) == end) {
        mismatch.guilty.extend(hint::culprits(execution));
    }
    Report::new(execution, description, mismatch)
}
