//! Which limit of time was missed.

use std::time::Duration;

use crate::assertion::Execution;
use crate::assertion::history::{Attempt, AttemptOutcome, Visit};
use crate::assertion::wording::span;
use crate::model::failure::error_name;
use crate::model::{EventDetails, ExecutionStatus, HistoryEvent, Json};

use super::waiting::open_states;
use super::written::Written;

/// `TimeoutSeconds` and `HeartbeatSeconds` of an attempt, as its event says them.
pub(super) fn limits_of(execution: &Execution, attempt: &Attempt) -> (Option<Duration>, Option<Duration>) {
    let scheduled = execution.record.events.iter().find(|event| event.id == attempt.event);
    let (timeout, heartbeat) = match scheduled.map(|event| &event.details) {
        Some(
            EventDetails::TaskScheduled { timeout_in_seconds, heartbeat_in_seconds, .. }
            | EventDetails::ActivityScheduled { timeout_in_seconds, heartbeat_in_seconds, .. },
        ) => (*timeout_in_seconds, *heartbeat_in_seconds),
        Some(EventDetails::LambdaScheduled { timeout_in_seconds, .. }) => (*timeout_in_seconds, None),
        _ => (None, None),
    };
    (timeout.map(Duration::from_secs), heartbeat.map(Duration::from_secs))
}

/// The limit that the last attempt of a visit missed, if it timed out.
pub(super) fn of_visit(execution: &Execution, visit: &Visit) -> Option<String> {
    let last = visit.attempts.last()?;
    let AttemptOutcome::Failed { at, failure: Some(failure), .. } = &last.outcome else { return None };
    if !failure.is(error_name::TIMEOUT) {
        return None;
    }
    let took = at.since(last.started_at);
    let name = &visit.name;
    let what = last.call.as_ref().map_or(String::new(), |call| format!(" to {}", call.resource));
    let (timeout, heartbeat) = limits_of(execution, last);
    Some(match (timeout, heartbeat) {
        (Some(limit), _) if took >= limit => format!(
            "`{name}` gives the call{what} {} (TimeoutSeconds), and there was no answer by then: either the limit is too \
             short or the answer comes too late",
            span(limit)
        ),
        (_, Some(limit)) => format!(
            "`{name}` heard no heartbeat of the call{what} for {} (HeartbeatSeconds): whoever works on it has to call \
             SendTaskHeartbeat more often",
            span(limit)
        ),
        (..) => return None,
    })
}

/// The limit that the execution as a whole missed.
pub(super) fn of_execution(execution: &Execution, written: Option<&Written>) -> Option<String> {
    if execution.status() != ExecutionStatus::TimedOut {
        return None;
    }
    let limit = written.and_then(|written| written.root.get("TimeoutSeconds")).and_then(Json::as_i64);
    let limit = limit.map_or(String::new(), |seconds| {
        format!(" of {}", span(Duration::from_secs(seconds.unsigned_abs())))
    });
    let open = open_states(execution)?;
    let since = execution.visits.iter().last().and_then(|last| event(execution, last.entered));
    let since = since.map_or(String::new(), |event| {
        format!(", last entered at +{}", span(event.timestamp.since(execution.record.start_date)))
    });
    Some(format!("TimeoutSeconds{limit} of the whole state machine passed while it was in {open}{since}"))
}

fn event(execution: &Execution, id: u64) -> Option<&HistoryEvent> {
    execution.record.events.iter().find(|event| event.id == id)
}
