//! What an execution did not make up itself: all else in its payloads is fresh each time.

use std::sync::Arc;

use crate::assertion::Execution;
use crate::assertion::history::{Role, details};
use crate::model::{ExecutionRecord, HistoryEvent};

/// The texts that an execution was given.
pub(super) struct Known<'r> {
    definition: &'r str,
    recorded: &'r ExecutionRecord,
    now: &'r ExecutionRecord,
}

impl<'r> Known<'r> {
    pub(super) const fn new(definition: &'r str, recorded: &'r Execution, now: &'r Execution) -> Self {
        Self { definition, recorded: recorded.record(), now: now.record() }
    }

    /// The length of the execution's ARN or name at the beginning of a text, where the recorded one had others.
    pub(super) fn own_names(&self, text: &str) -> Option<usize> {
        let differs = |now: &str, recorded: &str| now != recorded && text.starts_with(now);
        if differs(&self.now.arn, &self.recorded.arn) {
            return Some(self.now.arn.len());
        }
        differs(&self.now.name, &self.recorded.name).then_some(self.now.name.len())
    }

    /// The length of a UUID at the beginning of a text that the execution was not given.
    pub(super) fn fresh_uuid(&self, text: &str) -> Option<usize> {
        let uuid = uuid_at_start(text)?;
        (!self.was_given(uuid)).then_some(uuid.len())
    }

    fn was_given(&self, text: &str) -> bool {
        let has = |payload: Option<&Arc<str>>| payload.is_some_and(|payload| payload.contains(text));
        let gave = |event: &HistoryEvent| {
            let role = Role::from(event.event_type);
            let cause = || details::failure(event).and_then(|failure| failure.cause.as_ref());
            (matches!(role, Role::WorkSucceeded | Role::WorkSubmitted) && has(details::output(event)))
                || (role == Role::WorkFailed && has(cause()))
                || (role == Role::ExecutionStarted && has(event.details.payload()))
        };
        self.definition.contains(text) || self.recorded.events.iter().any(gave)
    }
}

fn uuid_at_start(text: &str) -> Option<&str> {
    const LENGTH: usize = 36;
    let candidate = text.get(..LENGTH)?;
    let fits = candidate.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    fits.then_some(candidate)
}
