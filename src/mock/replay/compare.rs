//! All that differs between an execution and its recording.

use std::collections::BTreeSet;

use super::difference::{Difference, Kind};
use super::ending::{self, shown};
use super::known::Known;
use super::path::{self, Pair, Paths};
use super::run::Run;
use super::sameness::{Found, Sameness};
use crate::assertion::Execution;
use crate::assertion::history::{Attempt, Role, VisitEnd, details};
use crate::mock::task_matcher::NO_ANSWER;
use crate::model::failure::error_name;
use crate::model::{ExecutionRecord, ExecutionStatus, HistoryEvent, Timestamp};

pub(super) fn differences(
    recorded: &Execution,
    run: &Run,
    definition: &str,
    ignored_members: &BTreeSet<String>,
) -> Vec<Difference> {
    let now = &run.execution;
    let sameness = Sameness {
        known: Known::new(definition, recorded, now),
        tokens: &run.tokens,
        ignored_members,
        recorded_span: span(recorded.record()),
        span: span(now.record()),
    };
    let mut differences = unanswered(run);
    let is_open = recorded.status() == ExecutionStatus::Running;
    let (pairs, partings) = path::compare(&Paths::of(recorded), &Paths::of(now));
    // How a recording that stops in the middle would have gone on nobody knows.
    differences.extend(partings.into_iter().filter(|parting| !(is_open && parting.recorded == "the end")));
    for pair in &pairs {
        differences.extend(calls(pair, &sameness));
    }
    differences.extend(ending::compare(recorded.record(), now.record(), &sameness));
    differences
}

/// The tasks whose answer nobody has recorded.
fn unanswered(run: &Run) -> Vec<Difference> {
    let events = &run.execution.record().events;
    let mut differences: Vec<Difference> =
        events.iter().filter_map(|event| unanswered_by(event, &run.execution)).collect();
    if differences.is_empty() {
        // In a child execution of a Distributed Map, which has a history of its own.
        let without_event = run.unanswered.iter().map(|(state, why)| Difference {
            kind: Kind::UnansweredTask,
            place: String::new(),
            state: Some(state.clone()),
            at: None,
            recorded: "an answer".to_owned(),
            now: reason_in(why),
            event: u64::MAX,
        });
        differences.extend(without_event);
    }
    differences
}

fn unanswered_by(event: &HistoryEvent, now: &Execution) -> Option<Difference> {
    let failure = details::failure(event).filter(|_| Role::from(event.event_type) == Role::WorkFailed)?;
    let visits = now.visits();
    let owner = visits.owner(event).filter(|_| failure.is(error_name::NOT_MOCKED))?;
    Some(Difference {
        kind: Kind::UnansweredTask,
        place: visits.state_place(owner).to_string(),
        state: visits.get(owner).map(|visit| visit.name.to_string()),
        at: None,
        recorded: "an answer".to_owned(),
        now: reason_in(failure.cause.as_deref().unwrap_or_default()),
        event: event.id,
    })
}

/// Why there is no answer, without the advice for those who write task mocks.
fn reason_in(cause: &str) -> String {
    let reason = cause.split_once(NO_ANSWER).map_or(cause, |(_, reason)| reason);
    reason.split("; write: ").next().unwrap_or_default().to_owned()
}

/// What a visit called, other than recorded.
fn calls(pair: &Pair<'_>, sameness: &Sameness<'_>) -> Vec<Difference> {
    let calls_of = |attempts: &'_ [Attempt]| attempts.iter().filter(|attempt| attempt.call.is_some()).count();
    let Pair { place, recorded, now } = pair;
    let (before, after) = (calls_of(&recorded.attempts), calls_of(&now.attempts));
    let both = recorded.attempts.iter().zip(&now.attempts);
    let mut differences: Vec<Difference> =
        both.filter_map(|(recorded, now)| other_call(pair, recorded, now, sameness)).collect();
    let is_aborted = [recorded, now].iter().any(|visit| matches!(visit.end, VisitEnd::Aborted));
    let is_open = matches!(recorded.end, VisitEnd::Open) && recorded.failure.is_none();
    // How far a task came before it was aborted is a matter of milliseconds.
    if before != after && !is_aborted && !is_open {
        differences.push(Difference {
            kind: Kind::Attempts,
            place: place.clone(),
            state: Some(recorded.name.to_string()),
            at: None,
            recorded: times(before),
            now: times(after),
            event: recorded.attempts.last().map_or(recorded.entered, |attempt| attempt.event),
        });
    }
    differences
}

fn other_call(
    pair: &Pair<'_>,
    recorded: &Attempt,
    now: &Attempt,
    sameness: &Sameness<'_>,
) -> Option<Difference> {
    let (before, after) = (recorded.call.as_ref()?, now.call.as_ref()?);
    let found = if before.resource == after.resource {
        let Found { at, recorded, now } = sameness.compare_texts(&before.payload, &after.payload)?;
        (Some(at), shown(recorded.as_ref()), shown(now.as_ref()))
    } else {
        (None, before.resource.clone(), after.resource.clone())
    };
    let (at, before, after) = found;
    Some(Difference {
        kind: Kind::TaskInput,
        place: pair.place.clone(),
        state: Some(pair.recorded.name.to_string()),
        at,
        recorded: before,
        now: after,
        event: recorded.event,
    })
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        n => format!("{n} times"),
    }
}

fn span(record: &ExecutionRecord) -> (Timestamp, Timestamp) {
    let last = record.events.last().map_or(record.start_date, |event| event.timestamp);
    (record.start_date, record.stop_date.unwrap_or(last))
}
