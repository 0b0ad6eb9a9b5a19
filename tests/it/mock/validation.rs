//! Task mocks that AWS could never match.

use sfn_testkit::prelude::*;

use super::{PAY, failed, panic_text, run_pay, succeeded};

const IMPOSSIBLE: &str = "SfnTestkit.ImpossibleTaskResult";

#[tokio::test(start_paused = true)]
async fn a_result_that_the_service_never_gives_fails_the_execution_and_the_test() {
    let sfn = MockSfn::new();
    let line = line!() + 1;
    sfn.on_state("Pay").returns(json!({"MessageId": 7}));
    assert_eq!(run_pay(&sfn, PAY).await, failed(IMPOSSIBLE));
    assert_eq!(
        panic_text(|| drop(sfn)),
        format!(
            "sfn-testkit: not all went as the test says:\n\
             - the task mock `sfn.on_state(\"Pay\")` at {}:{line}:9 answers the task of state `Pay` as AWS never does: \
             Field 'MessageId' must be a string\n    \
               calls: arn:aws:states:::sns:publish\n    \
               gives: {{\"MessageId\":7}}\n    \
               write: what the service answers, or `.unchecked()` behind the answer if it is meant so",
            file!()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn the_cause_of_the_execution_names_the_mock_and_the_field() {
    let sfn = MockSfn::builder().unverified().build();
    let line = line!() + 1;
    sfn.on_state("Pay").answers(|_| json!({"messageId": "m-1"}));
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    let described = super::describe(&sfn, &arn).await;
    assert_eq!(
        described.cause().unwrap(),
        format!(
            "the task mock `sfn.on_state(\"Pay\")` at {}:{line}:9 answers the task of state `Pay` \
             (arn:aws:states:::sns:publish) as AWS never does: Field 'messageId' is spelled 'MessageId', in \
             {{\"messageId\":\"m-1\"}}",
            file!()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn async_answers_and_sequences_are_checked_when_they_answer() {
    let sfn = MockSfn::builder().unverified().build();
    sfn.on_state("Pay").returns(json!({"MessageId": "m-1"})).then().answers_async(|_| async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        json!([])
    });
    assert_eq!(run_pay(&sfn, PAY).await, succeeded(r#"{"MessageId":"m-1"}"#));
    let arn = sfn.start_execution("arn:aws:states:us-east-1:123456789012:stateMachine:pay", json!({}));
    assert_eq!(super::result(&sfn, &arn).await, failed(IMPOSSIBLE));
}

#[tokio::test(start_paused = true)]
async fn how_closely_is_said_for_all_mocks_or_for_one() {
    let sfn = MockSfn::builder().mock_validation(FieldValidation::Strict).unverified().build();
    sfn.on_state("Pay").returns(json!({})).unchecked();
    assert_eq!(run_pay(&sfn, PAY).await, succeeded("{}"));
    let start = PAY.replace("sns:publish", "states:startExecution");
    let ends = |sfn: &MockSfn| {
        let machine = sfn.state_machine("start").definition(start.as_str()).create();
        sfn.start_execution(machine, json!({}))
    };
    sfn.on_state("Pay").returns(json!({}));
    assert_eq!(super::result(&sfn, &ends(&sfn)).await, failed(IMPOSSIBLE));

    let sfn = MockSfn::builder().mock_validation(FieldValidation::None).build();
    sfn.on_state("Pay").returns(json!(["anything"]));
    assert_eq!(super::result(&sfn, &ends(&sfn)).await, succeeded(r#"["anything"]"#));
    sfn.on_state("Pay").returns(json!([])).mock_validation(FieldValidation::Present);
    let arn = sfn.start_execution("arn:aws:states:us-east-1:123456789012:stateMachine:start", json!({}));
    assert_eq!(super::result(&sfn, &arn).await, failed(IMPOSSIBLE));
    assert!(panic_text(|| sfn.verify()).contains("The result must be an object"));
}

#[tokio::test(start_paused = true)]
async fn a_response_of_a_service_that_takes_a_task_on_is_checked_too() {
    let sfn = MockSfn::builder().unverified().build();
    let waiting = PAY.replace("sns:publish", "sns:publish.waitForTaskToken");
    sfn.on_state("Pay").returns(json!("whatever the worker says")).times(1);
    assert_eq!(run_pay(&sfn, &waiting).await, succeeded(r#""whatever the worker says""#));
    sfn.on_state("Pay").waits_for_token_with(json!({"MessageId": []}));
    let arn = sfn.start_execution("arn:aws:states:us-east-1:123456789012:stateMachine:pay", json!({}));
    assert_eq!(super::result(&sfn, &arn).await, failed(IMPOSSIBLE));
}

#[tokio::test(start_paused = true)]
async fn actions_that_nobody_knows_are_not_checked_and_told() {
    let sfn = MockSfn::new();
    let unknown = "arn:aws:states:::aws-sdk:braket:searchJobs";
    sfn.on_state("Pay").returns(json!("anything"));
    let definition = PAY.replace("arn:aws:states:::sns:publish", unknown);
    assert_eq!(run_pay(&sfn, &definition).await, succeeded(r#""anything""#));
    assert_eq!(sfn.unchecked_resources(), [unknown]);
    sfn.on_state("Ship").returns(json!({})).expect(1);
    let text = panic_text(|| sfn.verify());
    let note = format!("\nnot checked, since their answers are not known here: {unknown}");
    assert!(text.ends_with(&note), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_mock_config_file_is_checked_only_if_that_is_said() {
    const FILE: &str = r#"{
        "StateMachines": {"pay": {"TestCases": {"Case": {"Pay": "Odd"}}}},
        "MockedResponses": {"Odd": {"0": {"Return": {"MessageId": 7}}}}
    }"#;
    let run = async |sfn: &MockSfn| {
        sfn.mock_config_text(FILE);
        let machine = sfn.state_machine("pay").definition(PAY).create();
        let arn = sfn.start_execution(format!("{machine}#Case"), json!({}));
        super::result(sfn, &arn).await
    };
    assert_eq!(run(&MockSfn::new()).await, succeeded(r#"{"MessageId":7}"#));
    let sfn = MockSfn::builder().mock_validation(FieldValidation::Present).build();
    assert_eq!(run(&sfn).await, failed(IMPOSSIBLE));
    let text = panic_text(|| sfn.verify());
    assert!(
        text.contains("- the mock config file answers the task of state `Pay` as AWS never does: "),
        "{text}"
    );
}
