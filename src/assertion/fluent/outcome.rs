//! Assertions on the end of an execution: its status, its output, its time.

use serde_json::Value;

use super::assert::{Assert, read};
use crate::assertion::output::Outputs;
use crate::assertion::payload::ExpectedJson;
use crate::assertion::started::StartedWith;
use crate::assertion::status::{FailedBecause, FailedWith, HasStatus};
use crate::assertion::time::{FinishedWithin, Lasted};
use crate::model::{ExecutionStatus, IntoDuration};

impl Assert<'_> {
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

    /// It was started with exactly this input.
    #[track_caller]
    pub fn started_with(self, expected: impl Into<Value>) -> Self {
        self.has(&StartedWith(read(ExpectedJson::whole(&expected.into()))))
    }

    /// It was started with an input that has at least this, as of [`output_includes`](Self::output_includes).
    #[track_caller]
    pub fn started_with_at_least(self, expected: impl Into<Value>) -> Self {
        self.has(&StartedWith(read(ExpectedJson::part(&expected.into()))))
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

    /// It succeeded with an output that has this at a path: `.output_at("$.order.total", 42)`.
    ///
    /// The path is a JSONPath as states have it: `$.items[0].sku`, and `$.items[*].sku` or `$..sku` for an array of
    /// all that it finds.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html>
    #[track_caller]
    pub fn output_at(self, path: &str, expected: impl Into<Value>) -> Self {
        self.has(&Outputs(read(ExpectedJson::at(path, &expected.into()))))
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
}
