//! The fluent form of the assertions on an execution.

use serde_json::Value;

use super::Execution;
use super::matcher::{Matcher, check};
use super::output::Outputs;
use super::path::{NeverVisited, Visited, VisitedExactly};
use super::payload::ExpectedJson;
use super::state::StateVisited;
use super::state_assert::StateAssert;
use super::status::{FailedBecause, FailedWith, HasStatus};
use super::task::TaskCalled;
use super::task_assert::TaskAssert;
use super::time::{FinishedWithin, Lasted};
use crate::model::{ExecutionStatus, IntoDuration};
use crate::pattern::InvalidPattern;

/// Assertions on one execution, to be chained: each holds or panics.
///
/// The panic names the line of the test, and tells what was expected and what was found, where the two first differ,
/// the timeline of the execution with the guilty lines marked, and what to do next where that is known.
///
/// Expected JSON may hold patterns, such as [`any::uuid()`](crate::any::uuid), [`matching`](crate::matching) and
/// [`includes`](crate::includes). An object with exactly one key that starts with `$` is always read as a pattern:
/// wrap a payload that really has one into [`literal`](crate::literal).
#[derive(Debug, Clone, Copy)]
pub struct Assert<'e> {
    execution: &'e Execution,
}

impl<'e> Assert<'e> {
    pub(crate) fn new(execution: &'e Execution) -> Self {
        Self { execution }
    }

    /// It ended with the status SUCCEEDED.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.has(&HasStatus(ExecutionStatus::Succeeded))
    }

    /// It ended with the status FAILED, whatever the error.
    #[track_caller]
    pub fn failed(self) -> Self {
        self.has(&HasStatus(ExecutionStatus::Failed))
    }

    /// It ended with the status FAILED and exactly this error name.
    #[track_caller]
    pub fn failed_with(self, error: &str) -> Self {
        self.has(&FailedWith(error.to_owned()))
    }

    /// It ended with the status FAILED and a cause that contains this text.
    #[track_caller]
    pub fn failed_because(self, part_of_cause: &str) -> Self {
        self.has(&FailedBecause(part_of_cause.to_owned()))
    }

    /// It ended with the status `TIMED_OUT`: it took longer than the state machine's own `TimeoutSeconds`.
    /// A state that times out makes its execution fail with `States.Timeout` instead.
    #[track_caller]
    pub fn timed_out(self) -> Self {
        self.has(&HasStatus(ExecutionStatus::TimedOut))
    }

    /// It ended with the status ABORTED: it was stopped.
    #[track_caller]
    pub fn aborted(self) -> Self {
        self.has(&HasStatus(ExecutionStatus::Aborted))
    }

    /// It has not ended.
    #[track_caller]
    pub fn running(self) -> Self {
        self.has(&HasStatus(ExecutionStatus::Running))
    }

    /// It succeeded with exactly this output.
    #[track_caller]
    pub fn output(self, expected: impl Into<Value>) -> Self {
        self.has(&Outputs(read(ExpectedJson::whole(&expected.into()))))
    }

    /// It succeeded with an output that has at least this: objects may have further keys, on every level. Arrays must
    /// have as many items, each of which includes its counterpart.
    #[track_caller]
    pub fn output_includes(self, expected: impl Into<Value>) -> Self {
        self.has(&Outputs(read(ExpectedJson::part(&expected.into()))))
    }

    /// These states were entered in this order; others may have been entered before, between and after.
    /// States inside branches and iterations count, in the order in which the history has them.
    #[track_caller]
    pub fn visited<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        self.has(&Visited(states.into_iter().map(Into::into).collect()))
    }

    /// These states were entered in this order, and no others: the whole [path](Execution::path).
    #[track_caller]
    pub fn visited_exactly<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        self.has(&VisitedExactly(states.into_iter().map(Into::into).collect()))
    }

    /// This state was not entered.
    #[track_caller]
    pub fn never_visited(self, state: &str) -> Self {
        self.has(&NeverVisited(state.to_owned()))
    }

    /// This state was entered, and the assertions made on it in `then` hold:
    /// `.state("Save", |state| state.attempts(3).retried_after(["1s", "2s"]))`.
    #[track_caller]
    pub fn state(self, name: &str, then: impl FnOnce(StateAssert<'e>) -> StateAssert<'e>) -> Self {
        let asserted = self.has(&StateVisited(name.to_owned()));
        then(StateAssert::new(asserted, name));
        self
    }

    /// This Task state called something, and the assertions made on its calls in `then` hold:
    /// `.task("Notify", |task| task.received_includes(json!({"QueueUrl": "…"})).times(1))`.
    #[track_caller]
    pub fn task(self, name: &str, then: impl FnOnce(TaskAssert<'e>) -> TaskAssert<'e>) -> Self {
        let asserted = self.has(&TaskCalled(name.to_owned()));
        then(TaskAssert::new(asserted, name));
        self
    }

    /// It ended at most so long after its start, on its own clock: `"5s"`, `"1h30m"` or a
    /// [`Duration`](std::time::Duration).
    #[track_caller]
    pub fn finished_within(self, span: impl IntoDuration) -> Self {
        self.has(&FinishedWithin(read(span.into_duration())))
    }

    /// It ended exactly so long after its start, to the millisecond of its own clock.
    #[track_caller]
    pub fn lasted(self, span: impl IntoDuration) -> Self {
        self.has(&Lasted(read(span.into_duration())))
    }

    #[track_caller]
    pub(super) fn has(self, matcher: &dyn Matcher) -> Self {
        if let Err(report) = check(self.execution, matcher) {
            fail(&report.to_string());
        }
        self
    }
}

/// What the test wrote, or a panic that says what is wrong with it.
#[track_caller]
pub(super) fn read<T>(written: Result<T, impl Into<Unreadable>>) -> T {
    match written {
        Ok(value) => value,
        Err(why) => fail(&why.into().0),
    }
}

/// Why an argument of an assertion means nothing.
pub(super) struct Unreadable(String);

impl From<InvalidPattern> for Unreadable {
    fn from(invalid: InvalidPattern) -> Self {
        Self(format!("the expected JSON is no valid pattern at {invalid}"))
    }
}

impl From<String> for Unreadable {
    fn from(reason: String) -> Self {
        Self(reason)
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "an assertion that does not hold fails its test")]
fn fail(message: &str) -> ! {
    panic!("{message}");
}
