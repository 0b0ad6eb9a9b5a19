//! What to do next, where the history and the definition tell.

mod arriving;
mod choosing;
mod failing;
mod general;
mod handling;
mod lookup;
mod references;
mod similar;
mod timing;
mod tracing;
mod unvisited;
mod values;
mod waiting;
mod written;

pub(crate) use arriving::of_time;
pub(crate) use similar::closest;

pub(crate) use general::{culprits, of_errors_seen, of_mismatch, of_missing_retry, of_unknown_state};
