//! The visits of states, with their attempts.

use std::collections::BTreeMap;

use super::data::offset;
use super::texts::Texts;
use crate::assertion::Execution;
use crate::assertion::history::{Attempt, AttemptOutcome, Place, Visit, VisitEnd, VisitId, Visits};
use crate::model::{HistoryEvent, Json, Timestamp};
use crate::report::graph::Graph;

pub(super) fn visits(execution: &Execution, graph: Option<&Graph>, texts: &mut Texts) -> Json {
    let record = execution.record();
    let times = Times::new(record.start_date, &record.events, execution.visits());
    let states: BTreeMap<&str, usize> = graph
        .map(|graph| graph.states().iter().rev().map(|state| (&*state.name, state.id.0)).collect())
        .unwrap_or_default();
    let all = execution.visits().iter().enumerate().map(|(index, visit)| {
        let state = states.get(&*visit.name).map_or(Json::Null, |id| Json::from(*id));
        let attempts = attempts(visit, &times, texts);
        let (how, output) = match &visit.end {
            VisitEnd::Exited { output, .. } => ("exited", texts.number(output)),
            VisitEnd::Aborted => ("aborted", Json::Null),
            VisitEnd::Open if record.stop_date.is_some() => ("failed", Json::Null),
            VisitEnd::Open => ("open", Json::Null),
        };
        let failure = visit.failure.as_ref();
        Json::from_members([
            ("name", Json::from(&*visit.name)),
            ("state", state),
            ("type", Json::from(visit.kind.as_str())),
            ("place", Json::from(place(execution.visits(), visit))),
            ("parent", visit.place.container().map_or(Json::Null, |id| Json::from(id.index()))),
            ("entered", Json::from(visit.entered)),
            ("from", times.of(visit.entered)),
            ("to", times.end(index, visit)),
            ("left", times.last_event(index)),
            ("how", Json::from(how)),
            ("input", texts.number(&visit.input)),
            ("output", output),
            ("error", texts.optional(failure.and_then(|failure| failure.error.as_ref()))),
            ("cause", texts.optional(failure.and_then(|failure| failure.cause.as_ref()))),
            ("caught", Json::from(visit.caught().is_some())),
            ("attempts", attempts),
        ])
    });
    Json::array(all.collect())
}

/// `item 2 > branch 0`, from the outermost; nothing at the top.
fn place(visits: &Visits, visit: &Visit) -> String {
    let name = |place: Place| match place {
        Place::Top => None,
        Place::Branch { index, .. } => Some(format!("branch {index}")),
        Place::Item { index, .. } => Some(format!("item {index}")),
    };
    let around = visit.place.container().into_iter().flat_map(|id| visits.upwards(id));
    let outer = around.filter_map(|id| name(visits.get(id)?.place));
    let mut places: Vec<_> = name(visit.place).into_iter().chain(outer).collect();
    places.reverse();
    places.join(" > ")
}

fn attempts(visit: &Visit, times: &Times<'_>, texts: &mut Texts) -> Json {
    let earlier = std::iter::once(None).chain(visit.attempts.iter().map(Some));
    let all = visit.attempts.iter().zip(earlier).map(|(attempt, earlier)| {
        let delay = earlier.and_then(|earlier| attempt.delay_after(earlier));
        let delay = delay.and_then(|delay| u64::try_from(delay.as_millis()).ok());
        let (how, to, ended) = outcome(attempt, times);
        let (call, failure) = (attempt.call.as_ref(), attempt.failure());
        Json::from_members([
            ("event", Json::from(attempt.event)),
            ("from", offset(times.start, attempt.started_at)),
            ("to", to),
            ("ended", ended),
            ("how", Json::from(how)),
            ("delay", delay.map_or(Json::Null, Json::from)),
            ("resource", call.map_or(Json::Null, |call| Json::from(call.resource.as_str()))),
            ("payload", texts.optional(call.map(|call| &call.payload))),
            ("answer", texts.optional(attempt.answer.as_ref().map(|answer| &answer.output))),
            ("error", texts.optional(failure.and_then(|failure| failure.error.as_ref()))),
            ("cause", texts.optional(failure.and_then(|failure| failure.cause.as_ref()))),
        ])
    });
    Json::array(all.collect())
}

/// How it went, when that was, and which event says so.
fn outcome(attempt: &Attempt, times: &Times<'_>) -> (&'static str, Json, Json) {
    match &attempt.outcome {
        AttemptOutcome::Open => ("open", Json::Null, Json::Null),
        AttemptOutcome::Returned { event } => ("returned", times.of(*event), Json::from(*event)),
        AttemptOutcome::Failed { at, event, .. } => ("failed", offset(times.start, *at), Json::from(*event)),
    }
}

/// When events happened.
struct Times<'e> {
    start: Timestamp,
    by_event: BTreeMap<u64, &'e HistoryEvent>,
    /// The last event of each visit.
    last: BTreeMap<usize, &'e HistoryEvent>,
}

impl<'e> Times<'e> {
    fn new(start: Timestamp, events: &'e [HistoryEvent], visits: &Visits) -> Self {
        let by_event = events.iter().map(|event| (event.id, event)).collect();
        let owned = events.iter().filter_map(|event| Some((visits.owner(event)?.index(), event)));
        Self { start, by_event, last: owned.collect() }
    }

    fn of(&self, event: u64) -> Json {
        self.by_event.get(&event).map_or(Json::Null, |event| offset(self.start, event.timestamp))
    }

    fn last_event(&self, index: usize) -> Json {
        self.last.get(&index).map_or(Json::Null, |event| Json::from(event.id))
    }

    /// Null of a visit that still goes on.
    fn end(&self, index: usize, visit: &Visit) -> Json {
        match &visit.end {
            VisitEnd::Exited { event, .. } => self.of(*event),
            VisitEnd::Aborted => {
                self.last.get(&index).map_or(Json::Null, |event| offset(self.start, event.timestamp))
            }
            VisitEnd::Open => Json::Null,
        }
    }
}

/// As the script counts visits.
pub(super) fn number(visit: Option<VisitId>) -> Json {
    visit.map_or(Json::Null, |id| Json::from(id.index()))
}
