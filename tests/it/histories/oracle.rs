//! What AWS was recorded with: executions and their histories.

use serde_json::{Value, json};

use crate::determinism::recorded_cases;

/// An execution that AWS ran, and its history as `GetExecutionHistory` gives it.
pub(super) struct Recorded {
    pub(super) id: String,
    pub(super) definition: String,
    pub(super) express: bool,
    /// `{"events": […]}`
    pub(super) history: Value,
}

/// All recorded histories that are whole.
pub(super) fn recorded() -> Vec<Recorded> {
    recorded_cases().iter().flat_map(recorded_in).collect()
}

fn recorded_in(case: &Value) -> Vec<Recorded> {
    let steps = case["steps"].as_array().cloned().unwrap_or_default();
    steps.iter().filter_map(|step| recorded_by(step, &steps, case)).collect()
}

/// What one call of `GetExecutionHistory` was answered, if everything that is needed is known.
fn recorded_by(step: &Value, steps: &[Value], case: &Value) -> Option<Recorded> {
    if step["op"] != "GetExecutionHistory" {
        return None;
    }
    let key = step["expect"].as_array()?.first()?["key"].as_str()?;
    let mut events = case.get("expect")?.get(key)?.get("events")?.as_array()?.clone();
    let is_whole =
        events.first()?["type"] == "ExecutionStarted" && events.iter().all(|event| event["id"].is_u64());
    let start = referred(step.pointer("/params/executionArn")?, steps)?;
    let machine = referred(start.pointer("/params/stateMachineArn")?, steps)?.get("params")?;
    events.iter_mut().for_each(restore);
    is_whole.then_some(Recorded {
        id: format!("{} {key}", case["id"].as_str()?),
        definition: with_arns(machine["definition"].as_str()?),
        express: machine["type"] == "EXPRESS",
        history: json!({ "events": events }),
    })
}

/// The step whose answer `{{s1.stateMachineArn}}` takes a member of.
fn referred<'s>(reference: &Value, steps: &'s [Value]) -> Option<&'s Value> {
    let id = reference.as_str()?.strip_prefix("{{")?.split('.').next()?;
    steps.iter().find(|step| step["id"] == id)
}

/// ARNs that only the recording knew are replaced.
fn with_arns(definition: &str) -> String {
    const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:recorded";
    let parts =
        definition.split("{{").map(|part| part.split_once(".activityArn}}").map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join(ACTIVITY)
}

/// The recordings are normalised: instants are gone, and payloads opened. Here each event takes ten milliseconds.
fn restore(event: &mut Value) {
    let millis = 10 * event["id"].as_i64().unwrap_or_default();
    event["timestamp"] = json!(format!(
        "2023-11-14T22:{:02}:{:02}.{:03}Z",
        millis / 60_000,
        millis / 1000 % 60,
        millis % 1000
    ));
}
