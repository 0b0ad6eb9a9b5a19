//! Task mocks: what they match, what they answer, in which order.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sfn_testkit::prelude::*;

use super::{PAY, TOPIC, failed, result, run_pay, seconds, succeeded};

#[tokio::test(start_paused = true)]
async fn failures_are_retried_until_the_next_answer() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").fails("Throttled", "slow down").times(2).then().returns(json!({"ok": true}));
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#"{"ok":true}"#));
    assert!((seconds(&sfn, &arn).await - 3.0).abs() < 1e-6);
}

#[tokio::test(start_paused = true)]
async fn a_mock_that_is_used_up_leaves_the_task_to_older_ones() {
    let sfn = MockSfn::new();
    sfn.on_resource("arn:aws:states:::sns:*").returns(json!({"MessageId": "old"}));
    sfn.on_state("Pay").fails("Throttled", "slow down").times(1);
    assert_eq!(run_pay(&sfn, PAY).await, succeeded(r#"{"MessageId":"old"}"#));
}

#[tokio::test(start_paused = true)]
async fn a_closure_sees_the_call_and_calculates_the_answer() {
    let sfn = MockSfn::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let calls = Arc::clone(&seen);
    sfn.on_resource(TOPIC).answers(move |call| {
        calls.lock().unwrap().push(call.clone());
        match call.attempt() {
            1 => Err(TaskError::new("Sqs.Busy", "come back")),
            _ => Ok(json!({"order": call.input["order"]})),
        }
    });
    assert_eq!(run_pay(&sfn, PAY).await, succeeded(r#"{"order":7}"#));
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].state.as_str(), seen[0].resource.as_str()), ("Pay", TOPIC));
    assert_eq!((seen[0].state_machine.as_str(), seen[1].retry_count), ("pay", 1));
    assert_eq!(seen[1].now.since(seen[0].now), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_after_a_while_takes_virtual_time() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").returns(json!({})).after("30s");
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert!(sfn.execution(&arn).is_running());
    assert!((seconds(&sfn, &arn).await - 30.0).abs() < 1e-6);
}

#[tokio::test(start_paused = true)]
async fn an_async_closure_may_take_its_time() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").answers_async(|call| async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        json!({"slow": call.input["order"]})
    });
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({"order": 7}));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#"{"slow":7}"#));
    assert!((seconds(&sfn, &arn).await - 5.0).abs() < 1e-6);
}

#[tokio::test(start_paused = true)]
async fn an_async_closure_that_is_ready_answers_at_once() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").answers_async(|_| async { Ok::<_, TaskError>(json!({})) });
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert!(!sfn.execution(&arn).is_running());
}

#[tokio::test(start_paused = true)]
async fn an_async_answer_can_be_delayed() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay")
        .answers_async(|_| async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            json!({})
        })
        .after("12s");
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert!((seconds(&sfn, &arn).await - 12.0).abs() < 1e-6);
}

#[tokio::test(start_paused = true)]
async fn a_task_mock_may_call_back_into_the_mock() {
    let sfn = MockSfn::new();
    let child = sfn.state_machine("child").express().returns(json!("child")).create();
    let client = sfn.client();
    sfn.on_state("Pay").answers_async(move |_| {
        let start = client.start_sync_execution().state_machine_arn(&child).send();
        async move { json!({"MessageId": start.await.unwrap().output()}) }
    });
    assert_eq!(run_pay(&sfn, PAY).await, succeeded(r#"{"MessageId":"\"child\""}"#));
}

#[tokio::test(start_paused = true)]
async fn conditions_choose_between_mocks() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").returns(json!("any")).unchecked();
    sfn.on_state("Pay").of("refunds").returns(json!("refund")).unchecked();
    sfn.on_state("Pay").when(|call| call.input["order"] == 8).returns(json!("eight")).unchecked();
    assert_eq!(run_pay(&sfn, PAY).await, succeeded(r#""any""#));
    let machine = sfn.state_machine("refunds").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({"order": 7}));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#""refund""#));
    let arn = sfn.start_execution(&machine, json!({"order": 8}));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#""eight""#));
}

#[tokio::test(start_paused = true)]
async fn a_state_machine_may_be_given_by_its_arn() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("pay").definition(PAY).create();
    sfn.on_state("Pay").of(&machine).returns(json!("mine")).unchecked();
    let arn = sfn.start_execution(&machine, json!({}));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#""mine""#));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_answered_at_once_and_silence_takes_its_time() {
    let definition = PAY.replace(r#""Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 3}]"#, r#""TimeoutSeconds": 60"#);
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("pay").definition(definition).create();
    sfn.on_state("Pay").never_answers().times(1).then().times_out();
    let silent = sfn.start_execution(&machine, json!({}));
    assert_eq!(result(&sfn, &silent).await, failed("States.Timeout"));
    assert!((seconds(&sfn, &silent).await - 60.0).abs() < 1e-6);
    let timed_out = sfn.start_execution(&machine, json!({}));
    assert!(seconds(&sfn, &timed_out).await.abs() < 1e-6);
}

#[test]
fn a_definition_can_be_tested_without_a_runtime() {
    let sfn = MockSfn::new();
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    sfn.on_state("Pay").answers(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        json!({})
    });
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert!(!sfn.execution(&arn).is_running());
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn a_duration_that_is_none_is_refused_where_it_stands() {
    let sfn = MockSfn::new();
    let text = super::panic_text(|| sfn.on_state("Pay").returns(json!(1)).after("soon"));
    assert_eq!(
        text,
        "`soon` is no duration: write numbers with their units, such as `90s`, `5m`, `1h30m` or `250ms`"
    );
}
