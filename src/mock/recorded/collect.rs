//! From the events of a history to the calls of its tasks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::call::{End, Limits, RecordedCall};
use crate::assertion::history::{Call, Role, StateKind, Visit, VisitId, Visits, details};
use crate::model::{EventDetails, Failure, HistoryEvent, HistoryEventType as Type, Json, StatePlace};

/// All calls of tasks, in the order in which they were scheduled.
pub(super) fn calls_in(events: &[HistoryEvent], visits: &Visits) -> Vec<RecordedCall> {
    let mut reading = Reading {
        visits,
        calls: Vec::new(),
        open: BTreeMap::new(),
        rounds: BTreeMap::new(),
        begun: BTreeMap::new(),
        redrives: 0,
    };
    for event in events {
        reading.follow(event);
    }
    if let Some(last) = events.last() {
        reading.give_up_all(last);
    }
    reading.calls
}

struct Reading<'h> {
    visits: &'h Visits,
    calls: Vec<RecordedCall>,
    /// The calls that have not ended, as positions in `calls`.
    open: BTreeMap<VisitId, usize>,
    /// What is being tried in each visit.
    rounds: BTreeMap<VisitId, Round>,
    /// How many rounds have begun in each place of each state.
    begun: BTreeMap<(Arc<str>, StatePlace), usize>,
    /// So far.
    redrives: u64,
}

/// A visit of a state until it is left or redriven.
#[derive(Clone, Copy)]
struct Round {
    number: usize,
    redrives: u64,
    /// The attempts of the visit before this round.
    attempts_before: usize,
}

impl Reading<'_> {
    fn follow(&mut self, event: &HistoryEvent) {
        let role = Role::from(event.event_type);
        if role == Role::ExecutionRedriven {
            self.redrives += 1;
            return;
        }
        if role == Role::ExecutionEnded {
            self.give_up_all(event);
            return;
        }
        let visits = self.visits;
        let Some((id, visit)) = visits.owner(event).and_then(|id| Some((id, visits.get(id)?))) else {
            return;
        };
        if visit.kind != StateKind::Task {
            return;
        }
        if role == Role::WorkScheduled {
            self.scheduled(event, id, visit);
        } else if role == Role::WorkSubmitted {
            let submitted = details::output(event).map(value_of);
            self.update(id, |call| call.submitted = submitted);
        } else if role == Role::WorkSucceeded {
            let output = details::output(event).map_or(Json::Null, value_of);
            self.end(event, id, End::Succeeded(output));
        } else if role == Role::WorkFailed {
            self.failed(event, id, visit);
        } else if role == Role::StateAborted(StateKind::Task) || role == Role::StateExited {
            self.end(event, id, End::Open);
        }
    }

    fn scheduled(&mut self, event: &HistoryEvent, id: VisitId, visit: &Visit) {
        let tried = visit.attempts.iter().position(|attempt| attempt.event == event.id).unwrap_or_default();
        let place = self.visits.state_place(id);
        let round = self.round(id, visit, &place, tried);
        let call = visit.attempts.get(tried).and_then(|attempt| attempt.call.as_ref());
        self.open.insert(id, self.calls.len());
        self.calls.push(RecordedCall {
            state: Arc::clone(&visit.name),
            place,
            visit: round.number,
            attempt: tried.saturating_sub(round.attempts_before) as u64,
            resource: call.map(|call| call.resource.clone()).unwrap_or_default(),
            input: call.map(|Call { payload, .. }| value_of(payload)),
            scheduled_at: event.timestamp,
            limits: limits_of(&event.details),
            submitted: None,
            end: End::Open,
            took: std::time::Duration::ZERO,
        });
    }

    fn round(&mut self, id: VisitId, visit: &Visit, place: &StatePlace, tried: usize) -> Round {
        let known = self.rounds.get(&id).copied();
        if let Some(round) = known.filter(|round| round.redrives == self.redrives) {
            return round;
        }
        let begun = self.begun.entry((Arc::clone(&visit.name), place.clone())).or_default();
        // What was tried before the first call is part of the round: a retrier counts it.
        let attempts_before = if known.is_some() { tried } else { 0 };
        let round = Round { number: *begun, redrives: self.redrives, attempts_before };
        *begun += 1;
        self.rounds.insert(id, round);
        round
    }

    fn failed(&mut self, event: &HistoryEvent, id: VisitId, visit: &Visit) {
        if !self.open.contains_key(&id) {
            self.scheduled(event, id, visit);
        }
        let failure = details::failure(event).cloned().unwrap_or(Failure { error: None, cause: None });
        let timed_out = matches!(
            event.event_type,
            Type::TaskTimedOut | Type::LambdaFunctionTimedOut | Type::ActivityTimedOut
        );
        self.end(event, id, if timed_out { End::TimedOut(failure) } else { End::Failed(failure) });
    }

    fn end(&mut self, event: &HistoryEvent, id: VisitId, end: End) {
        self.update(id, |call| {
            call.took = event.timestamp.since(call.scheduled_at);
            call.end = end;
        });
        self.open.remove(&id);
    }

    fn give_up_all(&mut self, event: &HistoryEvent) {
        for id in self.open.keys().copied().collect::<Vec<_>>() {
            self.end(event, id, End::Open);
        }
    }

    fn update(&mut self, id: VisitId, change: impl FnOnce(&mut RecordedCall)) {
        if let Some(call) = self.open.get(&id).and_then(|number| self.calls.get_mut(*number)) {
            change(call);
        }
    }
}

const fn limits_of(details: &EventDetails) -> Limits {
    if let EventDetails::TaskScheduled { timeout_in_seconds, heartbeat_in_seconds, .. }
    | EventDetails::ActivityScheduled { timeout_in_seconds, heartbeat_in_seconds, .. } = details
    {
        Limits { timeout: *timeout_in_seconds, heartbeat: *heartbeat_in_seconds }
    } else if let EventDetails::LambdaScheduled { timeout_in_seconds, .. } = details {
        Limits { timeout: *timeout_in_seconds, heartbeat: None }
    } else {
        Limits { timeout: None, heartbeat: None }
    }
}

/// A payload is JSON; should one be cut off somewhere, it is taken as the text it is.
fn value_of(text: &Arc<str>) -> Json {
    Json::parse(text).unwrap_or_else(|_| Json::String(Arc::clone(text)))
}
