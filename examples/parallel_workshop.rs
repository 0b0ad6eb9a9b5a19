//! An Express workflow with three parallel branches, run synchronously through the SDK over a list of numbers.
//!
//! Run it with `cargo run --example parallel_workshop`.

use aws_sdk_sfn::types::SyncExecutionStatus;
use serde_json::{Value, json};
use sfn_testkit::prelude::*;

const DEFINITION: &str = include_str!("parallel_workshop.asl.json");

/// The three functions of the workshop, as closures: what a Lambda function would do with its payload.
fn mock_functions(sfn: &MockSfn) {
    sfn.on_state("SumValues").answers(|call| payload(&json!({ "sum": numbers(call).iter().sum::<f64>() })));
    sfn.on_state("AverageValues").answers(|call| {
        let numbers = numbers(call);
        let count = u32::try_from(numbers.len()).map_or(f64::NAN, f64::from);
        payload(&json!({ "avg": numbers.iter().sum::<f64>() / count }))
    });
    sfn.on_state("MaxMinValues").answers(|call| {
        let numbers = numbers(call);
        let max = numbers.iter().copied().fold(f64::MIN, f64::max);
        let min = numbers.iter().copied().fold(f64::MAX, f64::min);
        payload(&json!({ "max": max, "min": min }))
    });
}

fn numbers(call: &Call) -> Vec<f64> {
    let values = call.input.pointer("/Payload/values").and_then(Value::as_array);
    values.into_iter().flatten().filter_map(Value::as_f64).collect()
}

fn payload(result: &Value) -> Value {
    json!({ "StatusCode": 200, "Payload": result })
}

async fn three_branches_look_at_the_same_numbers() -> Execution {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("ParallelProcessing-sm").express().definition(DEFINITION).create();
    mock_functions(&sfn);

    let answer = sfn
        .client()
        .start_sync_execution()
        .state_machine_arn(machine.as_str())
        .input(json!({ "values": [2, 4, 9] }).to_string())
        .send()
        .await
        .expect("the execution runs");
    assert_eq!(answer.status, SyncExecutionStatus::Succeeded);
    let output: Value = serde_json::from_str(&answer.output.unwrap_or_default()).expect("JSON");
    assert_eq!(output, json!([{ "sum": 15.0 }, { "avg": 5.0 }, { "max": 9.0, "min": 2.0 }]));

    let finished = sfn.execution(&answer.execution_arn).finished().await;
    finished.assert().succeeded().visited(["Analyse"]).task("SumValues", |task| {
        task.received(json!({ "FunctionName": "SumFunction", "Payload": { "values": [2, 4, 9] } }))
    });
    finished
}

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("{}", three_branches_look_at_the_same_numbers().await.narrative());
}

#[cfg(test)]
mod tests {
    #[tokio::test(start_paused = true)]
    async fn three_branches_look_at_the_same_numbers() {
        super::three_branches_look_at_the_same_numbers().await;
    }
}
