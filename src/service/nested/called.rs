//! Which operation a task calls, and with what input.

use crate::asl::resource::{IntegrationPattern, Resource, ResourceKind};
use crate::model::{Failure, Json, Operation};
use crate::service::constraint;

/// A call of Step Functions, as a task makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Called {
    pub(super) operation: Operation,
    pub(super) pattern: IntegrationPattern,
    pub(super) by: CalledBy,
}

/// Errors and results look different.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CalledBy {
    /// `states:startExecution`
    Optimized,
    /// `aws-sdk:sfn:…`
    Sdk,
}

/// Whether the task calls Step Functions itself, so that the account can do it.
pub(crate) fn calls_account(resource: &Resource) -> bool {
    Called::of(resource).is_some()
}

impl Called {
    pub(super) fn of(resource: &Resource) -> Option<Self> {
        let ResourceKind::Integration { service, action, pattern } = &resource.kind else {
            return None;
        };
        let by = match &**service {
            "states" => CalledBy::Optimized,
            "aws-sdk:sfn" => CalledBy::Sdk,
            _ => return None,
        };
        Some(Self { operation: Operation::from_action(action)?, pattern: *pattern, by })
    }

    /// Whether a new execution may come of it.
    pub(super) const fn starts_execution(self) -> bool {
        matches!(self.operation, Operation::StartExecution | Operation::StartSyncExecution)
    }

    /// Whether the task ends only when the execution that it starts does.
    pub(super) const fn waits_for_execution(self) -> bool {
        matches!(self.operation, Operation::StartSyncExecution)
            || matches!(self.pattern, IntegrationPattern::Sync | IntegrationPattern::Sync2)
    }

    /// The input of the operation; the task cannot be started with parameters that it does not know.
    pub(super) fn input(self, parameters: &Json) -> Result<Json, Failure> {
        constraint::input_of_parameters(self.operation, parameters).map_err(|problems| {
            Failure::runtime(format!(
                "The Parameters '{}' could not be used to start the Task: [{}]",
                parameters.compacted(),
                problems.join(", ")
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(arn: &str) -> Option<Called> {
        Called::of(&Resource::parse(arn).unwrap())
    }

    #[test]
    fn only_step_functions_is_called() {
        let sync2 = called("arn:aws:states:::states:startExecution.sync:2").unwrap();
        assert_eq!(
            (sync2.operation, sync2.pattern, sync2.by),
            (Operation::StartExecution, IntegrationPattern::Sync2, CalledBy::Optimized)
        );
        let sdk = called("arn:aws:states:::aws-sdk:sfn:describeExecution").unwrap();
        assert_eq!((sdk.operation, sdk.by), (Operation::DescribeExecution, CalledBy::Sdk));
        for other in ["arn:aws:states:::sqs:sendMessage", "arn:aws:lambda:us-east-1:123456789012:function:f"]
        {
            assert_eq!(called(other), None, "{other}");
        }
    }

    #[track_caller]
    fn check(operation: Operation, parameters: &str, expected: &str) {
        let called =
            Called { operation, pattern: IntegrationPattern::RequestResponse, by: CalledBy::Optimized };
        let found = match called.input(&Json::parse(parameters).unwrap()) {
            Ok(input) => input.to_text(),
            Err(failure) => failure.cause.unwrap().to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn names_are_lowered_nulls_left_out_and_objects_written_as_text_where_text_is_wanted() {
        check(
            Operation::StartExecution,
            r#"{"StateMachineArn": "m", "Input": {"a": [1, 2]}, "Name": null}"#,
            r#"{"stateMachineArn":"m","input":"{\"a\":[1,2]}"}"#,
        );
        check(
            Operation::SendTaskSuccess,
            r#"{"TaskToken":"t","Output":7}"#,
            r#"{"taskToken":"t","output":"7"}"#,
        );
        check(
            Operation::TagResource,
            r#"{"ResourceArn":"m","Tags":[{"Key":"k","Value":"v"}]}"#,
            r#"{"resourceArn":"m","tags":[{"key":"k","value":"v"}]}"#,
        );
    }

    #[test]
    fn what_the_operation_does_not_know_or_needs_stops_the_task() {
        check(
            Operation::StartExecution,
            r#"{"stateMachineArn":"m","Tags":[]}"#,
            "The Parameters '{\"stateMachineArn\":\"m\",\"Tags\":[]}' could not be used to start the Task: \
             [The field \"stateMachineArn\" is not supported by Step Functions, \
             The field \"Tags\" is not supported by Step Functions, \
             The field 'StateMachineArn' is required but was missing]",
        );
        check(
            Operation::StartExecution,
            r#"{"StateMachineArn":7}"#,
            "The Parameters '{\"StateMachineArn\":7}' could not be used to start the Task: \
             [The value for the field 'StateMachineArn' must be a STRING]",
        );
    }
}
