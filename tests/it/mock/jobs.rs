//! Task mocks that show what is seen of a job or callback before it ends.

use std::time::Duration;

use aws_sdk_sfn::types::HistoryEvent;
use sfn_testkit::prelude::*;

use super::{failed, panic_text, result, seconds, succeeded};

const JOB: &str = r#"{"StartAt":"Crunch","States":{"Crunch":{
    "Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","End":true
}}}"#;

const ASK: &str = r#"{"StartAt":"Crunch","States":{"Crunch":{
    "Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},
    "HeartbeatSeconds":60,"End":true
}}}"#;

fn start(sfn: &MockSfn, definition: &str) -> String {
    let machine = sfn.state_machine("jobs").definition(definition).create();
    sfn.start_execution(&machine, json!({}))
}

/// The types of the events from `TaskStarted` on, each with its second.
async fn events(sfn: &MockSfn, arn: &str) -> Vec<String> {
    let history = sfn.client().get_execution_history().execution_arn(arn).send().await.unwrap();
    let seconds = |event: &HistoryEvent| event.timestamp().as_secs_f64();
    let start = history.events().first().map_or(0.0, seconds);
    let told = history.events().iter().skip(3);
    told.map(|event| format!("{} {:.0}", event.r#type().as_str(), seconds(event) - start)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_job_is_submitted_runs_and_ends() {
    let sfn = MockSfn::new();
    sfn.on_state("Crunch")
        .returns(json!({"JobId": "j", "Status": "SUCCEEDED"}))
        .after("90s")
        .submits(json!({"JobId": "j"}));
    let arn = start(&sfn, JOB);
    sfn.execution(&arn).finished().await;
    assert_eq!(
        events(&sfn, &arn).await,
        [
            "TaskStarted 0",
            "TaskSubmitted 0",
            "TaskSucceeded 90",
            "TaskStateExited 90",
            "ExecutionSucceeded 90"
        ]
    );
    let history = sfn.client().get_execution_history().execution_arn(&arn).send().await.unwrap();
    let submitted = history.events()[4].task_submitted_event_details().unwrap();
    assert_eq!(submitted.output(), Some(r#"{"JobId":"j"}"#));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_was_submitted_before() {
    let sfn = MockSfn::new();
    sfn.on_state("Crunch").fails("States.TaskFailed", "{}").after("90s").submits(json!({"JobId": "j"}));
    let arn = start(&sfn, JOB);
    assert_eq!(result(&sfn, &arn).await, failed("States.TaskFailed"));
    assert_eq!(events(&sfn, &arn).await[..3], ["TaskStarted 0", "TaskSubmitted 0", "TaskFailed 90"]);
}

#[tokio::test(start_paused = true)]
async fn signs_of_life_hold_off_the_heartbeat_timeout() {
    let sfn = MockSfn::new();
    sfn.on_state("Crunch").returns(json!("done")).after("10m").heartbeats(20, "30s");
    let arn = start(&sfn, ASK);
    assert_eq!(result(&sfn, &arn).await, succeeded(r#""done""#));
    assert!((seconds(&sfn, &arn).await - 600.0).abs() < 1e-6);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_falls_silent_is_missed() {
    for time in [Time::Tokio, Time::Skip { settle: Duration::from_millis(1) }] {
        let sfn = MockSfn::builder().time(time).build();
        sfn.on_state("Crunch").never_answers().heartbeats(4, "60s").submits(json!({"MessageId": "m"}));
        let arn = start(&sfn, ASK);
        assert_eq!(result(&sfn, &arn).await, failed("States.Timeout"));
        assert!((seconds(&sfn, &arn).await - 300.0).abs() < 1.0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_callback_with_signs_of_life_can_still_be_answered() {
    let sfn = MockSfn::new();
    sfn.on_state("Crunch").waits_for_token().submits(json!({"MessageId": "m"})).heartbeats(10, "30s");
    let arn = start(&sfn, ASK);
    let callback = sfn.callback("Crunch").await;
    tokio::time::sleep(Duration::from_secs(200)).await;
    sfn.client().send_task_success().task_token(callback.token()).output("7").send().await.unwrap();
    assert_eq!(result(&sfn, &arn).await, succeeded("7"));
    assert_eq!(events(&sfn, &arn).await[1], "TaskSubmitted 0");
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_no_job_has_nothing_to_show() {
    let sfn = MockSfn::new();
    sfn.on_state("Crunch").returns(json!(1)).submits(json!({}));
    let arn = start(&sfn, &JOB.replace(".sync", ""));
    sfn.execution(&arn).finished().await.assert().failed_with("SfnTestkit.TaskMockPanicked");
    let text = panic_text(|| sfn.verify());
    let why = "`.submits(…)` is for jobs and callbacks: `arn:aws:states:::batch:submitJob` is neither";
    assert!(text.contains(why), "{text}");
}
