//! Which events tell of a state: one row for each type.

use crate::asl::definition::{State, StateKind};
use crate::model::HistoryEventType as Type;

/// The types of the events of a state; `None` where AWS has no such event.
pub(in crate::interpreter) struct EventTypes {
    pub(in crate::interpreter) entered: Type,
    /// A Fail state is never exited.
    pub(in crate::interpreter) exited: Option<Type>,
    /// Of the states that run others: all of these have succeeded.
    pub(in crate::interpreter) succeeded: Option<Type>,
    pub(in crate::interpreter) failed: Option<Type>,
    /// Of the states that can wait.
    pub(in crate::interpreter) aborted: Option<Type>,
}

pub(in crate::interpreter) const fn of(state: &State) -> EventTypes {
    let (entered, exited) = match state.kind {
        StateKind::Task(_) => (Type::TaskStateEntered, Some(Type::TaskStateExited)),
        StateKind::Pass(_) => (Type::PassStateEntered, Some(Type::PassStateExited)),
        StateKind::Choice(_) => (Type::ChoiceStateEntered, Some(Type::ChoiceStateExited)),
        StateKind::Wait(_) => (Type::WaitStateEntered, Some(Type::WaitStateExited)),
        StateKind::Succeed => (Type::SucceedStateEntered, Some(Type::SucceedStateExited)),
        StateKind::Fail(_) => (Type::FailStateEntered, None),
        StateKind::Parallel(_) => (Type::ParallelStateEntered, Some(Type::ParallelStateExited)),
        StateKind::Map(_) => (Type::MapStateEntered, Some(Type::MapStateExited)),
    };
    let plain = EventTypes { entered, exited, succeeded: None, failed: None, aborted: None };
    match state.kind {
        StateKind::Task(_) => EventTypes { aborted: Some(Type::TaskStateAborted), ..plain },
        StateKind::Wait(_) => EventTypes { aborted: Some(Type::WaitStateAborted), ..plain },
        StateKind::Parallel(_) => EventTypes {
            succeeded: Some(Type::ParallelStateSucceeded),
            failed: Some(Type::ParallelStateFailed),
            aborted: Some(Type::ParallelStateAborted),
            ..plain
        },
        StateKind::Map(_) => EventTypes {
            succeeded: Some(Type::MapStateSucceeded),
            failed: Some(Type::MapStateFailed),
            aborted: Some(Type::MapStateAborted),
            ..plain
        },
        StateKind::Pass(_) | StateKind::Choice(_) | StateKind::Succeed | StateKind::Fail(_) => plain,
    }
}
