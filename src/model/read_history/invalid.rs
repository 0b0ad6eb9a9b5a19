//! Why a text is no recorded history.

use std::fmt;

/// Why a text is not the history of an execution, in a sentence that says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidHistory {
    why: String,
}

impl InvalidHistory {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

impl fmt::Display for InvalidHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for InvalidHistory {}
