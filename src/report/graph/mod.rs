//! A definition as a graph: its states with their nesting, and the transitions between them.
//!
//! It is read from the text of the definition, leniently: a picture needs no expression that compiles. States and
//! transitions have ids that depend on the text alone, so that counts of one process fit the picture of another.

mod condition;
mod observed;
mod read;
#[cfg(test)]
mod read_tests;
mod state;
mod transition;

pub use read::NoGraph;
pub(crate) use state::{Graph, Owner, Scope, ScopeId, State, StateId};
pub(crate) use transition::{Transition, TransitionKind};
