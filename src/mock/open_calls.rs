//! The calls that wait for something to happen, and whether each has seen all that has happened so far.

use std::collections::BTreeMap;

use super::core::{Core, State};
use crate::model::Timestamp;

/// What a waiting call has seen: the clock, and how many calls had been made.
type Seen = (Timestamp, u64);

/// The calls that wait, by number.
#[derive(Debug, Default)]
pub(super) struct OpenCalls {
    calls: u64,
    opened: u64,
    seen: BTreeMap<u64, Option<Seen>>,
}

impl OpenCalls {
    pub(super) fn note_call(&mut self) {
        self.calls += 1;
    }
}

/// A call that waits, as long as this lives.
pub(super) struct OpenCall<'c> {
    core: &'c Core,
    id: u64,
}

impl OpenCall<'_> {
    pub(super) const fn id(&self) -> u64 {
        self.id
    }
}

impl Drop for OpenCall<'_> {
    fn drop(&mut self) {
        self.core.lock().open_calls.seen.remove(&self.id);
    }
}

impl State {
    /// The waiting call has looked for its answer; one that has found it goes on by itself.
    pub(super) fn note_look(&mut self, id: u64, has_found: bool) {
        let seen = (self.clock.now(), self.open_calls.calls);
        self.open_calls.seen.insert(id, (!has_found).then_some(seen));
    }
}

impl Core {
    pub(super) fn open_call(&self) -> OpenCall<'_> {
        let mut state = self.lock();
        state.open_calls.opened += 1;
        let id = state.open_calls.opened;
        state.open_calls.seen.insert(id, None);
        OpenCall { core: self, id }
    }

    /// Whether so many calls are open, and none of them has found its answer in all that has happened: nothing goes
    /// on before time passes or another call is made.
    #[cfg(feature = "contracts")]
    pub(crate) fn is_settled(&self, calls: usize) -> bool {
        let mut state = self.lock();
        let now = (state.clock.now(), state.open_calls.calls);
        state.open_calls.seen.len() == calls && state.open_calls.seen.values().all(|seen| *seen == Some(now))
    }
}
