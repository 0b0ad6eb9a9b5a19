//! A Task's work as the service hands it out, and the answers it takes.

use std::sync::Arc;
use std::time::Duration;

use crate::interpreter::command::{TaskId, TaskRequest};
use crate::model::{Failure, Json, Timestamp};

/// One attempt of one Task state of one execution, waiting for somebody to do it.
#[derive(Debug, Clone)]
pub(crate) struct TaskCall {
    pub(crate) key: TaskKey,
    pub(crate) request: TaskRequest,
    /// The execution that somebody started: this one, or the one whose Map Runs led to it.
    pub(crate) root_execution_arn: Arc<str>,
    pub(crate) state_machine_name: Arc<str>,
    /// The test case of a mock config file, given as `#Case` behind the state machine's ARN.
    pub(crate) test_case: Option<Arc<str>>,
    /// What the execution was started with.
    pub(crate) execution_input: Json,
    /// The execution's own time.
    pub(crate) now: Timestamp,
}

/// A task, across executions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaskKey {
    pub(crate) execution_arn: Arc<str>,
    pub(crate) task: TaskId,
}

/// What the handler of a task says when the task is handed to it.
#[derive(Debug, Clone)]
pub(crate) enum TaskAnswer {
    /// The outcome comes `after` so much of the execution's time; zero: at once.
    Outcome { after: Duration, outcome: TaskOutcome },
    /// A job or callback, of which something is seen before it ends.
    Job(Box<TaskJob>),
    /// Somebody outside works on it and will answer later, or never.
    Later,
    /// A worker of its activity shall have it.
    ForWorkers,
    /// It calls Step Functions itself: the account shall do it.
    ForAccount(Box<TaskRequest>),
}

/// What a called service or worker lets see of a task that takes its time.
#[derive(Debug, Clone)]
pub(crate) struct TaskJob {
    /// What the service says when it takes the job on.
    pub(crate) submitted: Json,
    pub(crate) heartbeats: Option<Heartbeats>,
    /// How it ends, after so much of the execution's time; `None`: somebody outside ends it, or nobody.
    pub(crate) end: Option<(Duration, TaskOutcome)>,
}

/// So many signs of life, one every so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heartbeats {
    pub(crate) count: u64,
    pub(crate) every: Duration,
}

/// What becomes of a task.
#[derive(Debug, Clone)]
pub(crate) enum TaskOutcome {
    Succeeded(Json),
    Failed(Failure),
    /// The called service has taken it on, with this response; whoever has its token ends it.
    Submitted(Json),
    /// Nobody mocked it: the execution fails with this and nothing can catch it.
    Unanswerable(Failure),
}
