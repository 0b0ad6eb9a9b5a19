//! The ways from state to state.

use std::fmt;
use std::sync::Arc;

use super::state::{ScopeId, StateId};
use crate::model::failure::error_name;

/// One way from a state to another, or to the end of its scope.
#[derive(Debug, Clone)]
pub(crate) struct Transition {
    pub(crate) scope: ScopeId,
    /// `None`: from where the scope starts.
    pub(crate) from: Option<StateId>,
    pub(crate) kind: TransitionKind,
    /// `None`: to the end of the scope.
    pub(crate) to: Option<StateId>,
    /// The condition of a Choice rule, the errors of a catcher; empty of the others.
    pub(crate) label: String,
    /// The `ErrorEquals` of a catcher.
    pub(crate) errors: Vec<Arc<str>>,
}

impl Transition {
    /// Whether it is a catcher that handles an error of this name. (One for `States.HeartbeatTimeout` also handles some
    /// of those named `States.Timeout`.)
    pub(crate) fn catches(&self, error: &str) -> bool {
        self.errors.iter().any(|name| match &**name {
            error_name::ALL => true,
            error_name::TASK_FAILED => error != error_name::TIMEOUT,
            error_name::HEARTBEAT_TIMEOUT => {
                error == error_name::TIMEOUT || error == error_name::HEARTBEAT_TIMEOUT
            }
            exact => exact == error,
        })
    }
}

/// Which of a state's transitions it is. With the name of the state, this identifies it for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TransitionKind {
    /// `StartAt` of a scope.
    Start,
    Next,
    /// The rule of a Choice with this index.
    ChoiceRule(usize),
    ChoiceDefault,
    /// The catcher with this index.
    Catch(usize),
    /// `End: true`. Succeed and Fail states have no transition.
    End,
}

/// As programs write it: `Start`, `Next`, `Choices[0]`, `Default`, `Catch[0]`, `End`.
impl fmt::Display for TransitionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Next => f.write_str("Next"),
            Self::ChoiceRule(index) => write!(f, "Choices[{index}]"),
            Self::ChoiceDefault => f.write_str("Default"),
            Self::Catch(index) => write!(f, "Catch[{index}]"),
            Self::End => f.write_str("End"),
        }
    }
}
