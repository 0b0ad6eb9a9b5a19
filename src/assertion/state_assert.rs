//! The fluent form of the assertions on one state.

use std::sync::Arc;

use serde_json::Value;

use super::Assert;
use super::assert::read;
use super::matcher::Matcher;
use super::payload::ExpectedJson;
use super::state::{Attempted, Caught, Entered, RetriedAfter, StateInput, StateOutput};
use crate::model::IntoDuration;

/// Assertions on one state, to be chained: each holds or panics. See [`Assert::state`].
///
/// A state may be visited several times, in a loop, in branches or in iterations. Counts are over all visits;
/// payloads and errors have to be those of at least one visit.
#[derive(Debug, Clone)]
pub struct StateAssert<'e> {
    execution: Assert<'e>,
    state: Arc<str>,
}

impl<'e> StateAssert<'e> {
    pub(super) fn new(execution: Assert<'e>, state: &str) -> Self {
        Self { execution, state: state.into() }
    }

    /// It was entered so many times. A retry does not enter a state anew.
    #[track_caller]
    pub fn entered(self, times: usize) -> Self {
        let state = self.name();
        self.has(&Entered { state, times })
    }

    /// It was tried so many times, the first time and every retry. States that do no work count once per visit.
    #[track_caller]
    pub fn attempts(self, times: usize) -> Self {
        let state = self.name();
        self.has(&Attempted { state, times })
    }

    /// Exactly this came into it, before `InputPath`.
    #[track_caller]
    pub fn input(self, expected: impl Into<Value>) -> Self {
        let (state, input) = (self.name(), read(ExpectedJson::whole(&expected.into())));
        self.has(&StateInput { state, input })
    }

    /// Exactly this came out of it, after `OutputPath` or `Output`.
    #[track_caller]
    pub fn output(self, expected: impl Into<Value>) -> Self {
        let (state, output) = (self.name(), read(ExpectedJson::whole(&expected.into())));
        self.has(&StateOutput { state, output })
    }

    /// One of its catchers led on after exactly this error.
    #[track_caller]
    pub fn caught(self, error: &str) -> Self {
        let (state, error) = (self.name(), error.to_owned());
        self.has(&Caught { state, error })
    }

    /// It was retried after exactly these waits, to the millisecond of the execution's clock: `["1s", "2s", "4s"]`.
    /// An empty list says that it was not retried.
    #[track_caller]
    pub fn retried_after<D: IntoDuration>(self, delays: impl IntoIterator<Item = D>) -> Self {
        let mut read_delays = Vec::new();
        for delay in delays {
            read_delays.push(read(delay.into_duration()));
        }
        let state = self.name();
        self.has(&RetriedAfter { state, delays: read_delays })
    }

    fn name(&self) -> String {
        self.state.to_string()
    }

    #[track_caller]
    fn has(self, matcher: &dyn Matcher) -> Self {
        self.execution.has(matcher);
        self
    }
}
