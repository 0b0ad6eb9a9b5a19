//! The closed sets of the API that several layers share.

use std::fmt;

/// The status of an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ExecutionStatus {
    /// Still going.
    Running,
    /// Ended in a Succeed state or a state with `End: true`.
    Succeeded,
    /// Ended by an error that nothing caught.
    Failed,
    /// The definition's `TimeoutSeconds`, or the longest time AWS lets an execution run, was exceeded.
    TimedOut,
    /// Stopped by `StopExecution`, or by the deletion of its state machine.
    Aborted,
}

impl ExecutionStatus {
    /// As the API writes it: `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
        }
    }
}

impl fmt::Display for ExecutionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind of workflow a state machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StateMachineType {
    Standard,
    Express,
}

impl StateMachineType {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::Express => "EXPRESS",
        }
    }
}
