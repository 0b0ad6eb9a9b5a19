//! Task tokens: the open task that one stands for, and what may still be said of it.

use std::sync::Arc;

use super::account::Account;
use super::call::Call;
use super::error;
use super::execution::Execution;
use super::task_call::TaskKey;
use crate::asl::resource::ResourceKind;
use crate::interpreter::command::{Resume, TaskRequest};
use crate::model::{ApiError, Json, Timestamp};

/// A task that whoever has its token can end: kept while it is open.
#[derive(Debug, Clone)]
pub(super) struct TokenTask {
    pub(super) token: Arc<str>,
    pub(super) state: Arc<str>,
    pub(super) input: Json,
    /// The ARN of the activity, if it is the task of one.
    pub(super) activity: Option<Arc<str>>,
    pub(super) stage: Stage,
}

/// How far a task with a token has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Handed out; nobody has said yet what becomes of it.
    Asked,
    /// It waits for a worker of its activity. Its token is not good yet.
    Queued,
    /// Somebody outside is to end it.
    Outside,
    /// The end of another execution ends it; whoever has its token may be faster.
    Nested,
}

/// A task that waits for somebody to send its token back.
#[derive(Debug, Clone)]
pub(crate) struct WaitingTask {
    pub(crate) token: Arc<str>,
    pub(crate) input: Json,
    pub(crate) execution_arn: Arc<str>,
}

impl TokenTask {
    /// `None` for a task without a token.
    pub(super) fn of(request: &TaskRequest) -> Option<Self> {
        let is_activity = request.resource.kind == ResourceKind::Activity;
        Some(Self {
            token: Arc::clone(request.token.as_ref()?),
            state: Arc::clone(&request.state),
            input: request.input.clone(),
            activity: is_activity.then(|| Arc::clone(&request.resource.arn)),
            stage: Stage::Asked,
        })
    }
}

impl Account {
    /// The open task that the `taskToken` of a call stands for.
    pub(super) fn open_task(&self, call: &Call<'_>) -> Result<TaskKey, ApiError> {
        let (key, execution) = self
            .tokens
            .get(call.required("taskToken"))
            .and_then(|key| Some((key, self.executions.get(&key.execution_arn)?)))
            .filter(|(_, execution)| execution.interpreter.about().place == call.caller.place)
            .ok_or_else(error::invalid_token)?;
        let task = execution.callbacks.get(&key.task).ok_or_else(error::task_timed_out)?;
        if task.stage == Stage::Queued {
            return Err(error::invalid_token());
        }
        match &task.activity {
            Some(activity) if self.is_deleted_activity(activity) => Err(error::task_does_not_exist(activity)),
            Some(_) | None => Ok(key.clone()),
        }
    }

    /// A sign of life of whoever works on a task.
    pub(super) fn heartbeat(&mut self, key: &TaskKey, now: Timestamp) {
        if let Some(execution) = self.running(&key.execution_arn) {
            let at = execution.timetable.touch(now);
            execution.resume(Resume::TaskHeartbeat { task: key.task }, at);
            self.run(&key.execution_arn, now);
        }
    }

    /// The tasks of states of this name that wait for their tokens, those of the oldest execution first.
    pub(crate) fn waiting_tasks(&self, state: &str) -> Vec<WaitingTask> {
        let mut executions: Vec<&Execution> =
            self.executions.values().filter(|execution| !execution.callbacks.is_empty()).collect();
        executions.sort_by_key(|execution| execution.number);
        let waiting = |execution: &Execution| -> Vec<WaitingTask> {
            let tasks = execution.callbacks.values();
            tasks
                .filter(|task| task.stage == Stage::Outside && &*task.state == state)
                .map(|task| WaitingTask {
                    token: Arc::clone(&task.token),
                    input: task.input.clone(),
                    execution_arn: Arc::clone(execution.arn()),
                })
                .collect()
        };
        executions.into_iter().flat_map(waiting).collect()
    }

    /// Whether the execution, or one that shares its time, waits for somebody outside to send a token back, or for a
    /// worker.
    pub(crate) fn awaits_token(&self, execution_arn: &str) -> bool {
        let waits = |execution: &Execution| {
            let mut tasks = execution.callbacks.values();
            tasks.any(|task| matches!(task.stage, Stage::Queued | Stage::Outside))
        };
        self.executions.get(execution_arn).is_some_and(|execution| self.relatives(execution).any(waits))
    }
}
