//! What an execution did not make up itself: all else in its payloads is fresh each time.

use crate::assertion::Execution;
use crate::assertion::history::{Role, details};
use crate::model::ExecutionRecord;

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
        let in_results = || {
            self.recorded.events.iter().any(|event| match Role::from(event.event_type) {
                Role::WorkSucceeded | Role::WorkSubmitted => {
                    details::output(event).is_some_and(|output| output.contains(text))
                }
                Role::WorkFailed => details::failure(event)
                    .is_some_and(|failure| failure.cause.as_ref().is_some_and(|cause| cause.contains(text))),
                Role::ExecutionStarted => event.details.payload().is_some_and(|input| input.contains(text)),
                _ => false,
            })
        };
        self.definition.contains(text) || in_results()
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
