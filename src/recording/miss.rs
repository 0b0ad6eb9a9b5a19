//! A call that a cassette has no answer for, told so that one can see why.

use std::fmt;

use crate::assertion::diff;
use crate::model::{Json, Operation};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Miss {
    pub(super) operation: Operation,
    pub(super) reason: String,
    /// The recorded call that looks most like this one, counted from 1, and how they differ.
    pub(super) nearest: Option<(usize, String)>,
    pub(super) is_early: bool,
}

impl Miss {
    /// Whether a worker asks for a task that is not due yet, or that was not recorded: Step Functions would hold the call
    /// for a minute, and then say that there is none ([`Answer::no_task`](super::Answer::no_task)).
    pub(crate) fn is_poll_without_task(&self) -> bool {
        self.operation == Operation::GetActivityTask && self.is_early
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, reason, .. } = self;
        write!(f, "the cassette has no answer for this {operation}: {reason}")?;
        if let Some((number, diff)) = &self.nearest {
            write!(f, "\nthe nearest recorded call is interaction {number}:\n{}", diff.trim_end())?;
        }
        Ok(())
    }
}

/// How a recorded request and the one that is asked differ, both opened.
pub(super) fn difference(recorded: &Json, asked: &Json) -> (usize, String) {
    let diff = diff::of_json(recorded, asked);
    let distance = diff::distance(diff.as_ref());
    let text =
        diff.unwrap_or_default().replacen("--- expected\n+++ actual\n", "--- recorded\n+++ asked for\n", 1);
    (distance, text)
}

/// Which members of a request are others than recorded, as a sentence.
pub(super) fn differing_members(recorded: &Json, asked: &Json) -> String {
    let members = |message: &Json| message.as_object().cloned().unwrap_or_default();
    let (recorded, asked) = (members(recorded), members(asked));
    let differing = recorded.iter().filter_map(|(key, value)| match asked.get(key) {
        Some(asked) if asked == value => None,
        Some(_) => Some(format!("`{key}` differs")),
        None => Some(format!("`{key}` is missing")),
    });
    let added =
        asked.keys().filter(|key| !recorded.contains_key(*key)).map(|key| format!("`{key}` was not there"));
    let all: Vec<String> = differing.chain(added).collect();
    if all.is_empty() { "the request differs".to_owned() } else { all.join(", ") }
}
