//! `sfn.on_state("Pay").fails(…).times(2).then().returns(…)`: task mocks as a test writes them.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::call::Call;
use super::core::Core;
use super::task_matcher::{Subject, TaskMatcher};
use super::task_registry::TaskMockEntry;
use super::task_result::{IntoTaskResult, TaskError, outcome_of};
use super::task_sequence::{Action, ExpectedCalls, Step, TaskSequence};
use crate::model::IntoDuration;
use crate::model::{Failure, Json};
use crate::service::result_shape::FieldValidation;
use crate::service::task_call::{Heartbeats, TaskOutcome};

/// A task mock that still needs its answer; made by [`MockSfn::on_state`](crate::MockSfn::on_state) and
/// [`MockSfn::on_resource`](crate::MockSfn::on_resource).
///
/// Of several mocks that match a call, the newest answers.
#[must_use = "a task mock does nothing until it has an answer, such as `.returns(json!({}))`"]
pub struct OnTask {
    core: Core,
    matcher: TaskMatcher,
    made_at: &'static Location<'static>,
}

impl OnTask {
    #[track_caller]
    pub(super) fn new(core: Core, subject: Subject) -> Self {
        Self { core, matcher: TaskMatcher::new(subject), made_at: Location::caller() }
    }

    /// Only in executions of the state machine with this name or ARN.
    pub fn of(mut self, state_machine: impl AsRef<str>) -> Self {
        self.matcher.state_machine = Some(name_of(state_machine.as_ref()));
        self
    }

    /// Only in this iteration of the innermost Map, counted from 0; of a Distributed Map, in this child execution.
    pub fn in_iteration(mut self, index: usize) -> Self {
        self.matcher.iteration = Some(index);
        self
    }

    /// Only if `condition` says so. Replaces an earlier condition.
    pub fn when(mut self, condition: impl Fn(&Call) -> bool + Send + Sync + 'static) -> Self {
        self.matcher.condition = Some(Arc::new(condition));
        self
    }

    fn does(self, action: Action) -> TaskMock {
        let sequence = TaskSequence::new(Step::new(action));
        let entry = Arc::new(TaskMockEntry::new(self.matcher, self.made_at, sequence));
        self.core.task_mocks().add(Arc::clone(&entry));
        TaskMock { entry }
    }
}

/// The name of a state machine, given itself or as an ARN.
pub(super) fn name_of(state_machine: &str) -> String {
    let name = state_machine.split_once(":stateMachine:").map_or(state_machine, |(_, name)| name);
    name.split(':').next().unwrap_or(name).to_owned()
}

/// The next answer of a task mock, after [`TaskMock::then`].
#[must_use = "`.then()` does nothing until it has an answer, such as `.returns(json!({}))`"]
pub struct ThenTask {
    mock: TaskMock,
}

impl ThenTask {
    fn does(self, action: Action) -> TaskMock {
        self.mock.entry.sequence().push(Step::new(action));
        self.mock
    }
}

/// The answers, alike for the first and for every later one.
macro_rules! answers {
    ($type:ident) => {
        impl $type {
            /// The task succeeds with this output, which must be one that the called service can give: see
            /// [`MockSfnBuilder::mock_validation`](crate::MockSfnBuilder::mock_validation).
            pub fn returns(self, output: impl Into<Value>) -> TaskMock {
                self.does(Action::Outcome(outcome_of(Ok(output.into()))))
            }

            /// The task fails with this error name, which `Retry` and `Catch` match, and this cause.
            pub fn fails(self, error: impl Into<String>, cause: impl Into<String>) -> TaskMock {
                self.does(Action::Outcome(outcome_of(Err(TaskError::new(error, cause)))))
            }

            /// The task fails with `States.Timeout`, as if its `TimeoutSeconds` had passed, without waiting for it.
            pub fn times_out(self) -> TaskMock {
                self.does(Action::Outcome(TaskOutcome::Failed(Failure::timeout())))
            }

            /// The task is never answered: it ends when its `TimeoutSeconds` or `HeartbeatSeconds`, or the timeout
            /// of the execution, have passed; or by its token, if it has one.
            pub fn never_answers(self) -> TaskMock {
                self.does(Action::Never)
            }

            /// The called service takes the task on, with an empty response, and the task waits for its token:
            /// until `SendTaskSuccess` or `SendTaskFailure` sends it back, or a timeout of the task or the
            /// execution has passed. [`MockSfn::callback`](crate::MockSfn::callback) has the token.
            ///
            /// For tasks with a token, whose `Resource` ends with `.waitForTaskToken`, `.sync` or `.sync:2`, or is
            /// an activity; on any other the test fails.
            pub fn waits_for_token(self) -> TaskMock {
                self.waits_for_token_with(Value::Object(serde_json::Map::new()))
            }

            /// The same, with the response of the called service, which the event `TaskSubmitted` shows.
            pub fn waits_for_token_with(self, response: impl Into<Value>) -> TaskMock {
                self.does(Action::Outcome(TaskOutcome::Submitted(Json::from(response.into()))))
            }

            /// The task is answered by a closure: with a JSON value, a [`TaskError`], or a `Result` of the two.
            ///
            /// The closure may use a client of the mock, but must not hold a [`MockSfn`](crate::MockSfn) itself:
            /// the mock would never end, and so never be verified. It had better not wait for another thread that
            /// uses the mock, such as a blocking HTTP call to the served mock: calls of other threads wait up to two
            /// seconds of real time for the closure to end. Make such calls in
            /// [`answers_async`](Self::answers_async). If it panics, the execution fails and the test with it.
            pub fn answers<R: IntoTaskResult>(
                self,
                mut answer: impl FnMut(&Call) -> R + Send + 'static,
            ) -> TaskMock {
                let closure = move |call: &Call| answer(call).into_task_result();
                self.does(Action::Closure(Arc::new(Mutex::new(closure))))
            }

            /// The same with an async closure. It runs on the Tokio runtime of whoever makes the execution go on;
            /// meanwhile the task is running and its timeouts count.
            pub fn answers_async<F>(self, mut answer: impl FnMut(Call) -> F + Send + 'static) -> TaskMock
            where
                F: Future<Output: IntoTaskResult> + Send + 'static,
            {
                let closure = move |call: Call| -> super::task_sequence::TaskFuture {
                    let answer = answer(call);
                    Box::pin(async move { answer.await.into_task_result() })
                };
                self.does(Action::Async(Arc::new(Mutex::new(closure))))
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type)).finish_non_exhaustive()
            }
        }
    };
}

