//! A Map Run as a whole: what `DescribeMapRun` says of it, in one value.

use std::fmt;
use std::sync::Arc;

use super::{Failure, Timestamp};

/// A snapshot of one Map Run.
#[derive(Debug, Clone)]
pub(crate) struct MapRunRecord {
    pub(crate) arn: Arc<str>,
    pub(crate) label: Arc<str>,
    pub(crate) status: MapRunStatus,
    pub(crate) start_date: Timestamp,
    /// `None` while it runs.
    pub(crate) stop_date: Option<Timestamp>,
    pub(crate) redrive_count: u64,
    pub(crate) items: MapRunCounts,
    pub(crate) executions: MapRunCounts,
    /// The ARNs of the child executions that were started, in the order of the items.
    pub(crate) children: Vec<Arc<str>>,
    /// Of the first of these that failed: its place among them, and its error and cause.
    pub(crate) first_failure: Option<(usize, Failure)>,
}

/// The status of a Map Run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MapRunStatus {
    /// Items are being processed, or wait for it.
    Running,
    /// All items were processed, and no more of them failed than is tolerated.
    Succeeded,
    /// More items failed than is tolerated, or the items could not be read, or the results not be written.
    Failed,
    /// The execution that waited for it ended before.
    Aborted,
}

impl MapRunStatus {
    /// As the API writes it: `RUNNING`, `SUCCEEDED`, `FAILED`, `ABORTED`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Aborted => "ABORTED",
        }
    }
}

impl fmt::Display for MapRunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many items, or child executions, of a Map Run there are, and what became of them.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_MapRunItemCounts.html>
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapRunCounts {
    /// All of them.
    pub total: usize,
    /// Not started.
    pub pending: usize,
    /// Started and not ended.
    pub running: usize,
    /// Ended well.
    pub succeeded: usize,
    /// Ended by an error that nothing caught.
    pub failed: usize,
    /// Ended because they took too long.
    pub timed_out: usize,
    /// Stopped.
    pub aborted: usize,
    /// Ended without success, and about to run again since the Map Run was redriven.
    pub pending_redrive: usize,
}
