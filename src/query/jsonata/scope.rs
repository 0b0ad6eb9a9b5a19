//! What JSONata expressions can see beyond the variables: `$states`, and the time.

use std::sync::Arc;

use super::engine::Bindings;
use crate::model::{Json, Timestamp};

/// What the history tells of a failure in JSONata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailedEvaluation {
    /// `Output/total`; some failures name no field.
    pub(crate) field: Option<Arc<str>>,
    /// The expression itself was fine, but not what it gave.
    pub(crate) after_evaluation: bool,
}

/// The surroundings of the expressions of one field, all evaluated at the same instant.
#[derive(Debug)]
pub(crate) struct JsonataScope<'e> {
    /// `$states.input`: the raw input of the state.
    pub(crate) input: Option<&'e Json>,
    /// `$states.result`
    pub(crate) result: Option<&'e Json>,
    /// `$states.errorOutput`
    pub(crate) error_output: Option<&'e Json>,
    /// What `$now()` and `$millis()` show.
    #[cfg_attr(not(feature = "jsonata"), expect(dead_code, reason = "only the engine reads it"))]
    pub(crate) now: Timestamp,
    /// What failed, for the history.
    pub(crate) failed: Option<FailedEvaluation>,
    /// Values that were converted once and may be read again.
    #[cfg_attr(not(feature = "jsonata"), expect(dead_code, reason = "only the engine reads it"))]
    pub(super) bindings: Bindings,
}

impl JsonataScope<'_> {
    /// Nothing to see but the time.
    pub(crate) fn at(now: Timestamp) -> Self {
        Self {
            input: None,
            result: None,
            error_output: None,
            now,
            failed: None,
            bindings: Bindings::default(),
        }
    }
}
