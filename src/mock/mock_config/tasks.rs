//! Answers tasks from a mock config file and counts the invocations that select the answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::{Asking, MockConfig};
use crate::service::task_call::{TaskAnswer, TaskCall};

/// A mock config file at work: it remembers how often each execution has run each state.
#[derive(Debug)]
pub(crate) struct MockConfigTasks {
    config: MockConfig,
    /// By execution and state: the number of the next invocation. Those of a Distributed Map's executions count on.
    invocations: BTreeMap<(Arc<str>, Arc<str>), u64>,
}

impl MockConfigTasks {
    pub(crate) const fn new(config: MockConfig) -> Self {
        Self { config, invocations: BTreeMap::new() }
    }

    /// The answer to an attempt. `None` if the file does not mock it: the execution was started without
    /// `#TestCase`, or the test case does not list the state.
    pub(crate) fn answer(&mut self, call: &TaskCall) -> Option<TaskAnswer> {
        let test_case = call.test_case.as_deref()?;
        let state = Arc::clone(&call.request.state);
        let count = self.invocations.entry((Arc::clone(&call.root_execution_arn), state)).or_default();
        let invocation = *count;
        *count += 1;
        self.config.answer(Asking {
            state_machine: &call.state_machine_name,
            test_case,
            state: &call.request.state,
            invocation,
            has_token: call.request.token.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::asl::resource::{Resource, ResourceKind};
    use crate::interpreter::command::{TaskId, TaskRequest};
    use crate::model::{Json, Timestamp};
    use crate::service::task_call::{TaskKey, TaskOutcome};

    const FILE: &str = r#"{
        "StateMachines": {"m": {"TestCases": {"Case": {"A": "Numbers", "B": "Numbers"}}}},
        "MockedResponses": {"Numbers": {"0": {"Return": 0}, "1": {"Return": 1}}}
    }"#;

    fn tasks() -> MockConfigTasks {
        MockConfigTasks::new(MockConfig::read(FILE, "mocks.json").unwrap())
    }

    fn call(execution: &str, state: &str, test_case: Option<&str>) -> TaskCall {
        let resource = Resource {
            arn: "arn:aws:lambda:us-east-1:1:function:f".into(),
            kind: ResourceKind::LambdaFunction,
        };
        TaskCall {
            key: TaskKey { execution_arn: execution.into(), task: TaskId(0) },
            request: TaskRequest {
                task: TaskId(0),
                state: state.into(),
                resource,
                input: Json::Null,
                retry_count: 0,
                token: None,
                iteration: None,
                place: Default::default(),
            },
            root_execution_arn: execution.into(),
            state_machine_name: "m".into(),
            test_case: test_case.map(Into::into),
            execution_input: Json::Null,
            now: Timestamp::from_millis(0),
        }
    }

    /// The number that the file returns to an attempt, or the cause of the failure.
    fn answered(tasks: &mut MockConfigTasks, execution: &str, state: &str) -> String {
        match tasks.answer(&call(execution, state, Some("Case"))) {
            Some(TaskAnswer::Outcome { after: Duration::ZERO, outcome: TaskOutcome::Succeeded(result) }) => {
                result.to_text()
            }
            Some(TaskAnswer::Outcome { outcome: TaskOutcome::Unanswerable(failure), .. }) => {
                failure.cause.unwrap().to_string()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn invocations_are_counted_per_execution_and_state() {
        let mut tasks = tasks();
        assert_eq!(answered(&mut tasks, "e1", "A"), "0");
        assert_eq!(answered(&mut tasks, "e1", "A"), "1");
        assert_eq!(answered(&mut tasks, "e1", "B"), "0");
        assert_eq!(answered(&mut tasks, "e2", "A"), "0");
        assert!(answered(&mut tasks, "e1", "A").contains("invocation 2 of state `A`"));
    }

    #[test]
    fn an_execution_started_without_a_test_case_is_not_mocked_by_the_file() {
        assert!(tasks().answer(&call("e1", "A", None)).is_none());
        assert!(tasks().answer(&call("e1", "C", Some("Case"))).is_none());
    }
}
