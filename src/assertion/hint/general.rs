//! Which hints go with which mismatch.

use std::sync::Arc;

use crate::assertion::Execution;
use crate::assertion::history::{Attempt, StateKind, Visit, VisitEnd};
use crate::assertion::matcher::Mismatch;
use crate::assertion::wording::listed;
use crate::model::failure::error_name;
use crate::model::{ExecutionStatus, MapRunStatus};

use super::choosing::Decision;
use super::unvisited::next_state;
use super::written::Written;
use super::{arriving, failing, handling, timing, unvisited, values, waiting};

/// More hints than these are noise.
const MOST: usize = 6;
/// So many caught errors, and so many doubtful choices, are told of.
const MOST_OF_A_KIND: usize = 2;

/// All hints of a mismatch: its own first, then what is known of the end of the execution, of the value that differs,
/// and of what happened on the way.
pub(crate) fn of_mismatch(execution: &Execution, mismatch: &Mismatch) -> Vec<String> {
    let written = Written::of(execution);
    let written = written.as_ref();
    let mut hints = mismatch.hints.clone();
    hints.extend(not_mocked(execution));
    hints.extend(failing::of(execution, written));
    hints.extend(timing::of_execution(execution, written));
    hints.extend(stopped(execution));
    if execution.status() == ExecutionStatus::Running {
        hints.extend(waiting::of(execution, written));
    }
    if let (Some(compared), Some(event)) = (&mismatch.compared, mismatch.guilty.first()) {
        hints.extend(values::of(execution, written, (compared, *event)));
    }
    hints.extend(written.and_then(|written| arriving::of_entry(execution, written, mismatch)));
    let on_the_way = written.map(|written| on_the_way(execution, written, &hints));
    hints.extend(on_the_way.unwrap_or_default());
    hints.extend(tolerated(execution));
    hints.extend(written.into_iter().flat_map(|written| {
        arriving::of_retries(execution, written).take(MOST_OF_A_KIND).collect::<Vec<_>>()
    }));
    let mut told: Vec<String> = Vec::new();
    for hint in hints {
        if !told.iter().any(|earlier| earlier.contains(&hint)) {
            told.push(hint);
        }
    }
    told.truncate(MOST);
    told
}

/// The events that tell of what went wrong, where the assertion itself blames none: failures that were caught and where
/// they led, states that wait, choices that compare values of different types.
pub(crate) fn culprits(execution: &Execution) -> Vec<u64> {
    let written = Written::of(execution);
    let doubtful = |visit: &Visit| {
        let decision = written.as_ref().and_then(|written| Decision::of(execution, written, visit));
        decision.is_some_and(|decision| decision.of_other_type().is_some())
    };
    let blamed = |visit: &Visit| {
        let last = visit.attempts.last();
        let exit = if let VisitEnd::Exited { event, .. } = visit.end { Some(event) } else { None };
        let failed = last.and_then(Attempt::failed_event);
        let is_waiting =
            execution.status() == ExecutionStatus::Running && matches!(visit.end, VisitEnd::Open);
        match visit.caught() {
            Some(_) => [failed, exit],
            None if is_waiting => [Some(last.map_or(visit.entered, |attempt| attempt.event)), None],
            None => [doubtful(visit).then_some(visit.entered), None],
        }
    };
    execution.visits.iter().flat_map(blamed).flatten().collect()
}

/// The mock that the execution failed for want of.
fn not_mocked(execution: &Execution) -> Option<String> {
    if execution.error() != Some(error_name::NOT_MOCKED) {
        return None;
    }
    let is_culprit = |visit: &&Visit| {
        visit.kind == StateKind::Task
            && visit.failure.as_ref().is_some_and(|failure| failure.is(error_name::NOT_MOCKED))
    };
    let visit = execution.visits.iter().find(is_culprit)?;
    Some(format!("nobody mocked the task, write: sfn.on_state(\"{}\").returns(json!({{…}}));", visit.name))
}

