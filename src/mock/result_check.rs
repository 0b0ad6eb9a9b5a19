//! Whether AWS could answer a task as its mock does.

use std::time::Duration;

use super::core::Core;
use super::problem::Problem;
use super::task_registry::TaskMockEntry;
use super::text::{hang, inline_payload, payload};
use crate::model::{Failure, Json};
use crate::service::result_shape::{self, Expected, FieldValidation, Mismatch};
use crate::service::task_call::{TaskAnswer, TaskCall, TaskJob, TaskOutcome};

/// Error name of an execution whose task mock gave what the service never answers.
pub(super) const IMPOSSIBLE: &str = "SfnTestkit.ImpossibleTaskResult";

/// A result that the called service never gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ImpossibleResult {
    /// Who gave it, and the line of the test where it is written.
    giver: String,
    state: String,
    resource: String,
    mismatch: Mismatch,
    result: Json,
}

impl ImpossibleResult {
    /// What the execution fails with.
    fn to_failure(&self) -> Failure {
        let Self { giver, state, resource, mismatch, result } = self;
        let result = inline_payload(result);
        Failure::new(
            IMPOSSIBLE,
            format!(
                "{giver} answers the task of state `{state}` ({resource}) as AWS never does: {mismatch}, in {result}"
            ),
        )
    }

    pub(super) fn report(&self) -> String {
        let Self { giver, state, resource, mismatch, result } = self;
        let result = hang(&payload(result), "         ");
        format!(
            "{giver} answers the task of state `{state}` as AWS never does: {mismatch}\n  \
             calls: {resource}\n  \
             gives: {result}\n  \
             write: what the service answers, or `.unchecked()` behind the answer if it is meant so"
        )
    }

    pub(super) fn is_alike(&self, other: &Self) -> bool {
        (&self.giver, &self.state, &self.mismatch) == (&other.giver, &other.state, &other.mismatch)
    }
}

impl Core {
    /// The answer, unless AWS could not give it.
    pub(super) fn check_answer(
        &self,
        mock: Option<&TaskMockEntry>,
        task: &TaskCall,
        answer: TaskAnswer,
    ) -> TaskAnswer {
        match answer {
            TaskAnswer::Outcome { after, outcome } => {
                TaskAnswer::Outcome { after, outcome: self.check_outcome(mock, task, outcome) }
            }
            TaskAnswer::Job(job) => self.check_job(mock, task, *job),
            TaskAnswer::Later | TaskAnswer::ForWorkers | TaskAnswer::ForAccount(_) => answer,
        }
    }

    /// The same of a job: what the service says when it takes it on, and how it ends.
    fn check_job(&self, mock: Option<&TaskMockEntry>, task: &TaskCall, job: TaskJob) -> TaskAnswer {
        let submitted = self.check_outcome(mock, task, TaskOutcome::Submitted(job.submitted.clone()));
        if !matches!(submitted, TaskOutcome::Submitted(_)) {
            return TaskAnswer::Outcome { after: Duration::ZERO, outcome: submitted };
        }
        let end = job.end.map(|(after, outcome)| (after, self.check_outcome(mock, task, outcome)));
        TaskAnswer::Job(Box::new(TaskJob { end, ..job }))
    }

    /// The same of an outcome. `None` for `mock` is the mock config file.
    pub(super) fn check_outcome(
        &self,
        mock: Option<&TaskMockEntry>,
        task: &TaskCall,
        outcome: TaskOutcome,
    ) -> TaskOutcome {
        let validation = self.validation_of(mock);
        let (expected, result) = match &outcome {
            TaskOutcome::Succeeded(result) => (result_shape::result_of(&task.request.resource.kind), result),
            // An empty response stands for whatever the service says.
            TaskOutcome::Submitted(response) if *response != Json::empty_object() => {
                (result_shape::response_of(&task.request.resource.kind), response)
            }
            TaskOutcome::Submitted(_) | TaskOutcome::Failed(_) | TaskOutcome::Unanswerable(_) => {
                return outcome;
            }
        };
        let mismatch = match expected {
            Expected::Shape(shape) => shape.check_answer(result, validation).err(),
            Expected::Unknown if validation != FieldValidation::None => {
                self.lock().unchecked.insert(task.request.resource.arn.to_string());
                None
            }
            Expected::Unknown | Expected::Anything => None,
        };
        match mismatch {
            Some(mismatch) => self.impossible(mock, task, (mismatch, result.clone())),
            None => outcome,
        }
    }

    /// What the mock says of itself, else what the builder says; mock config files are not checked unless it does.
    fn validation_of(&self, mock: Option<&TaskMockEntry>) -> FieldValidation {
        let of_all = self.shared.mock_validation;
        match mock {
            Some(mock) => mock.sequence().validation().or(of_all).unwrap_or_default(),
            None => of_all.unwrap_or(FieldValidation::None),
        }
    }

    fn impossible(
        &self,
        mock: Option<&TaskMockEntry>,
        task: &TaskCall,
        (mismatch, result): (Mismatch, Json),
    ) -> TaskOutcome {
        let giver =
            mock.map_or_else(|| "the mock config file".to_owned(), |mock| format!("the task mock {mock}"));
        let impossible = ImpossibleResult {
            giver,
            state: task.request.state.to_string(),
            resource: task.request.resource.arn.to_string(),
            mismatch,
            result,
        };
        let failure = impossible.to_failure();
        self.lock().problems.note(Problem::Impossible(impossible));
        TaskOutcome::Unanswerable(failure)
    }
}
