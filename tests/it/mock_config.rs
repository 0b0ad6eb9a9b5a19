//! Mock config files of Step Functions Local, from the file to the history.

use std::fs;

use serde_json::json;
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
            "mock config: /MockedResponses/AlwaysBusy: no answer to invocation 1 of state `Pay`, only to `0`"
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

/// One Task state `Ask` with this resource.
fn ask(resource: &str) -> String {
    format!(
        r#"{{"StartAt":"Ask","States":{{"Ask":{{"Type":"Task","Resource":"{resource}","Next":"Then"}},
            "Then":{{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}}}}}}"#
    )
}

const ASK_MOCKS: &str = r#"{
    "StateMachines": {"asking": {"TestCases": {
        "Open": {"Ask": "LeftOpen"},
        "Job": {"Ask": "Runs"},
        "Answered": {"Ask": "Answers"},
        "Never": {"Ask": "Answers", "NoSuchState": "Unused"}
    }}},
    "MockedResponses": {
        "LeftOpen": {"0": {"WaitForTaskToken": {"Return": {"MessageId": "m"}}}},
        "Runs": {"0": {"Return": {"ok": true}, "After": "90s", "Submits": {"JobId": "j"}}},
        "Answers": {"0-99": {"Return": "answered"}},
        "Unused": {"0": {"Throw": {"Error": "E", "Cause": "C"}}}
    }
}"#;

/// A mock with the file, where the second state gives its input, and an execution of the test case.
async fn asking(resource: &str, test_case: &str) -> (MockSfn, String) {
    let sfn = MockSfn::new();
    sfn.mock_config_text(ASK_MOCKS);
    sfn.on_state("Then").answers(|call| json!({"got": call.input}));
    let machine = sfn.state_machine("asking").definition(ask(resource)).create();
    let arn = format!("{machine}#{test_case}");
    let started = sfn.client().start_execution().state_machine_arn(arn).send().await.unwrap();
    (sfn, started.execution_arn)
}

#[tokio::test(start_paused = true)]
async fn a_task_can_be_left_open_for_its_token() {
    for resource in ["sqs:sendMessage.waitForTaskToken", "glue:startJobRun.sync"] {
        let (sfn, arn) = asking(&format!("arn:aws:states:::{resource}"), "Open").await;
        let callback = sfn.callback("Ask").await;
        sfn.client().send_task_success().task_token(callback.token()).output("7").send().await.unwrap();
        sfn.execution(&arn).finished().await.assert().succeeded().output(json!({"got": 7}));
        let history = sfn.client().get_execution_history().execution_arn(&arn).send().await.unwrap();
        let submitted = history.events()[4].task_submitted_event_details().unwrap();
        assert_eq!(submitted.output(), Some(r#"{"MessageId":"m"}"#));
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_of_the_file_is_submitted_and_takes_its_time() {
    let (sfn, arn) = asking("arn:aws:states:::batch:submitJob.sync", "Job").await;
    tokio::time::sleep(std::time::Duration::from_secs(89)).await;
    assert!(sfn.execution(&arn).is_running());
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!({"got": {"ok": true}}));
}

#[tokio::test(start_paused = true)]
async fn the_file_answers_callbacks_jobs_and_activities_and_may_have_more_than_is_used() {
    for resource in [
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:us-east-1:123456789012:activity:nobody",
        "arn:aws:states:::aws-sdk:sfn:listStateMachines",
    ] {
        for test_case in ["Answered", "Never"] {
            let (sfn, arn) = asking(resource, test_case).await;
            let execution = sfn.execution(&arn).finished().await;
            execution.assert().succeeded().output(json!({"got": "answered"}));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_without_a_token_cannot_be_left_open() {
    let (sfn, arn) = asking("arn:aws:states:::sqs:sendMessage", "Open").await;
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().failed_with("States.Runtime");
    assert_eq!(
        execution.cause(),
        Some(
            "mock config: /MockedResponses/LeftOpen/0: only a task that waits for its token or a job can be submitted, \
             and state `Ask` does neither"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn iterations_of_a_map_count_on_and_a_synchronous_start_has_its_test_case() {
    let sfn = MockSfn::new();
    sfn.mock_config_text(
        r#"{
            "StateMachines": {"each": {"TestCases": {"Case": {"Do": "Numbers"}}}},
            "MockedResponses": {"Numbers": {
                "0": {"Return": "a"}, "1": {"Throw": {"Error": "Busy", "Cause": ""}}, "2-3": {"Return": "b"}
            }}
        }"#,
    );
    let each = sfn.state_machine("each").express().definition(
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"End":true,"ItemProcessor":{
            "StartAt":"Do","States":{"Do":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true,
                "Retry":[{"ErrorEquals":["Busy"]}]}}}}}}"#,
    );
    let answer = sfn.client().start_sync_execution().input("[1,2,3]");
    let answer = answer.state_machine_arn(format!("{}#Case", each.create())).send().await.unwrap();
    assert_eq!(answer.output(), Some(r#"["a","b","b"]"#));
}
