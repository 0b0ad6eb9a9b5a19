//! Reads a history once, event by event, and tells what happened in each visit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::attempt::{Answer, Attempt, AttemptOutcome};
use super::details;
use super::role::{Role, StateKind};
use super::visit::{Visit, VisitEnd, VisitId, Visits};
use crate::model::{EventDetails, Failure, HistoryEvent, HistoryEventType, Json};

impl Visits {
    /// Of a whole history in the order of its events.
    pub(crate) fn of(events: &[HistoryEvent]) -> Self {
        let by_id: BTreeMap<u64, &HistoryEvent> = events.iter().map(|event| (event.id, event)).collect();
        let mut visits = Self::default();
        for event in events {
            let previous = by_id.get(&event.previous_event_id).copied();
            match (Role::from(event.event_type), &event.details) {
                (Role::StateEntered(kind), EventDetails::StateEntered { name, input }) => {
                    visits.enter(event, kind, (name, input), previous);
                }
                (role, _) => visits.follow(event, role, previous),
            }
        }
        visits
    }

    fn enter(
        &mut self,
        event: &HistoryEvent,
        kind: StateKind,
        (name, input): (&Arc<str>, &Arc<str>),
        previous: Option<&HistoryEvent>,
    ) {
        self.owners.insert(event.id, VisitId(self.all.len()));
        self.all.push(Visit {
            name: Arc::clone(name),
            kind,
            place: self.place_after(previous),
            entered: event.id,
            input: Arc::clone(input),
            attempts: Vec::new(),
            failure: None,
            gave_up: false,
            end: VisitEnd::Open,
        });
    }

    /// An event of a visit that has begun before.
    fn follow(&mut self, event: &HistoryEvent, role: Role, previous: Option<&HistoryEvent>) {
        let previous_owner = previous.and_then(|event| self.owner(event));
        let Some(owner) = self.find_owner(event, previous_owner) else { return };
        self.owners.insert(event.id, owner);
        match role {
            Role::ContainerStarted(_) => {
                self.failed_inside(owner, previous);
                self.update(owner, |visit| visit.attempts.push(Attempt::begun_by(event)));
            }
            Role::ContainerFailed(_) => {
                self.failed_inside(owner, previous);
                self.update(owner, |visit| visit.gave_up = true);
            }
            Role::StateExited => self.exited(event, owner),
            Role::ExecutionEnded if event.event_type == HistoryEventType::ExecutionFailed => {
                self.name_failure(owner, details::failure(event));
            }
            Role::ExecutionRedriven => self.all.iter_mut().for_each(|visit| visit.gave_up = false),
            Role::IterationFailed | Role::IterationAborted => {
                self.ended_items.extend(details::iteration(event).map(|index| (event.id, index)));
            }
            Role::StateAborted(_) => self.update(owner, |visit| visit.end = VisitEnd::Aborted),
            Role::WorkScheduled => self.update(owner, |visit| visit.attempts.push(Attempt::begun_by(event))),
            Role::WorkSucceeded | Role::ContainerSucceeded(_) => {
                self.update(owner, |visit| visit.returned(event));
            }
            Role::WorkFailed | Role::EvaluationFailed => self.update(owner, |visit| visit.went_wrong(event)),
            Role::ExecutionStarted
            | Role::ExecutionEnded
            | Role::StateEntered(_)
            | Role::WorkStarted
            | Role::WorkSubmitted
            | Role::IterationStarted
            | Role::IterationSucceeded
            | Role::MapRunStarted
            | Role::MapRunRedriven
            | Role::MapRunSucceeded
            | Role::MapRunAborted => {}
        }
    }

    /// A Parallel or Map state starts all over, or gives up: the attempt at hand failed with the event before.
    fn failed_inside(&mut self, owner: VisitId, failed: Option<&HistoryEvent>) {
        let Some(failed) = failed else { return };
        let inside = self.owner(failed).filter(|inside| *inside != owner);
        let failure = inside.and_then(|id| self.get(id)).and_then(|visit| visit.failure.clone());
        self.update(owner, |visit| {
            if visit.attempts.last().is_some_and(Attempt::is_open) {
                visit.fail_attempt(failed, failure, inside);
            }
        });
    }

    fn exited(&mut self, event: &HistoryEvent, owner: VisitId) {
        let EventDetails::StateExited { output, .. } = &event.details else { return };
        let unnamed = self.get(owner).is_some_and(|visit| {
            visit.kind.can_catch() && visit.last_try_failed() && visit.failure.is_none()
        });
        if unnamed {
            self.name_failure(owner, error_output_in(output).as_ref());
        }
        self.update(owner, |visit| {
            visit.end = VisitEnd::Exited { event: event.id, output: Arc::clone(output) };
        });
    }

    /// A Fail state's error shows only where it is caught, or ends the execution: gives it to all it came through.
    fn name_failure(&mut self, from: VisitId, failure: Option<&Failure>) {
        let Some(known) = failure else { return };
        let mut next = Some(from);
        while let Some(visit) = next.and_then(|id| self.all.get_mut(id.0)) {
            if visit.failure.is_none() {
                visit.failure = Some(known.clone());
            }
            next = visit.name_last_failure(known);
        }
    }

    fn update(&mut self, id: VisitId, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.all.get_mut(id.0) {
            change(visit);
        }
    }
}

impl Visit {
    fn returned(&mut self, event: &HistoryEvent) {
        if let Some(attempt) = self.attempts.last_mut() {
            let answer = |output: &Arc<str>| Answer { event: event.id, output: Arc::clone(output) };
            attempt.answer = details::output(event).map(answer);
            attempt.outcome = AttemptOutcome::Returned { event: event.id };
        }
    }

    fn went_wrong(&mut self, event: &HistoryEvent) {
        // Without an attempt that could have failed, the failure is one itself: nothing was called yet.
        if self.last_try_failed() && self.kind.can_catch() {
            self.attempts.push(Attempt::begun_by(event));
        }
        self.fail_attempt(event, details::failure(event).cloned(), None);
    }

    fn fail_attempt(&mut self, event: &HistoryEvent, failure: Option<Failure>, by: Option<VisitId>) {
        self.failure.clone_from(&failure);
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.outcome = AttemptOutcome::Failed { event: event.id, at: event.timestamp, failure, by };
        }
    }

    /// Names the failure of the last attempt if nothing named it yet; says which visit inside it came from.
    fn name_last_failure(&mut self, known: &Failure) -> Option<VisitId> {
        match &mut self.attempts.last_mut()?.outcome {
            AttemptOutcome::Failed { failure: failure @ None, by, .. } => {
                *failure = Some(known.clone());
                *by
            }
            AttemptOutcome::Failed { .. } | AttemptOutcome::Open | AttemptOutcome::Returned { .. } => None,
        }
    }
}

/// The `{"Error": …, "Cause": …}` that a catcher put somewhere into an output.
fn error_output_in(output: &str) -> Option<Failure> {
    find_error_output(&Json::parse(output).ok()?)
}

fn find_error_output(value: &Json) -> Option<Failure> {
    let members = value.as_object()?;
    let text = |key| value.get(key).and_then(Json::as_str).map(Arc::from);
    if members.len() == 2 && members.contains_key("Error") && members.contains_key("Cause") {
        return Some(Failure { error: text("Error"), cause: text("Cause") });
    }
    members.values().find_map(find_error_output)
}
