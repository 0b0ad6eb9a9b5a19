//! A clause: one claim about the service, where it is from, and how to check it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;

use super::evidence::Evidence;
use super::need::Need;
use super::step::Step;
use crate::model::{Json, Operation};

/// One claim about how Step Functions answers, and the calls that check it.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Clause {
    /// Names the clause for good: lower-case words joined by `-`. No other clause has it.
    #[schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub(super) id: String,
    /// What the service does, in one sentence.
    pub(super) claim: String,
    /// Where that is from: URLs, or `AWS recording: …`.
    pub(super) source: Vec<String>,
    /// What the claim rests on.
    pub(super) evidence: Evidence,
    /// With `evidence` `assumed`: what is not known, and why this is the likeliest.
    pub(super) assumed: Option<String>,
    /// What a target must have beyond an endpoint.
    #[schemars(with = "Option<Vec<Need>>")]
    pub(super) needs: BTreeSet<Need>,
    /// Quotas to lower, by name. Needs `quotas`.
    #[schemars(with = "Option<BTreeMap<String, u64>>")]
    pub(super) quotas: BTreeMap<String, u64>,
    /// Calls that the service refuses for reasons outside of it, such as a key of KMS. Needs `faults`.
    #[schemars(with = "Option<Vec<Fault>>")]
    pub(super) faults: Vec<Fault>,
    /// How tasks answer. Needs `task-mocks`.
    #[schemars(with = "Option<Vec<TaskAnswers>>")]
    pub(super) tasks: Vec<TaskAnswers>,
    /// Objects in S3, `bucket/key` and content: a string, or JSON. Needs `objects`.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) objects: BTreeMap<String, Json>,
    /// What to do, in order.
    pub(super) steps: Vec<Step>,
    /// The topic of the file.
    #[schemars(skip)]
    pub(super) topic: Arc<str>,
}

/// Calls of an operation that are refused, whatever they ask for.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Fault {
    /// The operation, such as `StartExecution`.
    #[schemars(with = "String")]
    pub(super) operation: Operation,
    /// The name of the error, such as `KmsAccessDeniedException`.
    pub(super) code: String,
    /// Its message.
    pub(super) message: String,
    /// What else the error says.
    #[schemars(with = "Option<BTreeMap<FaultMember, String>>")]
    pub(super) members: BTreeMap<FaultMember, String>,
    /// How many calls are refused before the service answers itself; every call if it is left out.
    pub(super) times: Option<u64>,
}

/// A member that errors of the service have beyond their message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(super) enum FaultMember {
    /// The state of a key of KMS.
    KmsKeyState,
    /// The ARN of what is missing or full.
    ResourceName,
    /// Why a call is not valid.
    Reason,
}

impl FaultMember {
    pub(super) const ALL: [Self; 3] = [Self::KmsKeyState, Self::ResourceName, Self::Reason];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::KmsKeyState => "kmsKeyState",
            Self::ResourceName => "resourceName",
            Self::Reason => "reason",
        }
    }
}

/// How the task of a state, or all tasks of a resource, answer.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TaskAnswers {
    /// The name of the state.
    pub(super) state: Option<String>,
    /// Or the resource, such as `arn:aws:states:::sqs:sendMessage`; a `*` at its end stands for any rest.
    pub(super) resource: Option<String>,
    /// The answers, in order. Each is given `times` times, the last one for ever.
    pub(super) answers: Vec<TaskAnswer>,
}

/// One answer of a task: `returns`, `fails`, `waitsForToken` or `neverAnswers`.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct TaskAnswer {
    /// It succeeds with this output.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) returns: Option<Json>,
    /// It fails.
    pub(super) fails: Option<TaskFailure>,
    /// The service takes it on with this response, and it waits for its token.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) waits_for_token: Option<Json>,
    /// It never answers.
    #[schemars(with = "Option<bool>")]
    pub(super) never_answers: bool,
    /// How often this is the answer before the next one is.
    pub(super) times: Option<u64>,
    /// The answer comes after so much time, such as `5s`.
    #[schemars(with = "Option<String>")]
    pub(super) after: Option<Duration>,
}

/// The failure of a task.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct TaskFailure {
    /// The error name, which `Retry` and `Catch` match.
    pub(super) error: String,
    /// The cause.
    pub(super) cause: String,
}

impl Clause {
    /// Names the clause for good.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the service does, in one sentence.
    #[must_use]
    pub fn claim(&self) -> &str {
        &self.claim
    }

    /// The topic of the file that it stands in.
    #[must_use]
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// Where the claim is from: URLs, or `AWS recording: …`.
    pub fn source(&self) -> impl Iterator<Item = &str> {
        self.source.iter().map(String::as_str)
    }

    /// What the claim rests on.
    #[must_use]
    pub const fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// Of an assumed clause: what is not known, and why this is the likeliest.
    #[must_use]
    pub fn assumed(&self) -> Option<&str> {
        self.assumed.as_deref()
    }

    /// What a target must have beyond an endpoint.
    pub fn needs(&self) -> impl Iterator<Item = Need> {
        self.needs.iter().copied()
    }
}
