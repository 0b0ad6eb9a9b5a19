//! Has one task answered: by the mock that matches, at once, after a while, or by an async closure at its leisure.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

use super::auto_answer;
use super::call::Call;
use super::core::Core;
use super::problem::{Problem, UnmockedTask};
use super::task_job::Seen;
use super::task_registry::{Choice, TaskMockEntry};
use super::task_result::outcome_of;
use super::task_sequence::{Action, Answer, TaskFuture, TaskResult};
use crate::asl::resource::ResourceKind;
use crate::service::nested::calls_account;
use crate::service::task_call::{TaskAnswer, TaskCall, TaskKey, TaskOutcome};

/// Somebody who is asked before the task mocks, such as a mock config file.
pub(crate) type TaskSource = Box<dyn FnMut(&TaskCall) -> Option<TaskAnswer> + Send>;

/// What a closure that panicked said.
pub(super) type PanicMessage = String;

impl Core {
    /// From now on `source` is asked first; the task mocks answer what it does not.
    pub(crate) fn answer_tasks_with(&self, source: TaskSource) {
        *lock(&self.shared.task_source) = Some(source);
    }

    /// The answer to a task; runs closures of the user's, so no lock on the state may be held.
    pub(super) fn ask(&self, task: &TaskCall) -> TaskAnswer {
        if let Some(answer) = lock(&self.shared.task_source).as_mut().and_then(|source| source(task)) {
            return self.check_answer(None, task, answer);
        }
        let call = Call::new(task);
        match self.task_mocks().choose(&call) {
            Choice::Answer(mock, answer) => self
                .perform(&mock, answer, call, task)
                .map(|answer| self.check_answer(Some(&mock), task, answer))
                .unwrap_or_else(|message| at_once(self.panicked(&mock, &message))),
            Choice::Panicked(mock, message) => at_once(self.panicked(&mock, &message)),
            Choice::Nobody { near } => self.unmocked(task, near),
        }
    }

    /// Workers of an activity need no mock, and neither do calls of Step Functions itself. Of an activity that never
    /// was, a mock is what was forgotten.
    fn unmocked(&self, task: &TaskCall, near: Vec<String>) -> TaskAnswer {
        let resource = &task.request.resource;
        let is_activity = resource.kind == ResourceKind::Activity;
        let mut state = self.lock();
        let auto_answers = self.shared.auto_answers.filter(|_| near.is_empty());
        if calls_account(resource) && (auto_answers.is_none() || state.account.has_machine_for(&task.request))
        {
            return TaskAnswer::ForAccount(Box::new(task.request.clone()));
        }
        if is_activity && state.account.knows_activity(&resource.arn) {
            return TaskAnswer::ForWorkers;
        }
        if let Some(seed) = auto_answers {
            return auto_answer::answer(task, seed);
        }
        let unmocked = UnmockedTask::new(task, near);
        let failure = unmocked.to_failure();
        state.problems.note(Problem::Unmocked(unmocked));
        if is_activity { TaskAnswer::ForWorkers } else { at_once(TaskOutcome::Unanswerable(failure)) }
    }

    fn perform(
        &self,
        mock: &Arc<TaskMockEntry>,
        answer: Answer,
        call: Call,
        task: &TaskCall,
    ) -> Result<TaskAnswer, PanicMessage> {
        let Answer { action, after, job } = answer;
        let seen = Seen::of(job, &call)?;
        let answer = match action {
            Action::Outcome(TaskOutcome::Submitted(_)) if call.task_token.is_none() => Err(format!(
                "`.waits_for_token()` is for tasks that have a token: `{}` has none; it would be \
                 `….waitForTaskToken`",
                call.resource
            )),
            Action::Outcome(outcome) => Ok(TaskAnswer::Outcome { after, outcome }),
            Action::Never => Ok(TaskAnswer::Later),
            Action::Closure(closure) => {
                let result = caught(|| lock(&closure)(&call))?;
                Ok(TaskAnswer::Outcome { after, outcome: outcome_of(result) })
            }
            Action::Async(closure) => {
                let mut future = caught(|| lock(&closure)(call))?;
                match poll(&mut future, &mut Context::from_waker(Waker::noop()))? {
                    // Most are ready at once; then nothing depends on how a runtime schedules its tasks.
                    Poll::Ready(result) => Ok(TaskAnswer::Outcome { after, outcome: outcome_of(result) }),
                    Poll::Pending => self.perform_outside(mock, future, after, task),
                }
            }
        };
        seen.added_to(answer?)
    }

    /// Leaves the future to the runtime.
    fn perform_outside(
        &self,
        mock: &Arc<TaskMockEntry>,
        mut future: TaskFuture,
        after: Duration,
        task: &TaskCall,
    ) -> Result<TaskAnswer, PanicMessage> {
        let Ok(runtime) = Handle::try_current() else {
            return Err("`.answers_async(…)` needs a Tokio runtime to wait in".to_owned());
        };
        let end = self.now().plus(after);
        let (core, mock, task) = (self.clone(), Arc::clone(mock), task.clone());
        self.lock().outside += 1;
        let work = runtime.spawn(async move {
            let outcome = match poll_fn(|context| match poll(&mut future, context) {
                Ok(Poll::Ready(result)) => Poll::Ready(Ok(result)),
                Ok(Poll::Pending) => Poll::Pending,
                Err(message) => Poll::Ready(Err(message)),
            })
            .await
            {
                Ok(result) => core.check_outcome(Some(&mock), &task, outcome_of(result)),
                Err(message) => core.panicked(&mock, &message),
            };
            core.sleep(end.since(core.now())).await;
            core.finish(&task.key, outcome);
        });
        drop(work);
        Ok(TaskAnswer::Later)
    }

