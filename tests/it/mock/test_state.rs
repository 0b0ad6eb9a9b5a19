//! `TestState` through the real SDK client: mocks in the call, or the task mocks of the test.

use aws_sdk_sfn::operation::test_state::TestStateOutput;
use aws_sdk_sfn::types::{InspectionLevel, MockErrorOutput, MockInput, TestExecutionStatus};
use sfn_testkit::prelude::*;

use super::{PAY, panic_text};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

async fn test_pay(sfn: &MockSfn) -> TestStateOutput {
    let call = sfn.client().test_state().definition(PAY).state_name("Pay").role_arn(ROLE);
    call.input(r#"{"order": 7}"#).send().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_task_mocks_of_the_test_answer_the_state() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").answers(|call| json!({"MessageId": call.input["order"].to_string()}));
    let tested = test_pay(&sfn).await;
    assert_eq!(tested.output(), Some(r#"{"MessageId":"7"}"#));
    assert_eq!(tested.status(), Some(&TestExecutionStatus::Succeeded));

    sfn.on_state("Pay").fails("Throttled", "slow down");
    let tested = test_pay(&sfn).await;
    assert_eq!((tested.error(), tested.status()), (Some("Throttled"), Some(&TestExecutionStatus::Retriable)));
}

#[tokio::test(start_paused = true)]
async fn a_mock_in_the_call_comes_before_those_of_the_test() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").returns(json!({})).expect(0);
    let error = MockErrorOutput::builder().error("Boom").cause("because").build();
    let tested = sfn
        .client()
        .test_state()
        .definition(PAY)
        .state_name("Pay")
        .inspection_level(InspectionLevel::Debug)
        .mock(MockInput::builder().error_output(error).build())
        .send()
        .await
        .unwrap();
    let details = tested.inspection_data().unwrap().error_details().unwrap();
    assert_eq!((details.retry_index(), details.retry_backoff_interval_seconds()), (Some(0), Some(1)));
}

#[tokio::test(start_paused = true)]
async fn a_tested_task_that_nobody_mocked_fails_the_test() {
    let sfn = MockSfn::new();
    let tested = test_pay(&sfn).await;
    assert_eq!(tested.error(), Some("SfnTestkit.TaskNotMocked"));
    assert_eq!(tested.status(), Some(&TestExecutionStatus::Failed));
    assert!(panic_text(|| sfn.verify()).contains("write: sfn.on_state(\"Pay\").returns(json!({…}));"));
}

#[tokio::test(start_paused = true)]
async fn a_tested_wait_takes_no_real_time() {
    let sfn = MockSfn::new();
    let start = tokio::time::Instant::now();
    let wait = r#"{"Type": "Wait", "Seconds": 250, "Next": "B"}"#;
    let tested = sfn.client().test_state().definition(wait).send().await.unwrap();
    assert_eq!(tested.next_state(), Some("B"));
    assert_eq!(start.elapsed().as_secs(), 250);
}
