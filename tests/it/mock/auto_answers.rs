//! Tasks that nobody mocked, in a mock that has answers of its own.

use sfn_testkit::prelude::*;

use super::{panic_text, result, succeeded};

fn auto() -> MockSfn {
    MockSfn::builder().auto_answers().build()
}

fn task(resource: &str, rest: &str) -> String {
    format!(
        r#"{{"StartAt":"Pay","States":{{"Pay":{{"Type":"Task","Resource":"{resource}","End":true{rest}}}}}}}"#
    )
}

async fn run(sfn: &MockSfn, definition: &str) -> (String, String) {
    let machine = sfn.state_machine("m").definition(definition).create();
    let arn = sfn.start_execution(&machine, json!({"a": 1}));
    result(sfn, &arn).await
}

#[tokio::test(start_paused = true)]
async fn calls_jobs_callbacks_and_activities_end_well() {
    for (resource, rest, output) in [
        ("arn:aws:lambda:us-east-1:123456789012:function:f", "", "{}"),
        ("arn:aws:states:::lambda:invoke", r#","OutputPath":"$.StatusCode""#, "200"),
        ("arn:aws:states:::glue:startJobRun.sync", r#","OutputPath":"$.JobRunState""#, r#""SUCCEEDED""#),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            r#","HeartbeatSeconds":5,"Parameters":{"MessageBody.$":"$$.Task.Token"}"#,
            "{}",
        ),
        ("arn:aws:states:us-east-1:123456789012:activity:a", "", "{}"),
        ("arn:aws:states:::aws-sdk:s3:getObject", "", "{}"),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            r#","Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:none"},"OutputPath":"$.Output""#,
            "{}",
        ),
    ] {
        assert_eq!(run(&auto(), &task(resource, rest)).await, succeeded(output), "{resource}");
    }
}

#[tokio::test(start_paused = true)]
async fn machines_activities_and_mocks_that_are_there_come_first() {
    let sfn = auto();
    sfn.state_machine("child").returns(json!("real")).create();
    let child = r#","Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:child"},"OutputPath":"$.Output""#;
    let definition = task("arn:aws:states:::states:startExecution.sync:2", child);
    assert_eq!(run(&sfn, &definition).await, succeeded(r#""real""#));

    let sfn = auto();
    sfn.on_state("Pay").returns(json!({"Payload": "mocked"}));
    let output = r#"{"Payload":"mocked"}"#;
    assert_eq!(run(&sfn, &task("arn:aws:states:::lambda:invoke", "")).await, succeeded(output));

    let sfn = auto();
    let activity = sfn.client().create_activity().name("a").send().await.unwrap();
    let machine = sfn.state_machine("m").definition(task(activity.activity_arn(), "")).create();
    let arn = sfn.start_execution(&machine, json!({}));
    assert!(sfn.execution(&arn).is_running());
}

#[tokio::test(start_paused = true)]
async fn a_mock_that_will_not_answer_is_told_and_not_replaced() {
    let sfn = auto();
    sfn.on_state("Pay").returns(json!(1)).times(0);
    let (_, error) = run(&sfn, &task("arn:aws:states:::lambda:invoke", "")).await;
    assert_eq!(error, "SfnTestkit.TaskNotMocked");
    let text = panic_text(|| sfn.verify());
    assert!(text.contains("has given all its answers"), "{text}");
}
