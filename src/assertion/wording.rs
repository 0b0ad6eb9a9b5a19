//! Small phrases that several assertions share.

use std::time::Duration;

use super::Execution;
use super::telling;
use crate::model::{ExecutionStatus, span};

/// How many names a sentence lists.
const LISTED: usize = 12;

/// `once`, `twice`, `3 times`.
pub(crate) fn times(count: usize) -> String {
    match count {
        0 => "not once".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// `` `A`, `B`, `C` ``; of an empty list: `nothing`.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let shown =
        names.iter().take(LISTED).map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(LISTED + 1) {
        Some(beyond) => format!("{shown} and {} more", beyond + 1),
        None => shown,
    }
}

/// `1s, 2s`; of an empty list: `nothing`.
pub(crate) fn spans(spans: &[Duration]) -> String {
    if spans.is_empty() {
        return "nothing".to_owned();
    }
    spans.iter().map(|span| span::write(*span)).collect::<Vec<_>>().join(", ")
}

/// `it SUCCEEDED`, `it FAILED: Boom: no funds`, `it is still RUNNING`.
pub(crate) fn end_of(execution: &Execution) -> String {
    match execution.status() {
        ExecutionStatus::Running => "it is still RUNNING".to_owned(),
        ended @ (ExecutionStatus::Succeeded
        | ExecutionStatus::Failed
        | ExecutionStatus::TimedOut
        | ExecutionStatus::Aborted) => {
            telling::with_failure(&format!("it {ended}"), execution.record.failure.as_ref())
        }
    }
}
