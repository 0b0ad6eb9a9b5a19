//! Executions that AWS ran are run again with their tasks answered as recorded: the same states, outputs and end.

use serde_json::Value;
use sfn_testkit::prelude::*;
use sfn_testkit::replay::{Kind, Replayed, Replayer};

use super::oracle::{Recorded, recorded};

/// Of a hundred recorded executions with tasks, how many go the same way at least.
const FLOOR: usize = 95;

#[test]
fn executions_that_aws_ran_go_the_same_way_with_recorded_tasks() {
    let cases: Vec<Recorded> = recorded().into_iter().filter(has_tasks).collect();
    let complaints: Vec<String> = cases.iter().filter_map(complaint).collect();
    let same = cases.len() - complaints.len();
    assert!(
        same * 100 >= cases.len() * FLOOR,
        "only {same} of {} go the same way:\n{}",
        cases.len(),
        complaints.join("\n")
    );
}

fn has_tasks(case: &Recorded) -> bool {
    events_of(case).iter().any(|event| event["type"].as_str().unwrap().ends_with("Scheduled"))
}

fn events_of(case: &Recorded) -> &[Value] {
    case.history.get("events").and_then(Value::as_array).unwrap()
}

/// What is other than AWS recorded it; `None` if nothing is.
fn complaint(case: &Recorded) -> Option<String> {
    let why = match replayed(case) {
        Ok(replayed) => other_states(&replayed).or_else(|| other_data(case, &replayed)),
        Err(why) => Some(why),
    };
    why.map(|why| format!("- {}: {why}", case.id))
}

fn replayed(case: &Recorded) -> Result<Replayed, String> {
    let recorded = Execution::from_history_json(&case.history.to_string()).unwrap();
    let definition = case.definition.clone();
    let replayer = if case.express { Replayer::express(definition) } else { Replayer::new(definition) };
    Ok(replayer.map_err(|why| why.to_string())?.replay(&recorded))
}

fn other_states(replayed: &Replayed) -> Option<String> {
    let kinds = [Kind::UnansweredTask, Kind::Path, Kind::Attempts, Kind::End];
    kinds.into_iter().find_map(|kind| replayed.first(kind)).map(ToString::to_string)
}

/// The outputs of the states and of the execution, each state's in the order of their exits.
fn other_data(case: &Recorded, replayed: &Replayed) -> Option<String> {
    let recorded = outputs(events_of(case));
    let now = outputs(&replayed.execution().history());
    if recorded.len() != now.len() {
        return Some(format!("{} outputs instead of {}", now.len(), recorded.len()));
    }
    let differs = |((name, before), (_, after)): &(&(String, Value), &(String, Value))| {
        (!is_alike(before, after)).then(|| format!("`{name}` gives {after} instead of {before}"))
    };
    recorded.iter().zip(&now).find_map(|pair| differs(&pair))
}

fn outputs(events: &[Value]) -> Vec<(String, Value)> {
    let output = |event: &Value| {
        let exited = &event["stateExitedEventDetails"];
        let (name, output) = match exited["name"].as_str() {
            Some(name) => (name, &exited["output"]),
            None => ("the execution", event.get("executionSucceededEventDetails")?.get("output")?),
        };
        Some((name.to_owned(), opened(output)))
    };
    let mut outputs: Vec<_> = events.iter().filter_map(output).collect();
    outputs.sort_by(|(one, _), (other, _)| one.cmp(other));
    outputs
}

fn opened(value: &Value) -> Value {
    value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

/// Recordings have placeholders where AWS had names, dates and tokens.
fn is_alike(recorded: &Value, now: &Value) -> bool {
    match (recorded, now) {
        (Value::String(text), _)
            if text.contains('⟦') || text.contains("date") || text.contains("timestamp") =>
        {
            true
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same =
                |(key, value): (&String, &Value)| other.get(key).is_some_and(|other| is_alike(value, other));
            one.len() == other.len() && one.iter().all(same)
        }
        (Value::Object(_), Value::String(text)) => {
            serde_json::from_str(text).is_ok_and(|now: Value| is_alike(recorded, &now))
        }
        _ => recorded == now,
    }
}
