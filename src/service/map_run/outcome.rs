//! The end of a Map Run: what the execution that waits is told.

use std::sync::Arc;

use super::results;
use crate::interpreter::command::Resume;
use crate::model::map_run_record::MapRunStatus;
use crate::model::{Failure, Json, Timestamp};
use crate::service::account::Account;

impl Account {
    /// All items have been processed.
    pub(super) fn complete_map_run(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(run) = self.map_runs.get(arn) else { return };
        let at = run.reached;
        match results::output(run, &self.executions, &mut self.objects, at) {
            Ok(output) => self.close_map_run(arn, Ok(output), at, now),
            Err(failure) => self.close_map_run(arn, Err(failure), at, now),
        }
    }

    /// Something made the run fail: what still runs is stopped, and what there is of results is written.
    pub(super) fn fail_map_run(&mut self, arn: &Arc<str>, failure: Failure, at: Timestamp, now: Timestamp) {
        let Some(run) = self.map_runs.get_mut(arn) else { return };
        run.close(MapRunStatus::Failed, at);
        self.stop_children(arn, at, now);
        if let Some(run) = self.map_runs.get(arn).filter(|run| run.is_planned()) {
            // The run has failed already; that its results cannot be written adds nothing.
            let _written = results::output(run, &self.executions, &mut self.objects, at);
        }
        self.close_map_run(arn, Err(failure), at, now);
    }

    fn close_map_run(
        &mut self,
        arn: &Arc<str>,
        result: Result<Json, Failure>,
        at: Timestamp,
        now: Timestamp,
    ) {
        let Some(run) = self.map_runs.get_mut(arn) else { return };
        let id = run.request.run;
        let (status, resume) = match result {
            Ok(output) => (MapRunStatus::Succeeded, Resume::MapRunSucceeded { run: id, output }),
            Err(failure) => (MapRunStatus::Failed, Resume::MapRunFailed { run: id, failure }),
        };
        run.close(status, at);
        let parent_arn = Arc::clone(&run.execution_arn);
        if let Some(parent) = self.running(&parent_arn) {
            parent.timetable.catch_up(at, now);
            let at = parent.timetable.reached();
            parent.resume(resume, at);
            self.run(&parent_arn, now);
        }
    }
}
