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
            let text = report.to_string();
            self.execution.tell_onlooker(&text);
            fail(&text);
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

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::panic::{self, UnwindSafe, catch_unwind};
    use std::sync::{Arc, Mutex};
    use std::thread;

    use serde_json::json;

    use super::*;
    use crate::assertion::test_history::History;
    use crate::pattern::{any, includes, matching};

    fn order() -> Execution {
        History::started_with(r#"{"id":"o-1"}"#)
            .passes("Check", r#"{"id":"o-1"}"#, r#"{"id":"o-1"}"#)
            .enters_task("Save", r#"{"id":"o-1"}"#)
            .calls(r#"{"Item":"o-1","At":1}"#)
            .fails("Busy", "try later")
            .after("1s")
            .calls(r#"{"Item":"o-1","At":2}"#)
            .returns(r#"{"saved":true}"#)
            .exits_task("Save", r#"{"saved":true}"#)
            .succeeded(r#"{"saved":true}"#)
    }

    #[track_caller]
    fn message<T: Debug>(assertion: impl FnOnce() -> T + UnwindSafe) -> String {
        let panic = catch_unwind(assertion).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn assertions_are_chained() {
        order()
            .assert()
            .succeeded()
            .output(json!({"saved": any::boolean()}))
            .output_includes(json!({}))
            .visited(["Check", "Save"])
            .visited_exactly(vec!["Check".to_owned(), "Save".to_owned()])
            .never_visited("Refund")
            .state("Check", |state| {
                state.entered(1).input(json!({"id": matching("^o-")})).output(includes(json!({"id": "o-1"})))
            })
            .state("Save", |state| state.attempts(2).retried_after(["1s"]))
            .task("Save", |task| {
                task.received(json!({"Item": "o-1", "At": 2}))
                    .received_includes(json!({"At": 1}))
                    .times(2)
                    .returned(json!({"saved": true}))
                    .failed_with("Busy")
            })
            .lasted("1s")
            .finished_within(std::time::Duration::from_secs(5));
    }

    #[test]
    fn failures_and_running_executions_are_asserted_on_as_well() {
        let order = order();
        let failed = History::started_with("1").failed("Boom", "it broke");
        failed.assert().failed().failed_with("Boom").failed_because("broke");
        History::started_with("1").running().assert().running();
        assert!(message(|| failed.assert().timed_out()).contains("to time out\n"));
        assert!(message(|| order.assert().aborted()).contains("to be aborted\n"));
        assert!(message(|| order.assert().state("Save", |state| state.caught("Busy"))).contains("to catch"));
    }

    /// Where the assertion panics. Other tests may panic meanwhile, in threads of their own: those go on as before.
    fn line_of_panic<T>(assertion: impl FnOnce() -> T + UnwindSafe) -> Option<(String, u32)> {
        let seen = Arc::new(Mutex::new(None));
        let (place, this_thread) = (Arc::clone(&seen), thread::current().id());
        let before = Arc::new(panic::take_hook());
        let others = Arc::clone(&before);
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == this_thread {
                *place.lock().unwrap() = info.location().map(|at| (at.file().to_owned(), at.line()));
            } else {
                others(info);
            }
        }));
        let panicked = catch_unwind(assertion).is_err();
        panic::set_hook(Box::new(move |info| before(info)));
        assert!(panicked);
        seen.lock().unwrap().take()
    }

    #[test]
    fn a_panic_names_the_line_of_the_test() {
        let here = |line: u32| Some((file!().to_owned(), line));
        let order = order();
        let asserted = order.assert();
        let on_execution = || asserted.failed();
        assert_eq!(line_of_panic(on_execution), here(line!() - 1));
        let on_state = || asserted.state("Save", |state| state.attempts(9));
        assert_eq!(line_of_panic(on_state), here(line!() - 1));
        let on_unknown_state = || asserted.state("Sav", |state| state);
        assert_eq!(line_of_panic(on_unknown_state), here(line!() - 1));
        let on_task = || asserted.task("Save", |task| task.times(9));
        assert_eq!(line_of_panic(on_task), here(line!() - 1));
        let on_argument = || asserted.state("Save", |state| state.retried_after(["soon"]));
        assert_eq!(line_of_panic(on_argument), here(line!() - 1));
    }

    #[test]
    fn an_argument_that_means_nothing_is_told_at_once() {
        let order = order();
        assert_eq!(
            message(|| order.assert().output(json!({"id": {"$any": "uid"}}))),
            "the expected JSON is no valid pattern at $.id: `$any` takes one of `value`, `string`, `number`, `integer`, \
             `boolean`, `array`, `object`, `uuid`, `timestamp`, `epoch-seconds`, not \"uid\""
        );
        assert_eq!(
            message(|| order.assert().finished_within("5 minutes")),
            "`5 minutes` is no duration: write numbers with their units, such as `90s`, `5m`, `1h30m` or `250ms`"
        );
    }
}
