//! The steps of a clause, as they stand in a contract file.
//!
//! The doc comments are the descriptions of the JSON Schema that editors complete with.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;

use crate::model::{Json, Operation};

/// Names of values that later steps use as `${name}`, each with where it is in the answer: `$.stateMachineArn`.
/// A path may go on through a string that holds JSON: `$.events[0].input.order`.
pub(super) type Saves = BTreeMap<String, String>;

/// One thing a clause does. Which one it is says its first key.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(super) enum Step {
    Call(CallStep),
    Send(SendStep),
    Pages(PagesStep),
    History(HistoryStep),
    Await(AwaitStep),
    Advance(AdvanceStep),
    Repeat(RepeatStep),
    Parallel(ParallelStep),
    Expect(ExpectStep),
}

/// Calls an operation. Without `answers` and `fails` it only has to succeed.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct CallStep {
    /// The operation, such as `StartExecution`.
    #[schemars(schema_with = "super::schema::operation")]
    pub(super) call: Operation,
    /// The members of the request. `{"$json": …}` becomes the text of that JSON, `{"$repeat": ["a", 3]}` becomes `aaa`.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) with: Json,
    /// What the answer must be: a JSON pattern. Here `{"$json": …}` is a text that holds such a JSON.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) answers: Option<Json>,
    /// How the call must be refused.
    pub(super) fails: Option<Fails>,
    /// Values of the answer that later steps use.
    #[schemars(with = "Option<Saves>")]
    pub(super) save: Saves,
}

/// A refusal.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Fails {
    /// The name of the error, such as `InvalidArn`.
    pub(super) code: String,
    /// The message, or a pattern for it. `{"$any": "value"}` where AWS's words are not known; `{"$absent": true}` where
    /// there is none.
    #[schemars(with = "serde_json::Value")]
    pub(super) message: Json,
    /// The HTTP status; 400 unless given.
    #[schemars(with = "Option<u16>")]
    pub(super) status: u16,
    /// What stands before `#` in `__type`.
    pub(super) namespace: Option<String>,
    /// Further members of the refusal, such as `{"reason": "…"}`; a pattern for a part of it.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) members: Option<Json>,
}

/// Sends a request of its own making, for what no operation expresses.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SendStep {
    /// The request.
    pub(super) send: RawRequest,
    /// What must come back.
    pub(super) gets: RawAnswer,
    /// Values of the body that later steps use.
    #[schemars(with = "Option<Saves>")]
    pub(super) save: Saves,
}

/// An HTTP request, byte for byte. It is a POST.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct RawRequest {
    /// The header `X-Amz-Target`; none is sent if it is not given.
    pub(super) target: Option<String>,
    /// Further headers.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    pub(super) headers: BTreeMap<String, String>,
    /// The body: a string is sent as it is, anything else as JSON.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) body: Json,
}

/// An HTTP answer.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct RawAnswer {
    /// The HTTP status.
    pub(super) status: u16,
    /// Headers that must be there, in lower case, each with a pattern for its value.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) headers: BTreeMap<String, Json>,
    /// A pattern for the body, read as JSON.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) body: Option<Json>,
    /// A pattern for the body as text.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) text: Option<Json>,
}

/// Calls an operation again and again with the `nextToken` of the last answer, until there is none.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PagesStep {
    /// The operation, such as `ListExecutions`.
    #[schemars(schema_with = "super::schema::operation")]
    pub(super) pages: Operation,
    /// The members of every request.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) with: Json,
    /// The member of the answer that holds the items, such as `executions`.
    pub(super) items: String,
    /// How many items each page must have, in their order.
    pub(super) sizes: Option<Vec<usize>>,
    /// What the items of all pages together must be: a JSON pattern for the array.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) answers: Option<Json>,
    /// Values of the array that later steps use.
    #[schemars(with = "Option<Saves>")]
    pub(super) save: Saves,
}

/// Reads the whole history of an execution.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct HistoryStep {
    /// The ARN of the execution.
    pub(super) history: String,
    /// All events, in their order.
    pub(super) events: Option<Vec<EventPattern>>,
    /// Some events, in their order; others may lie between them.
    pub(super) includes: Option<Vec<EventPattern>>,
    /// Types of which there must be no event.
    #[schemars(with = "Option<Vec<String>>")]
    pub(super) lacks: Vec<String>,
    /// Values that later steps use: `$.first.TaskScheduled.parameters` is in the details of the first event of that
    /// type, `$.last.…` in those of the last one, `$.events[3]` in the fourth event.
    #[schemars(with = "Option<Saves>")]
    pub(super) save: Saves,
}

/// `"4<3 TaskScheduled"` (the event of this id, the one it follows from, and its type), `"TaskScheduled"`, or an object
/// that says more.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub(super) enum EventPattern {
    Line(String),
    Detailed(DetailedEvent),
}

/// An event and what it tells.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct DetailedEvent {
    /// `"4<3 TaskScheduled"`, or the type alone.
    pub(super) event: String,
    /// A pattern for a part of its details.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(super) details: Option<Json>,
    /// How long after the start of the execution, such as `2s`. For clauses that need the clock.
    #[schemars(with = "Option<String>")]
    pub(super) at: Option<Duration>,
}

impl EventPattern {
    /// `4<3 TaskScheduled`, or the type alone.
    pub(super) fn line(&self) -> &str {
        match self {
            Self::Line(line) => line,
            Self::Detailed(detailed) => &detailed.event,
        }
    }

    pub(super) const fn details(&self) -> Option<&Json> {
        match self {
            Self::Line(_) => None,
            Self::Detailed(detailed) => detailed.details.as_ref(),
        }
    }

    pub(super) const fn at(&self) -> Option<Duration> {
        match self {
            Self::Line(_) => None,
            Self::Detailed(detailed) => detailed.at,
        }
    }
}

/// Calls an operation until its answer has what `until` says. Between two calls a second passes.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AwaitStep {
    /// The operation, such as `DescribeExecution`.
    #[schemars(schema_with = "super::schema::operation", rename = "await")]
    pub(super) operation: Operation,
    /// The members of the request.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(super) with: Json,
    /// A pattern for a part of the answer.
    #[schemars(with = "serde_json::Value")]
    pub(super) until: Json,
    /// How long to wait at most; 60s unless given.
    #[schemars(with = "Option<String>")]
    pub(super) within: Duration,
    /// Values of the last answer that later steps use.
    #[schemars(with = "Option<Saves>")]
    pub(super) save: Saves,
}

/// Lets time pass: moves the clock of a target that has one, and waits on others.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AdvanceStep {
    /// How much: `90d`, `5m`, `1.5s`. More than 60s needs `clock`.
    #[schemars(with = "String")]
    pub(super) advance: Duration,
}

/// Does the steps so many times. `${i}` counts from 0.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct RepeatStep {
    /// How many times.
    pub(super) repeat: usize,
    /// The steps.
    pub(super) steps: Vec<Step>,
}

/// Does several lists of steps at once. It ends when all have ended.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ParallelStep {
    /// The lists. The first step of the first list begins first.
    pub(super) parallel: Vec<Vec<Step>>,
}

/// Compares values that were saved.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ExpectStep {
    /// The value: `"${started}"`, or `{"$minus": ["${stopped}", "${started}"]}`.
    #[schemars(with = "serde_json::Value")]
    pub(super) expect: Json,
    /// What it must be: a JSON pattern.
    #[schemars(with = "serde_json::Value")]
    pub(super) is: Json,
}
