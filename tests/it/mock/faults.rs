//! Faults of the service, as the SDK's client and its retries meet them.

use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::retry::RetryConfig;
use aws_sdk_sfn::error::ProvideErrorMetadata;
use aws_sdk_sfn::types::{ExecutionStatus, KmsKeyState};
use sfn_testkit::prelude::*;
use tokio::time::{Instant, advance};

use super::{THIRTY_DAYS, describe, panic_text};

fn machine(sfn: &MockSfn) -> String {
    sfn.state_machine("orders").returns(json!({"ok": true})).create().to_string()
}

/// A client that does not try again.
fn once(sfn: &MockSfn) -> Client {
    Client::from_conf(sfn.sdk_config().retry_config(RetryConfig::disabled()).build())
}

fn expect_of_start(sfn: &MockSfn) -> usize {
    sfn.fault(Operation::StartExecution).throttled().times(2).expect(2);
    line!() as usize - 1
}

#[tokio::test(start_paused = true)]
async fn a_throttled_client_tries_again_on_virtual_time() {
    let sfn = MockSfn::new();
    let machine = machine(&sfn);
    sfn.fault(Operation::StartExecution).throttled().times(2).expect(2);
    let before = Instant::now();
    let started = sfn.client().start_execution().state_machine_arn(&machine).send().await.unwrap();
    // Two delays, of up to one and two seconds, with jitter.
    let waited = before.elapsed();
    assert!(waited > Duration::ZERO && waited <= Duration::from_secs(3), "{waited:?}");
    assert_eq!(describe(&sfn, started.execution_arn()).await.status(), &ExecutionStatus::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_does_nothing_and_says_so() {
    let sfn = MockSfn::new();
    let machine = machine(&sfn);
    sfn.fault(Operation::StartExecution).throttled();
    let refusal = once(&sfn).start_execution().state_machine_arn(&machine).send().await.unwrap_err();
    assert_eq!(refusal.code(), Some("ThrottlingException"));
    assert_eq!(refusal.into_service_error().message(), Some("Rate exceeded"));
    let listed = sfn.client().list_executions().state_machine_arn(&machine).send().await.unwrap();
    assert_eq!(listed.executions().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_error_has_its_type_and_its_members() {
    let sfn = MockSfn::new();
    let machine = machine(&sfn);
    sfn.fault(Operation::StartExecution)
        .error("KmsInvalidStateException", "The key is disabled.")
        .member("kmsKeyState", "DISABLED");
    let refusal = sfn.client().start_execution().state_machine_arn(&machine).send().await.unwrap_err();
    let refusal = refusal.into_service_error();
    assert_eq!(refusal.message(), Some("The key is disabled."));
    let aws_sdk_sfn::operation::start_execution::StartExecutionError::KmsInvalidStateException(refusal) =
        refusal
    else {
        panic!("{refusal:?}")
    };
    assert_eq!(refusal.kms_key_state(), Some(&KmsKeyState::Disabled));
}

#[tokio::test(start_paused = true)]
async fn a_bare_status_is_tried_again_and_so_is_a_dropped_connection() {
    for disturb in [
        |sfn: &MockSfn| sfn.fault(Operation::StartExecution).http_status(503).times(1).expect(1),
        |sfn: &MockSfn| sfn.fault(Operation::StartExecution).drops_connection().times(1).expect(1),
    ] {
        let sfn = MockSfn::new();
        let machine = machine(&sfn);
        disturb(&sfn);
        sfn.client().start_execution().state_machine_arn(&machine).send().await.unwrap();
        let listed = sfn.client().list_executions().state_machine_arn(&machine).send().await.unwrap();
        assert_eq!(listed.executions().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_answer_was_lost_has_acted() {
    let sfn = MockSfn::new();
    let machine = machine(&sfn);
    sfn.fault(Operation::StartExecution).loses_answer().times(1);
    let start = sfn.client().start_execution().state_machine_arn(&machine).name("order-7");
    let refusal = start.send().await.unwrap_err().into_service_error();
    // The retry found the execution of the first try, which has succeeded meanwhile.
    assert!(refusal.is_execution_already_exists(), "{refusal:?}");
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_comes_late_though_the_call_acted_at_once() {
    let sfn = MockSfn::new();
    let machine = machine(&sfn);
    sfn.fault(Operation::StartExecution).latency("2s");
    sfn.fault(Operation::StopExecution).throttled().after("3s");
    let before = sfn.now();
    let started = sfn.client().start_execution().state_machine_arn(&machine).send().await.unwrap();
    assert_eq!(sfn.now().since(before), Duration::from_secs(2));
    assert_eq!(started.start_date().to_string(), before.to_string());
    let stop = once(&sfn).stop_execution().execution_arn(started.execution_arn());
    stop.send().await.unwrap_err();
    assert_eq!(sfn.now().since(before), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn the_newest_fault_that_is_meant_disturbs_a_call() {
    let sfn = MockSfn::new();
    let machine = machine(&sfn);
    sfn.fault(Operation::StartExecution).error("ExecutionLimitExceeded", "full").expect(2);
    sfn.fault(Operation::StartExecution)
        .when(|input| input["name"] == "b")
        .error("AccessDeniedException", "no")
        .times(1);
    let client = once(&sfn);
    let mut codes = Vec::new();
    for name in ["a", "b", "b"] {
        let refusal =
            client.start_execution().state_machine_arn(&machine).name(name).send().await.unwrap_err();
        codes.push(refusal.code().unwrap().to_owned());
    }
    assert_eq!(codes, ["ExecutionLimitExceeded", "AccessDeniedException", "ExecutionLimitExceeded"]);
}

#[tokio::test(start_paused = true)]
async fn stale_reads_see_the_service_as_it_was() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("wait").definition(THIRTY_DAYS).create();
    sfn.fault(Operation::DescribeExecution).stale_reads("5s");
    sfn.fault(Operation::ListExecutions).stale_reads("5s");
    let client = sfn.client();
    let arn = sfn.start_execution(&machine, json!({}));
    let listed = async || {
        let listed = client.list_executions().state_machine_arn(&machine).send().await.unwrap();
        listed.executions().iter().map(|execution| execution.status().as_str().to_owned()).collect::<Vec<_>>()
    };
    let status = async || {
        let described = client.describe_execution().execution_arn(&arn).send().await;
        described.map(|described| described.status().as_str().to_owned())
    };
    let missing = status().await.unwrap_err().into_service_error();
    assert!(missing.is_execution_does_not_exist());
    assert_eq!(listed().await, Vec::<String>::new());

    advance(Duration::from_secs(5)).await;
    assert_eq!((status().await.unwrap(), listed().await), ("RUNNING".to_owned(), vec!["RUNNING".to_owned()]));
    client.stop_execution().execution_arn(&arn).send().await.unwrap();
    advance(Duration::from_millis(4999)).await;
    assert_eq!(status().await.unwrap(), "RUNNING");
    // Other reads are not disturbed.
    let history = client.get_execution_history().execution_arn(&arn).send().await.unwrap();
    assert_eq!(history.events().len(), 3);
    advance(Duration::from_millis(1)).await;
    assert_eq!(status().await.unwrap(), "ABORTED");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_an_execution_by_itself_is_seen_late_too() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("report").runs_for("90s").returns(json!(1)).create();
    sfn.fault(Operation::DescribeExecution).stale_reads("5s");
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await;
    assert_eq!(describe(&sfn, &arn).await.status(), &ExecutionStatus::Running);
    advance(Duration::from_secs(5)).await;
    assert_eq!(describe(&sfn, &arn).await.status(), &ExecutionStatus::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn calls_of_the_test_itself_are_not_disturbed() {
    let sfn = MockSfn::new();
    sfn.fault(Operation::CreateStateMachine).throttled();
    sfn.fault(Operation::StartExecution).drops_connection();
    let machine = machine(&sfn);
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().succeeded();
}

#[test]
fn a_fault_that_was_expected_and_did_not_happen_fails_the_test() {
    let sfn = MockSfn::new();
    let line = expect_of_start(&sfn);
    let expected = format!(
        "sfn-testkit: not all went as the test says:\n- the fault `sfn.fault(Operation::StartExecution)` at {}:{line}:9 expected 2 calls, and got 0 calls",
        file!()
    );
    assert_eq!(panic_text(|| sfn.verify()), expected);
}

#[tokio::test(start_paused = true)]
async fn a_condition_that_panics_is_told_at_the_end() {
    let sfn = MockSfn::new();
    let machine = machine(&sfn);
    sfn.fault(Operation::StartExecution).when(|_| panic!("odd input")).throttled();
    sfn.client().start_execution().state_machine_arn(&machine).send().await.unwrap();
    let report = panic_text(|| sfn.verify());
    assert!(report.ends_with(" panicked: odd input"), "{report}");
    assert!(
        report.contains("- the condition of the fault `sfn.fault(Operation::StartExecution)` at "),
        "{report}"
    );
}

#[test]
fn faults_that_make_no_sense_are_refused() {
    let sfn = MockSfn::new();
    let fault = || sfn.fault(Operation::StartExecution);
    assert_eq!(
        panic_text(|| fault().error("Throttled", "slow down")),
        "Step Functions has no error `Throttled`: take the name of an exception from the API reference, such as `ExecutionLimitExceeded`, or answer a bare status with `.http_status(500)`"
    );
    assert_eq!(
        panic_text(|| fault().http_status(200)),
        "200 is not the HTTP status of an error: those are 400 to 599"
    );
    assert_eq!(
        panic_text(|| fault().stale_reads("5s")),
        "StartExecution is no read that could be stale: those are `Describe…`, `List…` and GetExecutionHistory"
    );
    assert_eq!(
        panic_text(|| fault().http_status(500).member("reason", "x")),
        "only an error has members such as `reason`: write `.error(code, message)` before it"
    );
    assert!(panic_text(|| fault().latency("soon")).starts_with("`soon` is no duration"));
}
