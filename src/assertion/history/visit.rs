//! Visits: each time an execution enters a state, with all that happens there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::{Attempt, StateKind};
use crate::model::{Failure, HistoryEvent};

/// All visits of a history in the order of entry, and the visit that each event belongs to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visits {
    pub(super) all: Vec<Visit>,
    pub(super) owners: BTreeMap<u64, VisitId>,
    /// The index of the iteration that an event ended without success.
    pub(super) ended_items: BTreeMap<u64, usize>,
    /// The visits that may still go on since the last redrive.
    pub(super) unresumed: BTreeSet<VisitId>,
}

/// The position of a visit in the order of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VisitId(pub(super) usize);

impl VisitId {
    /// Counted from 0.
    pub(crate) const fn index(self) -> usize {
        self.0
    }
}

/// One stay in one state.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) name: Arc<str>,
    pub(crate) kind: StateKind,
    pub(crate) place: Place,
    /// The event that entered the state.
    pub(crate) entered: u64,
    /// JSON text.
    pub(crate) input: Arc<str>,
    /// Empty of states that do no work, and of tasks that failed before they called anything.
    pub(crate) attempts: Vec<Attempt>,
    /// The last error, as far as an event says it: of an attempt, of a query, or of a Fail state.
    pub(crate) failure: Option<Failure>,
    /// A Parallel or Map state that failed and was neither retried nor left since.
    pub(super) gave_up: bool,
    /// The execution was redriven, and no attempt has begun here since.
    pub(super) redriven_since: bool,
    pub(crate) end: VisitEnd,
}

/// Where a state was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Top,
    Branch { of: VisitId, index: usize },
    Item { of: VisitId, index: usize },
}

/// How a visit ended.
#[derive(Debug, Clone)]
pub(crate) enum VisitEnd {
    /// Not at all, or with the failure of the execution.
    Open,
    /// By a `…StateExited` event with this output, a JSON text.
    Exited {
        event: u64,
        output: Arc<str>,
    },
    Aborted,
}

impl Place {
    /// The Parallel or Map state around it.
    pub(crate) const fn container(self) -> Option<VisitId> {
        match self {
            Self::Top => None,
            Self::Branch { of, .. } | Self::Item { of, .. } => Some(of),
        }
    }
}

impl Visits {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Visit> {
        self.all.iter()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = VisitId> + use<> {
        (0..self.all.len()).map(VisitId)
    }

    pub(crate) fn of_state(&self, name: &str) -> Vec<&Visit> {
        self.iter().filter(|visit| &*visit.name == name).collect()
    }

    pub(crate) fn get(&self, id: VisitId) -> Option<&Visit> {
        self.all.get(id.0)
    }

    pub(crate) fn numbered(&self) -> impl Iterator<Item = (VisitId, &Visit)> {
        self.all.iter().enumerate().map(|(number, visit)| (VisitId(number), visit))
    }

    /// The visit that an event belongs to.
    pub(crate) fn owner(&self, event: &HistoryEvent) -> Option<VisitId> {
        self.owners.get(&event.id).copied()
    }

    /// How many branches and iterations lie around a visit.
    pub(crate) fn depth(&self, id: VisitId) -> usize {
        self.upwards(id).count().saturating_sub(1)
    }

    /// The event in which a failure of this visit began: its own, or that of a state inside it.
    pub(crate) fn source_of_failure(&self, id: VisitId) -> Option<u64> {
        let inside = |outer: &VisitId| self.get(*outer)?.attempts.last()?.failed_by();
        let visit = self.get(std::iter::successors(Some(id), inside).last()?)?;
        let failed = visit.attempts.last().and_then(Attempt::failed_event);
        visit.failure.as_ref().map(|_| failed.unwrap_or(visit.entered))
    }

    /// The visit, the one around it, and so on to the top.
    pub(crate) fn upwards(&self, id: VisitId) -> impl Iterator<Item = VisitId> {
        std::iter::successors(Some(id), |inner| self.get(*inner)?.place.container())
    }
}

impl Visit {
    /// States that do no work count as one attempt.
    pub(crate) fn n_attempts(&self) -> usize {
        self.attempts.len().max(1)
    }

    /// The waits between a failed attempt and the next one.
    pub(crate) fn retry_delays(&self) -> Vec<Duration> {
        let later = self.attempts.iter().skip(1);
        self.attempts.iter().zip(later).filter_map(|(earlier, later)| later.delay_after(earlier)).collect()
    }

    /// The event that left the state.
    pub(crate) const fn exit(&self) -> Option<u64> {
        if let VisitEnd::Exited { event, .. } = &self.end { Some(*event) } else { None }
    }

    pub(crate) fn output(&self) -> Option<&Arc<str>> {
        if let VisitEnd::Exited { output, .. } = &self.end { Some(output) } else { None }
    }

    /// The error that a catcher led away from here.
    pub(crate) fn caught(&self) -> Option<&Failure> {
        let left = matches!(self.end, VisitEnd::Exited { .. });
        self.failure.as_ref().filter(|_| left && self.kind.can_catch() && self.last_try_failed())
    }

    /// Whether the last thing this visit tried went wrong.
    pub(super) fn last_try_failed(&self) -> bool {
        self.attempts.last().is_none_or(Attempt::has_failed)
    }
}
