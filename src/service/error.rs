//! The refusals that several operations share, worded as AWS words them.

use std::fmt::Display;

use crate::asl::diagnostic::DefinitionError;
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json};

pub(super) fn state_machine_does_not_exist(arn: &str) -> ApiError {
    named(ApiErrorKind::StateMachineDoesNotExist, "State Machine Does Not Exist", arn)
}

pub(super) fn state_machine_already_exists(arn: &str) -> ApiError {
    named(ApiErrorKind::StateMachineAlreadyExists, "State Machine Already Exists", arn)
}

pub(super) fn state_machine_deleting(arn: &str) -> ApiError {
    named(ApiErrorKind::StateMachineDeleting, "State Machine Deleting", arn)
}

pub(super) fn state_machine_limit_exceeded(limit: usize) -> ApiError {
    named(ApiErrorKind::StateMachineLimitExceeded, "State Machine Limit Exceeded", limit)
}

pub(super) fn execution_does_not_exist(arn: &str) -> ApiError {
    named(ApiErrorKind::ExecutionDoesNotExist, "Execution Does Not Exist", arn)
}

pub(super) fn execution_already_exists(arn: &str) -> ApiError {
    named(ApiErrorKind::ExecutionAlreadyExists, "Execution Already Exists", arn)
}

pub(super) fn execution_limit_exceeded(limit: usize) -> ApiError {
    named(ApiErrorKind::ExecutionLimitExceeded, "Execution Limit Exceeded", limit)
}

pub(super) fn execution_not_redrivable(why: &str) -> ApiError {
    ApiError::new(ApiErrorKind::ExecutionNotRedrivable, why)
}

pub(super) fn invalid_name(name: &str) -> ApiError {
    named(ApiErrorKind::InvalidName, "Invalid Name", name)
}

pub(super) fn invalid_execution_input(why: impl Display) -> ApiError {
    named(ApiErrorKind::InvalidExecutionInput, "Invalid State Machine Execution Input", why)
}

pub(super) fn activity_does_not_exist(arn: &str) -> ApiError {
    named(ApiErrorKind::ActivityDoesNotExist, "Activity Does Not Exist", arn)
}

pub(super) fn activity_already_exists(arn: &str) -> ApiError {
    named(ApiErrorKind::ActivityAlreadyExists, "Activity Already Exists", arn)
}

pub(super) fn activity_limit_exceeded(limit: usize) -> ApiError {
    named(ApiErrorKind::ActivityLimitExceeded, "Activity Limit Exceeded", limit)
}

pub(super) fn activity_worker_limit_exceeded() -> ApiError {
    ApiError::new(
        ApiErrorKind::ActivityWorkerLimitExceeded,
        "The maximum number of workers concurrently polling for activity tasks has been reached.",
    )
}

pub(super) fn task_timed_out() -> ApiError {
    named(ApiErrorKind::TaskTimedOut, "Task Timed Out", "Provided task does not exist anymore")
}

pub(super) fn task_does_not_exist(activity_arn: &str) -> ApiError {
    named(ApiErrorKind::TaskDoesNotExist, "Task Does Not Exist", activity_arn)
}

pub(super) fn invalid_output(why: impl Display) -> ApiError {
    named(ApiErrorKind::InvalidOutput, "Invalid Output", why)
}

pub(super) fn invalid_token() -> ApiError {
    named(ApiErrorKind::InvalidToken, "Invalid Token", "Invalid token")
}

/// Something that an ARN names and that is neither a state machine nor an execution.
pub(super) fn resource_not_found(arn: &str) -> ApiError {
    named(ApiErrorKind::ResourceNotFound, "Resource not found", arn).with("resourceName", arn)
}

/// An alias, or a version that an alias shall lead to.
pub(super) fn missing_reference() -> ApiError {
    ApiError::new(ApiErrorKind::ResourceNotFound, "Request references a resource that does not exist.")
}

pub(super) fn quota_exceeded(what: &str, limit: usize) -> ApiError {
    ApiError::new(
        ApiErrorKind::ServiceQuotaExceededException,
        format!("The state machine has reached the maximum number of {what} ({limit})"),
    )
}

