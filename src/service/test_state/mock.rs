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
        check_failed_iterations(&result, failed_iterations)?;
        Ok(Ok(result))
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

fn check_failed_iterations(result: &Json, failed: Option<u64>) -> Result<(), ApiError> {
    let iterations = result.as_array().map(<[Json]>::len);
    if iterations.zip(failed).is_some_and(|(iterations, failed)| failed > iterations as u64) {
        return Err(error::validation(
            "Map iteration failure count must be less than or equal to the number of Map iterations",
        ));
    }
    Ok(())
}
