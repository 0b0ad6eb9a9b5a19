//! All state machines, executions and tasks that wait for somebody outside, in short: what a person chooses from.

use std::sync::Arc;

use super::account::Account;
use super::execution::Execution;
use super::token::Stage;
use crate::model::{ExecutionStatus, Json, Timestamp};

/// A state machine that executions can be started of.
#[derive(Debug, Clone)]
pub(crate) struct MachineInShort {
    pub(crate) arn: Arc<str>,
    pub(crate) name: Arc<str>,
    /// `STANDARD` or `EXPRESS`.
    pub(crate) machine_type: &'static str,
}

/// An execution without its history.
#[derive(Debug, Clone)]
pub(crate) struct ExecutionInShort {
    pub(crate) arn: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) machine_name: Arc<str>,
    pub(crate) status: ExecutionStatus,
    pub(crate) start_date: Timestamp,
    pub(crate) stop_date: Option<Timestamp>,
    /// How many events its history has so far.
    pub(crate) events: usize,
}

/// A task that goes on when somebody outside says so.
#[derive(Debug, Clone)]
pub(crate) struct OpenTask {
    pub(crate) token: Arc<str>,
    pub(crate) state: Arc<str>,
    pub(crate) input: Json,
    pub(crate) execution_arn: Arc<str>,
    /// The ARN of the activity, if it is the task of one.
    pub(crate) activity: Option<Arc<str>>,
    /// No worker has taken it yet: its token is not good before.
    pub(crate) is_queued: bool,
}

impl Account {
    /// The state machines that are not being deleted, by their ARNs.
    pub(crate) fn machines_in_short(&self) -> Vec<MachineInShort> {
        let machines = self.machines.values().filter(|machine| !machine.deleting);
        machines
            .map(|machine| MachineInShort {
                arn: Arc::clone(&machine.arn),
                name: Arc::clone(&machine.name),
                machine_type: machine.machine_type.as_str(),
            })
            .collect()
    }

    /// One execution; `None` if there is none.
    pub(crate) fn execution_in_short(&self, arn: &str) -> Option<ExecutionInShort> {
        let execution = self.executions.get(arn)?;
        Some(ExecutionInShort {
            arn: Arc::clone(execution.arn()),
            name: Arc::clone(execution.name()),
            machine_name: Arc::clone(&execution.interpreter.about().state_machine_name),
            status: execution.status(),
            start_date: execution.start_date(),
            stop_date: execution.stop_date(),
            events: execution.events().len(),
        })
    }

    /// The tasks that wait for a worker or for their token, those of the oldest execution first.
    pub(crate) fn open_tasks(&self) -> Vec<OpenTask> {
        let mut executions: Vec<&Execution> =
            self.executions.values().filter(|execution| !execution.callbacks.is_empty()).collect();
        executions.sort_by_key(|execution| execution.number);
        executions.into_iter().flat_map(open_tasks_of).collect()
    }
}

fn open_tasks_of(execution: &Execution) -> impl Iterator<Item = OpenTask> {
    let waiting = |stage| matches!(stage, Stage::Queued | Stage::Outside);
    execution.callbacks.values().filter(move |task| waiting(task.stage)).map(|task| OpenTask {
        token: Arc::clone(&task.token),
        state: Arc::clone(&task.state),
        input: task.input.clone(),
        execution_arn: Arc::clone(execution.arn()),
        activity: task.activity.clone(),
        is_queued: task.stage == Stage::Queued,
    })
}
