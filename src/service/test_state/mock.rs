//! The mock that a call of `TestState` brings: what the task, the branches or the iterations come to.

use super::subject::Subject;
use crate::asl::definition::StateKind;
use crate::asl::resource::ResourceKind;
use crate::model::{ApiError, Failure, Json};
use crate::service::call::Call;
use crate::service::error;
use crate::service::result_shape::{self, Expected, FieldValidation};

/// The mock of a call, before the state is known.
#[derive(Debug)]
pub(crate) struct Mock<'c> {
    answer: Answer<'c>,
    validation: FieldValidation,
}

#[derive(Debug)]
enum Answer<'c> {
    /// JSON text.
    Result(&'c str),
    Error(Failure),
}

/// A Map whose failed iterations are more than it tolerates.
pub(crate) const TOLERANCE_EXCEEDED: &str = "States.ExceedToleratedFailureThreshold";

impl<'c> Mock<'c> {
    pub(crate) fn read(call: &Call<'c>) -> Result<Option<Self>, ApiError> {
        let Some(mock) = call.member("mock") else { return Ok(None) };
        let text = |of: &'c Json, name: &str| of.get(name).and_then(Json::as_str);
        let error_output = mock.get("errorOutput").filter(|error| !error.is_null());
        let answer = match (text(mock, "result"), error_output) {
            (Some(result), None) => Answer::Result(result),
            (None, Some(output)) => Answer::Error(Failure {
                error: text(output, "error").map(Into::into),
                cause: text(output, "cause").map(Into::into),
            }),
            (Some(_), Some(_)) => {
                return Err(error::validation(
                    "A test mock should have only one of the following fields: [result, errorOutput].",
                ));
            }
            (None, None) => {
                return Err(error::validation(
                    "A test mock should have one of the following fields: [result, errorOutput].",
                ));
            }
        };
        let validation = match text(mock, "fieldValidationMode") {
            Some("PRESENT") => FieldValidation::Present,
            Some("NONE") => FieldValidation::None,
            Some(_) | None => FieldValidation::Strict,
        };
        Ok(Some(Self { answer, validation }))
    }

    /// What the state's work comes to, if AWS would take the mock for this state.
    pub(crate) fn outcome(
        self,
        subject: &Subject,
        failed_iterations: Option<u64>,
    ) -> Result<Result<Json, Failure>, ApiError> {
        let text = match self.answer {
            Answer::Result(text) => text,
            Answer::Error(failure) => return Ok(Err(failure)),
        };
        let result = Json::parse(text).map_err(|_| error::validation("Mocked result must be valid JSON"))?;
        let Some(state) = subject.state() else { return Ok(Ok(result)) };
        match &state.kind {
            StateKind::Parallel(parallel) => check_branches(parallel.branches.len(), &result)?,
            StateKind::Map(_) => check_map(subject, &result)?,
            StateKind::Task(task) => check_shape(&task.resource.kind, &result, self.validation)?,
            StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed
            | StateKind::Fail(_) => {}
        }
        match failed_iterations {
            Some(failed) => tolerated(subject, result, failed),
            None => Ok(Ok(result)),
        }
    }
}

fn array(result: &Json) -> Result<&[Json], ApiError> {
    result.as_array().ok_or_else(|| error::validation("Mocked result must be an array."))
}

fn check_branches(branches: usize, result: &Json) -> Result<(), ApiError> {
    if array(result)?.len() == branches {
        return Ok(());
    }
    Err(error::validation(
        "Mocked result must contain the same number of items as number of Parallel branches.",
    ))
}

/// A Map whose results are written elsewhere gives an object that says where.
fn check_map(subject: &Subject, result: &Json) -> Result<(), ApiError> {
    let writer = subject.written.get("ResultWriter").and_then(|writer| writer.get("Resource"));
    if writer.is_none() {
        return array(result).map(drop);
    }
    match result.as_object() {
        Some(_) => Ok(()),
        None => Err(error::validation("Mocked result must be a JSON object.")),
    }
}

fn check_shape(resource: &ResourceKind, result: &Json, validation: FieldValidation) -> Result<(), ApiError> {
    match result_shape::result_of(resource) {
        Expected::Shape(shape) => shape.check(result, validation).map_err(|mismatch| {
            error::validation(format!("Mock result schema validation error: {mismatch}"))
        }),
        Expected::Anything | Expected::Unknown => Ok(()),
    }
}

/// What becomes of a Map of whose iterations so many have failed.
fn tolerated(subject: &Subject, result: Json, failed: u64) -> Result<Result<Json, Failure>, ApiError> {
    let iterations = result.as_array().map(<[Json]>::len);
    if iterations.is_some_and(|iterations| failed > iterations as u64) {
        return Err(error::validation(
            "Map iteration failure count must be less than or equal to the number of Map iterations",
        ));
    }
    let count = tolerated_count(subject).is_some_and(|most| i64::try_from(failed).is_ok_and(|n| n > most));
    let share = failed_percentage(failed, iterations);
    let percentage = tolerated_percentage(subject).zip(share).is_some_and(|(most, share)| share > most);
    Ok(if count || percentage {
        Err(Failure::new(TOLERANCE_EXCEEDED, "The specified tolerated failure threshold was exceeded"))
    } else {
        Ok(result)
    })
}

#[expect(clippy::cast_precision_loss, reason = "iterations are far fewer than a double can count")]
fn failed_percentage(failed: u64, iterations: Option<usize>) -> Option<f64> {
    let iterations = iterations.filter(|iterations| *iterations > 0)?;
    Some(failed as f64 * 100.0 / iterations as f64)
}

/// `ToleratedFailureCount`, written out.
pub(crate) fn tolerated_count(subject: &Subject) -> Option<i64> {
    subject.written.get("ToleratedFailureCount").and_then(Json::as_i64)
}

/// `ToleratedFailurePercentage`, written out.
pub(crate) fn tolerated_percentage(subject: &Subject) -> Option<f64> {
    subject.written.get("ToleratedFailurePercentage").and_then(Json::as_f64)
}
