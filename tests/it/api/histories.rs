//! What holds of every execution, whatever was called: its history is whole, and ends as the execution says.

#![expect(clippy::indexing_slicing, reason = "a member that is missing fails the test")]

use serde_json::{Value, json};

use super::door::Door;

/// Checks every STANDARD execution of the account.
pub(super) fn check_histories(door: &mut Door) {
    let machines = door.call("ListStateMachines", &json!({})).body;
    for machine in items(&machines, "stateMachines") {
        let listed = door.call("ListExecutions", &json!({"stateMachineArn": machine["stateMachineArn"]}));
        // EXPRESS machines have none to list.
        for execution in listed.body.get("executions").and_then(Value::as_array).into_iter().flatten() {
            check_history(door, &execution["executionArn"]);
        }
    }
}

fn check_history(door: &mut Door, arn: &Value) {
    let described = door.call("DescribeExecution", &json!({"executionArn": arn})).body;
    let history = door.call("GetExecutionHistory", &json!({"executionArn": arn, "maxResults": 1000})).body;
    let events = items(&history, "events");
    let context = || format!("{described}\n{history}");
    let mut latest = described["startDate"].as_f64().unwrap();
    for (position, event) in events.iter().enumerate() {
        assert_eq!(event["id"], position + 1, "{}", context());
        let previous = event["previousEventId"].as_u64().unwrap();
        assert!(usize::try_from(previous).unwrap() <= position, "{}", context());
        let at = event["timestamp"].as_f64().unwrap();
        assert!(at >= latest, "time goes back: {}", context());
        latest = at;
    }
    let first = events.first().unwrap();
    assert_eq!(first["type"], "ExecutionStarted", "{}", context());
    assert_eq!(first["executionStartedEventDetails"]["input"], described["input"], "{}", context());
    let last = events.last().unwrap();
    let expected_end = match described["status"].as_str().unwrap() {
        "SUCCEEDED" => "ExecutionSucceeded",
        "FAILED" => "ExecutionFailed",
        "ABORTED" => "ExecutionAborted",
        "TIMED_OUT" => "ExecutionTimedOut",
        _ => {
            let last = last["type"].as_str().unwrap();
            let is_open =
                !last.starts_with("Execution") || ["ExecutionStarted", "ExecutionRedriven"].contains(&last);
            assert!(is_open, "{}", context());
            assert_eq!(described.get("stopDate"), None, "{}", context());
            return;
        }
    };
    assert_eq!(last["type"], expected_end, "{}", context());
    assert_eq!(last["timestamp"], described["stopDate"], "{}", context());
    let ends = events.iter().filter(|event| event["type"].as_str().unwrap().starts_with("Execution"));
    // A start, and an end; for every redrive one more of each.
    let redrives = described["redriveCount"].as_u64().unwrap();
    assert_eq!(ends.count() as u64, 2 + 2 * redrives, "{}", context());
    let output = last.get("executionSucceededEventDetails").and_then(|details| details.get("output"));
    assert_eq!(output, described.get("output"), "{}", context());
}

fn items<'v>(answer: &'v Value, list: &str) -> &'v [Value] {
    answer.get(list).and_then(Value::as_array).unwrap_or_else(|| panic!("no {list} in {answer}"))
}
