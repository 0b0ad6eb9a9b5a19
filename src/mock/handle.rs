//! `MockSfn`: the mock service as a test holds it.

use std::sync::Arc;

use serde_json::Value;

use super::builder::MockSfnBuilder;
use super::callback::Callback;
use super::core::Core;
use super::execution::ExecutionHandle;
use super::fault::OnOperation;
use super::guard::Guard;
use super::objects::Objects;
use super::state_machine::StateMachineBuilder;
use super::task_matcher::Subject;
use super::task_mock::OnTask;
use super::time::Time;
use crate::model::IntoDuration;
use crate::model::{Json, Operation, Timestamp};
use crate::service::account::Reply;

/// A Step Functions service of your own, in this process: nothing listens, nothing has to be cleaned up.
///
/// It answers every call as AWS documents it and runs definitions for real, with mocked tasks. Clones are handles on
/// the same service. When the last one is dropped the test fails if a task was called that nobody mocked, if an
/// [`expect`](super::TaskMock::expect) was not met, or if something was called that is not emulated.
///
/// ```
/// use sfn_testkit::prelude::*;
///
/// # #[cfg(not(feature = "sdk"))] fn main() {}
/// # #[cfg(feature = "sdk")]
/// #[tokio::main(flavor = "current_thread", start_paused = true)]
/// async fn main() {
///     let sfn = MockSfn::new();
///     let orders = sfn.state_machine("orders").definition(r#"{
///         "StartAt": "Cool off",
///         "States": {
///             "Cool off": {"Type": "Wait", "Seconds": 2592000, "Next": "Pay"},
///             "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}
///         }
///     }"#).create();
///     sfn.on_state("Pay").answers(|call| json!({"paid": call.input["order"]}));
///
///     // The code under test has a real client.
///     let started = sfn.client().start_execution()
///         .state_machine_arn(&orders).input(r#"{"order": 7}"#).send().await.unwrap();
///
///     // Thirty days pass at once.
///     let arn = started.execution_arn();
///     sfn.execution(arn).finished().await;
///     let described = sfn.client().describe_execution().execution_arn(arn).send().await.unwrap();
///     assert_eq!(described.output(), Some(r#"{"paid":7}"#));
/// }
/// ```
#[derive(Debug, Clone)]
pub struct MockSfn {
    guard: Arc<Guard>,
}

impl MockSfn {
    /// A mock service in the account `123456789012` and the region `us-east-1`, whose clock is Tokio's.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Sets the account, the region, the seed or the clock.
    pub fn builder() -> MockSfnBuilder {
        MockSfnBuilder::new()
    }

    pub(super) fn of(guard: Guard) -> Self {
        Self { guard: Arc::new(guard) }
    }

    pub(crate) fn core(&self) -> &Core {
        self.guard.core()
    }

    /// Creates a state machine, from a definition or from what its executions shall do.
    pub fn state_machine(&self, name: impl Into<String>) -> StateMachineBuilder {
        StateMachineBuilder::new(self.core().clone(), name.into())
    }

    /// Mocks the task of the Task state with this name.
    #[track_caller]
    pub fn on_state(&self, name: impl Into<String>) -> OnTask {
        OnTask::new(self.core().clone(), Subject::State(name.into()))
    }

    /// Mocks the tasks with this `Resource`, such as `arn:aws:states:::sqs:sendMessage` or the ARN of a Lambda
    /// function or activity. A `*` at the end stands for any rest: `arn:aws:states:::dynamodb:*`.
    #[track_caller]
    pub fn on_resource(&self, resource: impl Into<String>) -> OnTask {
        OnTask::new(self.core().clone(), Subject::Resource(resource.into()))
    }

    /// Has an operation fail, or be slow, or see what is no longer so: a fault of the service itself, for every client
    /// by every door. Calls that the test makes through `MockSfn` itself are never disturbed.
    ///
    /// ```
    /// use sfn_testkit::prelude::*;
    ///
    /// # #[cfg(not(feature = "sdk"))] fn main() {}
    /// # #[cfg(feature = "sdk")]
    /// #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// async fn main() {
    ///     let sfn = MockSfn::new();
    ///     let machine = sfn.state_machine("orders").returns(json!({})).create();
    ///     sfn.fault(Operation::StartExecution).throttled().times(2).expect(2);
    ///     // The SDK tries again, on virtual time.
    ///     sfn.client().start_execution().state_machine_arn(&machine).send().await.unwrap();
    /// }
    /// ```
    #[track_caller]
    pub fn fault(&self, operation: Operation) -> OnOperation {
        OnOperation::new(self.core().clone(), operation)
    }