    /// Takes a late answer.
    fn finish(&self, task: &TaskKey, outcome: TaskOutcome) {
        self.pump();
        {
            let mut state = self.lock();
            let now = state.clock.now();
            state.remember(now);
            state.account.finish_task(task, outcome, now);
        }
        self.pump();
        // Only now: until here something could still move without anybody's help.
        self.lock().outside -= 1;
        self.shared.changed.notify_waiters();
    }

    fn panicked(&self, mock: &TaskMockEntry, message: &str) -> TaskOutcome {
        self.lock().problems.note(Problem::panicked(mock, message));
        TaskOutcome::Unanswerable(Problem::panic_failure(mock, message))
    }
}

const fn at_once(outcome: TaskOutcome) -> TaskAnswer {
    TaskAnswer::Outcome { after: Duration::ZERO, outcome }
}

fn poll(future: &mut TaskFuture, context: &mut Context<'_>) -> Result<Poll<TaskResult>, PanicMessage> {
    caught(|| future.as_mut().poll(context))
}

/// Runs a closure of the user's. A failed assertion in it must not end a task of the runtime unheard; it has
/// printed its message and place already, and is told again when the test ends.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, PanicMessage> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| message_of(&*panic))
}

fn message_of(panic: &(dyn Any + Send)) -> PanicMessage {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::asl::resource::Resource;
    use crate::interpreter::command::{TaskId, TaskRequest};
    use crate::mock::MockSfn;
    use crate::model::{Json, Timestamp};

    #[test]
    fn a_panic_becomes_its_message() {
        assert_eq!(caught(|| 1), Ok(1));
        assert_eq!(caught(|| panic!("no {}", "way")), Err::<(), _>("no way".to_owned()));
        assert_eq!(caught(|| panic!("static")), Err::<(), _>("static".to_owned()));
    }

    const PAY: &str = "sfn.on_state(\"Pay\")";

    fn pay() -> TaskCall {
        let task = TaskId(1);
        let arn = "arn:aws:states:::sqs:sendMessage".into();
        let resource = Resource { arn, kind: ResourceKind::LambdaFunction };
        let input = Json::parse(r#"{"id": 7}"#).unwrap();
        TaskCall {
            key: TaskKey { execution_arn: "arn:e".into(), task },
            request: TaskRequest {
                task,
                state: "Pay".into(),
                resource,
                input,
                retry_count: 0,
                token: None,
                iteration: None,
                place: Default::default(),
            },
            root_execution_arn: "arn:e".into(),
            state_machine_name: "orders".into(),
            test_case: None,
            execution_input: Json::Null,
            now: Timestamp::from_millis(0),
        }
    }

    /// The answer in a word, and whether it comes at once.
    fn asked(sfn: &MockSfn) -> String {
        match sfn.core().ask(&pay()) {
            TaskAnswer::Later => "later".to_owned(),
            TaskAnswer::ForWorkers => "for workers".to_owned(),
            TaskAnswer::Job(job) => format!("{job:?}"),
            TaskAnswer::ForAccount(request) => format!("for the account: {}", request.resource.arn),
            TaskAnswer::Outcome { after, outcome } => {
                let text = match outcome {
                    TaskOutcome::Succeeded(output) => output.to_text(),
                    TaskOutcome::Submitted(response) => format!("submitted {}", response.to_text()),
                    TaskOutcome::Failed(failure) | TaskOutcome::Unanswerable(failure) => {
                        format!("{} {}", failure.error.unwrap(), failure.cause.unwrap_or_default())
                    }
                };
                if after.is_zero() { text } else { format!("{text} after {after:?}") }
            }
        }
    }

    fn mock() -> MockSfn {
        MockSfn::builder().unverified().build()
    }

    #[test]
    fn a_task_source_is_asked_before_the_mocks() {
        let sfn = mock();
        sfn.on_state("Pay").returns("from the mock").after("5s");
        let mut answers = vec![Some(at_once(TaskOutcome::Succeeded(Json::from("from the source"))))];
        sfn.core().answer_tasks_with(Box::new(move |_| answers.pop().flatten()));
        assert_eq!(asked(&sfn), r#""from the source""#);
        assert_eq!(asked(&sfn), r#""from the mock" after 5s"#);
    }

    #[test]
    fn a_timeout_has_no_cause_and_silence_is_later() {
        let sfn = mock();
        sfn.on_state("Pay").times_out().then().never_answers();
        assert_eq!(asked(&sfn), "States.Timeout ");
        assert_eq!(asked(&sfn), "later");
    }

    #[test]
    fn a_closure_that_panics_makes_the_task_unanswerable() {
        let sfn = mock();
        let line = line!() + 1;
        sfn.on_state("Pay").answers(|call| json!(call.input["id"].as_str().expect("a text")));
        let mock = format!("`{PAY}` at {}:{line}:13", file!());
        assert_eq!(asked(&sfn), format!("SfnTestkit.TaskMockPanicked the task mock {mock} panicked: a text"));
    }

    #[test]
    fn waiting_needs_a_runtime_but_being_ready_does_not() {
        let sfn = mock();
        sfn.on_state("Pay").answers_async(|call| async move { call.input["id"].clone() }).times(1);
        assert_eq!(asked(&sfn), "7");
        sfn.on_state("Pay").answers_async(|_| std::future::pending::<Value>());
        let text = asked(&sfn);
        assert!(text.ends_with("panicked: `.answers_async(…)` needs a Tokio runtime to wait in"), "{text}");
    }
}
