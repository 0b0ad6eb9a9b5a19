//! Quotas that a test lowers and reaches.

use aws_sdk_sfn::error::ProvideErrorMetadata;
use aws_sdk_sfn::types::Tag;
use sfn_testkit::prelude::*;

use super::{THIRTY_DAYS, describe, failed, result};

const PASS: &str = r#"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#;

const LOOP: &str = r#"{"StartAt":"A","States":{
    "A":{"Type":"Choice","Choices":[{"Variable":"$.end","IsPresent":true,"Next":"B"}],"Default":"A"},
    "B":{"Type":"Succeed"}
}}"#;

fn limited(quota: Quota, value: u64) -> MockSfn {
    MockSfn::builder().quota(quota, value).build()
}

/// Code and message of a refusal.
macro_rules! refusal {
    ($sent:expr) => {{
        let error = $sent.await.unwrap_err().into_service_error();
        format!("{}: {}", error.code().unwrap(), error.message().unwrap())
    }};
}

#[tokio::test(start_paused = true)]
async fn resources_are_counted() {
    let sfn = limited(Quota::StateMachines, 1);
    sfn.state_machine("a").definition(PASS).create();
    let create = sfn
        .client()
        .create_state_machine()
        .name("b")
        .definition(PASS)
        .role_arn("arn:aws:iam::123456789012:role/r");
    assert_eq!(refusal!(create.send()), "StateMachineLimitExceeded: State Machine Limit Exceeded: '1'");

    let sfn = limited(Quota::Activities, 0);
    let create = sfn.client().create_activity().name("a");
    assert_eq!(refusal!(create.send()), "ActivityLimitExceeded: Activity Limit Exceeded: '0'");

    let sfn = limited(Quota::Tags, 1);
    let machine = sfn.state_machine("a").definition(PASS).create();
    let tag = |key: &str| Tag::builder().key(key).value("1").build();
    let tags = sfn.client().tag_resource().resource_arn(&machine).tags(tag("a")).tags(tag("b"));
    assert_eq!(refusal!(tags.send()), format!("TooManyTags: Too Many Tags: '{machine}'"));
}

#[tokio::test(start_paused = true)]
async fn versions_and_pollers_are_counted() {
    let sfn = limited(Quota::Versions, 0);
    let machine = sfn.state_machine("a").definition(PASS).create();
    let publish = sfn.client().publish_state_machine_version().state_machine_arn(&machine);
    assert_eq!(
        refusal!(publish.send()),
        "ServiceQuotaExceededException: The state machine has reached the maximum number of versions (0)"
    );

    let sfn = limited(Quota::ActivityPollers, 0);
    let activity = sfn.client().create_activity().name("a").send().await.unwrap();
    let poll = sfn.client().get_activity_task().activity_arn(activity.activity_arn());
    assert_eq!(
        refusal!(poll.send()),
        "ActivityWorkerLimitExceeded: The maximum number of workers concurrently polling for activity tasks has been reached."
    );
}

#[tokio::test(start_paused = true)]
async fn a_history_may_be_short_and_then_there_is_no_redrive() {
    let sfn = limited(Quota::HistoryEvents, 10);
    let machine = sfn.state_machine("loop").definition(LOOP).create();
    let arn = sfn.start_execution(&machine, json!({}));
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().failed();
    assert_eq!(execution.cause(), Some("The execution reached the maximum number of history events (10)."));
    assert_eq!(
        refusal!(sfn.client().redrive_execution().execution_arn(&arn).send()),
        "ExecutionNotRedrivable: Execution history event limit exceeded"
    );
}

#[tokio::test(start_paused = true)]
async fn an_execution_may_have_little_time() {
    let sfn = limited(Quota::ExecutionSeconds, 60);
    let machine = sfn.state_machine("wait").definition(THIRTY_DAYS).create();
    let arn = sfn.start_execution(&machine, json!({}));
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().timed_out();
    assert_eq!(execution.duration().unwrap().as_secs(), 60);
    let described = describe(&sfn, &arn).await;
    assert_eq!(described.redrive_status_reason(), Some("Execution has exceeded the max execution time"));
}

#[tokio::test(start_paused = true)]
async fn payloads_may_be_small() {
    let sfn = limited(Quota::PayloadBytes, 10);
    let machine = sfn
        .state_machine("pass")
        .definition(r#"{"StartAt":"P","States":{"P":{"Type":"Pass","Result":"0123456789","End":true}}}"#)
        .create();
    let start = sfn.client().start_execution().state_machine_arn(&machine).input(r#"{"a":12345}"#);
    assert_eq!(
        refusal!(start.send()),
        "ValidationException: 1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 10"
    );
    let arn = sfn.start_execution(&machine, json!({"a": 1234}));
    assert_eq!(result(&sfn, &arn).await, failed("States.DataLimitExceeded"));
}

#[tokio::test(start_paused = true)]
async fn a_closed_execution_may_be_forgotten_and_be_past_redriving_early() {
    let sfn =
        MockSfn::builder().quota(Quota::RedrivableSeconds, 60).quota(Quota::RetentionSeconds, 120).build();
    let machine = sfn.state_machine("no").always_fails("No", "never").create();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await;
    tokio::time::advance(std::time::Duration::from_secs(60)).await;
    let redrive = || sfn.client().redrive_execution().execution_arn(&arn).send();
    assert_eq!(refusal!(redrive()), "ExecutionNotRedrivable: Execution redrivable period exceeded");
    tokio::time::advance(std::time::Duration::from_secs(60)).await;
    assert_eq!(refusal!(redrive()), format!("ExecutionDoesNotExist: Execution Does Not Exist: '{arn}'"));
}