pub(super) fn conflict(message: impl Into<String>) -> ApiError {
    ApiError::new(ApiErrorKind::ConflictException, message)
}

pub(super) fn too_many_tags(arn: &str) -> ApiError {
    named(ApiErrorKind::TooManyTags, "Too Many Tags", arn).with("resourceName", arn)
}

pub(super) fn type_not_supported() -> ApiError {
    ApiError::new(
        ApiErrorKind::StateMachineTypeNotSupported,
        "This operation is not supported by this type of state machine",
    )
}

/// The service's own `ValidationException`; those of the model's constraints come from `constraint`.
pub(super) fn validation(message: impl Into<String>) -> ApiError {
    ApiError::new(ApiErrorKind::ValidationException, message)
}

/// As of a constraint that the model does not write down: not every operation has a `ValidationException` of its own.
pub(super) fn violation(message: impl Into<String>) -> ApiError {
    ApiError::new(ApiErrorKind::ConstraintViolation, message)
}

/// A call that takes no ARN of a Distributed Map state.
pub(super) fn labelled_arn(arn: &str) -> ApiError {
    validation(format!("This operation does not support state machine ARNs with a label: '{arn}'"))
        .with("reason", "API_DOES_NOT_SUPPORT_LABELED_ARNS")
}

/// A call that takes neither versions nor aliases.
pub(super) fn qualified_arn(arn: &str) -> ApiError {
    validation(format!("This operation does not support qualified state machine ARNs: '{arn}'"))
}

pub(super) fn definition(error: &DefinitionError) -> ApiError {
    match error {
        DefinitionError::Invalid(diagnostics) => {
            let all: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
            named(ApiErrorKind::InvalidDefinition, "Invalid State Machine Definition", all.join(", "))
        }
        DefinitionError::NeedsFeature { feature, location } => ApiError::new(
            ApiErrorKind::NotEmulated,
            format!(
                "sfn-testkit was built without what {location} of the definition needs: turn it on with `cargo add --dev sfn-testkit --features {feature}`"
            ),
        ),
        DefinitionError::NotEmulated { feature, location } => {
            let why = ApiError::not_emulated(feature).message;
            ApiError::new(ApiErrorKind::NotEmulated, format!("{why}: {location} of the definition needs it"))
        }
    }
}

fn named(kind: ApiErrorKind, what: &str, which: impl Display) -> ApiError {
    ApiError::new(kind, format!("{what}: '{which}'"))
}

/// The body of an operation that answers nothing.
pub(super) fn nothing() -> Json {
    Json::empty_object()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::diagnostic::{Diagnostic, DiagnosticCode};

    #[test]
    fn several_diagnostics_are_joined_in_one_message() {
        let diagnostic = |message: &str, location: &str| Diagnostic {
            code: DiagnosticCode::SchemaValidationFailed,
            message: message.into(),
            location: Some(location.into()),
        };
        let error = DefinitionError::Invalid(vec![
            diagnostic("These fields are required: [States]", "/"),
            diagnostic("Value cannot be empty", "/StartAt"),
        ]);
        assert_eq!(
            definition(&error).message,
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /, SCHEMA_VALIDATION_FAILED: Value cannot be empty at /StartAt'"
        );
    }

    #[test]
    fn what_another_build_would_run_is_told_with_the_command_for_that() {
        let needed = DefinitionError::NeedsFeature { feature: "jsonata", location: "/QueryLanguage".into() };
        assert_eq!(
            definition(&needed).message,
            "sfn-testkit was built without what /QueryLanguage of the definition needs: turn it on with `cargo add --dev sfn-testkit --features jsonata`"
        );
    }

    #[test]
    fn what_is_not_emulated_is_told_with_its_place() {
        let error =
            DefinitionError::NotEmulated { feature: "Distributed Map".into(), location: "/States/M".into() };
        assert_eq!(
            definition(&error).message,
            "sfn-testkit does not emulate Distributed Map yet: /States/M of the definition needs it"
        );
    }
}
