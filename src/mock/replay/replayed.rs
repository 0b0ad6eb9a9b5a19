//! What became of an execution that was run again.

use std::fmt;

use super::difference::{Difference, Kind};
use crate::assertion::Execution;

/// An execution that was run again, and how it differs from its recording; made by
/// [`Replayer::replay`](super::Replayer::replay).
#[derive(Debug, Clone)]
pub struct Replayed {
    pub(super) differences: Vec<Difference>,
    pub(super) execution: Execution,
}

impl Replayed {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.differences.is_empty()
    }

    /// All differences, in the order of the recording. The first one is often the reason of the others.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// The first difference of that kind.
    #[must_use]
    pub fn first(&self, kind: Kind) -> Option<&Difference> {
        self.differences.iter().find(|difference| difference.kind == kind)
    }

    /// The execution as it went this time.
    #[must_use]
    pub const fn execution(&self) -> &Execution {
        &self.execution
    }

    /// Nothing differs.
    ///
    /// # Panics
    /// If something does, with all differences and the story of the execution.
    #[track_caller]
    #[expect(clippy::panic, reason = "an execution that goes another way is what the test is to find")]
    pub fn assert_same(&self) {
        if !self.is_same() {
            panic!("{self}\n\n{}", self.execution.narrative());
        }
    }
}

/// `it goes as recorded`, or each difference on a line of its own.
impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_same() {
            return f.write_str("it goes as recorded");
        }
        f.write_str("it goes otherwise than recorded:")?;
        self.differences.iter().try_for_each(|difference| write!(f, "\n- {difference}"))
    }
}
