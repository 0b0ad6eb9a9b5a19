//! The answer of `TestState`: how the trial of a state went, and what became of its data on the way.

use std::sync::Arc;

use super::http;
use super::subject::Subject;
use crate::interpreter::command::Outcome;
use crate::interpreter::inspection::{Inspection, Stage};
use crate::interpreter::map_run::Batching;
use crate::model::failure::error_name;
use crate::model::json::Map;
use crate::model::{Failure, Json};
use crate::service::call::Answer;
use crate::service::execution::Execution;
use crate::service::map_run::batches::Batcher;

/// What the caller wants to see.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// `None` at the level INFO.
    details: Option<Details>,
}

/// What `inspectionData` shows beside the stages of the data.
#[derive(Debug, Clone)]
struct Details {
    names: Names,
    /// An HTTP Task, looked at closely.
    shows_http: bool,
}

/// How the stages are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    JsonPath,
    Jsonata,
    JsonataTask,
}

/// As `inspectionData` calls the stages of JSONPath and of JSONata; `None` where one has no such stage. Only tasks have
/// arguments.
const STAGES: &[(Stage, Option<&str>, Option<&str>)] = &[
    (Stage::AfterInputPath, Some("afterInputPath"), None),
    (Stage::AfterParameters, Some("afterParameters"), Some("afterArguments")),
    (Stage::AfterItemsPath, Some("afterItemsPath"), None),
    (Stage::AfterItemsPointer, Some("afterItemsPointer"), None),
    (Stage::AfterItemSelector, Some("afterItemSelector"), Some("afterItemSelector")),
    (Stage::Result, Some("result"), Some("result")),
    (Stage::AfterResultSelector, Some("afterResultSelector"), None),
    (Stage::AfterResultPath, Some("afterResultPath"), None),
];

impl Shown {
    pub(crate) fn new(level: Option<&str>, subject: &Subject) -> Self {
        let is_detailed = matches!(level, Some("DEBUG" | "TRACE"));
        let details = is_detailed.then(|| Details {
            names: match (subject.is_jsonata, subject.resource()) {
                (false, _) => Names::JsonPath,
                (true, Some(_)) => Names::JsonataTask,
                (true, None) => Names::Jsonata,
            },
            shows_http: level == Some("TRACE") && http::is_http(subject.resource()),
        });
        Self { details }
    }

    /// The body of the answer, once the trial has ended.
    pub(crate) fn answer(&self, execution: &Execution) -> Option<Json> {
        let inspection = execution.interpreter.inspection()?;
        let outcome = &execution.ending.as_ref()?.outcome;
        let (output, failure, status) = match outcome {
            Outcome::Succeeded(output) => match &inspection.catcher {
                Some(catcher) => (Some(output), Some(catcher.failure.clone()), "CAUGHT_ERROR"),
                None => (Some(output), None, "SUCCEEDED"),
            },
            Outcome::Failed(failure) | Outcome::Aborted(failure) => {
                (None, Some(failure.clone()), failed_status(inspection))
            }
            Outcome::TimedOut => (None, Some(timed_out()), "FAILED"),
        };
        let (error, cause) = failure.map_or((None, None), |failure| (failure.error, failure.cause));
        Some(
            Answer::default()
                .with_optional("output", output.map(Json::to_text))
                .with_optional("error", error)
                .with_optional("cause", cause)
                .with_optional("inspectionData", self.inspection_data(execution, inspection))
                .with_optional("nextState", inspection.next.clone())
                .with("status", status)
                .into_json(),
        )
    }

    fn inspection_data(&self, execution: &Execution, inspection: &Inspection) -> Option<Json> {
        let details = self.details.as_ref()?;
        let mut data = Answer::default().with("input", Arc::clone(&execution.input));
        for (stage, in_jsonpath, in_jsonata) in STAGES {
            let name = match details.names {
                Names::JsonPath => *in_jsonpath,
                Names::JsonataTask => *in_jsonata,
                Names::Jsonata => in_jsonata.filter(|_| *stage != Stage::AfterParameters),
            };
            if let (Some(name), Some(value)) = (name, inspection.stages.get(stage)) {
                data = data.with(name, text_of(*stage, value));
            }
        }
        let batches = inspection.batches.as_ref().and_then(|(inputs, batching)| batched(inputs, batching));
        let data = data.with_optional("afterItemBatcher", batches);
        let of_http = |stage| inspection.stages.get(&stage).filter(|_| details.shows_http);
        let data = data
            .with_optional("request", of_http(Stage::AfterParameters).map(http::request))
            .with_optional("response", of_http(Stage::Result).map(http::response));
        let (stages, variables) = (&inspection.stages, &inspection.variables);
        let variables = (!variables.is_empty()).then(|| Json::object(variables.clone()).to_text());
        Some(
            data.with_optional("variables", variables)
                .with_optional("errorDetails", error_details(inspection))
                .with_optional("toleratedFailureCount", stages.get(&Stage::ToleratedFailureCount).cloned())
                .with_optional(
                    "toleratedFailurePercentage",
                    stages.get(&Stage::ToleratedFailurePercentage).cloned(),
                )
                .with_optional("maxConcurrency", stages.get(&Stage::MaxConcurrency).cloned())
                .into_json(),
        )
    }
}

/// The items of a Map are told with a blank after each comma, unlike all else.
fn text_of(stage: Stage, value: &Json) -> String {
    let of_map = matches!(stage, Stage::AfterItemsPath | Stage::AfterItemsPointer | Stage::AfterItemSelector);
    match value.as_array().filter(|_| of_map) {
        Some(items) => list(&items.iter().collect::<Vec<_>>()),
        None => value.to_text(),
    }
}

fn list(items: &[&Json]) -> String {
    format!("[{}]", items.iter().map(|item| item.to_text()).collect::<Vec<_>>().join(", "))
}

/// The inputs of child executions with an `ItemBatcher`; `None` if an item fits into no batch.
fn batched(inputs: &[Json], batching: &Batching) -> Option<String> {
    let mut batcher = Batcher::new(batching);
    for input in inputs {
        batcher.add(input.clone()).ok()?;
    }
    let batches = batcher.finish();
    Some(list(&batches.iter().map(|batch| &batch.input).collect::<Vec<_>>()))
}

/// A retrier that is not used up would have the state run again.
fn failed_status(inspection: &Inspection) -> &'static str {
    match inspection.retrier {
        Some(retrier) if retrier.backoff.is_some() => "RETRIABLE",
        Some(_) | None => "FAILED",
    }
}

fn timed_out() -> Failure {
    Failure { error: Some(error_name::TIMEOUT.into()), cause: None }
}

fn error_details(inspection: &Inspection) -> Option<Json> {
    let mut details = Map::new();
    let mut add = |name: &str, value: usize| details.insert(name.into(), Json::from(value));
    if let Some(catcher) = &inspection.catcher {
        add("catchIndex", catcher.index);
    }
    if let Some(retrier) = inspection.retrier {
        add("retryIndex", retrier.index);
        if let Some(backoff) = retrier.backoff {
            add("retryBackoffIntervalSeconds", usize::try_from(backoff.as_secs()).unwrap_or(usize::MAX));
        }
    }
    (!details.is_empty()).then(|| Json::object(details))
}
