//! Single facts out of an event's details, whichever type the event has.

use std::sync::Arc;

use crate::model::{EventDetails, Failure, HistoryEvent};

/// The error and cause of an event that tells of a failure.
pub(crate) fn failure(event: &HistoryEvent) -> Option<&Failure> {
    if let EventDetails::Failed(failure)
    | EventDetails::TaskFailed { failure, .. }
    | EventDetails::EvaluationFailed { failure, .. } = &event.details
    {
        Some(failure)
    } else {
        None
    }
}

/// What a task or the execution returned, a JSON text.
pub(crate) fn output(event: &HistoryEvent) -> Option<&Arc<str>> {
    if let EventDetails::Output { output } | EventDetails::TaskOutput { output, .. } = &event.details {
        Some(output)
    } else {
        None
    }
}

/// The index of the iteration that an event speaks of.
pub(crate) fn iteration(event: &HistoryEvent) -> Option<usize> {
    if let EventDetails::MapIteration { index, .. } = &event.details { Some(*index) } else { None }
}

/// The state that an event names.
pub(crate) fn named_state(event: &HistoryEvent) -> Option<&Arc<str>> {
    if let EventDetails::StateEntered { name, .. }
    | EventDetails::StateExited { name, .. }
    | EventDetails::MapIteration { name, .. }
    | EventDetails::EvaluationFailed { state: name, .. } = &event.details
    {
        Some(name)
    } else {
        None
    }
}
