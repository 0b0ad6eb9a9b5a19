//! What evaluating an expression comes to.

use crate::model::Json;

/// What an expression gives.
#[cfg_attr(not(feature = "jsonata"), expect(dead_code, reason = "only the engine evaluates anything"))]
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    Value(Json),
    /// JSONata's "nothing", which is no JSON value.
    Undefined,
    /// A function or an infinite number, or a value that holds one.
    NoJson,
}

/// Why an expression gives nothing.
#[cfg_attr(not(feature = "jsonata"), expect(dead_code, reason = "only the engine evaluates anything"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// `T1006: Attempted to invoke a non-function`
    Failed(String),
    /// It was stopped: it took too long, or read or built too much.
    Endless,
}
