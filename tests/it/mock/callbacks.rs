//! Tasks that wait for their tokens, and whoever sends those back.

use std::time::Duration;

use aws_sdk_sfn::error::ProvideErrorMetadata;
use sfn_testkit::prelude::*;

use super::{failed, panic_text, result, seconds, succeeded};

const DEFINITION: &str = r#"{
    "StartAt": "Approve",
    "States": {
        "Approve": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody": {"order.$": "$.order", "token.$": "$$.Task.Token"}},
            "TimeoutSeconds": 600,
            "HeartbeatSeconds": 60,
            "Retry": [{"ErrorEquals": ["Again"], "IntervalSeconds": 1}],
            "End": true
        }
    }
}"#;

fn start(sfn: &MockSfn, order: u32) -> String {
    let machine = sfn.state_machine("orders").definition(DEFINITION).create();
    sfn.start_execution(&machine, json!({"order": order}))
}

async fn succeed(sfn: &MockSfn, token: &str, output: &str) -> Result<(), (String, String)> {
    match sfn.client().send_task_success().task_token(token).output(output).send().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let error = error.into_service_error();
            Err((error.code().unwrap().to_owned(), error.message().unwrap().to_owned()))
        }
    }
}

async fn fail(sfn: &MockSfn, token: &str, error: &str) {
    sfn.client().send_task_failure().task_token(token).error(error).cause("said so").send().await.unwrap();
}

fn gone() -> Result<(), (String, String)> {
    Err(("TaskTimedOut".to_owned(), "Task Timed Out: 'Provided task does not exist anymore'".to_owned()))
}

#[tokio::test(start_paused = true)]
async fn a_token_ends_its_task_once() {
    let sfn = MockSfn::new();
    sfn.on_state("Approve").waits_for_token_with(json!({"MessageId": "m-1"}));
    let arn = start(&sfn, 7);
    let approval = sfn.callback("Approve").await;
    assert_eq!(approval.input()["MessageBody"], json!({"order": 7, "token": approval.token()}));
    assert_eq!(approval.execution_arn(), arn);
    assert!(sfn.execution(&arn).is_running());
    assert_eq!(succeed(&sfn, approval.token(), "[true,  1]").await, Ok(()));
    assert_eq!(result(&sfn, &arn).await, succeeded("[true,  1]"));
    assert_eq!(succeed(&sfn, approval.token(), "1").await, gone());

    let history = sfn.client().get_execution_history().execution_arn(&arn).send().await.unwrap();
    let submitted = history.events()[4].task_submitted_event_details().unwrap();
    assert_eq!(submitted.output(), Some(r#"{"MessageId":"m-1"}"#));
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_for_another_token() {
    let sfn = MockSfn::new();
    sfn.on_state("Approve").waits_for_token().expect(2);
    let arn = start(&sfn, 7);
    let first = sfn.callback("Approve").await;
    fail(&sfn, first.token(), "Again").await;
    let second = sfn.callback("Approve").await;
    assert_ne!(first.token(), second.token());
    assert_eq!(succeed(&sfn, first.token(), "1").await, gone());
    fail(&sfn, second.token(), "Rejected").await;
    assert_eq!(result(&sfn, &arn).await, failed("Rejected"));
}

#[tokio::test(start_paused = true)]
async fn heartbeats_hold_off_the_heartbeat_timeout_but_not_the_timeout() {
    let sfn = MockSfn::new();
    sfn.on_state("Approve").waits_for_token();
    let arn = start(&sfn, 7);
    let approval = sfn.callback("Approve").await;
    let client = sfn.client();
    while sfn.execution(&arn).is_running() {
        let beat = client.send_task_heartbeat().task_token(approval.token()).send().await;
        assert!(beat.is_ok(), "{beat:?}");
        tokio::time::sleep(Duration::from_secs(59)).await;
    }
    assert!((seconds(&sfn, &arn).await - 600.0).abs() < 1e-6);
    sfn.execution(&arn).now().assert().failed_with("States.Timeout");

    let arn = start(&sfn, 8);
    sfn.callback("Approve").await;
    assert!((seconds(&sfn, &arn).await - 60.0).abs() < 1e-6);
}

#[tokio::test(start_paused = true)]
async fn a_callback_waits_for_an_execution_that_starts_later_and_each_is_given_once() {
    let sfn = MockSfn::new();
    sfn.on_state("Approve").waits_for_token().after("10s");
    let (first, second) = (sfn.callback("Approve"), sfn.callback("Approve"));
    let starting = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        (start(&sfn, 1), start(&sfn, 2))
    };
    let (first, second, started) = tokio::join!(first, second, starting);
    assert_eq!((first.execution_arn(), second.execution_arn()), (&*started.0, &*started.1));
    assert_eq!(sfn.now().to_string(), "2024-01-01T00:00:15Z");
}

#[tokio::test]
async fn on_a_manual_clock_an_execution_that_waits_for_a_token_can_end() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.on_state("Approve").waits_for_token();
    let arn = start(&sfn, 7);
    let finished = sfn.execution(&arn).finished();
    let approving = async {
        let approval = sfn.callback("Approve").await;
        succeed(&sfn, approval.token(), "1").await.unwrap();
    };
    let (execution, ()) = tokio::join!(finished, approving);
    execution.assert().succeeded();
}

#[tokio::test(start_paused = true)]
async fn an_unmocked_callback_is_told_with_the_line_that_makes_it_wait() {
    let sfn = MockSfn::new();
    let arn = start(&sfn, 7);
    sfn.execution(&arn).finished().await.assert().failed_with("SfnTestkit.TaskNotMocked");
    let text = panic_text(|| sfn.verify());
    assert!(text.contains("write: sfn.on_state(\"Approve\").waits_for_token();"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_task_without_a_token_cannot_wait_for_it() {
    let sfn = MockSfn::new();
    sfn.on_state("Approve").waits_for_token();
    let definition =
        DEFINITION.replace(".waitForTaskToken", "").replace(r#", "token.$": "$$.Task.Token""#, "");
    let machine = sfn.state_machine("plain").definition(definition).create();
    let arn = sfn.start_execution(&machine, json!({"order": 7}));
    sfn.execution(&arn).finished().await.assert().failed_with("SfnTestkit.TaskMockPanicked");
    let text = panic_text(|| sfn.verify());
    let why =
        "`.waits_for_token()` is for tasks that have a token: `arn:aws:states:::sqs:sendMessage` has none";
    assert!(text.contains(why), "{text}");
}

#[tokio::test]
async fn a_job_that_takes_its_time_was_submitted_at_once() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.on_state("Approve").returns(json!("yes")).after("5s");
    let arn = start(&sfn, 1);
    let history = sfn.client().get_execution_history().execution_arn(&arn).send().await.unwrap();
    let types: Vec<_> = history.events.iter().map(|event| event.r#type.as_str()).collect();
    assert_eq!(
        types,
        ["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted"]
    );
    sfn.advance("5s");
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!("yes"));
}
