//! The real SDK client on the in-process door.

use aws_sdk_sfn::types::{ExecutionStatus, SyncExecutionStatus};
use sfn_testkit::prelude::*;

use super::{PAY, describe, panic_text, result, succeeded};

#[tokio::test(start_paused = true)]
async fn a_client_starts_an_execution_and_sees_its_output() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("pay").definition(PAY).create();
    sfn.on_state("Pay").returns(json!({"paid": true}));
    let client = sfn.client();
    let started =
        client.start_execution().state_machine_arn(&machine).input(r#"{"order": 7}"#).send().await.unwrap();
    let described = describe(&sfn, started.execution_arn()).await;
    assert_eq!(described.status(), &ExecutionStatus::Succeeded);
    assert_eq!(described.output(), Some(r#"{"paid":true}"#));
    assert_eq!(described.start_date().to_string(), "2024-01-01T00:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn errors_of_the_service_are_those_of_the_sdk() {
    let sfn = MockSfn::new();
    let missing = "arn:aws:states:us-east-1:123456789012:stateMachine:nope";
    let error = sfn.client().start_execution().state_machine_arn(missing).send().await.unwrap_err();
    assert!(error.into_service_error().is_state_machine_does_not_exist());
}

#[tokio::test(start_paused = true)]
async fn an_unsigned_client_is_answered_too() {
    let sfn = MockSfn::builder().region("eu-central-1").build();
    let machine = sfn.state_machine("quick").returns(json!(1)).create();
    let started = sfn.unsigned_client().start_execution().state_machine_arn(&machine).send().await.unwrap();
    assert!(started.execution_arn().starts_with("arn:aws:states:eu-central-1:123456789012:execution:quick:"));
}

#[tokio::test(start_paused = true)]
async fn a_synchronous_execution_is_answered_at_its_end() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("report").express().runs_for("90s").returns(json!({"rows": 3})).create();
    let before = sfn.now();
    let answer = sfn.client().start_sync_execution().state_machine_arn(&machine).send().await.unwrap();
    assert_eq!(answer.status(), &SyncExecutionStatus::Succeeded);
    assert_eq!(answer.output(), Some(r#"{"rows":3}"#));
    assert_eq!(sfn.now().since(before).as_secs(), 90);
}

#[tokio::test(start_paused = true)]
async fn a_stub_fails_with_its_error() {
    let sfn = MockSfn::new();
    let machine =
        sfn.state_machine("billing").express().always_fails("Billing.Declined", "no funds").create();
    let answer = sfn.client().start_sync_execution().state_machine_arn(&machine).send().await.unwrap();
    assert_eq!(answer.status(), &SyncExecutionStatus::Failed);
    assert_eq!((answer.error(), answer.cause()), (Some("Billing.Declined"), Some("no funds")));
}

#[tokio::test(start_paused = true)]
async fn a_stub_that_only_takes_time_returns_its_input() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("slow").runs_for("2h").create();
    let arn = sfn.start_execution(&machine, json!({"a": 1}));
    assert!(sfn.execution(&arn).is_running());
    assert_eq!(result(&sfn, &arn).await, succeeded(r#"{"a":1}"#));
}

#[tokio::test(start_paused = true)]
async fn code_under_test_may_poll_on_its_own() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("slow").runs_for("90s").returns(json!(3)).create();
    let arn = sfn.start_execution(&machine, json!({}));
    let mut polls = 0;
    while describe(&sfn, &arn).await.status() == &ExecutionStatus::Running {
        polls += 1;
        tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    }
    assert_eq!(polls, 9);
}

#[test]
fn a_definition_that_is_no_json_is_told_when_it_is_created() {
    let sfn = MockSfn::new();
    let text = panic_text(|| sfn.state_machine("broken").definition("{").create());
    assert!(
        text.starts_with(
            "the definition of state machine `broken` is invalid:\n- INVALID_JSON_DESCRIPTION: "
        ),
        "{text}"
    );
}

#[test]
fn starting_what_does_not_exist_panics_with_the_words_of_the_service() {
    let sfn = MockSfn::new();
    let missing = "arn:aws:states:us-east-1:123456789012:stateMachine:nope";
    assert_eq!(
        panic_text(|| sfn.start_execution(missing, json!({}))),
        format!(
            "the execution was not started: StateMachineDoesNotExist: State Machine Does Not Exist: '{missing}'"
        )
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_follows_at_once_has_happened_when_a_call_returns_on_every_thread() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("pay").definition(PAY).create();
    sfn.on_state("Pay").answers(|call| call.input.clone()).unchecked();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50 {
        let (client, machine) = (sfn.client(), machine.clone());
        tasks.spawn(async move {
            let input = number.to_string();
            let started =
                client.start_execution().state_machine_arn(&machine).input(&input).send().await.unwrap();
            let arn = started.execution_arn();
            let described = client.describe_execution().execution_arn(arn).send().await.unwrap();
            assert_eq!(described.output(), Some(input.as_str()));
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
}
