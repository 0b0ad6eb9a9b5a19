//! What an execution that still runs waits for, and how to go on.

use crate::assertion::Execution;
use crate::assertion::history::{Attempt, StateKind, Visit, VisitEnd};
use crate::assertion::wording::{listed, span};
use crate::model::{EventDetails, Json};

use super::written::Written;

const WAITS_FOR_TOKEN: &str = ".waitForTaskToken";
/// So many waiting states are told of.
const SHOWN: usize = 3;

/// Of an execution that is RUNNING.
pub(super) fn of(execution: &Execution, written: Option<&Written>) -> Vec<String> {
    let open: Vec<_> = execution.visits.iter().filter(|visit| is_waiting(visit)).collect();
    let mut hints: Vec<String> =
        open.iter().take(SHOWN).filter_map(|visit| waits_for(execution, written, visit)).collect();
    let waits_outside = open.iter().any(|visit| is_outside(visit));
    hints.push(if waits_outside {
        "the execution is still RUNNING, and nothing in it goes on before that: `.finished().await` would wait as well".to_owned()
    } else {
        "the execution is still RUNNING: take it with `.finished().await` to assert on its end".to_owned()
    });
    hints
}

/// States that wait by themselves; a Parallel or Map waits for those inside it.
fn is_waiting(visit: &Visit) -> bool {
    let at_work = matches!(visit.kind, StateKind::Task | StateKind::Wait);
    matches!(visit.end, VisitEnd::Open) && at_work
}

/// Whether somebody outside of Step Functions has to act.
fn is_outside(visit: &Visit) -> bool {
    let call =
        visit.attempts.last().filter(|attempt| !attempt.has_failed()).and_then(|last| last.call.as_ref());
    call.is_some_and(|call| call.resource.ends_with(WAITS_FOR_TOKEN) || is_activity(&call.resource))
}

fn is_activity(resource: &str) -> bool {
    resource.contains(":activity:")
}

fn waits_for(execution: &Execution, written: Option<&Written>, visit: &Visit) -> Option<String> {
    let name = &visit.name;
    if visit.kind == StateKind::Wait {
        return Some(format!("`{name}` waits{}", wait_fields(written, name)));
    }
    let last = visit.attempts.last()?;
    if let Some(failure) = last.failure() {
        let error = failure.error.as_deref().unwrap_or("an error without a name");
        return Some(format!("`{name}` failed with `{error}` and waits for its next attempt"));
    }
    let resource = &last.call.as_ref()?.resource;
    if resource.ends_with(WAITS_FOR_TOKEN) {
        return Some(format!(
            "`{name}` waits for its task token, which nobody has sent back: take it with `sfn.callback(\"{name}\").await` \
             and call SendTaskSuccess or SendTaskFailure with its `.token()`{}",
            limits(execution, last)
        ));
    }
    if is_activity(resource) {
        let taken = started(execution, visit).map_or_else(
            || "waits for a worker to take it with GetActivityTask".to_owned(),
            |worker| {
                format!("was taken by {worker}, which has sent neither SendTaskSuccess nor SendTaskFailure")
            },
        );
        return Some(format!("`{name}` (an activity) {taken}{}", limits(execution, last)));
    }
    Some(format!(
        "`{name}` waits for the answer to {resource}: its mock answers later, or never{}",
        limits(execution, last)
    ))
}

/// " (Seconds 30)".
fn wait_fields(written: Option<&Written>, name: &str) -> String {
    let Some(state) = written.and_then(|written| written.state(name)) else { return String::new() };
    let fields = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
    let field = fields.iter().find_map(|field| Some((field, state.json.get(field)?)));
    field.map_or(String::new(), |(field, value): (_, &Json)| format!(" ({field} {})", value.to_text()))
}

/// The worker that took an activity's task.
fn started(execution: &Execution, visit: &Visit) -> Option<String> {
    let of_visit = |event: &&crate::model::HistoryEvent| {
        execution
            .visits
            .owner(event)
            .and_then(|id| execution.visits.get(id))
            .is_some_and(|owner| owner.entered == visit.entered)
    };
    let events = execution.record.events.iter().filter(of_visit);
    let mut started = events.rev().filter_map(|event| {
        if let EventDetails::ActivityStarted { worker_name } = &event.details {
            Some(worker_name)
        } else {
            None
        }
    });
    started.next().map(|name| name.as_ref().map_or("a worker".to_owned(), |name| format!("worker `{name}`")))
}

/// Which limits of time end the waiting, if any do.
fn limits(execution: &Execution, attempt: &Attempt) -> String {
    let (timeout, heartbeat) = super::timing::limits_of(execution, attempt);
    let limits: Vec<String> =
        [timeout.map(|limit| ("TimeoutSeconds", limit)), heartbeat.map(|limit| ("HeartbeatSeconds", limit))]
            .into_iter()
            .flatten()
            .map(|(field, limit)| format!("{field} {}", span(limit)))
            .collect();
    match limits.as_slice() {
        [] => "; no TimeoutSeconds or HeartbeatSeconds ends that".to_owned(),
        some => format!("; its limits are {}", some.join(" and ")),
    }
}

/// The names of states that were open when the execution was ended from outside.
pub(super) fn open_states(execution: &Execution) -> Option<String> {
    let open: Vec<_> = execution
        .visits
        .iter()
        .filter(|visit| !matches!(visit.end, VisitEnd::Exited { .. }) && is_leaf(visit))
        .collect();
    let names: Vec<_> = open.iter().map(|visit| &visit.name).collect();
    (!names.is_empty()).then(|| listed(&names))
}

fn is_leaf(visit: &Visit) -> bool {
    !matches!(visit.kind, StateKind::Parallel | StateKind::Map)
}
