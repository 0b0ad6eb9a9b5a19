//! The part that each of the 62 event types plays in the story of an execution: one table.

use crate::model::HistoryEventType as Type;

/// What an event of some type does to the state it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    ExecutionStarted,
    ExecutionRedriven,
    /// Succeeded, failed, timed out or was aborted.
    ExecutionEnded,
    StateEntered(StateKind),
    StateExited,
    StateAborted(StateKind),
    /// The query of a field failed.
    EvaluationFailed,
    /// A task was handed out: an attempt begins.
    WorkScheduled,
    WorkStarted,
    /// A called service accepted a job, or a message that carries a task token.
    WorkSubmitted,
    WorkSucceeded,
    WorkFailed,
    /// The branches or iterations of a state begin: an attempt begins.
    ContainerStarted(StateKind),
    ContainerSucceeded(StateKind),
    ContainerFailed(StateKind),
    IterationStarted,
    IterationSucceeded,
    IterationFailed,
    IterationAborted,
    MapRunStarted,
    MapRunRedriven,
    MapRunSucceeded,
    MapRunAborted,
}

/// The type of a state, as far as its events tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StateKind {
    Choice,
    Fail,
    Map,
    Parallel,
    Pass,
    Succeed,
    Task,
    Wait,
}

impl StateKind {
    /// As the `Type` field of a definition has it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Choice => "Choice",
            Self::Fail => "Fail",
            Self::Map => "Map",
            Self::Parallel => "Parallel",
            Self::Pass => "Pass",
            Self::Succeed => "Succeed",
            Self::Task => "Task",
            Self::Wait => "Wait",
        }
    }

    /// Whether states of this type can have `Retry` and `Catch`.
    pub(crate) const fn can_catch(self) -> bool {
        matches!(self, Self::Map | Self::Parallel | Self::Task)
    }
}

impl From<Type> for Role {
    #[expect(clippy::too_many_lines, reason = "a table with a row for each type")]
    fn from(event_type: Type) -> Self {
        use StateKind::{Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};
        match event_type {
            Type::ExecutionStarted => Self::ExecutionStarted,
            Type::ExecutionRedriven => Self::ExecutionRedriven,
            Type::ExecutionSucceeded
            | Type::ExecutionFailed
            | Type::ExecutionTimedOut
            | Type::ExecutionAborted => Self::ExecutionEnded,
            Type::ChoiceStateEntered => Self::StateEntered(Choice),
            Type::FailStateEntered => Self::StateEntered(Fail),
            Type::MapStateEntered => Self::StateEntered(Map),
            Type::ParallelStateEntered => Self::StateEntered(Parallel),
            Type::PassStateEntered => Self::StateEntered(Pass),
            Type::SucceedStateEntered => Self::StateEntered(Succeed),
            Type::TaskStateEntered => Self::StateEntered(Task),
            Type::WaitStateEntered => Self::StateEntered(Wait),
            Type::ChoiceStateExited
            | Type::MapStateExited
            | Type::ParallelStateExited
            | Type::PassStateExited
            | Type::SucceedStateExited
            | Type::TaskStateExited
            | Type::WaitStateExited => Self::StateExited,
            Type::MapStateAborted => Self::StateAborted(Map),
            Type::ParallelStateAborted => Self::StateAborted(Parallel),
            Type::TaskStateAborted => Self::StateAborted(Task),
            Type::WaitStateAborted => Self::StateAborted(Wait),
            Type::EvaluationFailed => Self::EvaluationFailed,
            Type::ActivityScheduled | Type::LambdaFunctionScheduled | Type::TaskScheduled => {
                Self::WorkScheduled
            }
            Type::ActivityStarted | Type::LambdaFunctionStarted | Type::TaskStarted => Self::WorkStarted,
            Type::TaskSubmitted => Self::WorkSubmitted,
            Type::ActivitySucceeded | Type::LambdaFunctionSucceeded | Type::TaskSucceeded => {
                Self::WorkSucceeded
            }
            Type::ActivityFailed
            | Type::ActivityScheduleFailed
            | Type::ActivityTimedOut
            | Type::LambdaFunctionFailed
            | Type::LambdaFunctionScheduleFailed
            | Type::LambdaFunctionStartFailed
            | Type::LambdaFunctionTimedOut
            | Type::MapRunFailed
            | Type::TaskFailed
            | Type::TaskStartFailed
            | Type::TaskSubmitFailed
            | Type::TaskTimedOut => Self::WorkFailed,
            Type::MapStateStarted => Self::ContainerStarted(Map),
            Type::ParallelStateStarted => Self::ContainerStarted(Parallel),
            Type::MapStateSucceeded => Self::ContainerSucceeded(Map),
            Type::ParallelStateSucceeded => Self::ContainerSucceeded(Parallel),
            Type::MapStateFailed => Self::ContainerFailed(Map),
            Type::ParallelStateFailed => Self::ContainerFailed(Parallel),
            Type::MapIterationStarted => Self::IterationStarted,
            Type::MapIterationSucceeded => Self::IterationSucceeded,
            Type::MapIterationFailed => Self::IterationFailed,
            Type::MapIterationAborted => Self::IterationAborted,
            Type::MapRunStarted => Self::MapRunStarted,
            Type::MapRunRedriven => Self::MapRunRedriven,
            Type::MapRunSucceeded => Self::MapRunSucceeded,
            Type::MapRunAborted => Self::MapRunAborted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(event_type: Type, suffix: &str, kind: StateKind) {
        assert_eq!(event_type.as_str().strip_suffix(suffix), Some(kind.as_str()));
    }

    #[test]
    fn the_type_of_a_state_is_the_one_its_events_are_named_after() {
        for event_type in Type::ALL {
            if let Role::StateEntered(kind) = Role::from(*event_type) {
                check(*event_type, "StateEntered", kind);
            } else if let Role::StateAborted(kind) = Role::from(*event_type) {
                check(*event_type, "StateAborted", kind);
            } else if let Role::ContainerStarted(kind) = Role::from(*event_type) {
                check(*event_type, "StateStarted", kind);
            } else if let Role::ContainerSucceeded(kind) = Role::from(*event_type) {
                check(*event_type, "StateSucceeded", kind);
            } else if let Role::ContainerFailed(kind) = Role::from(*event_type) {
                check(*event_type, "StateFailed", kind);
            }
        }
    }
}
