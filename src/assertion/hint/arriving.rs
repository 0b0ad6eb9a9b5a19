//! How an execution came to a state that the assertion blames, and where its time went.

use std::time::Duration;

use crate::assertion::Execution;
use crate::assertion::history::{Place, Visit, VisitEnd};
use crate::assertion::matcher::Mismatch;
use crate::assertion::wording::span;
use crate::model::{HistoryEvent, Timestamp};

use super::choosing::Decision;
use super::handling;
use super::written::Written;

/// So many states are told of with their time.
const SLOWEST: usize = 3;

/// Of the first state that an assertion blames for being entered: the choice that led there.
pub(super) fn of_entry(execution: &Execution, written: &Written, mismatch: &Mismatch) -> Option<String> {
    if mismatch.compared.is_some() {
        return None; // It is about a value.
    }
    let blamed = mismatch.guilty.first()?;
    // A state that failed is blamed for that, not for being entered.
    let is_blamed = |visit: &&Visit| visit.entered == *blamed && visit.failure.is_none();
    let visit = execution.visits.iter().find(is_blamed)?;
    let entry = event(execution, visit.entered)?;
    let before = event(execution, entry.previous_event_id)?;
    let source = execution.visits.owner(before).and_then(|id| execution.visits.get(id))?;
    Decision::of(execution, written, source).map(|decision| decision.told(Some(&visit.name)))
}

/// Of states that were retried and then went well: nothing else tells why they took several attempts.
pub(super) fn of_retries<'e>(
    execution: &'e Execution,
    written: &'e Written,
) -> impl Iterator<Item = String> + use<'e> {
    let went_well = |visit: &&Visit| {
        let left = matches!(visit.end, VisitEnd::Exited { .. });
        left && visit.attempts.len() > 1 && visit.caught().is_none()
    };
    execution.visits.iter().filter(went_well).filter_map(move |visit| {
        let retried = handling::retries(&written.state(&visit.name)?.json, visit)?;
        Some(format!("`{}` {retried}, and then went well", visit.name))
    })
}

/// The states at the top in which most of the time passed.
pub(crate) fn of_time(execution: &Execution) -> Option<String> {
    let end =
        execution.record.stop_date.or_else(|| execution.record.events.last().map(|event| event.timestamp))?;
    let took = |visit: &Visit| -> Option<Duration> {
        let entered = event(execution, visit.entered)?.timestamp;
        let left: Timestamp = match visit.end {
            VisitEnd::Exited { event: left, .. } => event(execution, left)?.timestamp,
            VisitEnd::Open | VisitEnd::Aborted => end,
        };
        Some(left.since(entered)).filter(|span| !span.is_zero())
    };
    let at_top = execution.visits.iter().filter(|visit| visit.place == Place::Top);
    let mut slow: Vec<_> = at_top.filter_map(|visit| Some((visit, took(visit)?))).collect();
    slow.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
    let told: Vec<String> = slow
        .iter()
        .take(SLOWEST)
        .map(|(visit, took)| format!("{} in `{}` ({})", span(*took), visit.name, visit.kind.as_str()))
        .collect();
    (!told.is_empty()).then(|| format!("the time passed: {}", told.join(", ")))
}

fn event(execution: &Execution, id: u64) -> Option<&HistoryEvent> {
    execution.record.events.iter().find(|event| event.id == id)
}
