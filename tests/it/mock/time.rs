//! The three kinds of time.

use std::time::Duration;

use sfn_testkit::prelude::*;
use tokio::time::Instant;

use super::{PAY, THIRTY_DAYS, panic_text, result, seconds, succeeded};

const DAYS_30: f64 = 2_592_000.0;

#[tokio::test(start_paused = true)]
async fn thirty_days_pass_at_once_on_paused_time() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("slow").definition(THIRTY_DAYS).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert!((seconds(&sfn, &arn).await - DAYS_30).abs() < 1e-6);
    assert_eq!(sfn.now().to_string(), "2024-01-31T00:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn executions_go_on_while_nobody_calls() {
    let sfn = MockSfn::new();
    let (send, receive) = tokio::sync::oneshot::channel();
    let mut send = Some(send);
    sfn.on_state("Pay").answers(move |call| {
        send.take().unwrap().send(call.now).unwrap();
        json!({})
    });
    let definition = PAY
        .replace(r#""StartAt": "Pay","#, r#""StartAt": "W","#)
        .replace(r#""States": {"#, r#""States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "Pay"},"#);
    let machine = sfn.state_machine("pay").definition(definition).create();
    sfn.client().start_execution().state_machine_arn(&machine).send().await.unwrap();
    assert_eq!(receive.await.unwrap().to_string(), "2024-01-01T00:01:00Z");
}

#[tokio::test(start_paused = true)]
async fn what_is_caught_up_later_happened_at_its_own_time() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.on_state("Pay").fails("Throttled", "").times(3).then().returns(json!({})).after("1s");
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.advance("1h");
    assert!((seconds(&sfn, &arn).await - 8.0).abs() < 1e-6);
}

#[tokio::test]
async fn a_manual_clock_moves_only_by_hand() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    let machine = sfn.state_machine("slow").definition(THIRTY_DAYS).create();
    let arn = sfn.start_execution(&machine, json!({"a": 1}));
    sfn.advance("29d");
    assert!(sfn.execution(&arn).is_running());
    sfn.advance(Duration::from_secs(86_400));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#"{"a":1}"#));
    assert_eq!(sfn.now().to_string(), "2024-01-31T00:00:00Z");
}

#[tokio::test]
async fn waiting_in_vain_on_a_manual_clock_is_told() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    let machine = sfn.state_machine("slow").definition(THIRTY_DAYS).create();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.advance("1d");
    let handle = sfn.execution(&arn);
    let line = line!() + 1;
    let waiting = tokio::spawn(handle.finished());
    let panic = waiting.await.map(|_| "ended").unwrap_err().into_panic();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        &format!(
            "the execution `{arn}` cannot end: only `sfn.advance(…)` moves the clock, and nobody is left to do so.\n\
             It is in `Cool off`; the next timer is due at 2024-01-31T00:00:00Z, in 29d: call `sfn.advance(\"29d\")` \
             or more first\n(waited for at {}:{line}:39)",
            file!()
        )
    );
}

#[tokio::test]
async fn an_async_task_mock_is_waited_for_on_a_manual_clock() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.on_state("Pay").answers_async(|_| async {
        tokio::task::yield_now().await;
        json!({"MessageId": "late"})
    });
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert_eq!(result(&sfn, &arn).await, succeeded(r#"{"MessageId":"late"}"#));
}

#[test]
fn only_a_manual_clock_can_be_advanced() {
    assert!(panic_text(|| MockSfn::new().advance("1s")).starts_with(
        "`advance` needs `MockSfn::builder().time(Time::Manual)`; this mock follows Tokio's clock"
    ));
    assert_eq!(
        panic_text(|| MockSfn::builder().time(Time::skip()).build().advance("1s")),
        "`advance` needs `MockSfn::builder().time(Time::Manual)`; this mock skips waiting by itself"
    );
}

#[tokio::test]
async fn skipped_time_lets_clients_see_the_execution_running_first() {
    let started = Instant::now();
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let machine = sfn.state_machine("slow").definition(THIRTY_DAYS).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert!(sfn.execution(&arn).is_running());
    let seconds = seconds(&sfn, &arn).await;
    assert!((DAYS_30 - 0.001..DAYS_30 + 60.0).contains(&seconds), "{seconds}");
    assert!(started.elapsed() >= Duration::from_millis(100));
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn the_same_test_gives_the_same_ids_and_times() {
    async fn run() -> Vec<String> {
        let sfn = MockSfn::builder().seed(7).build();
        let machine = sfn.state_machine("slow").runs_for("5m").create();
        let arn = sfn.start_execution(&machine, json!({}));
        sfn.execution(&arn).finished().await;
        let described = sfn.client().describe_execution().execution_arn(&arn).send().await.unwrap();
        vec![arn, described.stop_date().unwrap().to_string()]
    }
    assert_eq!(run().await, run().await);
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_nobody_started_is_told_with_those_that_were() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("quick").returns(json!(1)).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert_eq!(
        panic_text(|| sfn.execution("arn:nope").finished()),
        format!("there is no execution `arn:nope`; these were started:\n- {arn}")
    );
}
