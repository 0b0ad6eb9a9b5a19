//! What the execution returned.

use super::Execution;
use super::history::Role;
use super::matcher::{Matcher, Mismatch};
use super::payload::{ExpectedJson, Payload};
use super::status::at_the_end;
use crate::model::ExecutionStatus;

/// SUCCEEDED with this output.
pub(crate) struct Outputs(pub(crate) ExpectedJson);

impl Matcher for Outputs {
    fn describes(&self) -> String {
        format!("output {}", self.0.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let Some(output) = &execution.record.output else {
            return Some(at_the_end(execution).hint(hint(execution)));
        };
        let events = &execution.record.events;
        let end = events.iter().rev().find(|event| Role::from(event.event_type) == Role::ExecutionEnded);
        let event = end.map_or(0, |event| event.id);
        self.0.explain("output", &[Payload { text: output.to_text().into(), event }])
    }
}

fn hint(execution: &Execution) -> Option<String> {
    let assertion = match (execution.status(), execution.error()) {
        (ExecutionStatus::Failed, Some(error)) => format!("failed_with(\"{error}\")"),
        (ExecutionStatus::Failed, None) => "failed()".to_owned(),
        (ExecutionStatus::TimedOut, _) => "timed_out()".to_owned(),
        (ExecutionStatus::Aborted, _) => "aborted()".to_owned(),
        (ExecutionStatus::Running | ExecutionStatus::Succeeded, _) => return None,
    };
    Some(format!(
        "only a SUCCEEDED execution has an output; if this end is the right one, assert `.{assertion}`"
    ))
}
