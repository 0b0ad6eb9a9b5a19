//! How often executions of a definition took each of its ways: counted while they run, for all of them together.
//!
//! Nothing reads the counts while an execution runs, so that they change nothing in its history. They take as much
//! room as the definition has ways, however many executions there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::failing::Failing;
use super::frame::Frame;
use super::interpret::Interpreter;
use super::retry;
use crate::asl::definition::{Definition, State};
use crate::asl::way::Way;

/// Shared by all executions of a definition, those that its Distributed Maps start among them.
#[derive(Debug)]
pub(crate) struct Tally {
    states: Vec<Row>,
    /// All rows, one after the other.
    counts: Vec<AtomicU64>,
    executions: AtomicU64,
    timed_out: AtomicU64,
}

/// Where the counts of a state are.
#[derive(Debug)]
struct Row {
    name: Arc<str>,
    start: usize,
    length: usize,
}

/// What was counted since it was last asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// How many were started by somebody, not by a Map Run.
    pub(crate) executions: u64,
    /// How many took longer than `TimeoutSeconds` of the definition.
    pub(crate) timed_out: u64,
    /// By state, in the order of the definition: a count for each place of [`State::place_of`]. Without states of
    /// which there is nothing to tell.
    pub(crate) states: Vec<(Arc<str>, Vec<u64>)>,
}

impl Taken {
    pub(crate) const fn is_nothing(&self) -> bool {
        self.executions == 0 && self.timed_out == 0 && self.states.is_empty()
    }
}

impl Tally {
    pub(crate) fn new(definition: &Definition) -> Self {
        let mut start = 0;
        let mut states = Vec::new();
        for state in definition.scope.all_states() {
            let length = state.ways();
            states.push(Row { name: Arc::clone(&state.name), start, length });
            start += length;
        }
        let counts = std::iter::repeat_with(AtomicU64::default).take(start).collect();
        Self { states, counts, executions: AtomicU64::new(0), timed_out: AtomicU64::new(0) }
    }

    pub(crate) fn note_execution(&self) {
        self.executions.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_timed_out(&self) {
        self.timed_out.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note(&self, state: &State, way: Way) {
        let row = self.states.get(state.number);
        if let Some(count) = row.and_then(|row| self.counts.get(row.start + state.place_of(way))) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What was counted since the last time, which is forgotten here.
    pub(crate) fn take(&self) -> Taken {
        let states = self.states.iter().filter_map(|row| {
            let counts = self.counts.get(row.start..row.start + row.length)?;
            let is_news = counts.iter().any(|count| count.load(Ordering::Relaxed) > 0);
            is_news.then(|| (Arc::clone(&row.name), counts.iter().map(take).collect()))
        });
        Taken {
            executions: take(&self.executions),
            timed_out: take(&self.timed_out),
            states: states.collect(),
        }
    }
}

impl Interpreter {
    /// A way was taken.
    pub(super) fn count(&self, state: &State, way: Way) {
        if let Some(tally) = &self.about.tally {
            tally.note(state, way);
        }
    }

    /// The state failed, and its retriers are about to be asked. One that has no attempts left takes nothing; one that
    /// is given none is there to keep failures from those after it.
    pub(super) fn count_retrier(&self, frame: &Frame, state: &State, failing: &Failing) {
        let (Some(tally), Some(work)) = (&self.about.tally, state.work()) else { return };
        let Some((index, retrier)) = retry::matching(&work.retry, failing) else { return };
        let attempts = frame.retries.by_retrier.get(index).copied().unwrap_or_default();
        if (attempts < retrier.max_attempts || retrier.max_attempts == 0)
            && let Some(error) = failing.named_in(&retrier.error_equals)
        {
            tally.note(state, Way::Retrier { index, error });
        }
    }
}

/// Most are zero, and a look costs less than a write.
fn take(count: &AtomicU64) -> u64 {
    if count.load(Ordering::Relaxed) == 0 { 0 } else { count.swap(0, Ordering::Relaxed) }
}
