//! Which visit an event belongs to. Most events follow an event of their own state; those that end, retry or abort
//! a Parallel or Map state follow an event inside it, or even inside a sibling, and have to be led back.

use super::visit::{Place, Visit, VisitEnd, VisitId, Visits};
use super::{Role, StateKind, details};
use crate::model::HistoryEvent;

impl Visits {
    /// Where a state is entered that follows the event `previous`.
    pub(super) fn place_after(&self, previous: Option<&HistoryEvent>) -> Place {
        let Some((event, owner)) = previous.and_then(|event| Some((event, self.owner(event)?))) else {
            return Place::Top;
        };
        match Role::from(event.event_type) {
            Role::ContainerStarted(_) => Place::Branch { of: owner, index: self.n_branches(owner, event) },
            Role::IterationStarted => {
                Place::Item { of: owner, index: details::iteration(event).unwrap_or(0) }
            }
            Role::ExecutionStarted
            | Role::ExecutionRedriven
            | Role::ExecutionEnded
            | Role::StateEntered(_)
            | Role::StateExited
            | Role::StateAborted(_)
            | Role::EvaluationFailed
            | Role::WorkScheduled
            | Role::WorkStarted
            | Role::WorkSubmitted
            | Role::WorkSucceeded
            | Role::WorkFailed
            | Role::ContainerSucceeded(_)
            | Role::ContainerFailed(_)
            | Role::IterationSucceeded
            | Role::IterationFailed
            | Role::IterationAborted
            | Role::MapRunStarted
            | Role::MapRunRedriven
            | Role::MapRunSucceeded
            | Role::MapRunAborted => self.get(owner).map_or(Place::Top, |visit| visit.place),
        }
    }

    /// How many branches have begun since the event that started them: each begins with one entry there.
    fn n_branches(&self, container: VisitId, started: &HistoryEvent) -> usize {
        let inside =
            |visit: &&Visit| visit.place.container() == Some(container) && visit.entered > started.id;
        let indexes = self.iter().filter(inside).filter_map(|visit| match visit.place {
            Place::Branch { index, .. } => Some(index + 1),
            Place::Top | Place::Item { .. } => None,
        });
        indexes.max().unwrap_or(0)
    }

    /// The owner of an event that begins no visit. `previous` owns the event `before` it.
    pub(super) fn find_owner(
        &mut self,
        event: &HistoryEvent,
        previous: Option<VisitId>,
        before: Option<&HistoryEvent>,
    ) -> Option<VisitId> {
        if before.is_some_and(|before| Role::from(before.event_type) == Role::ExecutionRedriven) {
            return self.resumed_by(event);
        }
        match Role::from(event.event_type) {
            Role::StateExited
            | Role::EvaluationFailed
            | Role::IterationStarted
            | Role::IterationSucceeded
            | Role::IterationFailed
            | Role::IterationAborted => self.named(details::named_state(event)?, previous),
            Role::ContainerStarted(kind) | Role::ContainerSucceeded(kind) | Role::ContainerFailed(kind) => {
                self.container(kind, previous?)
            }
            Role::StateAborted(kind) => self.aborted(kind, previous, event.id),
            Role::ExecutionStarted
            | Role::ExecutionRedriven
            | Role::ExecutionEnded
            | Role::StateEntered(_)
            | Role::WorkScheduled
            | Role::WorkStarted
            | Role::WorkSubmitted
            | Role::WorkSucceeded
            | Role::WorkFailed
            | Role::MapRunStarted
            | Role::MapRunRedriven
            | Role::MapRunSucceeded
            | Role::MapRunAborted => previous,
        }
    }

    /// The visit of that name around `inner`; failing that, the latest one that is still going on.
    pub(super) fn named(&self, name: &str, inner: Option<VisitId>) -> Option<VisitId> {
        let fits = |id: &VisitId| self.get(*id).is_some_and(|visit| &*visit.name == name && visit.is_open());
        let around = inner.and_then(|inner| self.upwards(inner).find(fits));
        around.or_else(|| (0..self.all.len()).rev().map(VisitId).find(fits))
    }

    /// The Parallel or Map state around `inner`, or `inner` itself, that has not ended or given up yet.
    fn container(&self, kind: StateKind, inner: VisitId) -> Option<VisitId> {
        self.upwards(inner).find(|id| {
            self.get(*id).is_some_and(|visit| visit.kind == kind && visit.is_open() && !visit.gave_up)
        })
    }

    /// The visit that an abort ends: its event says only the type of the state. It is the first open one of that type
    /// beside the failed visit, and in the iteration that the event before speaks of.
    pub(super) fn aborted(&self, kind: StateKind, failed: Option<VisitId>, event: u64) -> Option<VisitId> {
        let container = failed.and_then(|id| self.get(id)).and_then(|visit| visit.place.container());
        let item = self.ended_items.get(&event.saturating_sub(1)).copied();
        let mut open = (0..self.all.len()).map(VisitId).filter(|id| {
            self.get(*id).is_some_and(|visit| visit.kind == kind && visit.is_open() && !visit.gave_up)
        });
        let inside =
            |id: &VisitId| container.is_none_or(|outer| self.upwards(*id).skip(1).any(|up| up == outer));
        let in_item = |id: &VisitId| {
            item.is_none_or(|index| self.upwards(*id).any(|up| self.is_item(up, container, index)))
        };
        open.find(|id| inside(id) && in_item(id))
    }

    fn is_item(&self, id: VisitId, container: Option<VisitId>, wanted: usize) -> bool {
        let place = self.get(id).map(|visit| visit.place);
        matches!(place, Some(Place::Item { of, index }) if Some(of) == container && index == wanted)
    }
}

impl Visit {
    pub(super) fn is_open(&self) -> bool {
        matches!(self.end, VisitEnd::Open)
    }
}
