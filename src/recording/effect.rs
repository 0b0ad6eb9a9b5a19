//! What an operation does to the order of a recording.

use crate::model::Operation;

/// How often a recorded answer is given, and whether others wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It can be asked as often as one likes.
    Read,
    /// A worker asks for a task: each task is given once, that there is none as often as asked.
    TaskPoll,
    /// Each recorded call is one call; nothing else depends on it.
    Run,
    /// Each recorded call is one call, and answers about what it changes are not given across it.
    Change,
}

/// The effect of an operation.
pub(super) fn effect(operation: Operation) -> Effect {
    // A heartbeat changes nothing that can be asked for, and how many there are depends on the time that work takes.
    let is_pure = matches!(
        operation,
        Operation::ValidateStateMachineDefinition | Operation::TestState | Operation::SendTaskHeartbeat
    );
    if operation.is_read() || is_pure {
        Effect::Read
    } else if operation == Operation::GetActivityTask {
        Effect::TaskPoll
    } else if operation == Operation::StartSyncExecution {
        Effect::Run
    } else {
        Effect::Change
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_that_change_something_are_barriers() {
        let changes = Operation::ALL.iter().filter(|operation| effect(**operation) == Effect::Change);
        let names: Vec<&str> = changes.map(|operation| operation.name()).collect();
        assert_eq!(
            names,
            [
                "CreateActivity",
                "CreateStateMachine",
                "CreateStateMachineAlias",
                "DeleteActivity",
                "DeleteStateMachine",
                "DeleteStateMachineAlias",
                "DeleteStateMachineVersion",
                "PublishStateMachineVersion",
                "RedriveExecution",
                "SendTaskFailure",
                "SendTaskSuccess",
                "StartExecution",
                "StopExecution",
                "TagResource",
                "UntagResource",
                "UpdateMapRun",
                "UpdateStateMachine",
                "UpdateStateMachineAlias",
            ]
        );
    }
}
