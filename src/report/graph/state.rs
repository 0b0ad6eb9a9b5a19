//! States, the scopes they lie in, and the graph of all.

use std::sync::Arc;

use super::transition::Transition;
use crate::assertion::history::StateKind;

/// A definition as a graph.
#[derive(Debug, Clone)]
pub(crate) struct Graph {
    /// In the order of the text; a state comes before those inside it, and these before its next sibling.
    pub(super) states: Vec<State>,
    /// The first is the machine itself.
    pub(super) scopes: Vec<Scope>,
    /// Those of a scope together, its start first, then in the order of its states; inner scopes before outer ones.
    pub(super) transitions: Vec<Transition>,
}

/// The position of a state among all of its definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StateId(pub(crate) usize);

/// The position of a scope among all of its definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ScopeId(pub(crate) usize);

/// One `States` object: the machine, a branch of a Parallel, the processor of a Map.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) id: ScopeId,
    pub(crate) owner: Owner,
    pub(crate) start: StateId,
    /// In the order of the text, without those inside them.
    pub(crate) states: Vec<StateId>,
}

/// Where a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Machine,
    /// The branch of a Parallel with this index.
    Branch(StateId, usize),
    /// The processor of a Map.
    Processor(StateId),
}

impl Scope {
    /// The Parallel or Map that it lies in.
    pub(crate) const fn container(&self) -> Option<StateId> {
        match self.owner {
            Owner::Machine => None,
            Owner::Branch(of, _) | Owner::Processor(of) => Some(of),
        }
    }
}

/// A state as a picture shows it.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) id: StateId,
    pub(crate) name: Arc<str>,
    pub(crate) kind: StateKind,
    pub(crate) scope: ScopeId,
    /// The branches of a Parallel in their order, or the processor of a Map.
    pub(crate) inner: Vec<ScopeId>,
    /// What it does, in a few words: `dynamodb:putItem`, `30s`, the error of a Fail state. May be empty.
    pub(crate) detail: String,
    /// The `ErrorEquals` of each retrier.
    pub(crate) retriers: Vec<Vec<Arc<str>>>,
    /// A Map whose iterations are executions of their own.
    pub(crate) is_distributed: bool,
}

impl Graph {
    pub(crate) fn states(&self) -> &[State] {
        &self.states
    }

    pub(crate) fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    pub(crate) fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    pub(crate) fn state(&self, id: StateId) -> Option<&State> {
        self.states.get(id.0)
    }

    pub(crate) fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(id.0)
    }

    /// The first state of that name; AWS takes no definition with two.
    pub(crate) fn named(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|state| &*state.name == name)
    }

    /// The transitions that leave a state, each with its position among all.
    pub(crate) fn leaving(&self, id: StateId) -> impl Iterator<Item = (usize, &Transition)> {
        self.transitions.iter().enumerate().filter(move |(_, transition)| transition.from == Some(id))
    }
}
