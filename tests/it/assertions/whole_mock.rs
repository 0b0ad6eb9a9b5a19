//! Executions and calls of a whole mock, by every door.

use sfn_testkit::ClientDoor;
use sfn_testkit::prelude::*;

#[tokio::test(start_paused = true)]
async fn executions_are_those_of_clients_tests_and_other_executions() {
    let sfn = MockSfn::new();
    let child = sfn
        .state_machine("child")
        .definition(r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":9,"End":true}}}"#)
        .create();
    let parent = sfn.state_machine("parent").definition(format!(
        r#"{{"StartAt":"Start","States":{{"Start":{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
            "Parameters":{{"StateMachineArn":"{child}","Input":{{"n":2}}}},"End":true}}}}}}"#
    ));
    let parent = parent.create();
    sfn.start_execution(&child, json!({"n": 1}));
    let arn = sfn.client().start_execution().state_machine_arn(&parent).send().await.unwrap().execution_arn;
    sfn.execution(&arn).finished().await;

    let executions = sfn.executions();
    executions.count(3);
    executions.of(&child).count(2).started_with(json!({"n": 1}));
    executions.of("parent").with_status(ExecutionStatus::Succeeded).only().assert().visited(["Start"]);
    executions.with_status(ExecutionStatus::Running).count(2);
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    sfn.executions().of(&child).each(|it| it.waited("A", "9s"));
}

#[tokio::test(start_paused = true)]
async fn states_on_trial_are_no_executions() {
    let sfn = MockSfn::new();
    let state = r#"{"Type":"Pass","End":true}"#;
    sfn.client().test_state().definition(state).send().await.unwrap();
    sfn.executions().none();
    sfn.calls().exactly([Operation::TestState]);
}

#[tokio::test(start_paused = true)]
async fn calls_are_those_of_clients_with_their_answers_and_retries() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("orders").returns(json!({})).create();
    sfn.start_execution(&machine, json!({}));
    sfn.calls().none();

    sfn.fault(Operation::StartExecution).throttled().times(1);
    let client = sfn.client();
    client
        .start_execution()
        .state_machine_arn(&machine)
        .name("o-1")
        .input(r#"{"id": 1}"#)
        .send()
        .await
        .unwrap();
    client
        .start_execution()
        .state_machine_arn(&machine)
        .name("o-1")
        .input(r#"{"id": 2}"#)
        .send()
        .await
        .unwrap_err();
    client
        .stop_execution()
        .execution_arn("arn:aws:states:us-east-1:123456789012:execution:orders:x")
        .send()
        .await
        .unwrap_err();

    let calls = sfn.calls();
    calls.exactly([
        Operation::StartExecution,
        Operation::StartExecution,
        Operation::StartExecution,
        Operation::StopExecution,
    ]);
    let starts = calls.of(Operation::StartExecution);
    starts.including(json!({"name": "o-1", "input": json_text(json!({"id": 1}))})).count(2);
    starts.refused_with("ThrottlingException").count(1);
    starts.refused_with("ExecutionAlreadyExists").count(1);
    starts.answered().count(1);
    calls.by(ClientDoor::Sdk).count(4);
    calls.by(ClientDoor::Http).none();
    assert_eq!(calls.forgotten(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_or_is_dropped_has_no_status() {
    let sfn = MockSfn::new();
    let activity = sfn.client().create_activity().name("a").send().await.unwrap().activity_arn;
    let client = sfn.client();
    let poll = tokio::spawn(async move { client.get_activity_task().activity_arn(activity).send().await });
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    sfn.fault(Operation::ListActivities).drops_connection();
    sfn.client().list_activities().send().await.unwrap_err();
    let calls = sfn.calls();
    assert_eq!(calls.of(Operation::GetActivityTask).only().status(), None);
    assert!(calls.of(Operation::ListActivities).iter().all(|call| call.status().is_none()));
    poll.await.unwrap().unwrap();
    sfn.calls().of(Operation::GetActivityTask).answered().count(1);
}

#[cfg(feature = "server")]
#[test]
fn calls_over_http_are_told_apart() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sfn = MockSfn::builder().time(Time::skip()).build();
        let server = sfn.serve();
        let client = aws_sdk_sfn::Client::from_conf(server.endpoint_config().build());
        client.list_state_machines().send().await.unwrap();
        sfn.client().list_activities().send().await.unwrap();
        sfn.calls().by(ClientDoor::Http).exactly([Operation::ListStateMachines]);
        sfn.calls().by(ClientDoor::Sdk).exactly([Operation::ListActivities]);
    });
}

#[cfg(feature = "wiremock")]
#[test]
fn calls_of_a_wiremock_server_are_told_apart() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = wiremock::MockServer::start().await;
        let sfn = MockSfn::builder().time(Time::skip()).build();
        sfn.mount_on(&server).await;
        let client = aws_sdk_sfn::Client::from_conf(sfn.client_config(&server).build());
        client.list_state_machines().send().await.unwrap();
        sfn.calls().by(ClientDoor::Wiremock).exactly([Operation::ListStateMachines]);
    });
}
