//! What a task mock sees of the task it answers.

use crate::model::{Json, StatePlace, Timestamp};
use crate::service::task_call::TaskCall;

/// One attempt of one Task state, as the closures of a task mock see it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The name of the Task state.
    pub state: String,
    /// The `Resource` of the Task state.
    pub resource: String,
    /// What the task is given: the state's input after `InputPath` and `Parameters`.
    pub input: serde_json::Value,
    /// How often this visit of the state was retried before: 0 for the first attempt.
    pub retry_count: u64,
    /// The name of the state machine.
    pub state_machine: String,
    /// The ARN of the execution.
    pub execution_arn: String,
    /// Inside a Map: the index of the innermost iteration, from 0; of a Distributed Map, of the child execution.
    pub iteration: Option<usize>,
    /// The task token, if the task waits for one.
    pub task_token: Option<String>,
    /// The time of the execution.
    pub now: Timestamp,
    /// The branches and iterations that the task runs in.
    pub(super) place: StatePlace,
    /// What the execution was started with.
    pub(super) execution_input: Json,
}

impl Call {
    pub(super) fn new(task: &TaskCall) -> Self {
        Self {
            state: task.request.state.to_string(),
            resource: task.request.resource.arn.to_string(),
            input: (&task.request.input).into(),
            retry_count: task.request.retry_count,
            state_machine: task.state_machine_name.to_string(),
            execution_arn: task.key.execution_arn.to_string(),
            iteration: task.request.iteration,
            task_token: task.request.token.as_deref().map(str::to_owned),
            now: task.now,
            place: task.request.place.clone(),
            execution_input: task.execution_input.clone(),
        }
    }

    /// Which attempt of this visit of the state it is, from 1.
    #[must_use]
    pub const fn attempt(&self) -> u64 {
        self.retry_count + 1
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// A first call of `state` in the state machine `orders`, for tests of matching and answering.
    pub(in crate::mock) fn call_of(state: &str) -> Call {
        Call {
            state: state.to_owned(),
            resource: "arn:aws:states:::sqs:sendMessage".to_owned(),
            input: json!({"id": 7}),
            retry_count: 0,
            state_machine: "orders".to_owned(),
            execution_arn: "arn:aws:states:us-east-1:123456789012:execution:orders:e-1".to_owned(),
            iteration: None,
            task_token: None,
            now: Timestamp::from_millis(0),
            place: StatePlace::default(),
            execution_input: Json::Null,
        }
    }

    #[test]
    fn attempts_count_from_one() {
        assert_eq!(call_of("Pay").attempt(), 1);
    }
}
