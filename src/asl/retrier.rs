//! Retriers and catchers: which errors they handle, and how.

use std::sync::Arc;

use super::definition::{ResultPath, StateIndex};
use crate::model::failure::error_name;
use crate::query::PayloadTemplate;

#[derive(Debug)]
pub(crate) struct Retrier {
    pub(crate) error_equals: Vec<Arc<str>>,
    /// Default 1.
    pub(crate) interval_seconds: u64,
    /// Default 3; 0 never retries.
    pub(crate) max_attempts: u64,
    /// Default 2.0.
    pub(crate) backoff_rate: f64,
    pub(crate) max_delay_seconds: Option<u64>,
    pub(crate) jitter: JitterStrategy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JitterStrategy {
    None,
    /// The delay is drawn evenly from zero up to the computed one.
    Full,
}

#[derive(Debug)]
pub(crate) struct Catcher {
    pub(crate) error_equals: Vec<Arc<str>>,
    pub(crate) next: StateIndex,
    pub(crate) result_path: ResultPath,
    /// `Output`, in JSONata.
    pub(crate) output: Option<PayloadTemplate>,
    /// The variables that it sets; `$` is the error output.
    pub(crate) assign: Option<PayloadTemplate>,
}

/// The first name in an `ErrorEquals` that an error has. A missed heartbeat is recorded as States.Timeout, and has the
/// names of both.
pub(crate) fn first_named(
    error_equals: &[Arc<str>],
    error: Option<&str>,
    missed_heartbeat: bool,
) -> Option<usize> {
    error_equals.iter().position(|name| match &**name {
        error_name::ALL => true,
        error_name::TASK_FAILED => error != Some(error_name::TIMEOUT),
        error_name::HEARTBEAT_TIMEOUT if missed_heartbeat => true,
        exact => error == Some(exact),
    })
}
