//! The redrive of a Map Run: its executions that did not succeed run again, and those that never started start.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html>

use std::sync::Arc;

use super::batches::Batch;
use super::child::Wanted;
use super::progress::News;
use super::run::{Child, MapRun};
use crate::interpreter::map_run::MapRunId;
use crate::model::{ExecutionStatus, Failure, Timestamp};
use crate::service::account::Account;
use crate::service::execution::Execution;

/// Whether the redrive of a Map Run would run a child execution again, and why not.
pub(in crate::service) fn redrive_status(
    execution: &Execution,
    now: Timestamp,
) -> (&'static str, Option<String>) {
    let status = execution.status();
    if matches!(status, ExecutionStatus::Running | ExecutionStatus::Succeeded) {
        return ("NOT_REDRIVABLE", Some(format!("Execution is {status} and cannot be redriven")));
    }
    match why_never_again(execution, now) {
        Some(why) => ("NOT_REDRIVABLE", Some(why.to_owned())),
        None => ("REDRIVABLE_BY_MAP_RUN", None),
    }
}

/// Another EXPRESS execution can always start in the place of one that did not succeed.
fn why_never_again(execution: &Execution, now: Timestamp) -> Option<&'static str> {
    let quotas = &execution.interpreter.about().quotas;
    if execution.is_express() { None } else { execution.why_too_late(quotas, now) }
}

impl MapRun {
    /// How many executions, and items, did not succeed and cannot run again.
    pub(in crate::service) fn failures_not_redrivable(
        &self,
        account: &Account,
        now: Timestamp,
    ) -> (usize, usize) {
        let children = self.children.iter().filter(|child| {
            let execution = account.executions.get(&child.arn);
            execution.is_some_and(|execution| {
                is_unsuccessful(execution.status()) && why_never_again(execution, now).is_some()
            })
        });
        children.fold((0, 0), |(executions, items), child| (executions + 1, items + child.items))
    }
}

const fn is_unsuccessful(status: ExecutionStatus) -> bool {
    matches!(status, ExecutionStatus::Failed | ExecutionStatus::TimedOut | ExecutionStatus::Aborted)
}

impl Account {
    /// An execution that was redriven goes on with a Map Run that had ended.
    pub(in crate::service) fn redrive_map_run(
        &mut self,
        execution_arn: &Arc<str>,
        id: MapRunId,
        at: Timestamp,
    ) {
        let Some(arn) = self.map_run_arn(execution_arn, id) else { return };
        let Some(run) = self.map_runs.get_mut(&arn) else { return };
        run.redriven(at);
        let children: Vec<Arc<str>> = run.children.iter().map(|child| Arc::clone(&child.arn)).collect();
        for (place, child) in children.into_iter().enumerate() {
            let Some(execution) = self.executions.get_mut(&child) else { continue };
            let status = execution.status();
            if is_unsuccessful(status) && why_never_again(execution, at).is_none() {
                run.child_awaits_redrive(place, status);
                execution.set_awaits_redrive(true);
            }
        }
        self.map_run_news.push_back(News::Begun(arn));
    }

    /// Lets the first child execution that is to run again do so.
    pub(super) fn redrive_next_child(
        &mut self,
        (run_arn, root): (&Arc<str>, &Arc<str>),
        at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let next = self.map_runs.get_mut(run_arn).and_then(MapRun::next_redriven_child);
        let Some((place, Child { arn, items, .. })) = next else { return Ok(()) };
        let Some(execution) = self.executions.get_mut(&arn) else { return Ok(()) };
        execution.set_awaits_redrive(false);
        if execution.is_express() {
            let about = execution.interpreter.about();
            let batch = Batch { input: about.input.clone(), items };
            let instead_of = Some((place, Arc::clone(&about.execution_name)));
            return self.start_counted((run_arn, root), Wanted { batch: &batch, instead_of }, at, now);
        }
        self.redrive_child(&arn, at, now);
        self.count_payloads(run_arn, place)
    }
}
