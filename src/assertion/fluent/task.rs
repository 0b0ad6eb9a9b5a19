//! Assertions on the calls of one task.

use serde_json::Value;

use super::assert::{Assert, read};
use crate::assertion::matcher::Matcher;
use crate::assertion::payload::ExpectedJson;
use crate::assertion::subject::Subject;
use crate::assertion::task::{
    CalledResource, CalledTimes, Calls, Received, Returned, TaskCalledNth, TaskFailedBecause, TaskFailedWith,
};
use crate::assertion::task_order::CalledBefore;

/// Assertions on the calls of one Task state, to be chained: each holds or panics. See [`Assert::task`].
///
/// Every attempt in every visit is a call. Counts are over all of them; payloads, answers and errors have to be
/// those of at least one. [`call`](Self::call) picks one.
#[derive(Debug, Clone)]
pub struct TaskAssert<'e> {
    execution: Assert<'e>,
    calls: Calls,
}

impl<'e> TaskAssert<'e> {
    pub(super) const fn new(execution: Assert<'e>, task: Subject) -> Self {
        Self { execution, calls: Calls { task, nth: None } }
    }

    /// The called resource got exactly this: the payload after `Parameters` or `Arguments`.
    #[track_caller]
    pub fn received(self, expected: impl Into<Value>) -> Self {
        let payload = read(ExpectedJson::whole(&expected.into()));
        self.has_received(payload)
    }

    /// The called resource got at least this: objects may have further keys, on every level. Arrays must have as many
    /// items, each of which includes its counterpart.
    #[track_caller]
    pub fn received_includes(self, expected: impl Into<Value>) -> Self {
        let payload = read(ExpectedJson::part(&expected.into()));
        self.has_received(payload)
    }

    /// The called resource got this at a path: `.received_at("$.Item.id.S", "o-1")`. See [`Assert::output_at`].
    #[track_caller]
    pub fn received_at(self, path: &str, expected: impl Into<Value>) -> Self {
        let payload = read(ExpectedJson::at(path, &expected.into()));
        self.has_received(payload)
    }

    /// It was called so many times, retries included.
    #[track_caller]
    pub fn times(self, times: usize) -> Self {
        let calls = self.calls.clone();
        self.has(&CalledTimes { calls, times })
    }

    /// Every call was one of this resource, as the history writes it: `sqs:sendMessage.waitForTaskToken`, or the ARN of
    /// a function or activity.
    #[track_caller]
    pub fn called_resource(self, resource: &str) -> Self {
        let (calls, resource) = (self.calls.clone(), resource.to_owned());
        self.has(&CalledResource { calls, resource })
    }

    /// The answer was exactly this, before `ResultSelector` and `ResultPath`.
    #[track_caller]
    pub fn returned(self, expected: impl Into<Value>) -> Self {
        let output = read(ExpectedJson::whole(&expected.into()));
        self.has_returned(output)
    }

    /// The answer had at least this: see [`received_includes`](Self::received_includes).
    #[track_caller]
    pub fn returned_includes(self, expected: impl Into<Value>) -> Self {
        let output = read(ExpectedJson::part(&expected.into()));
        self.has_returned(output)
    }

    /// The answer had this at a path: see [`received_at`](Self::received_at).
    #[track_caller]
    pub fn returned_at(self, path: &str, expected: impl Into<Value>) -> Self {
        let output = read(ExpectedJson::at(path, &expected.into()));
        self.has_returned(output)
    }

    /// A call failed with exactly this error name, whether it was retried or caught afterwards or not.
    #[track_caller]
    pub fn failed_with(self, error: &str) -> Self {
        let (calls, error) = (self.calls.clone(), error.to_owned());
        self.has(&TaskFailedWith { calls, error })
    }

    /// A call failed with a cause that contains this text, whether it was retried or caught afterwards or not.
    #[track_caller]
    pub fn failed_because(self, part_of_cause: &str) -> Self {
        let (calls, part) = (self.calls.clone(), part_of_cause.to_owned());
        self.has(&TaskFailedBecause { calls, part })
    }

    /// Its first call came before the first call of the other task, which must have been called too.
    #[track_caller]
    pub fn called_before(self, other: &str) -> Self {
        let (first, then) = (self.calls.task.clone(), other.into());
        self.has(&CalledBefore { first, then })
    }

    /// Its first call came after the first call of the other task, which must have been called too.
    #[track_caller]
    pub fn called_after(self, other: &str) -> Self {
        let (first, then) = (other.into(), self.calls.task.clone());
        self.has(&CalledBefore { first, then })
    }

    /// The assertions made in `then` hold of its call with this number, counted from 1 over all visits and attempts:
    /// `.call(2, |second| second.received_at("$.attempt", 2).returned(json!({})))`.
    #[track_caller]
    pub fn call(self, number: usize, then: impl FnOnce(Self) -> Self) -> Self {
        let calls = Calls { task: self.calls.task.clone(), nth: Some(number) };
        if self.execution.premise(&TaskCalledNth(calls.clone())) {
            then(Self { execution: self.execution, calls });
        }
        self
    }

    /// It is not so that all assertions in `then` hold: `.does_not(|task| task.failed_with("Declined"))`.
    ///
    /// # Panics
    /// If they all hold; and if `then` asserts nothing.
    #[track_caller]
    pub fn does_not(self, then: impl FnOnce(TaskAssert<'_>) -> TaskAssert<'_>) -> Self {
        let calls = self.calls.clone();
        self.execution.not(|execution| {
            then(TaskAssert { execution, calls });
        });
        self
    }

    #[track_caller]
    fn has_received(self, payload: ExpectedJson) -> Self {
        let calls = self.calls.clone();
        self.has(&Received { calls, payload })
    }

    #[track_caller]
    fn has_returned(self, output: ExpectedJson) -> Self {
        let calls = self.calls.clone();
        self.has(&Returned { calls, output })
    }

    #[track_caller]
    fn has(self, matcher: &dyn Matcher) -> Self {
        self.execution.has(matcher);
        self
    }
}
