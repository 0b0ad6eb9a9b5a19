//! Executions that failed and are redriven, as a client and the assertions see them.

use aws_sdk_sfn::error::ProvideErrorMetadata;
use sfn_testkit::prelude::*;

use super::{describe, run_pay};

/// Two branches of one task each, and a task behind them.
const BOTH: &str = r#"{
    "StartAt": "Both",
    "States": {
        "Both": {"Type": "Parallel", "Next": "Ship", "Branches": [
            {"StartAt": "Pay", "States": {"Pay": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}}},
            {"StartAt": "Pack", "States": {"Pack": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}}}
        ]},
        "Ship": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}
    }
}"#;

async fn redrive(sfn: &MockSfn, arn: &str) {
    sfn.client().redrive_execution().execution_arn(arn).send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_redriven_execution_goes_on_in_the_branch_that_failed() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("orders").definition(BOTH).create();
    sfn.on_state("Pay").returns(json!("paid")).expect(1);
    sfn.on_state("Pack").fails("Strike", "nobody there").times(1).then().returns(json!("packed"));
    sfn.on_state("Ship").returns(json!("shipped"));
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().failed();
    tokio::time::advance(std::time::Duration::from_secs(3600)).await;

    redrive(&sfn, &arn).await;
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().succeeded().visited(["Both", "Pay", "Pack", "Ship"]);
    execution.assert().state("Pack", |state| state.attempts(2)).state("Both", |state| state.attempts(2));
    assert_eq!(describe(&sfn, &arn).await.redrive_count(), Some(1));
    let narrative = execution.narrative();
    let since: Vec<_> = narrative.lines().skip_while(|line| !line.contains("redriven")).collect();
    assert_eq!(
        since.join("\n"),
        r#"  +1h  redriven
  +1h      branch 1: Pack attempt 2: calls arn:aws:lambda:us-east-1:123456789012:function:work with {}
  +1h      attempt 2 returned "packed"
  +1h    branch 1: Pack left with "packed"
  +1h  Both left with ["paid","packed"]
  +1h  Ship (Task) ["paid","packed"]
  +1h    calls arn:aws:lambda:us-east-1:123456789012:function:work with ["paid","packed"]
  +1h    returned "shipped"
  +1h  Ship left with "shipped"
  +1h  SUCCEEDED with "shipped""#
    );
}

#[tokio::test(start_paused = true)]
async fn each_iteration_that_goes_on_is_told_of_as_its_own() {
    let sfn = MockSfn::new();
    let machine = sfn
        .state_machine("each")
        .definition(
            r#"{
        "StartAt": "Each",
        "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
            "StartAt": "Do",
            "States": {"Do": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}}
        }}}
    }"#,
        )
        .create();
    sfn.on_state("Do").answers(|call| call.input.clone());
    sfn.on_state("Do").when(|call| call.input == json!("b")).fails("Boom", "").times(1);
    sfn.on_state("Do").when(|call| call.input == json!("c")).never_answers().times(1);
    let arn = sfn.start_execution(&machine, json!(["a", "b", "c"]));
    sfn.execution(&arn).finished().await.assert().failed();
    redrive(&sfn, &arn).await;
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().succeeded().output(json!(["a", "b", "c"]));
    let narrative = execution.narrative();
    let since: Vec<_> = narrative.lines().skip_while(|line| !line.contains("redriven")).collect();
    assert_eq!(
        since.join("\n"),
        r#"  +0s  redriven
  +0s      item 1: Do attempt 2: calls arn:aws:lambda:us-east-1:123456789012:function:work with "b"
  +0s      item 2: Do attempt 2: calls arn:aws:lambda:us-east-1:123456789012:function:work with "c"
  +0s      item 1: Do attempt 2 returned "b"
  +0s      item 2: Do attempt 2 returned "c"
  +0s    item 1: Do left
  +0s    item 2: Do left
  +0s  Each left
  +0s  SUCCEEDED with ["a","b","c"]"#
    );
}

#[tokio::test(start_paused = true)]
async fn a_redrive_is_no_retry() {
    let sfn = MockSfn::new();
    sfn.on_resource("*").fails("Busy", "").times(5).then().returns(json!({}));
    run_pay(&sfn, super::PAY).await;
    let arn = sfn
        .client()
        .list_executions()
        .state_machine_arn("arn:aws:states:us-east-1:123456789012:stateMachine:pay")
        .send()
        .await
        .unwrap()
        .executions()[0]
        .execution_arn()
        .to_owned();
    redrive(&sfn, &arn).await;
    let execution = sfn.execution(&arn).finished().await;
    execution
        .assert()
        .succeeded()
        .state("Pay", |pay| pay.attempts(6).retried_after(["1s", "2s", "4s", "1s"]));
}

#[tokio::test(start_paused = true)]
async fn a_succeeded_execution_says_why_it_cannot_be_redriven() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("orders").returns(json!(1)).create();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await;
    let refusal = sfn.client().redrive_execution().execution_arn(&arn).send().await.unwrap_err();
    let refusal = refusal.into_service_error();
    assert!(refusal.is_execution_not_redrivable());
    assert_eq!(refusal.message(), Some("Execution is SUCCEEDED and cannot be redriven"));
}

#[tokio::test(start_paused = true)]
async fn a_fail_state_in_a_branch_is_entered_again_where_it_was() {
    let sfn = MockSfn::new();
    let machine = sfn
        .state_machine("fails")
        .definition(
            r#"{"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "Yes", "States": {"Yes": {"Type": "Pass", "End": true}}},
                {"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Refused"}}}
            ]}}}"#,
        )
        .create();
    let arn = sfn.start_execution(&machine, json!({}));
    redrive(&sfn, &arn).await;
    redrive(&sfn, &arn).await;
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().failed().visited(["Both", "Yes", "No", "No", "No"]);
    assert_eq!(execution.redrive_count(), 2);
    let narrative = execution.narrative();
    let since: Vec<_> = narrative.lines().skip_while(|line| !line.contains("for the 2nd time")).collect();
    assert_eq!(
        since.join("\n"),
        "  +0s  redriven, for the 2nd time
  +0s    branch 1: No (Fail) {} fails: Refused
  +0s    Both failed: Refused
  +0s  FAILED: Refused"
    );
}

#[tokio::test(start_paused = true)]
async fn a_callback_of_before_the_redrive_is_no_longer_awaited() {
    let sfn = MockSfn::new();
    let machine = sfn
        .state_machine("approve")
        .definition(
            r#"{"StartAt": "Approve", "States": {"Approve": {
                "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
                "Parameters": {"MessageBody.$": "$$.Task.Token"}
            }}}"#,
        )
        .create();
    sfn.on_state("Approve").waits_for_token();
    let arn = sfn.start_execution(&machine, json!({}));
    let client = sfn.client();
    let before = sfn.callback("Approve").await;
    client.stop_execution().execution_arn(&arn).send().await.unwrap();
    redrive(&sfn, &arn).await;
    let after = sfn.callback("Approve").await;
    let late = client.send_task_success().task_token(before.token()).output("1").send().await.unwrap_err();
    assert!(late.into_service_error().is_task_timed_out());
    client.send_task_success().task_token(after.token()).output("2").send().await.unwrap();
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().succeeded().output(json!(2)).state("Approve", |state| state.attempts(2));
}