answers!(OnTask);
answers!(ThenTask);

/// A task mock that answers. It stays in force when this value is dropped.
///
/// ```
/// # use sfn_testkit::prelude::*;
/// # let sfn = MockSfn::new();
/// // Two failures, then success after half a minute of the execution's time.
/// sfn.on_state("SaveUser").fails("DynamoDB.ThrottlingException", "slow down").times(2)
///     .then().returns(json!({})).after("30s");
/// // Calculated from the input.
/// sfn.on_resource("arn:aws:states:::sqs:sendMessage")
///     .answers(|call| json!({"MessageId": call.input["MessageBody"]}));
/// ```
pub struct TaskMock {
    entry: Arc<TaskMockEntry>,
}

impl TaskMock {
    /// Gives the last answer so many times; then the next one, or, if there is none, an older mock has its turn.
    ///
    /// Without it an answer that another one follows is given once, and the last one for ever.
    pub fn times(self, times: u64) -> Self {
        self.entry.sequence().set_times(times);
        self
    }

    /// Another answer, when the ones before have been given.
    pub fn then(self) -> ThenTask {
        ThenTask { mock: self }
    }

    /// The last answer comes after so much of the execution's time: `"30s"`, `"1h30m"`, or a
    /// [`Duration`](std::time::Duration).
    ///
    /// # Panics
    /// If the text is no duration.
    #[track_caller]
    #[expect(clippy::panic, reason = "a duration that nobody can read is a mistake in the test")]
    pub fn after(self, duration: impl IntoDuration) -> Self {
        match duration.into_duration() {
            Ok(duration) => self.entry.sequence().set_after(duration),
            Err(why) => panic!("{why}"),
        }
        self
    }

    /// The called service takes the job on with this response, which the event `TaskSubmitted` shows. The last answer
    /// then says how the job ends, and [`after`](Self::after) how long it takes.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let sfn = MockSfn::new();
    /// // A Batch job that fails after 90 seconds.
    /// sfn.on_state("Crunch")
    ///     .fails("States.TaskFailed", r#"{"JobId":"j-1","Status":"FAILED"}"#)
    ///     .after("90s")
    ///     .submits(json!({"JobId": "j-1", "JobName": "crunch"}));
    /// ```
    ///
    /// For tasks that are submitted, whose `Resource` ends with `.sync`, `.sync:2` or `.waitForTaskToken`; on any
    /// other the test fails.
    pub fn submits(self, response: impl Into<Value>) -> Self {
        if let Some(job) = self.entry.sequence().job() {
            job.submits = Some(Json::from(response.into()));
        }
        self
    }

    /// Whoever works on the task gives so many signs of life, one every so often, as `SendTaskHeartbeat` does: each
    /// starts the `HeartbeatSeconds` of the task anew. They end with the task.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let sfn = MockSfn::new();
    /// // A worker that falls silent after two minutes.
    /// sfn.on_state("Approve").never_answers().heartbeats(4, "30s");
    /// ```
    ///
    /// For tasks with a token, as [`waits_for_token`](OnTask::waits_for_token); on any other the test fails.
    ///
    /// # Panics
    /// If the text is no duration.
    #[track_caller]
    #[expect(clippy::panic, reason = "a duration that nobody can read is a mistake in the test")]
    pub fn heartbeats(self, count: u64, every: impl IntoDuration) -> Self {
        match every.into_duration() {
            Ok(every) => {
                if let Some(job) = self.entry.sequence().job() {
                    job.heartbeats = Some(Heartbeats { count, every });
                }
            }
            Err(why) => panic!("{why}"),
        }
        self
    }

    /// Says how closely all results of this mock are compared with what the service answers, whatever
    /// [`MockSfnBuilder::mock_validation`](crate::MockSfnBuilder::mock_validation) says.
    pub fn mock_validation(self, validation: FieldValidation) -> Self {
        self.entry.sequence().set_validation(validation);
        self
    }

    /// Lets this mock give results that the service never gives: [`FieldValidation::None`].
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let sfn = MockSfn::new();
    /// sfn.on_resource("arn:aws:states:::sqs:sendMessage").returns(json!("a text, not an object")).unchecked();
    /// ```
    pub fn unchecked(self) -> Self {
        self.mock_validation(FieldValidation::None)
    }

    /// Says how often the mock shall have been called at the end: a number, or a range such as `1..` or `2..=3`.
    ///
    /// It is checked when the last [`MockSfn`](crate::MockSfn) is dropped, or by
    /// [`MockSfn::verify`](crate::MockSfn::verify).
    pub fn expect(self, calls: impl Into<ExpectedCalls>) -> Self {
        self.entry.sequence().set_expected(calls.into());
        self
    }
}

impl fmt::Debug for TaskMock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskMock({})", self.entry)
    }
}
