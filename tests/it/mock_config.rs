//! Mock config files of Step Functions Local, from the file to the history.

use std::fs;

use sfn_testkit::{MockSfn, Time};

const DEFINITION: &str = r#"{
    "StartAt": "Pay",
    "States": {
        "Pay": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 3}],
            "Next": "Ship"
        },
        "Ship": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:ship", "End": true}
    }
}"#;

const MOCKS: &str = r#"{
    "StateMachines": {"orders": {"TestCases": {
        "Retried": {"Pay": "PaidLate", "Ship": "Shipped"},
        "TooOften": {"Pay": "AlwaysBusy", "Ship": "Shipped"},
        "Hybrid": {"Pay": "PaidAtOnce"}
    }}},
    "MockedResponses": {
        "PaidLate": {"0-1": {"Throw": {"Error": "Busy", "Cause": "try later"}}, "2": {"Return": {"paid": true}}},
        "AlwaysBusy": {"0": {"Throw": {"Error": "Busy", "Cause": "try later"}}},
        "PaidAtOnce": {"0": {"Return": {"paid": true}}},
        "Shipped": {"0": {"Return": {"shipped": true}}}
    }
}"#;

/// Runs one execution of a test case; the answer of `DescribeExecution`.
async fn run(
    sfn: &MockSfn,
    test_case: &str,
) -> aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput {
    let orders = sfn.state_machine("orders").definition(DEFINITION).create();
    let client = sfn.client();
    let arn = format!("{orders}#{test_case}");
    let started = client.start_execution().state_machine_arn(arn).send().await.unwrap();
    sfn.execution(started.execution_arn()).finished().await;
    client.describe_execution().execution_arn(started.execution_arn()).send().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn numbered_answers_advance_with_every_retry() {
    let sfn = MockSfn::new();
    sfn.mock_config_text(MOCKS);
    let described = run(&sfn, "Retried").await;
    assert_eq!(described.output(), Some(r#"{"shipped":true}"#));
    let waited = described.stop_date().unwrap().as_secs_f64() - described.start_date().as_secs_f64();
    assert!((3.0..3.5).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_beyond_the_answers_fails_the_execution_and_says_which() {
    let sfn = MockSfn::new();
    sfn.mock_config_text(MOCKS);
    let described = run(&sfn, "TooOften").await;
    assert_eq!(described.status().as_str(), "FAILED");
    assert_eq!(
        described.cause(),
        Some(
            "mock config: mocked response `AlwaysBusy` has no answer to invocation 1 of state `Pay`, only to `0`"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_state_that_the_test_case_does_not_list_is_answered_by_the_mocks_of_the_test() {
    let sfn = MockSfn::new();
    sfn.mock_config_text(MOCKS);
    sfn.on_state("Ship").returns(serde_json::json!({"by": "test"}));
    let described = run(&sfn, "Hybrid").await;
    assert_eq!(described.output(), Some(r#"{"by":"test"}"#));
}

#[test]
#[should_panic(expected = "mocks.json: /StateMachines: must be an object, not null")]
fn a_file_that_is_no_mock_config_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mocks.json");
    fs::write(&path, r#"{"StateMachines": null}"#).unwrap();
    MockSfn::builder().time(Time::Manual).build().mock_config(path);
}
