//! One account: its resources, its executions and their timers. Knows neither HTTP nor clocks: time is an argument.

use std::sync::Arc;
use std::time::Duration;

use super::task_call::{TaskAnswer, TaskCall, TaskKey, TaskOutcome};
use crate::model::arn::Place;
use crate::model::{ApiError, ExecutionRecord, Json, Operation, Timestamp};

/// How an account is set up.
#[derive(Debug, Clone)]
pub(crate) struct AccountConfig {
    /// Twelve digits.
    pub(crate) account_id: Arc<str>,
    pub(crate) seed: u64,
    /// In the time mode Skip: how long after the last call that started or changed an execution its waiting is
    /// jumped over. `None`: waiting is never jumped over.
    pub(crate) skip_after: Option<Duration>,
}

/// Who calls, and from where: region and partition come from the request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) place: Place,
}

/// The answer to a call.
#[derive(Debug)]
pub(crate) enum Reply {
    Answered(Result<Json, ApiError>),
    /// StartSyncExecution: the answer is there when this execution has ended; see [`Account::sync_answer`].
    AwaitingExecution(Arc<str>),
}

/// Everything the service knows.
#[derive(Debug)]
pub(crate) struct Account {
    config: AccountConfig,
}

impl Account {
    pub(crate) fn new(config: AccountConfig) -> Self {
        Self { config }
    }

    /// Answers one call, made at `now` of the base clock. Tasks it schedules wait in [`take_tasks`](Self::take_tasks).
    pub(crate) fn call(&mut self, caller: &Caller, operation: Operation, input: &Json, now: Timestamp) -> Reply {
        let _ = (caller, input, now, &self.config);
        Reply::Answered(Err(ApiError::not_emulated(operation)))
    }

    /// The body of a StartSyncExecution answer, once its execution has ended.
    pub(crate) fn sync_answer(&self, execution_arn: &str) -> Option<Json> {
        let _ = execution_arn;
        None
    }

    /// Hands out the tasks that nobody has been given yet, oldest first.
    pub(crate) fn take_tasks(&mut self) -> Vec<TaskCall> {
        Vec::new()
    }

    /// Takes what the handlers said of tasks handed out at this instant. All are noted before any consequence.
    pub(crate) fn answer_tasks(&mut self, answers: Vec<(TaskKey, TaskAnswer)>, now: Timestamp) {
        let _ = (answers, now);
    }

    /// The late answer to a task that was said to come [`Later`](TaskAnswer::Later). Ignored if no longer wanted.
    pub(crate) fn finish_task(&mut self, key: &TaskKey, outcome: TaskOutcome, now: Timestamp) {
        let _ = (key, outcome, now);
    }

    /// When, on the base clock, something happens by itself next.
    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        None
    }

    /// Lets the earliest thing that is due by `now` happen: the timers of one execution at one instant, at that
    /// instant of its own time. `false` if nothing is due.
    pub(crate) fn fire_due(&mut self, now: Timestamp) -> bool {
        let _ = now;
        false
    }

    /// A snapshot of an execution, STANDARD or EXPRESS.
    pub(crate) fn execution(&self, arn: &str) -> Option<ExecutionRecord> {
        let _ = arn;
        None
    }
}
