//! What fails the test at its end, and with what words.

use sfn_testkit::prelude::*;

use super::{PAY, failed, panic_text, result, run_pay, succeeded};

const NOT_MOCKED: &str = "SfnTestkit.TaskNotMocked";

#[tokio::test(start_paused = true)]
async fn a_task_that_nobody_mocked_fails_the_execution_and_the_test() {
    let sfn = MockSfn::new();
    assert_eq!(run_pay(&sfn, PAY).await, failed(NOT_MOCKED));
    let text = panic_text(|| drop(sfn));
    assert_eq!(
        text,
        "sfn-testkit: not all went as the test says:\n\
         - the task of state `Pay` was called once, and nothing mocks it\n    \
           in:    state machine `pay`\n    \
           calls: arn:aws:states:::sns:publish\n    \
           with:  {\"order\":7}\n    \
           write: sfn.on_state(\"Pay\").returns(json!({…}));"
    );
}

#[tokio::test(start_paused = true)]
async fn the_cause_of_the_execution_says_the_same() {
    let sfn = MockSfn::builder().unverified().build();
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({"order": 7}));
    let described = super::describe(&sfn, &arn).await;
    assert_eq!(
        described.cause(),
        Some(
            "no mock answers the task of state `Pay` (arn:aws:states:::sns:publish), called with {\"order\":7}; \
             write: sfn.on_state(\"Pay\").returns(json!({…}));"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn mocks_that_came_near_say_why_they_did_not_answer() {
    let sfn = MockSfn::new();
    let line = line!() + 1;
    sfn.on_state("Pay").fails("Busy", "").times(1);
    sfn.on_state("Pay").of("refunds").returns(json!({}));
    assert_eq!(run_pay(&sfn, PAY).await, failed(NOT_MOCKED));
    let text = panic_text(|| sfn.verify());
    let (used_up, elsewhere) = (format!("{}:{line}:9", file!()), format!("{}:{}:9", file!(), line + 1));
    assert!(
        text.contains(&format!(
            "\n    but:   `sfn.on_state(\"Pay\")` at {used_up} has given all its answers\n"
        )),
        "{text}"
    );
    assert!(
        text.contains(&format!(
            "\n    but:   `sfn.on_state(\"Pay\")` at {elsewhere} is only for state machine `refunds`\n"
        )),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_expectation_that_is_not_met_names_its_line() {
    let sfn = MockSfn::new();
    let line = line!() + 1;
    sfn.on_state("Pay").returns(json!({})).expect(2);
    assert_eq!(run_pay(&sfn, PAY).await, succeeded("{}"));
    assert_eq!(
        panic_text(|| drop(sfn)),
        format!(
            "sfn-testkit: not all went as the test says:\n\
             - the task mock `sfn.on_state(\"Pay\")` at {}:{line}:9 expected 2 calls, and got 1 call",
            file!()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn expectations_that_are_met_are_silent() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").returns(json!({})).expect(1..);
    sfn.on_state("Ship").returns(json!({})).expect(0);
    assert_eq!(run_pay(&sfn, PAY).await, succeeded("{}"));
    sfn.verify();
}

#[tokio::test(start_paused = true)]
async fn what_was_told_once_is_not_told_again() {
    let sfn = MockSfn::new();
    sfn.on_state("Ship").returns(json!({})).expect(1);
    assert_eq!(run_pay(&sfn, PAY).await, failed(NOT_MOCKED));
    assert!(panic_text(|| sfn.verify()).contains("`Pay`"));
    drop(sfn);
}

#[tokio::test(start_paused = true)]
async fn only_the_last_handle_verifies() {
    let sfn = MockSfn::new();
    assert_eq!(run_pay(&sfn, PAY).await, failed(NOT_MOCKED));
    let client = sfn.client();
    drop(sfn.clone());
    assert!(panic_text(|| drop(sfn)).contains("`Pay`"));
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn a_failed_assertion_in_a_task_mock_fails_the_execution_and_the_test() {
    let sfn = MockSfn::new();
    let line = line!() + 1;
    sfn.on_state("Pay").answers(|call| {
        assert!(call.input["order"] == 8, "wrong order");
        json!({})
    });
    assert_eq!(run_pay(&sfn, PAY).await, failed("SfnTestkit.TaskMockPanicked"));
    assert_eq!(
        panic_text(|| drop(sfn)),
        format!(
            "sfn-testkit: not all went as the test says:\n\
             - the task mock `sfn.on_state(\"Pay\")` at {}:{line}:9 panicked: wrong order",
            file!()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_an_async_task_mock_is_told_as_well() {
    let sfn = MockSfn::new();
    sfn.on_state("Pay").answers_async(|_| async {
        tokio::task::yield_now().await;
        assert_eq!(1, 2);
        json!({})
    });
    assert_eq!(run_pay(&sfn, PAY).await, failed("SfnTestkit.TaskMockPanicked"));
    assert!(
        panic_text(|| drop(sfn))
            .contains("panicked: assertion `left == right` failed\n    left: 1\n   right: 2")
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_emulated_fails_the_test() {
    let sfn = MockSfn::new();
    let definition = r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"PARQUET"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}"#;
    let role = "arn:aws:iam::123456789012:role/r";
    let call = sfn.client().create_state_machine().name("m").role_arn(role).definition(definition);
    let error = call.send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 501);
    assert_eq!(
        panic_text(|| drop(sfn)),
        "sfn-testkit: not all went as the test says:\n\
         - sfn-testkit does not emulate PARQUET files in an ItemReader yet: /States/M/ItemReader/ReaderConfig of the \
         definition needs it, but was asked to"
    );
}

#[tokio::test(start_paused = true)]
async fn a_test_that_already_panics_is_not_aborted() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("pay").definition(PAY).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert_eq!(result(&sfn, &arn).await, failed(NOT_MOCKED));
    let text = panic_text(move || {
        let _sfn = sfn;
        panic!("the first panic");
    });
    assert_eq!(text, "the first panic");
}
