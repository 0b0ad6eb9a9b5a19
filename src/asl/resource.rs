//! What a Task's `Resource` names: a Lambda function, an activity, or a service integration.

use std::sync::Arc;

use super::integrations;
use crate::model::{Operation, name};

/// A `Resource` ARN, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) arn: Arc<str>,
    pub(crate) kind: ResourceKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    /// `arn:aws:lambda:…:function:…`: the legacy form, with `LambdaFunction` events.
    LambdaFunction,
    /// `arn:aws:states:…:activity:…`
    Activity,
    /// `arn:aws:states:::sqs:sendMessage.waitForTaskToken`, `arn:aws:states:::aws-sdk:s3:getObject`
    Integration {
        /// `sqs`, `aws-sdk:s3`: the `resourceType` of the events.
        service: Arc<str>,
        /// `sendMessage`, without the suffix.
        action: Arc<str>,
        pattern: IntegrationPattern,
    },
}

/// How a Task waits for the service it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IntegrationPattern {
    RequestResponse,
    /// `.sync`: until the job ends.
    Sync,
    /// `.sync:2`: the same, with JSON output.
    Sync2,
    /// `.waitForTaskToken`: until somebody sends the token back.
    WaitForTaskToken,
}

impl IntegrationPattern {
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::RequestResponse => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        }
    }
}

impl Resource {
    /// `None` for what AWS does not recognize. Optimized integrations must exist, and operations of `aws-sdk:sfn`; of
    /// the other `aws-sdk` services only the form is checked, since they are not listed here.
    pub(crate) fn parse(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let [Some("arn"), Some(partition), Some(service), Some(region), Some(account), Some(rest)] =
            [(); 6].map(|()| parts.next())
        else {
            return None;
        };
        if !partition.starts_with("aws") {
            return None;
        }
        let kind = match service {
            "lambda" => is_function(rest).then_some(ResourceKind::LambdaFunction)?,
            "states" => match rest.strip_prefix("activity:") {
                Some(name) => {
                    let has_place = !region.is_empty() && !account.is_empty();
                    (has_place && name::is_valid(name)).then_some(ResourceKind::Activity)?
                }
                None => integration(rest)?,
            },
            _ => return None,
        };
        Some(Self { arn: arn.into(), kind })
    }
}

/// `function:name`, `function:name:version`, `function:name:alias`.
fn is_function(resource: &str) -> bool {
    let is_name = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let mut parts = resource.split(':');
    let (function, name, qualifier) = (parts.next(), parts.next(), parts.next());
    function == Some("function")
        && name.is_some_and(is_name)
        && qualifier.is_none_or(|qualifier| qualifier == "$LATEST" || is_name(qualifier))
        && parts.next().is_none()
}

/// `sqs:sendMessage.waitForTaskToken`, `aws-sdk:s3:getObject`.
fn integration(resource: &str) -> Option<ResourceKind> {
    let (call, pattern) = [
        IntegrationPattern::Sync2,
        IntegrationPattern::Sync,
        IntegrationPattern::WaitForTaskToken,
        IntegrationPattern::RequestResponse,
    ]
    .into_iter()
    .find_map(|pattern| Some((resource.strip_suffix(pattern.suffix())?, pattern)))?;
    let (service, action) = call.rsplit_once(':')?;
    let is_known = match service.strip_prefix("aws-sdk:") {
        Some(service) => is_sdk_call(service, action, pattern),
        None => integrations::supports(service, action, pattern),
    };
    is_known.then(|| ResourceKind::Integration { service: service.into(), action: action.into(), pattern })
}

