//! An execution as a whole: what `DescribeExecution` and `GetExecutionHistory` say of it, in one value.

use std::sync::Arc;

use super::map_run_record::MapRunRecord;
use super::{ExecutionStatus, Failure, HistoryEvent, Json, Timestamp};

/// A snapshot of one execution and its history. Assertions and reports read nothing else.
#[derive(Debug, Clone)]
pub(crate) struct ExecutionRecord {
    pub(crate) arn: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) state_machine_name: Arc<str>,
    pub(crate) status: ExecutionStatus,
    pub(crate) start_date: Timestamp,
    /// `None` while it runs.
    pub(crate) stop_date: Option<Timestamp>,
    pub(crate) input: Json,
    /// Only of a succeeded execution.
    pub(crate) output: Option<Json>,
    /// The error and cause of one that failed, timed out or was stopped, as far as it has them.
    pub(crate) failure: Option<Failure>,
    /// Complete and in order. EXPRESS executions have one here too, although AWS only logs it.
    pub(crate) events: Vec<HistoryEvent>,
    /// The Map Runs that it started, in the order of their start.
    pub(crate) map_runs: Vec<MapRunRecord>,
    /// The definition that it runs, as it was given; of a child of a Map Run, the `ItemProcessor`. `None` where only
    /// the history is known.
    pub(crate) definition: Option<Arc<str>>,
}
