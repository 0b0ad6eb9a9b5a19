//! `MockSfn` as its users see it, through the real SDK client.

mod activities;
mod auto_answers;
mod callbacks;
mod client;
mod coverage;
mod faults;
mod jobs;
mod map_items;
mod map_run_redrive;
mod map_runs;
mod nested;
mod quotas;
mod redrive;
mod reports;
mod tasks;
mod test_state;
mod time;
mod validation;
mod verification;

use std::panic::{AssertUnwindSafe, catch_unwind};

use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use sfn_testkit::prelude::*;

const TOPIC: &str = "arn:aws:states:::sns:publish";

/// One Task state `Pay`, retried thrice after 1, 2 and 4 seconds.
const PAY: &str = r#"{
    "StartAt": "Pay",
    "States": {
        "Pay": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 3}],
            "End": true
        }
    }
}"#;

/// Thirty days in the state `Cool off`.
const THIRTY_DAYS: &str = r#"{
    "StartAt": "Cool off",
    "States": {"Cool off": {"Type": "Wait", "Seconds": 2592000, "End": true}}
}"#;

async fn describe(sfn: &MockSfn, arn: &str) -> DescribeExecutionOutput {
    sfn.client().describe_execution().execution_arn(arn).send().await.unwrap()
}

/// Status and output of an execution, when it has ended.
async fn result(sfn: &MockSfn, arn: &str) -> (String, String) {
    sfn.execution(arn).finished().await;
    let described = describe(sfn, arn).await;
    let text = described.output().or(described.error()).unwrap_or_default();
    (described.status().as_str().to_owned(), text.to_owned())
}

fn succeeded(output: &str) -> (String, String) {
    ("SUCCEEDED".to_owned(), output.to_owned())
}

fn failed(error: &str) -> (String, String) {
    ("FAILED".to_owned(), error.to_owned())
}

/// Starts the state machine `pay` and tells how it ends.
async fn run_pay(sfn: &MockSfn, definition: &str) -> (String, String) {
    let machine = sfn.state_machine("pay").definition(definition).create();
    let arn = sfn.start_execution(&machine, json!({"order": 7}));
    result(sfn, &arn).await
}

/// How many seconds an execution took.
async fn seconds(sfn: &MockSfn, arn: &str) -> f64 {
    sfn.execution(arn).finished().await;
    let described = describe(sfn, arn).await;
    described.stop_date().unwrap().as_secs_f64() - described.start_date().as_secs_f64()
}

/// The text of a panic.
fn panic_text<T>(run: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).map(|_| "nothing").unwrap_err();
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic.downcast_ref::<&str>().copied().unwrap_or_default().to_owned(),
    }
}
