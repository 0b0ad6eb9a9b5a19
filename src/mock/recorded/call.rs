//! One recorded call of a task, and the answer that it gives again.

use std::sync::Arc;
use std::time::Duration;

use crate::mock::task_sequence::{Action, Answer, Job};
use crate::mock::text::inline_payload;
use crate::model::failure::error_name;
use crate::model::{Failure, Json, StatePlace, Timestamp};
use crate::service::task_call::{Heartbeats, TaskOutcome};

/// How much longer than recorded a task may stay open that had no answer. Transitions that take AWS some milliseconds
/// take none here, so that the two never run quite alike.
const GRACE: Duration = Duration::from_secs(60);

/// One attempt of one task.
#[derive(Debug, Clone)]
pub(super) struct RecordedCall {
    pub(super) state: Arc<str>,
    pub(super) place: StatePlace,
    /// Which visit of the state it belongs to in this place, from 0. A redrive begins a new one.
    pub(super) visit: usize,
    /// From 0, as `retry_count`.
    pub(super) attempt: u64,
    /// `sqs:sendMessage.waitForTaskToken`, or the ARN of a function or activity; empty if it was not even scheduled.
    pub(super) resource: String,
    /// `None` if it was not even scheduled.
    pub(super) input: Option<Json>,
    pub(super) scheduled_at: Timestamp,
    pub(super) limits: Limits,
    /// The response to the submission of a job.
    pub(super) submitted: Option<Json>,
    pub(super) end: End,
    /// From the scheduling to the end.
    pub(super) took: Duration,
}

/// The timeouts that the task had, in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) timeout: Option<u64>,
    pub(super) heartbeat: Option<u64>,
}

#[derive(Debug, Clone)]
pub(super) enum End {
    Succeeded(Json),
    Failed(Failure),
    TimedOut(Failure),
    /// The task was aborted, or is still open in the recording.
    Open,
}

impl RecordedCall {
    /// The answer for a task with or without a token.
    pub(super) fn answer(&self, has_token: bool) -> Answer {
        let job = if has_token { self.job() } else { Job::default() };
        let (after, outcome) = match &self.end {
            End::Succeeded(output) => (self.took, TaskOutcome::Succeeded(output.clone())),
            End::Failed(failure) => (self.took, TaskOutcome::Failed(failure.clone())),
            // Nobody knows whose timeout it was, if the task had none.
            End::TimedOut(failure) if self.limits.is_none() => {
                (self.took, TaskOutcome::Failed(failure.clone()))
            }
            End::TimedOut(_) | End::Open => {
                let after = self.took.saturating_add(GRACE);
                (after, TaskOutcome::Unanswerable(self.silence(after)))
            }
        };
        Answer { action: Action::Outcome(outcome), after, job }
    }

    fn job(&self) -> Job {
        Job {
            submits: self.submitted.clone(),
            heartbeats: self.limits.heartbeat.and_then(|every| self.signs(every)),
        }
    }

    /// Signs of life are in no history. As many as the task must have given: the last so long before it timed out, or
    /// any after which it ended in time.
    fn signs(&self, heartbeat_seconds: u64) -> Option<Heartbeats> {
        let limit = Duration::from_secs(heartbeat_seconds);
        let span = match &self.end {
            End::TimedOut(_) if self.limits.timeout.is_none() => self.took.saturating_sub(limit),
            End::Succeeded(_) | End::Failed(_) | End::TimedOut(_) | End::Open => self.took,
        };
        let count = u32::try_from(span.as_millis() / (limit.as_millis() / 2).max(1)).unwrap_or(u32::MAX);
        (count > 0).then(|| Heartbeats { count: u64::from(count), every: span / count })
    }

    /// What an execution fails with that waits for an answer nobody has recorded.
    fn silence(&self, after: Duration) -> Failure {
        let Self { state, took, .. } = self;
        let (took, after) = (took.as_secs_f64(), after.as_secs_f64());
        let why = if matches!(self.end, End::Open) { "was given up" } else { "timed out" };
        Failure::new(
            error_name::NOT_MOCKED,
            format!(
                "the recording has no answer to the task of state `{state}`: it {why} after {took} s, and here it is \
                 still open after {after} s; write: sfn.on_state({state:?}).returns(json!({{…}}));"
            ),
        )
    }

    /// How it was called and how it went, for people: attempt 1 in this place, called with that, which …
    pub(super) fn told(&self) -> String {
        let (attempt, place) = (self.attempt + 1, self.place.suffix());
        let with = self.input.as_ref().map(|input| format!(", called with {}", inline_payload(input)));
        let how = match &self.end {
            End::Succeeded(output) => format!("returned {}", inline_payload(output)),
            End::Failed(failure) => {
                format!("failed with {}", failure.error.as_deref().unwrap_or("no error name"))
            }
            End::TimedOut(_) => "timed out".to_owned(),
            End::Open => "had no answer".to_owned(),
        };
        format!("attempt {attempt}{place}{}, which {how}", with.unwrap_or_default())
    }
}

impl Limits {
    const fn is_none(self) -> bool {
        self.timeout.is_none() && self.heartbeat.is_none()
    }
}
