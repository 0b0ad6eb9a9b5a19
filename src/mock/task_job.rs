//! What `.submits(…)` and `.heartbeats(…)` add to the answer of a task mock.

use super::call::Call;
use super::task_sequence::Job;
use super::task_work::PanicMessage;
use crate::model::Json;
use crate::service::task_call::{TaskAnswer, TaskJob, TaskOutcome};

/// What shall be seen of a task before it ends.
pub(super) struct Seen {
    job: Job,
}

impl Seen {
    /// Only a task with a token is submitted and can give signs of life.
    pub(super) fn of(job: Job, call: &Call) -> Result<Self, PanicMessage> {
        let asked = match (&job.submits, &job.heartbeats) {
            (Some(_), _) => "submits",
            (None, Some(_)) => "heartbeats",
            (None, None) => return Ok(Self { job }),
        };
        match call.task_token {
            Some(_) => Ok(Self { job }),
            None => Err(format!(
                "`.{asked}(…)` is for jobs and callbacks: `{}` is neither; it would be `….sync` or \
                 `….waitForTaskToken`",
                call.resource
            )),
        }
    }

    pub(super) fn added_to(self, answer: TaskAnswer) -> Result<TaskAnswer, PanicMessage> {
        let Job { submits, heartbeats } = self.job;
        if submits.is_none() && heartbeats.is_none() {
            return Ok(answer);
        }
        let job = |response: Json, end| {
            let submitted = submits.unwrap_or(response);
            TaskAnswer::Job(Box::new(TaskJob { submitted, heartbeats, end }))
        };
        Ok(match answer {
            TaskAnswer::Outcome { after, outcome: TaskOutcome::Submitted(response) } => {
                if !after.is_zero() {
                    return Err(
                        "`.waits_for_token()` with `.submits(…)` or `.heartbeats(…)` begins at once: leave \
                                `.after(…)` out"
                            .to_owned(),
                    );
                }
                job(response, None)
            }
            TaskAnswer::Outcome { after, outcome } => job(Json::empty_object(), Some((after, outcome))),
            TaskAnswer::Later => job(Json::empty_object(), None),
            answer @ (TaskAnswer::Job(_) | TaskAnswer::ForWorkers | TaskAnswer::ForAccount(_)) => answer,
        })
    }
}
