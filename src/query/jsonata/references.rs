//! What an expression reads: variables and members of `$states`.

use std::collections::{BTreeMap, BTreeSet};
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
    /// What it reads of `$states`.
    pub(super) states: Reads,
}

/// Which parts of a value are read. Payloads may be large: only what is read is made ready for an expression.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reads {
    /// All of it, or a part that cannot be told before the expression runs.
    pub(super) whole: bool,
    /// The members that are named: `input`, of `$states.input`.
    pub(super) members: BTreeMap<Arc<str>, Self>,
}

#[cfg_attr(not(feature = "jsonata"), expect(dead_code, reason = "only the engine looks into expressions"))]
impl Reads {
    /// The value at the end of a way down is read.
    pub(super) fn add(&mut self, path: &[&str]) {
        match path {
            [] => self.whole = true,
            [member, below @ ..] => self.members.entry(Arc::from(*member)).or_default().add(below),
        }
    }

    /// What is read of a member; `None` if nothing is.
    pub(super) fn of(&self, member: &str) -> Option<&Self> {
        const WHOLE: &Reads = &Reads { whole: true, members: BTreeMap::new() };
        if self.whole { Some(WHOLE) } else { self.members.get(member) }
    }
}
