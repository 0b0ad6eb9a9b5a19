//! One recorded execution, as far as its tasks go.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::call::RecordedCall;
use super::collect::calls_in;
use crate::assertion::history::Visits;
use crate::model::{ExecutionRecord, Json};

/// What one execution called, in the order of the calls.
#[derive(Debug)]
pub(super) struct RecordedExecution {
    /// Empty if the recording does not say it.
    pub(super) state_machine_name: Arc<str>,
    pub(super) input: Json,
    pub(super) calls: Vec<RecordedCall>,
    /// The calls of each state.
    by_state: BTreeMap<Arc<str>, Vec<usize>>,
}

impl RecordedExecution {
    pub(super) fn new(record: &ExecutionRecord, visits: &Visits) -> Self {
        let calls = calls_in(&record.events, visits);
        let mut by_state: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        for (number, call) in calls.iter().enumerate() {
            by_state.entry(Arc::clone(&call.state)).or_default().push(number);
        }
        let name = record.state_machine_name.split('/').next().unwrap_or_default();
        Self { state_machine_name: name.into(), input: record.input.clone(), calls, by_state }
    }

    /// The numbers of the calls of a state.
    pub(super) fn of_state(&self, state: &str) -> &[usize] {
        self.by_state.get(state).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn states(&self) -> impl Iterator<Item = &Arc<str>> {
        self.by_state.keys()
    }
}
