//! Assertions on the way an execution took: states, transitions, tasks, waits.

use super::assert::{Assert, read};
use super::state::StateAssert;
use super::task::TaskAssert;
use crate::assertion::path::{NeverVisited, Visited, VisitedExactly};
use crate::assertion::path_set::{VisitedInAnyOrder, VisitedSet};
use crate::assertion::state::StateVisited;
use crate::assertion::state_time::{Took, Waited};
use crate::assertion::subject::{Scope, Subject};
use crate::assertion::task::TaskCalled;
use crate::assertion::task_order::{CalledInOrder, NeverCalled};
use crate::assertion::transition::Went;
use crate::model::IntoDuration;

impl<'e> Assert<'e> {
    /// These states were entered in this order; others may have been entered before, between and after.
    /// States inside branches and iterations count, in the order in which the history has them.
    #[track_caller]
    pub fn visited<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        self.has(&Visited { states: names(states), scope: Scope::default() })
    }

    /// These states were entered in this order, and no others: the whole [path](crate::Execution::path).
    #[track_caller]
    pub fn visited_exactly<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        self.has(&VisitedExactly { states: names(states), scope: Scope::default() })
    }

    /// All of these states were entered, in whatever order; so were others, perhaps. A state that is named twice was
    /// entered at least twice.
    #[track_caller]
    pub fn visited_in_any_order<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        self.has(&VisitedInAnyOrder { states: names(states), scope: Scope::default() })
    }

    /// These are the states that were entered, in whatever order and however often.
    #[track_caller]
    pub fn visited_set<S: Into<String>>(self, states: impl IntoIterator<Item = S>) -> Self {
        self.has(&VisitedSet { states: names(states), scope: Scope::default() })
    }

    /// This state was not entered.
    #[track_caller]
    pub fn never_visited(self, state: &str) -> Self {
        self.has(&NeverVisited(state.into()))
    }

    /// From the one state it went straight to the other, at least once: by `Next`, a choice, or a catcher.
    #[track_caller]
    pub fn went(self, from: &str, to: &str) -> Self {
        self.has(&Went { from: from.into(), to: to.to_owned() })
    }

    /// This state was entered, and the assertions made on it in `then` hold:
    /// `.state("Save", |state| state.attempts(3).retried_after(["1s", "2s"]))`.
    #[track_caller]
    pub fn state(self, name: &str, then: impl FnOnce(StateAssert<'e>) -> StateAssert<'e>) -> Self {
        let subject = Subject::from(name);
        if self.premise(&StateVisited(subject.clone())) {
            then(StateAssert::new(self, subject));
        }
        self
    }

    /// This Task state called something, and the assertions made on its calls in `then` hold:
    /// `.task("Notify", |task| task.received_includes(json!({"QueueUrl": "…"})).times(1))`.
    #[track_caller]
    pub fn task(self, name: &str, then: impl FnOnce(TaskAssert<'e>) -> TaskAssert<'e>) -> Self {
        let subject = Subject::from(name);
        if self.premise(&TaskCalled(subject.clone())) {
            then(TaskAssert::new(self, subject));
        }
        self
    }

    /// These tasks were called in this order; other calls may lie before, between and after. Every attempt is a call.
    #[track_caller]
    pub fn tasks_called_in_order<S: Into<String>>(self, tasks: impl IntoIterator<Item = S>) -> Self {
        self.has(&CalledInOrder { tasks: names(tasks) })
    }

    /// This task called nothing, whether its state was entered or not.
    #[track_caller]
    pub fn never_called(self, task: &str) -> Self {
        self.has(&NeverCalled(task.into()))
    }

    /// The Wait state of this name waited exactly so long, at least once: `.waited("Cool off", "30d")`.
    #[track_caller]
    pub fn waited(self, state: &str, span: impl IntoDuration) -> Self {
        let took = Took { state: state.into(), span: read(span.into_duration()) };
        self.has(&Waited(took))
    }
}

pub(super) fn names<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}
