//! What the README shows is what is printed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::json;
use sfn_testkit::Style;
use sfn_testkit::prelude::*;

/// The failed assertion that the README shows: the mock's error is not the one that the definition retries.
async fn failure_text() -> String {
    let sfn = MockSfn::builder().style(Style::plain()).build();
    let orders = sfn
        .state_machine("orders")
        .definition(
            r#"{
        "StartAt": "Save",
        "States": {
            "Save": {
                "Type": "Task",
                "Resource": "arn:aws:states:::dynamodb:putItem",
                "Parameters": { "TableName": "orders", "Item": { "id": { "S.$": "$.id" } } },
                "ResultPath": null,
                "Retry": [{ "ErrorEquals": ["DynamoDB.ThrottlingException"], "IntervalSeconds": 2 }],
                "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Apologise" }],
                "Next": "CoolDown"
            },
            "CoolDown": { "Type": "Wait", "Seconds": 2592000, "End": true },
            "Apologise": { "Type": "Pass", "End": true }
        }
    }"#,
        )
        .create();
    sfn.on_state("Save")
        .fails("DynamoDB.LimitExceededException", "slow down")
        .times(1)
        .then()
        .returns(json!({}));
    let arn = sfn.start_execution(&orders, json!({ "id": "o-1" }));
    let finished = sfn.execution(&arn).finished().await;
    let failed = catch_unwind(AssertUnwindSafe(|| {
        finished.assert().succeeded().state("Save", |state| state.attempts(2));
    }));
    *failed.unwrap_err().downcast::<String>().unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_failed_assertion_of_the_readme_is_a_real_one() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```text\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    assert_eq!(shown.trim_end(), failure_text().await.trim_end());
}

#[test]
fn the_wiremock_example_of_the_readme_is_one_that_runs() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```rust,ignore\nuse sfn_testkit::wiremock").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let without_blanks = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    // The example of the module is compiled and run; here only line breaks and comments differ.
    let example: String = include_str!("../../src/mock/wiremock/mod.rs")
        .lines()
        .map(|line| line.trim_start_matches("//!"))
        .collect();
    let example = without_blanks(&example);
    let lines = shown.lines().map(|line| line.split(" // ").next().unwrap());
    for statement in without_blanks(&lines.collect::<String>()).split_inclusive(';').skip(1) {
        assert!(example.contains(statement), "{statement}");
    }
}
