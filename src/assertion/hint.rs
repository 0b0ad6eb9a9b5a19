//! What to do next, where the history tells.

use std::sync::Arc;

use similar::get_close_matches;

use super::Execution;
use super::history::{StateKind, Visit};
use super::wording::listed;
use crate::model::ExecutionStatus;
use crate::model::failure::error_name;

/// How alike two names must be to be taken for each other: 1 is equal.
const ALIKE: f32 = 0.6;

/// Hints that go with whatever was expected of the execution.
pub(crate) fn of_execution(execution: &Execution) -> Vec<String> {
    let running = (execution.status() == ExecutionStatus::Running).then(|| {
        "the execution is still RUNNING: take it with `.finished().await` to assert on its end".to_owned()
    });
    running.into_iter().chain(not_mocked(execution)).collect()
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

/// For a state that was never entered: what was, and whether it is only misspelt.
pub(crate) fn of_unknown_state(execution: &Execution, name: &str) -> Vec<String> {
    let names = execution.state_names();
    let lower = name.to_lowercase();
    let lowered: Vec<_> = names.iter().map(|known| known.to_lowercase()).collect();
    let candidates: Vec<_> = lowered.iter().map(String::as_str).collect();
    let closest = get_close_matches(lower.as_str(), &candidates, 1, ALIKE).first().copied();
    let known = names.iter().find(|known| Some(known.to_lowercase().as_str()) == closest);
    known
        .map(|known| format!("there is a state of a similar name: did you mean `{known}`?"))
        .into_iter()
        .collect()
}

/// For fewer attempts than expected: why the last one was not retried.
pub(crate) fn of_missing_retry(visit: &Visit, expected: usize) -> Option<String> {
    let last = visit.attempts.last().filter(|attempt| attempt.has_failed())?;
    let name = &visit.name;
    let error = last.failure()?.error.as_deref()?;
    let needed = expected.saturating_sub(1);
    Some(match error {
        error_name::NOT_MOCKED => return None,
        error_name::RUNTIME => "no Retry matches States.Runtime, not even with States.ALL".to_owned(),
        error_name::TIMEOUT => format!(
            "`{name}` was not retried after `{error}`: does a Retry have it in ErrorEquals \
             (States.TaskFailed does not match it), with MaxAttempts of {needed} or more?"
        ),
        _ => format!(
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