fn is_sdk_call(service: &str, action: &str, pattern: IntegrationPattern) -> bool {
    let is_word = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric())
    };
    is_word(service)
        && is_word(action)
        && (service != "sfn" || Operation::from_action(action).is_some())
        && matches!(pattern, IntegrationPattern::RequestResponse | IntegrationPattern::WaitForTaskToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arn: &str, expected: Option<(&str, &str, IntegrationPattern)>) {
        let kind = Resource::parse(arn).map(|resource| resource.kind);
        let expected = expected.map(|(service, action, pattern)| ResourceKind::Integration {
            service: service.into(),
            action: action.into(),
            pattern,
        });
        assert_eq!(kind, expected, "{arn}");
    }

    #[test]
    fn integrations_come_apart() {
        use IntegrationPattern::{RequestResponse, Sync, Sync2, WaitForTaskToken};
        for (arn, service, action, pattern) in [
            ("arn:aws:states:::sqs:sendMessage", "sqs", "sendMessage", RequestResponse),
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "sqs", "sendMessage", WaitForTaskToken),
            ("arn:aws:states:::states:startExecution.sync", "states", "startExecution", Sync),
            ("arn:aws-cn:states:::states:startExecution.sync:2", "states", "startExecution", Sync2),
            ("arn:aws:states:::emr-serverless:startJobRun.sync", "emr-serverless", "startJobRun", Sync),
            ("arn:aws:states:::http:invoke", "http", "invoke", RequestResponse),
            ("arn:aws:states:::aws-sdk:s3:getObject", "aws-sdk:s3", "getObject", RequestResponse),
            (
                "arn:aws:states:us-east-1:123456789012:aws-sdk:sfn:startSyncExecution",
                "aws-sdk:sfn",
                "startSyncExecution",
                RequestResponse,
            ),
            (
                "arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken",
                "aws-sdk:dynamodb",
                "putItem",
                WaitForTaskToken,
            ),
        ] {
            check(arn, Some((service, action, pattern)));
        }
    }

    #[test]
    fn functions_and_activities_are_known_by_their_arns() {
        for arn in [
            "arn:aws:lambda:us-east-1:123456789012:function:f",
            "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f_1-a:$LATEST",
            "arn:aws:lambda:us-east-1:123456789012:function:f:7",
            "arn:aws:lambda:REGION:ACCOUNT_ID:function:FUNCTION_NAME",
        ] {
            assert_eq!(
                Resource::parse(arn).map(|resource| resource.kind),
                Some(ResourceKind::LambdaFunction),
                "{arn}"
            );
        }
        let activity =
            Resource::parse("arn:aws:states:us-east-1:123456789012:activity:get-greeting").unwrap();
        assert_eq!(activity.kind, ResourceKind::Activity);
    }

    #[test]
    fn everything_else_is_not_recognized() {
        for arn in [
            "",
            "foo:bar",
            "arn:aws:states:::",
            "arn:aws:states:::dynamodb:query",
            "arn:aws:states:::sqs:SendMessage",
            "arn:aws:states:::sqs:sendMessage.sync",
            "arn:aws:states:::batch:submitJob.sync:2",
            "arn:aws:states:::sqs:sendMessage.waitForToken",
            "arn:aws:states:::aws-sdk:s3:getObject.sync",
            "arn:aws:states:::aws-sdk:s3",
            "arn:aws:states:::aws-sdk:sfn:startJob",
            "arn:aws:states:::aws-sdk:sfn:StartExecution",
            "arn:aws:states:::aws-sdk::getObject",
            "arn:aws:states:::activity:a",
            "arn:aws:states:us-east-1:123456789012:activity:a b",
            "arn:aws:states:us-east-1:123456789012:stateMachine:m",
            "arn:aws:lambda:us-east-1:123456789012:function:",
            "arn:aws:lambda:us-east-1:123456789012:function:f:",
            "arn:aws:lambda:us-east-1:123456789012:function:f:$*#",
            "arn:aws:lambda:us-east-1:123456789012:function:f:1:2",
            "arn:aws:lambda:us-east-1:123456789012:layer:l",
            "arn:gcp:lambda:us-east-1:123456789012:function:f",
            "arn:aws:sqs:us-east-1:123456789012:q",
        ] {
            check(arn, None);
        }
    }
}
