//! How the execution ended: its status, error and cause.

use super::Execution;
use super::history::Role;
use super::matcher::{Matcher, Mismatch};
use super::wording::end_of;
use crate::model::ExecutionStatus;

/// Ended (or goes on) with this status.
pub(crate) struct HasStatus(pub(crate) ExecutionStatus);

/// FAILED with this error name.
pub(crate) struct FailedWith(pub(crate) String);

/// FAILED with a cause that contains this text.
pub(crate) struct FailedBecause(pub(crate) String);

impl Matcher for HasStatus {
    fn describes(&self) -> String {
        match self.0 {
            ExecutionStatus::Running => "be running",
            ExecutionStatus::Succeeded => "succeed",
            ExecutionStatus::Failed => "fail",
            ExecutionStatus::TimedOut => "time out",
            ExecutionStatus::Aborted => "be aborted",
        }
        .to_owned()
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        if execution.status() == self.0 {
            return None;
        }
        let failed_by_timeout =
            self.0 == ExecutionStatus::TimedOut && execution.error() == Some("States.Timeout");
        let hint = failed_by_timeout.then_some(
            "a state timed out, which fails the execution; TIMED_OUT is for TimeoutSeconds of the whole state machine",
        );
        Some(at_the_end(execution).hint(hint.map(str::to_owned)))
    }
}

impl Matcher for FailedWith {
    fn describes(&self) -> String {
        format!("fail with error `{}`", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let fits =
            execution.status() == ExecutionStatus::Failed && execution.error() == Some(self.0.as_str());
        (!fits).then(|| at_the_end(execution))
    }
}

impl Matcher for FailedBecause {
    fn describes(&self) -> String {
        format!("fail with a cause that contains \"{}\"", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let fits = execution.status() == ExecutionStatus::Failed
            && execution.cause().is_some_and(|cause| cause.contains(&self.0));
        (!fits).then(|| at_the_end(execution))
    }
}

/// Blames the events that decided the end: the last one, and the one that its failure began with.
pub(crate) fn at_the_end(execution: &Execution) -> Mismatch {
    let events = &execution.record.events;
    let end = events.iter().rev().find(|event| Role::from(event.event_type) == Role::ExecutionEnded);
    let owner = execution.record.failure.as_ref().and(end).and_then(|end| execution.visits.owner(end));
    let failed = owner.and_then(|owner| execution.visits.source_of_failure(owner));
    Mismatch::new(end_of(execution)).guilty(end.map(|end| end.id)).guilty(failed)
}
