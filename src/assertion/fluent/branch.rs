//! Assertions on one branch of a Parallel state, or one iteration of a Map state.

use super::assert::Assert;
use super::path::names;
use super::state::StateAssert;
use super::task::TaskAssert;
use crate::assertion::matcher::Matcher;
use crate::assertion::path::{NeverVisited, Visited, VisitedExactly};
use crate::assertion::path_set::{VisitedInAnyOrder, VisitedSet};
use crate::assertion::state::StateVisited;
use crate::assertion::subject::{Scope, Subject};
use crate::assertion::task::TaskCalled;
use crate::assertion::task_order::NeverCalled;
use crate::assertion::transition::Went;

/// Assertions on one branch of a Parallel state, or one iteration of a Map state: see [`StateAssert::branch`] and
/// [`StateAssert::iteration`]. They are those of [`Assert`], but see only what lies inside, at every depth.
///
/// A Map or Parallel state that was visited or tried several times has the same branch or iteration several times:
/// [`StateAssert::visit`] picks a visit.
#[derive(Debug, Clone)]
pub struct BranchAssert<'e> {
    execution: Assert<'e>,
    scope: Scope,
}

impl<'e> BranchAssert<'e> {
    pub(super) const fn new(execution: Assert<'e>, scope: Scope) -> Self {
        Self { execution, scope }
    }

    /// See [`Assert::visited`].
    #[track_caller]
    pub fn visited<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        let scope = self.scope.clone();
        self.has(&Visited { states: names(states), scope })
    }

    /// See [`Assert::visited_exactly`].
    #[track_caller]
    pub fn visited_exactly<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        let scope = self.scope.clone();
        self.has(&VisitedExactly { states: names(states), scope })
    }

    /// See [`Assert::visited_in_any_order`].
    #[track_caller]
    pub fn visited_in_any_order<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        let scope = self.scope.clone();
        self.has(&VisitedInAnyOrder { states: names(states), scope })
    }

    /// See [`Assert::visited_set`].
    #[track_caller]
    pub fn visited_set<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        let scope = self.scope.clone();
        self.has(&VisitedSet { states: names(states), scope })
    }

    /// See [`Assert::never_visited`].
    #[track_caller]
    pub fn never_visited(self, state: &str) -> Self {
        let state = self.subject(state);
        self.has(&NeverVisited(state))
    }

    /// See [`Assert::went`].
    #[track_caller]
    pub fn went(self, from: &str, to: &str) -> Self {
        let (from, to) = (self.subject(from), to.to_owned());
        self.has(&Went { from, to })
    }

    /// See [`Assert::state`].
    #[track_caller]
    pub fn state(self, name: &str, then: impl FnOnce(StateAssert<'e>) -> StateAssert<'e>) -> Self {
        let subject = self.subject(name);
        if self.execution.premise(&StateVisited(subject.clone())) {
            then(StateAssert::new(self.execution, subject));
        }
        self
    }

    /// See [`Assert::task`].
    #[track_caller]
    pub fn task(self, name: &str, then: impl FnOnce(TaskAssert<'e>) -> TaskAssert<'e>) -> Self {
        let subject = self.subject(name);
        if self.execution.premise(&TaskCalled(subject.clone())) {
            then(TaskAssert::new(self.execution, subject));
        }
        self
    }

    /// See [`Assert::never_called`].
    #[track_caller]
    pub fn never_called(self, task: &str) -> Self {
        let task = self.subject(task);
        self.has(&NeverCalled(task))
    }

    /// See [`Assert::does_not`].
    #[track_caller]
    pub fn does_not(self, then: impl FnOnce(BranchAssert<'_>) -> BranchAssert<'_>) -> Self {
        let scope = self.scope.clone();
        self.execution.not(|execution| {
            then(BranchAssert::new(execution, scope));
        });
        self
    }

    fn subject(&self, state: &str) -> Subject {
        Subject::new(state, self.scope.clone())
    }

    #[track_caller]
    fn has(self, matcher: &dyn Matcher) -> Self {
        self.execution.has(matcher);
        self
    }
}
