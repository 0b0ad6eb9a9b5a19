//! The fluent form of the assertions on the calls of one task.

use std::sync::Arc;

use serde_json::Value;

use super::Assert;
use super::assert::read;
use super::matcher::Matcher;
use super::payload::ExpectedJson;
use super::task::{CalledTimes, Received, Returned, TaskFailedWith};

/// Assertions on the calls of one Task state, to be chained: each holds or panics. See [`Assert::task`].
///
/// Every attempt in every visit is a call. Counts are over all of them; payloads, answers and errors have to be
/// those of at least one.
#[derive(Debug, Clone)]
pub struct TaskAssert<'e> {
    execution: Assert<'e>,
    task: Arc<str>,
}

impl<'e> TaskAssert<'e> {
    pub(super) fn new(execution: Assert<'e>, task: &str) -> Self {
        Self { execution, task: task.into() }
    }

    /// The called resource got exactly this: the payload after `Parameters` or `Arguments`.
    #[track_caller]
    pub fn received(self, expected: impl Into<Value>) -> Self {
        let (task, payload) = (self.name(), read(ExpectedJson::whole(&expected.into())));
        self.has(&Received { task, payload })
    }

    /// The called resource got at least this: objects may have further keys, on every level. Arrays must have as many
    /// items, each of which includes its counterpart.
    #[track_caller]
    pub fn received_includes(self, expected: impl Into<Value>) -> Self {
        let (task, payload) = (self.name(), read(ExpectedJson::part(&expected.into())));
        self.has(&Received { task, payload })
    }

    /// It was called so many times, retries included.
    #[track_caller]
    pub fn times(self, times: usize) -> Self {
        let task = self.name();
        self.has(&CalledTimes { task, times })
    }

    /// The answer was exactly this, before `ResultSelector` and `ResultPath`.
    #[track_caller]
    pub fn returned(self, expected: impl Into<Value>) -> Self {
        let (task, output) = (self.name(), read(ExpectedJson::whole(&expected.into())));
        self.has(&Returned { task, output })
    }

    /// A call failed with exactly this error name, whether it was retried or caught afterwards or not.
    #[track_caller]
    pub fn failed_with(self, error: &str) -> Self {
        let (task, error) = (self.name(), error.to_owned());
        self.has(&TaskFailedWith { task, error })
    }

    fn name(&self) -> String {
        self.task.to_string()
    }

    #[track_caller]
    fn has(self, matcher: &dyn Matcher) -> Self {
        self.execution.has(matcher);
        self
    }
}
