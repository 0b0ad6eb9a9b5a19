//! What an expression reads: variables and members of `$states`.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The members of `$states` that are not there for every field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StatesMember {
    /// Of a Task, Parallel or Map, in its own `Output` and `Assign`.
    Result,
    /// Of a catcher, in its `Output` and `Assign`.
    ErrorOutput,
}

impl StatesMember {
    pub(crate) const ALL: [Self; 2] = [Self::Result, Self::ErrorOutput];

    /// As expressions write it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::ErrorOutput => "errorOutput",
        }
    }
}

/// The free names of an expression.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct References {
    /// The names of the variables of the workflow, without `$`.
    pub(super) variables: BTreeSet<Arc<str>>,
    /// Names of functions: variables of the same name hide them.
    pub(super) functions: BTreeSet<Arc<str>>,
    pub(super) states: StatesUse,
}

/// What an expression reads of `$states`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StatesUse {
    /// All of it, or a part that cannot be told before it runs.
    pub(super) whole: bool,
    /// The members that it names: `$states.input`.
    pub(super) members: BTreeSet<Arc<str>>,
}

impl StatesUse {
    /// Whether it needs this member.
    #[cfg_attr(not(feature = "jsonata"), expect(dead_code, reason = "only the engine binds values"))]
    pub(super) fn reads(&self, member: &str) -> bool {
        self.whole || self.members.contains(member)
    }
}
