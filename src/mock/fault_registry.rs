//! All faults of one mock service, newest first, and the choice of the one that disturbs a call.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::task_sequence::ExpectedCalls;
use crate::model::{ApiError, Operation};

/// Whether a call is meant, by its input.
pub(super) type Condition = Arc<dyn Fn(&Value) -> bool + Send + Sync>;

/// What a fault does to a call.
#[derive(Debug, Clone)]
pub(super) enum Disturbance {
    /// Nothing but a late answer.
    None,
    /// The call does nothing.
    Refused(ApiError),
    /// The call does nothing, and is answered by something before the service.
    HttpStatus(u16),
    /// The call does nothing.
    DropsConnection,
    /// The call acts.
    LosesAnswer,
    StaleReads(Duration),
}

/// A disturbance of one call, and how late it is answered.
#[derive(Debug, Clone)]
pub(super) struct Effect {
    pub(super) disturbance: Disturbance,
    pub(super) late: Duration,
}

/// One fault: what it is for, and the line of the test that made it.
pub(super) struct FaultEntry {
    operation: Operation,
    condition: Option<Condition>,
    made_at: &'static Location<'static>,
    state: Mutex<FaultState>,
}

struct FaultState {
    effect: Effect,
    times: Option<u64>,
    used: u64,
    expected: Option<ExpectedCalls>,
}

impl FaultEntry {
    pub(super) fn new(
        operation: Operation,
        condition: Option<Condition>,
        made_at: &'static Location<'static>,
        effect: Effect,
    ) -> Self {
        let state = FaultState { effect, times: None, used: 0, expected: None };
        Self { operation, condition, made_at, state: Mutex::new(state) }
    }

    pub(super) fn condition(&self) -> Option<Condition> {
        self.condition.clone()
    }

    /// What it does to a call that it is meant for; `None` if it has done so often enough.
    pub(super) fn next(&self) -> Option<Effect> {
        let mut state = self.lock();
        if state.times.is_some_and(|times| state.used >= times) {
            return None;
        }
        state.used += 1;
        Some(state.effect.clone())
    }

    pub(super) fn set_times(&self, times: u64) {
        self.lock().times = Some(times);
    }

    pub(super) fn set_late(&self, late: Duration) {
        self.lock().effect.late = late;
    }

    pub(super) fn set_expected(&self, expected: ExpectedCalls) {
        self.lock().expected = Some(expected);
    }

    /// Adds a member to the error answer; `false` if there is none.
    pub(super) fn add_member(&self, name: &'static str, value: &str) -> bool {
        match &mut self.lock().effect.disturbance {
            Disturbance::Refused(error) => {
                error.members.push((name, value.into()));
                true
            }
            Disturbance::None
            | Disturbance::HttpStatus(_)
            | Disturbance::DropsConnection
            | Disturbance::LosesAnswer
            | Disturbance::StaleReads(_) => false,
        }
    }

    /// The expectation and the number of calls, if they do not agree.
    pub(super) fn unmet(&self) -> Option<(ExpectedCalls, u64)> {
        let state = self.lock();
        let expected = state.expected?;
        (!expected.allows(state.used)).then_some((expected, state.used))
    }

    /// It has been reported.
    pub(super) fn forget_expectation(&self) {
        self.lock().expected = None;
    }

    fn lock(&self) -> MutexGuard<'_, FaultState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As it stands in the test, and where.
impl fmt::Display for FaultEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`sfn.fault(Operation::{})` at {}", self.operation, self.made_at)
    }
}

/// All faults, oldest first.
#[derive(Default)]
pub(super) struct FaultRegistry {
    entries: Mutex<Vec<Arc<FaultEntry>>>,
}

impl FaultRegistry {
    pub(super) fn add(&self, entry: Arc<FaultEntry>) {
        self.lock().push(entry);
    }

    pub(super) fn entries(&self) -> Vec<Arc<FaultEntry>> {
        self.lock().clone()
    }

    /// The faults of an operation, newest first.
    pub(super) fn of(&self, operation: Operation) -> Vec<Arc<FaultEntry>> {
        let entries = self.lock();
        entries.iter().rev().filter(|entry| entry.operation == operation).cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<FaultEntry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
