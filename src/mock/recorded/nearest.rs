//! What is recorded nearest to a call that has no recorded answer.

use super::call::RecordedCall;
use super::execution::RecordedExecution;
use crate::mock::call::Call;

/// Why no recorded call answers: a sentence without its full stop.
pub(super) fn told(execution: &RecordedExecution, call: &Call) -> String {
    let numbers = execution.of_state(&call.state).iter();
    let calls: Vec<&RecordedCall> = numbers.filter_map(|number| execution.calls.get(*number)).collect();
    let Some(nearest) = calls.iter().rev().max_by_key(|recorded| likeness(recorded, call)) else {
        let states: Vec<_> = execution.states().map(|state| format!("`{state}`")).collect();
        return match states.as_slice() {
            [] => "no call of any task is recorded".to_owned(),
            _ => format!("no call of state `{}` is recorded, only of {}", call.state, states.join(", ")),
        };
    };
    let (count, given) = match calls.len() {
        1 => ("1 call".to_owned(), "is recorded, and it has given its answer"),
        n => (format!("{n} calls"), "are recorded, and all have given their answers"),
    };
    format!(
        "{count} of state `{}` {given}; this is attempt {}{}; recorded nearest is {}",
        call.state,
        call.attempt(),
        call.place.suffix(),
        nearest.told()
    )
}

/// Of calls with the same likeness the first is nearest.
fn likeness(recorded: &RecordedCall, call: &Call) -> (bool, u64) {
    (recorded.place == call.place, recorded.attempt.min(call.retry_count))
}
