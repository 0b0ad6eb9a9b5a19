//! Assertions on one state.

use serde_json::Value;

use super::assert::{Assert, read};
use super::branch::BranchAssert;
use crate::assertion::matcher::Matcher;
use crate::assertion::part::{IterationCount, PartEntered};
use crate::assertion::payload::ExpectedJson;
use crate::assertion::state::{
    Attempted, Caught, CaughtBecause, Entered, RetriedAfter, StateInput, StateOutput, StateVisited,
};
use crate::assertion::state_time::{Took, TookAtMost};
use crate::assertion::subject::{Part, Subject};
use crate::assertion::variable::{Assigned, HasVariable};
use crate::model::IntoDuration;

/// Assertions on one state, to be chained: each holds or panics. See [`Assert::state`].
///
/// A state may be visited several times, in a loop, in branches or in iterations. Counts are over all visits;
/// payloads, errors and times have to be those of at least one visit. [`visit`](Self::visit) picks one,
/// [`iteration`](Self::iteration) and [`branch`](Self::branch) look inside a Map or Parallel state.
#[derive(Debug, Clone)]
pub struct StateAssert<'e> {
    execution: Assert<'e>,
    state: Subject,
}

impl<'e> StateAssert<'e> {
    pub(super) const fn new(execution: Assert<'e>, state: Subject) -> Self {
        Self { execution, state }
    }

    /// It was entered so many times. A retry does not enter a state anew.
    #[track_caller]
    pub fn entered(self, times: usize) -> Self {
        let state = self.state.clone();
        self.has(&Entered { state, times })
    }

    /// It was tried so many times, the first time and every retry. States that do no work count once per visit.
    #[track_caller]
    pub fn attempts(self, times: usize) -> Self {
        let state = self.state.clone();
        self.has(&Attempted { state, times })
    }

    /// Exactly this came into it, before `InputPath`.
    #[track_caller]
    pub fn input(self, expected: impl Into<Value>) -> Self {
        let input = read(ExpectedJson::whole(&expected.into()));
        self.has_input(input)
    }

    /// At least this came into it: see [`Assert::output_includes`].
    #[track_caller]
    pub fn input_includes(self, expected: impl Into<Value>) -> Self {
        let input = read(ExpectedJson::part(&expected.into()));
        self.has_input(input)
    }

    /// This came into it at a path: see [`Assert::output_at`].
    #[track_caller]
    pub fn input_at(self, path: &str, expected: impl Into<Value>) -> Self {
        let input = read(ExpectedJson::at(path, &expected.into()));
        self.has_input(input)
    }

    /// Exactly this came out of it, after `OutputPath` or `Output`.
    #[track_caller]
    pub fn output(self, expected: impl Into<Value>) -> Self {
        let output = read(ExpectedJson::whole(&expected.into()));
        self.has_output(output)
    }

    /// At least this came out of it: see [`Assert::output_includes`].
    #[track_caller]
    pub fn output_includes(self, expected: impl Into<Value>) -> Self {
        let output = read(ExpectedJson::part(&expected.into()));
        self.has_output(output)
    }

    /// This came out of it at a path: see [`Assert::output_at`].
    #[track_caller]
    pub fn output_at(self, path: &str, expected: impl Into<Value>) -> Self {
        let output = read(ExpectedJson::at(path, &expected.into()));
        self.has_output(output)
    }

    /// One of its catchers led on after exactly this error.
    #[track_caller]
    pub fn caught(self, error: &str) -> Self {
        let (state, error) = (self.state.clone(), error.to_owned());
        self.has(&Caught { state, error })
    }

    /// One of its catchers led on after an error with a cause that contains this text.
    #[track_caller]
    pub fn caught_because(self, part_of_cause: &str) -> Self {
        let (state, part) = (self.state.clone(), part_of_cause.to_owned());
        self.has(&CaughtBecause { state, part })
    }

    /// It was retried after exactly these waits, to the millisecond of the execution's clock: `["1s", "2s", "4s"]`.
    /// An empty list says that it was not retried.
    #[track_caller]
    pub fn retried_after<D: IntoDuration>(self, delays: impl IntoIterator<Item = D>) -> Self {
        let mut read_delays = Vec::new();
        for delay in delays {
            read_delays.push(read(delay.into_duration()));
        }
        let state = self.state.clone();
        self.has(&RetriedAfter { state, delays: read_delays })
    }

