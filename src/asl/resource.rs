//! What a Task's `Resource` names: a Lambda function, an activity, or a service integration.

use std::sync::Arc;

/// A `Resource` ARN, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) arn: Arc<str>,
    pub(crate) kind: ResourceKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    /// `arn:aws:lambda:…:function:…`: the legacy form, with LambdaFunction events.
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
