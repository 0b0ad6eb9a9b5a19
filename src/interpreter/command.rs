//! What the interpreter asks of the world, and what it is told: it never waits for anything itself.

use std::sync::Arc;

use super::map_run::{MapRunId, MapRunRequest};
use crate::asl::resource::Resource;
use crate::model::{Failure, Json, StatePlace, Timestamp};

/// A task of one execution; unique within it, new for every attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TaskId(pub(crate) u64);

/// A timer of one execution; unique within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TimerId(pub(crate) u64);

/// What the interpreter asks for.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// Somebody shall do this work and answer with a [`Resume`]. The task of an activity is recorded as scheduled
    /// and started when that answer says so, or implies it.
    Schedule(TaskRequest),
    /// The answer is no longer wanted: the task timed out, was aborted, or its execution ended.
    CancelTask(TaskId),
    /// Tell me [`Resume::TimerFired`] at `deadline`.
    SetTimer { timer: TimerId, deadline: Timestamp, purpose: TimerPurpose },
    /// The timer is no longer wanted.
    ClearTimer(TimerId),
    /// The items of a Distributed Map shall be run, each as an execution of its own. What these are given,
    /// [`Interpreter::item_input`](super::interpret::Interpreter::item_input) says.
    StartMapRun(Box<MapRunRequest>),
    /// A Map Run that ended without success shall go on: with the executions that did not succeed, and those that never
    /// started.
    RedriveMapRun(MapRunId),
    /// The Map Run is no longer wanted: its executions are to be stopped.
    AbortMapRun(MapRunId),
}

/// One attempt of one Task state.
#[derive(Debug, Clone)]
pub(crate) struct TaskRequest {
    pub(crate) task: TaskId,
    pub(crate) state: Arc<str>,
    pub(crate) resource: Resource,
    /// After `InputPath` and Parameters.
    pub(crate) input: Json,
    /// Retries of this visit of the state so far: 0 for the first attempt.
    pub(crate) retry_count: u64,
    /// `$$.Task.Token`, of a task that waits for it.
    pub(crate) token: Option<Arc<str>>,
    /// The index of the innermost inline Map iteration the task runs in.
    pub(crate) iteration: Option<usize>,
    /// The branches and iterations it runs in.
    pub(crate) place: StatePlace,
}

/// What a timer is for. Time modes that skip waiting jump over the first three kinds only when nothing else moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimerPurpose {
    Wait,
    RetryDelay,
    /// Ordered last among timers of one instant: a 365-day Wait may end within the one year an execution has.
    ExecutionTimeout,
    /// Guards work that somebody else does: `TimeoutSeconds` and `HeartbeatSeconds` of a Task.
    TaskTimeout(TaskId),
    Heartbeat(TaskId),
}

/// What the interpreter is told.
#[derive(Debug, Clone)]
pub(crate) enum Resume {
    /// The task of an activity waits for a worker.
    TaskQueued {
        task: TaskId,
    },
    /// A worker has taken the task of an activity: its clocks start.
    TaskStarted {
        task: TaskId,
        worker_name: Option<Arc<str>>,
    },
    /// There is no such activity. Fails the execution; nothing can retry or catch it.
    ActivityMissing {
        task: TaskId,
    },
    /// The called service accepted a `.sync` or `.waitForTaskToken` task.
    TaskSubmitted {
        task: TaskId,
        output: Json,
    },
    TaskSucceeded {
        task: TaskId,
        output: Json,
    },
    /// `States.Timeout` without a cause is recorded as a timeout.
    TaskFailed {
        task: TaskId,
        failure: Failure,
    },
    /// No answer can be had: nobody mocked the task. Fails the execution; nothing can retry or catch it.
    TaskUnanswerable {
        task: TaskId,
        failure: Failure,
    },
    TaskHeartbeat {
        task: TaskId,
    },
    TimerFired(TimerId),
    MapRunSucceeded {
        run: MapRunId,
        output: Json,
    },
    MapRunFailed {
        run: MapRunId,
        failure: Failure,
    },
    /// `StopExecution`, or the deletion of the state machine.
    Stop(Failure),
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Succeeded(Json),
    Failed(Failure),
    TimedOut,
    Aborted(Failure),
}
