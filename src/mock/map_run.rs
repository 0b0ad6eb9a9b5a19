//! `sfn.execution(&arn).map_runs()`: the Map Runs of an execution, and the way to their executions.

use super::core::Core;
use super::execution::ExecutionHandle;
use crate::model::map_run_record::MapRunRecord;
use crate::model::{MapRunCounts, MapRunStatus, Timestamp};

/// A Map Run as it was when it was asked for: the items of a Distributed Map, each run as an execution of its own.
/// Every attempt of the Map state makes one; a redrive goes on with the last. From [`ExecutionHandle::map_runs`].
#[derive(Debug, Clone)]
pub struct MapRun {
    core: Core,
    record: MapRunRecord,
}

impl MapRun {
    pub(super) const fn new(core: Core, record: MapRunRecord) -> Self {
        Self { core, record }
    }

    /// `arn:aws:states:…:mapRun:machine/label:uuid`, for `DescribeMapRun` and its like.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.record.arn
    }

    /// The `Label` of the Map state, or the one that was made up for it.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.record.label
    }

    /// How it ended, or that it runs.
    #[must_use]
    pub const fn status(&self) -> MapRunStatus {
        self.record.status
    }

    /// When it started, in the time of its execution.
    #[must_use]
    pub const fn start_date(&self) -> Timestamp {
        self.record.start_date
    }

    /// When it ended; `None` while it runs.
    #[must_use]
    pub const fn stop_date(&self) -> Option<Timestamp> {
        self.record.stop_date
    }

    /// How often it was redriven: 0 at first.
    #[must_use]
    pub const fn redrive_count(&self) -> u64 {
        self.record.redrive_count
    }

    /// What became of the items.
    #[must_use]
    pub const fn items(&self) -> MapRunCounts {
        self.record.items
    }

    /// What became of the child executions: as many as there are items, or batches of them.
    #[must_use]
    pub const fn executions(&self) -> MapRunCounts {
        self.record.executions
    }

    /// The child executions that were started, in the order of the items.
    #[must_use]
    pub fn children(&self) -> Vec<ExecutionHandle> {
        let children = self.record.children.iter();
        children.map(|arn| ExecutionHandle::new(self.core.clone(), arn.clone())).collect()
    }
}
