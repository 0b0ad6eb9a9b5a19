//! Who waits for which execution, and what is still to be said of executions that have ended.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::called::Called;
use crate::interpreter::command::TaskId;
use crate::service::activity_tasks::PollId;
use crate::service::task_call::TaskKey;

/// The tasks that wait for an answer of the account itself.
#[derive(Debug, Clone, Default)]
pub(in crate::service) struct Nested {
    /// By the ARN of the execution that is waited for.
    parents: BTreeMap<Arc<str>, Vec<Waiting>>,
    /// The executions that `.sync` tasks wait for.
    children: BTreeMap<TaskKey, Arc<str>>,
    /// Tasks that are workers of an activity.
    pub(super) polls: BTreeMap<PollId, (TaskKey, Called)>,
    errands: VecDeque<Errand>,
    /// What tasks called that is not emulated, in the words of the refusals.
    pub(super) not_emulated: Vec<String>,
}

/// A task that waits for an execution to end.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) task: TaskKey,
    pub(super) called: Called,
}

/// What has happened and is still to be told; one after the other, however long the chain of executions is.
#[derive(Debug, Clone)]
pub(super) enum Errand {
    Ended(Arc<str>),
    /// The execution that a task waited for is no longer needed.
    Stop(Arc<str>),
}

impl Nested {
    /// An execution has ended.
    pub(in crate::service) fn ended(&mut self, execution_arn: &Arc<str>) {
        self.errands.push_back(Errand::Ended(Arc::clone(execution_arn)));
    }

    /// Tasks of an execution are no longer wanted.
    pub(in crate::service) fn cancelled(&mut self, execution_arn: &Arc<str>, tasks: Vec<TaskId>) {
        if self.children.is_empty() {
            return;
        }
        for task in tasks {
            let key = TaskKey { execution_arn: Arc::clone(execution_arn), task };
            self.errands.extend(self.children.remove(&key).map(Errand::Stop));
        }
    }

    pub(super) fn next_errand(&mut self) -> Option<Errand> {
        self.errands.pop_front()
    }

    /// The task waits until the execution has ended; with `is_job`, it stops the execution if it is called off.
    pub(super) fn wait(&mut self, execution_arn: &Arc<str>, waiting: Waiting, is_job: bool) {
        if is_job {
            self.children.insert(waiting.task.clone(), Arc::clone(execution_arn));
        }
        self.parents.entry(Arc::clone(execution_arn)).or_default().push(waiting);
    }

    /// Those who waited for the execution.
    pub(super) fn take_waiting(&mut self, execution_arn: &str) -> Vec<Waiting> {
        let waiting = self.parents.remove(execution_arn).unwrap_or_default();
        for Waiting { task, .. } in &waiting {
            self.children.remove(task);
        }
        waiting
    }
}