/// Where the execution was when somebody stopped it.
fn stopped(execution: &Execution) -> Option<String> {
    if execution.status() != ExecutionStatus::Aborted {
        return None;
    }
    let open = waiting::open_states(execution)?;
    let said = if execution.error().is_none() && execution.cause().is_none() {
        ", without an error or cause"
    } else {
        ""
    };
    Some(format!("somebody called StopExecution{said} while it was in {open}"))
}

/// Errors that were caught, and choices that compare values of different types.
fn on_the_way(execution: &Execution, written: &Written, told: &[String]) -> Vec<String> {
    let caught = |visit: &Visit| {
        let retries_are_told = told.iter().any(|hint| hint.starts_with(&not_retried(&visit.name)));
        let story = match (&written.state(&visit.name)?.json, visit.caught()?) {
            (state, caught) if retries_are_told => handling::catch_story(state, visit, caught)?,
            (state, caught) => handling::story(state, visit, caught)?,
        };
        Some(timing::of_visit(execution, visit).into_iter().chain([story]))
    };
    let doubtful = |visit: &Visit| {
        let decision = Decision::of(execution, written, visit)?;
        decision.of_other_type()?;
        Some(decision.told(Some(&next_state(execution, visit)?)))
    };
    let caught = execution.visits.iter().filter_map(caught).take(MOST_OF_A_KIND);
    caught.flatten().chain(execution.visits.iter().filter_map(doubtful).take(MOST_OF_A_KIND)).collect()
}

/// Items that failed in a Map Run that succeeded all the same.
fn tolerated(execution: &Execution) -> Vec<String> {
    let runs = execution.record.map_runs.iter();
    let with_failures = runs.filter(|run| run.status == MapRunStatus::Succeeded && run.items.failed > 0);
    with_failures
        .map(|run| {
            format!(
                "the Map Run `{}` succeeded although {} of its {} items failed: its tolerated failures allow that, and \
                 the output has only the others",
                run.label, run.items.failed, run.items.total
            )
        })
        .collect()
}

/// For a state that was never entered: whether it is only misspelt, and where the path led elsewhere.
pub(crate) fn of_unknown_state(execution: &Execution, name: &str) -> Vec<String> {
    unvisited::of(execution, Written::of(execution).as_ref(), name).into_iter().collect()
}

fn not_retried(state: &str) -> String {
    format!("`{state}` was not retried after")
}

/// For fewer attempts than expected: why the last one was not retried.
pub(crate) fn of_missing_retry(execution: &Execution, visit: &Visit, expected: usize) -> Option<String> {
    let last = visit.attempts.last().filter(|attempt| attempt.has_failed())?;
    let name = &visit.name;
    let failure = last.failure()?;
    let error = failure.error.as_deref()?;
    let needed = expected.saturating_sub(1);
    let written = Written::of(execution);
    let state = written.as_ref().and_then(|written| written.state(name));
    Some(match (error, state) {
        (error_name::NOT_MOCKED, _) => return None,
        (error_name::RUNTIME, _) => "no Retry matches States.Runtime, not even with States.ALL".to_owned(),
        (_, Some(state)) => {
            let why = handling::why_not_retried(&state.json, visit, failure);
            format!("{} `{error}`: {why}", not_retried(name))
        }
        (error_name::TIMEOUT, None) => format!(
            "`{name}` was not retried after `{error}`: does a Retry have it in ErrorEquals \
             (States.TaskFailed does not match it), with MaxAttempts of {needed} or more?"
        ),
        (_, None) => format!(
            "`{name}` was not retried after `{error}`: does a Retry have this very name in ErrorEquals, \
             with MaxAttempts of {needed} or more?"
        ),
    })
}

/// For a state that was tried and left, but is expected to have caught an error: which errors it saw.
pub(crate) fn of_errors_seen(visits: &[&Visit]) -> Option<String> {
    let mut errors: Vec<Arc<str>> = Vec::new();
    for failure in visits.iter().flat_map(|visit| &visit.attempts).filter_map(|attempt| attempt.failure()) {
        errors.extend(
            failure.error.iter().filter(|error| !errors.contains(error)).cloned().collect::<Vec<_>>(),
        );
    }
    (!errors.is_empty()).then(|| format!("the errors it saw: {}", listed(&errors)))
}