    /// From its entry to its exit, or to the failure that ended it, passed exactly so long, retries and their waits
    /// included.
    #[track_caller]
    pub fn took(self, span: impl IntoDuration) -> Self {
        let (state, span) = (self.state.clone(), read(span.into_duration()));
        self.has(&Took { state, span })
    }

    /// No visit took longer than this. One that goes on has taken as long as the history is.
    #[track_caller]
    pub fn took_at_most(self, span: impl IntoDuration) -> Self {
        let (state, span) = (self.state.clone(), read(span.into_duration()));
        self.has(&TookAtMost { state, span })
    }

    /// The variable had this value when the state was entered: assigned by a state before it, in the same branch or
    /// iteration, or around it.
    ///
    /// Read from the `assignedVariables` of `…StateExited` events. A history without execution data does not have
    /// them: there no variable is known, and this assertion fails and says so.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html>
    #[track_caller]
    pub fn variable(self, name: &str, expected: impl Into<Value>) -> Self {
        let (state, value) = (self.state.clone(), read(ExpectedJson::whole(&expected.into())));
        self.has(&HasVariable { state, name: name.to_owned(), value })
    }

    /// The state itself assigned this value to the variable when it was left, by its `Assign` or that of a catcher or
    /// choice. Read as of [`variable`](Self::variable).
    #[track_caller]
    pub fn assigned(self, name: &str, expected: impl Into<Value>) -> Self {
        let (state, value) = (self.state.clone(), read(ExpectedJson::whole(&expected.into())));
        self.has(&Assigned { state, name: name.to_owned(), value })
    }

    /// The assertions made in `then` hold of its visit with this number, counted from 1 in the order of entry:
    /// `.visit(2, |second| second.input(json!({"page": 2})))`.
    #[track_caller]
    pub fn visit(self, number: usize, then: impl FnOnce(Self) -> Self) -> Self {
        let one = self.state.nth(number);
        if self.execution.premise(&StateVisited(one.clone())) {
            then(Self::new(self.execution, one));
        }
        self
    }

    /// This Map state has begun so many iterations, retried ones and those of all visits included.
    #[track_caller]
    pub fn iterations(self, count: usize) -> Self {
        let map = self.state.clone();
        self.has(&IterationCount { map, count })
    }

    /// The assertions made in `then` hold of the iteration with this index of this Map state, counted from 0 as on AWS:
    /// `.iteration(2, |third| third.visited(["Pay"]).state("Pay", |pay| pay.attempts(2)))`.
    ///
    /// A Distributed Map runs its items in executions of their own: see
    /// [`ExecutionHandle::map_runs`](crate::ExecutionHandle::map_runs).
    #[track_caller]
    pub fn iteration(self, index: usize, then: impl FnOnce(BranchAssert<'e>) -> BranchAssert<'e>) -> Self {
        self.part(Part::Iteration(index), then)
    }

    /// The assertions made in `then` hold of the branch with this index of this Parallel state, in the order of the
    /// definition, counted from 0: `.branch(0, |first| first.visited(["Reserve"]))`.
    #[track_caller]
    pub fn branch(self, index: usize, then: impl FnOnce(BranchAssert<'e>) -> BranchAssert<'e>) -> Self {
        self.part(Part::Branch(index), then)
    }

    /// It is not so that all assertions in `then` hold: `.does_not(|pay| pay.caught("Declined"))`.
    ///
    /// # Panics
    /// If they all hold; and if `then` asserts nothing.
    #[track_caller]
    pub fn does_not(self, then: impl FnOnce(StateAssert<'_>) -> StateAssert<'_>) -> Self {
        let state = self.state.clone();
        self.execution.not(|execution| {
            then(StateAssert::new(execution, state));
        });
        self
    }

    #[track_caller]
    fn part(self, part: Part, then: impl FnOnce(BranchAssert<'e>) -> BranchAssert<'e>) -> Self {
        let scope = self.state.part(part);
        if self.execution.premise(&PartEntered(scope.clone())) {
            then(BranchAssert::new(self.execution, scope));
        }
        self
    }

    #[track_caller]
    fn has_input(self, input: ExpectedJson) -> Self {
        let state = self.state.clone();
        self.has(&StateInput { state, input })
    }

    #[track_caller]
    fn has_output(self, output: ExpectedJson) -> Self {
        let state = self.state.clone();
        self.has(&StateOutput { state, output })
    }

    #[track_caller]
    fn has(self, matcher: &dyn Matcher) -> Self {
        self.execution.has(matcher);
        self
    }
}
