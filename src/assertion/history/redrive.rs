//! What a redrive does to visits: those that were not left go on. Their first events follow from `ExecutionRedriven`,
//! which says nothing of a state, and have to be led back to the visits that they continue.

use std::sync::Arc;

use super::attempt::{Attempt, Call};
use super::visit::{Place, Visit, VisitEnd, VisitId, Visits};
use super::{Role, StateKind, details};
use crate::model::HistoryEvent;

impl Visits {
    /// States that were not left go on, also those that were aborted because a sibling failed.
    pub(super) fn redriven(&mut self, event: &HistoryEvent) {
        let goes_on: Vec<_> = (0..self.all.len()).map(VisitId).filter(|id| self.goes_on(*id)).collect();
        self.unresumed = goes_on.iter().copied().collect();
        for id in goes_on {
            self.update(id, |visit| visit.redriven(event));
        }
    }

    /// Whether a visit was not left, nor any state around it, and belongs to the last attempt of each.
    fn goes_on(&self, id: VisitId) -> bool {
        let Some(visit) = self.get(id).filter(|visit| !matches!(visit.end, VisitEnd::Exited { .. })) else {
            return false;
        };
        let Some(container) = visit.place.container() else { return true };
        let begun = self.get(container).and_then(|container| container.attempts.last());
        begun.is_some_and(|attempt| attempt.children_since < visit.entered) && self.goes_on(container)
    }

    /// The visit that an event continues which follows from `ExecutionRedriven` itself.
    pub(super) fn resumed_by(&mut self, event: &HistoryEvent) -> Option<VisitId> {
        let named = details::named_state(event);
        let resumed = match Role::from(event.event_type) {
            Role::IterationStarted => return self.named(named?, None),
            Role::StateAborted(kind) => return self.aborted(kind, None, event.id),
            Role::ContainerStarted(kind) | Role::ContainerSucceeded(kind) | Role::ContainerFailed(kind) => {
                self.first_unresumed(|visit| visit.kind == kind)
            }
            Role::WorkScheduled => self.task_called_by(event),
            Role::ExecutionEnded => self.unresumed.last().copied(),
            Role::MapRunStarted | Role::MapRunRedriven => {
                self.first_unresumed(|visit| visit.kind == StateKind::Map)
            }
            Role::ExecutionStarted
            | Role::ExecutionRedriven
            | Role::StateEntered(_)
            | Role::StateExited
            | Role::EvaluationFailed
            | Role::WorkStarted
            | Role::WorkSubmitted
            | Role::WorkSucceeded
            | Role::WorkFailed
            | Role::IterationSucceeded
            | Role::IterationFailed
            | Role::IterationAborted
            | Role::MapRunSucceeded
            | Role::MapRunAborted => self.first_unresumed(|visit| Some(&visit.name) == named),
        };
        if let Some(resumed) = resumed {
            self.unresumed.remove(&resumed);
        }
        resumed
    }

    /// Tasks go on in no known order: a call is that of the task that made the same one before, if there is one.
    fn task_called_by(&self, event: &HistoryEvent) -> Option<VisitId> {
        let call = Call::of(&event.details);
        let last_call = |visit: &Visit| visit.attempts.last().and_then(|attempt| attempt.call.clone());
        let resource = |call: &Option<Call>| call.as_ref().map(|call| call.resource.clone());
        let is_task = |visit: &Visit| visit.kind == StateKind::Task;
        self.first_unresumed(|visit| is_task(visit) && last_call(visit) == call)
            .or_else(|| {
                self.first_unresumed(|visit| is_task(visit) && resource(&last_call(visit)) == resource(&call))
            })
            .or_else(|| self.first_unresumed(is_task))
    }

    fn first_unresumed(&self, fits: impl Fn(&Visit) -> bool) -> Option<VisitId> {
        self.unresumed.iter().copied().find(|id| self.get(*id).is_some_and(&fits))
    }

    /// Where a state is entered. A Fail state that a redrive enters anew is where it was.
    pub(super) fn place_of(&mut self, name: &Arc<str>, previous: Option<&HistoryEvent>) -> Place {
        if previous.is_none_or(|event| Role::from(event.event_type) != Role::ExecutionRedriven) {
            return self.place_after(previous);
        }
        let Some(again) = self.first_unresumed(|visit| visit.name == *name) else { return Place::Top };
        self.unresumed.remove(&again);
        self.get(again).map_or(Place::Top, |visit| visit.place)
    }

    /// An attempt begins. One that only a redrive has told of begins here.
    pub(super) fn begin_attempt(&mut self, id: VisitId, event: &HistoryEvent) {
        self.update(id, |visit| {
            let mut attempt = Attempt::begun_by(event);
            if visit.attempts.last().is_some_and(Attempt::is_of_redrive_alone) {
                visit.attempts.pop();
                attempt.after_redrive = true;
            }
            attempt.after_redrive |= std::mem::take(&mut visit.redriven_since);
            visit.attempts.push(attempt);
        });
    }
}

impl Visit {
    fn redriven(&mut self, event: &HistoryEvent) {
        self.end = VisitEnd::Open;
        let is_container = matches!(self.kind, StateKind::Map | StateKind::Parallel);
        self.redriven_since = !is_container;
        if std::mem::take(&mut self.gave_up)
            && let Some(failed) = self.attempts.last().filter(|_| is_container)
        {
            let children_since = failed.children_since;
            let attempt = Attempt { after_redrive: true, children_since, ..Attempt::begun_by(event) };
            self.attempts.push(attempt);
        }
    }
}