    /// Starts an execution without a client, for tests of definitions alone, and returns its ARN.
    ///
    /// # Panics
    /// If the service refuses it, with the service's words.
    #[track_caller]
    #[expect(clippy::panic, reason = "a refused start is a failed test")]
    pub fn start_execution(&self, state_machine: impl AsRef<str>, input: impl Into<Value>) -> String {
        let input = Json::from(input.into()).to_text();
        let request = Json::from_members([
            ("stateMachineArn", Json::from(state_machine.as_ref())),
            ("input", Json::from(input)),
        ]);
        match self.core().call_now(&self.core().caller(), Operation::StartExecution, &request) {
            Reply::Answered(Ok(output)) => {
                output.get("executionArn").and_then(Json::as_str).unwrap_or_default().to_owned()
            }
            Reply::Answered(Err(error)) => {
                panic!("the execution was not started: {}: {}", error.kind.name(), error.message)
            }
            Reply::AwaitingExecution(arn) => arn.to_string(),
            Reply::AwaitingActivityTask(_) => String::new(),
        }
    }

    /// An execution that was started before, by its ARN.
    pub fn execution(&self, arn: impl AsRef<str>) -> ExecutionHandle {
        ExecutionHandle::new(self.core().clone(), arn.as_ref().into())
    }

    /// The buckets that Distributed Maps read and write.
    #[must_use]
    pub fn objects(&self) -> Objects {
        Objects::new(self.core().clone())
    }

    /// Waits until the state of this name, in any execution, waits for its task token: somebody is to send it back
    /// with `SendTaskSuccess` or `SendTaskFailure`. Every waiting task is given once, those of the oldest execution
    /// first.
    ///
    /// Such a state has a `Resource` with `.waitForTaskToken` or `.sync`, and a task mock that leaves its end open,
    /// such as [`waits_for_token`](crate::OnTask::waits_for_token); or an activity, and a worker who has its task.
    ///
    /// ```
    /// use sfn_testkit::prelude::*;
    ///
    /// # #[cfg(not(feature = "sdk"))] fn main() {}
    /// # #[cfg(feature = "sdk")]
    /// #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// async fn main() {
    ///     let sfn = MockSfn::new();
    ///     let machine = sfn.state_machine("orders").definition(r#"{
    ///         "StartAt": "Approve",
    ///         "States": {"Approve": {
    ///             "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
    ///             "Parameters": {"QueueUrl": "q", "MessageBody": {"order.$": "$.id", "token.$": "$$.Task.Token"}}
    ///         }}
    ///     }"#).create();
    ///     sfn.on_state("Approve").waits_for_token();
    ///     let arn = sfn.start_execution(&machine, json!({"id": 7}));
    ///
    ///     let approval = sfn.callback("Approve").await;
    ///     assert_eq!(approval.input()["MessageBody"]["order"], 7);
    ///     sfn.client().send_task_success().task_token(approval.token()).output("true").send().await.unwrap();
    ///
    ///     sfn.execution(&arn).finished().await.assert().succeeded().output(true);
    /// }
    /// ```
    pub async fn callback(&self, state: impl AsRef<str>) -> Callback {
        self.core().callback(state.as_ref()).await
    }

    /// What the clock of the mock shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.core().now()
    }

    /// Moves the clock forward: by a [`Duration`](std::time::Duration), or by text such as `"30d"`. Everything that
    /// is due on the way happens, each at its own instant.
    ///
    /// # Panics
    /// If the clock is not [`Time::Manual`], if the text is no duration, or within a task mock.
    #[track_caller]
    #[expect(clippy::panic, reason = "each is a mistake in the test")]
    pub fn advance(&self, duration: impl IntoDuration) {
        match self.core().time() {
            Time::Manual => {}
            Time::Tokio => panic!(
                "`advance` needs `MockSfn::builder().time(Time::Manual)`; this mock follows Tokio's clock: use \
                 `tokio::time::advance`, or let `start_paused = true` skip the waiting"
            ),
            Time::Skip { .. } => panic!(
                "`advance` needs `MockSfn::builder().time(Time::Manual)`; this mock skips waiting by itself"
            ),
        }
        let duration = duration.into_duration().unwrap_or_else(|why| panic!("{why}"));
        if let Err(why) = self.core().advance(duration) {
            panic!("{why}");
        }
    }

    /// The `Resource`s whose mocked results could not be checked so far, since nobody knows here what they answer.
    /// See [`MockSfnBuilder::mock_validation`].
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let sfn = MockSfn::new();
    /// assert!(sfn.unchecked_resources().is_empty());
    /// ```
    #[must_use]
    pub fn unchecked_resources(&self) -> Vec<String> {
        self.core().lock().unchecked.iter().cloned().collect()
    }

    /// Checks now what the end of the last handle would check.
    ///
    /// # Panics
    /// If a task was called that nobody mocked, a mock gave what its service never answers, an expectation is not met, or something was called that is not
    /// emulated. What was told once is not told again at the end.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mock that was used otherwise than the test says fails the test")]
    pub fn verify(&self) {
        if let Some(report) = self.core().take_report() {
            panic!("{report}");
        }
    }
}

impl Default for MockSfn {
    fn default() -> Self {
        Self::new()
    }
}
