//! Activities and their workers, as code under test writes them.

use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::get_activity_task::GetActivityTaskOutput;
use sfn_testkit::prelude::*;
use tokio::time::{Instant, timeout};

use super::{panic_text, result, seconds, succeeded};

const DEFINITION: &str = r#"{
    "StartAt": "Approve",
    "States": {
        "Approve": {
            "Type": "Task",
            "Resource": "arn:aws:states:us-east-1:123456789012:activity:approve",
            "TimeoutSeconds": 600,
            "End": true
        }
    }
}"#;

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:approve";

/// With the activity, and a state machine whose only state is its task.
async fn prepare(sfn: &MockSfn) -> StateMachineArn {
    let created = sfn.client().create_activity().name("approve").send().await.unwrap();
    assert_eq!(created.activity_arn(), ACTIVITY);
    sfn.state_machine("orders").definition(DEFINITION).create()
}

async fn poll(client: &Client) -> GetActivityTaskOutput {
    client.get_activity_task().activity_arn(ACTIVITY).worker_name("w-1").send().await.unwrap()
}

/// A worker as people write them: it answers tasks for ever.
async fn work(client: Client) {
    loop {
        let task = poll(&client).await;
        if let Some(token) = task.task_token() {
            let output = task.input().unwrap();
            client.send_task_success().task_token(token).output(output).send().await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_does_the_tasks_of_many_executions() {
    let sfn = MockSfn::new();
    let machine = prepare(&sfn).await;
    let worker = tokio::spawn(work(sfn.client()));
    for order in 0..3 {
        tokio::time::sleep(Duration::from_secs(100)).await;
        let arn = sfn.start_execution(&machine, json!({"order": order}));
        assert_eq!(result(&sfn, &arn).await, succeeded(&format!(r#"{{"order":{order}}}"#)));
        assert!(seconds(&sfn, &arn).await < 1e-6);
    }
    worker.abort();
}

#[tokio::test(start_paused = true)]
async fn a_poll_without_work_ends_after_60_seconds() {
    let sfn = MockSfn::new();
    prepare(&sfn).await;
    let start = Instant::now();
    let task = poll(&sfn.client()).await;
    assert_eq!((task.task_token(), task.input()), (None, None));
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_was_dropped_swallows_no_task() {
    let sfn = MockSfn::new();
    let machine = prepare(&sfn).await;
    let (client, other) = (sfn.client(), sfn.client());
    timeout(Duration::from_secs(1), poll(&client)).await.unwrap_err();
    let mut asleep = Box::pin(poll(&client));
    timeout(Duration::from_secs(1), &mut asleep).await.unwrap_err();
    // The task is meant for the one that sleeps, which goes before it has heard of it.
    sfn.start_execution(&machine, json!({}));
    drop(asleep);
    assert!(poll(&other).await.task_token().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_worker_who_says_nothing_times_out() {
    let sfn = MockSfn::new();
    let machine = prepare(&sfn).await;
    let arn = sfn.start_execution(&machine, json!({}));
    tokio::time::sleep(Duration::from_secs(1000)).await;
    assert!(poll(&sfn.client()).await.task_token().is_some());
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().failed_with("States.Timeout");
    assert!((seconds(&sfn, &arn).await - 1600.0).abs() < 1e-6);
}

#[tokio::test]
async fn a_manual_clock_gives_a_task_to_the_worker_at_its_own_instant() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.client().create_activity().name("approve").send().await.unwrap();
    let waits = DEFINITION.replace(r#""StartAt": "Approve""#, r#""StartAt": "Wait""#).replace(
        r#""States": {"#,
        r#""States": {"Wait": {"Type": "Wait", "Seconds": 30, "Next": "Approve"},"#,
    );
    let machine = sfn.state_machine("orders").definition(waits).create();
    let arn = sfn.start_execution(&machine, json!({}));
    let client = sfn.client();
    let worker = tokio::spawn(work(client));
    tokio::task::yield_now().await;
    sfn.advance("50s");
    // Not stuck: the worker has the task.
    sfn.execution(&arn).finished().await;
    let history = sfn.client().get_execution_history().execution_arn(&arn).send().await.unwrap();
    let started =
        history.events().iter().find(|event| event.activity_started_event_details().is_some()).unwrap();
    assert_eq!(started.activity_started_event_details().unwrap().worker_name(), Some("w-1"));
    assert_eq!(started.timestamp().secs() - history.events()[0].timestamp().secs(), 30);
    worker.abort();
}

#[tokio::test]
async fn a_manual_clock_ends_a_poll() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    prepare(&sfn).await;
    let client = sfn.client();
    let mut waiting = Box::pin(poll(&client));
    assert!(timeout(Duration::from_millis(1), &mut waiting).await.is_err());
    sfn.advance("59s");
    assert!(timeout(Duration::from_millis(1), &mut waiting).await.is_err());
    sfn.advance("1s");
    assert_eq!(waiting.await.task_token(), None);
}

#[tokio::test(start_paused = true)]
async fn a_task_mock_answers_before_any_worker_and_needs_no_activity() {
    let sfn = MockSfn::new();
    sfn.on_state("Approve").returns(json!("mocked"));
    let machine = sfn.state_machine("orders").definition(DEFINITION).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#""mocked""#));
}

#[tokio::test(start_paused = true)]
async fn an_activity_that_nobody_created_is_a_forgotten_mock() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("orders").definition(DEFINITION).create();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().failed_with("States.Runtime");
    let text = panic_text(|| sfn.verify());
    assert!(text.contains("the task of state `Approve` was called once, and nothing mocks it"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_activity_that_was_deleted_fails_as_on_aws_and_nothing_more() {
    let sfn = MockSfn::new();
    let machine = prepare(&sfn).await;
    sfn.client().delete_activity().activity_arn(ACTIVITY).send().await.unwrap();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().failed_with("States.Runtime");
    sfn.verify();
}
