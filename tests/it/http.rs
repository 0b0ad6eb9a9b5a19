//! The HTTP door as clients see it: raw bytes on a socket, and the Rust SDK.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::json;
use sfn_testkit::{MockSfn, Operation, Server, Time};

const PASS: &str = r#"{"StartAt":"Echo","States":{"Echo":{"Type":"Pass","End":true}}}"#;

fn serve(time: Time) -> (MockSfn, Server) {
    let sfn = MockSfn::builder().time(time).build();
    let server = sfn.serve();
    (sfn, server)
}

/// Sends one call on a connection of its own; the whole answer, head and body.
fn call(server: &Server, operation: &str, input: &str) -> String {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port())).unwrap();
    let length = input.len();
    let request = format!(
        "POST http://sync-localhost/ HTTP/1.1\r\nhost: sync-localhost\r\nconnection: close\r\n\
         content-type: application/x-amz-json-1.0\r\nx-amz-target: AWSStepFunctions.{operation}\r\n\
         content-length: {length}\r\n\r\n{input}"
    );
    // So that a test that fails elsewhere ends.
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn an_answer_has_the_headers_of_aws() {
    let (_sfn, server) = serve(Time::skip());
    let answer = call(&server, "ListStateMachines", "{}");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\ncontent-type: application/x-amz-json-1.0\r\n"), "{answer}");
    assert!(answer.contains("\r\nx-amzn-requestid: "), "{answer}");
    assert!(answer.ends_with(r#"{"stateMachines":[]}"#), "{answer}");
}

#[test]
fn an_error_has_its_type_in_a_header_and_in_the_body() {
    let (_sfn, server) = serve(Time::skip());
    let answer = call(&server, "DescribeExecution", r#"{"executionArn":"none"}"#);
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.contains("\r\nx-amzn-errortype: InvalidArn\r\n"), "{answer}");
    assert!(answer.contains(r#""__type":"com.amazonaws.swf.service.v2.model#InvalidArn""#), "{answer}");
}

#[test]
fn an_unknown_operation_is_an_error_of_the_protocol() {
    let (_sfn, server) = serve(Time::skip());
    assert!(
        call(&server, "MakeCoffee", "{}").contains("\r\nx-amzn-errortype: UnknownOperationException\r\n")
    );
}

#[test]
fn the_server_and_the_mock_share_their_state() {
    let (sfn, server) = serve(Time::Manual);
    let orders = sfn.state_machine("orders").definition(PASS).create();
    let input = format!(r#"{{"stateMachineArn":"{orders}","name":"one","input":"{{}}"}}"#);
    assert!(call(&server, "StartExecution", &input).starts_with("HTTP/1.1 200 OK\r\n"));
    let one = orders.to_string().replace(":stateMachine:", ":execution:") + ":one";
    let described = call(&server, "DescribeExecution", &format!(r#"{{"executionArn":"{one}"}}"#));
    assert!(described.contains(r#""status":"SUCCEEDED""#), "{described}");
}

#[test]
fn a_call_that_waits_does_not_hold_up_others_and_hears_of_the_end() {
    let (sfn, server) = serve(Time::Manual);
    let slow = sfn
        .state_machine("slow")
        .express()
        .definition(r#"{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":60,"End":true}}}"#);
    let input = format!(r#"{{"stateMachineArn":"{}"}}"#, slow.create());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| call(&server, "StartSyncExecution", &input));
        assert!(call(&server, "ListStateMachines", "{}").starts_with("HTTP/1.1 200 OK\r\n"));
        // Time only moves once the execution is there; before that there is nothing to move.
        while !waiting.is_finished() {
            sfn.advance(Duration::from_secs(60));
            std::thread::yield_now();
        }
        assert!(waiting.join().unwrap().contains(r#""status":"SUCCEEDED""#));
    });
}

#[test]
fn a_worker_polls_over_the_socket() {
    let (sfn, server) = serve(Time::skip());
    let created = call(&server, "CreateActivity", r#"{"name":"approve"}"#);
    let activity = r#""arn:aws:states:us-east-1:123456789012:activity:approve""#;
    assert!(created.contains(activity), "{created}");
    let definition =
        format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":{activity},"End":true}}}}}}"#);
    let orders = sfn.state_machine("orders").definition(definition).create();
    let answer = std::thread::scope(|scope| {
        let polling =
            scope.spawn(|| call(&server, "GetActivityTask", &format!(r#"{{"activityArn":{activity}}}"#)));
        let input = format!(r#"{{"stateMachineArn":"{orders}","name":"one","input":"[7]"}}"#);
        call(&server, "StartExecution", &input);
        polling.join().unwrap()
    });
    assert!(answer.ends_with(r#","input":"[7]"}"#), "{answer}");
    let (_, token) = answer.split_once(r#"{"taskToken":""#).unwrap();
    let token = token.split('"').next().unwrap();
    let succeeded = call(&server, "SendTaskSuccess", &format!(r#"{{"taskToken":"{token}","output":"1"}}"#));
    assert!(succeeded.ends_with("\r\n\r\n{}"), "{succeeded}");
    let one = orders.to_string().replace(":stateMachine:", ":execution:") + ":one";
    assert!(!sfn.execution(one).is_running());
}

#[test]
fn a_job_is_seen_running_over_the_socket() {
    let (sfn, server) = serve(Time::Manual);
    let crunch = sfn.state_machine("crunch").definition(
        r#"{"StartAt":"Job","States":{"Job":{"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun.sync",
            "Parameters":{"JobName":"j"},"End":true}}}"#,
    );
    sfn.on_state("Job")
        .returns(json!({"JobRunState": "SUCCEEDED"}))
        .after("90s")
        .submits(json!({"JobRunId": "jr"}));
    let crunch = crunch.create();
    call(&server, "StartExecution", &format!(r#"{{"stateMachineArn":"{crunch}","name":"one"}}"#));
    let one = crunch.to_string().replace(":stateMachine:", ":execution:") + ":one";
    let history =
        |server: &Server| call(server, "GetExecutionHistory", &format!(r#"{{"executionArn":"{one}"}}"#));
    let running = history(&server);
    assert!(running.contains(r#""output":"{\"JobRunId\":\"jr\"}""#), "{running}");
    assert!(!running.contains("TaskSucceeded"), "{running}");
    sfn.advance("90s");
    let ended = history(&server);
    assert!(ended.contains("TaskSucceeded") && ended.contains("ExecutionSucceeded"), "{ended}");
}

#[test]
#[should_panic(expected = "a mock on Tokio's clock cannot be served")]
fn a_mock_on_the_clock_of_tokio_is_not_served() {
    let _server = MockSfn::new().serve();
}

#[cfg(feature = "sdk")]
mod sdk {
    use aws_sdk_sfn::Client;
    use aws_sdk_sfn::types::{ExecutionStatus, SyncExecutionStatus};

    use super::*;

    #[tokio::test]
    async fn a_client_of_the_rust_sdk_runs_an_execution_over_the_socket() {
        let (sfn, server) = serve(Time::Manual);
        let orders = sfn.state_machine("orders").definition(PASS).create();
        let client = Client::from_conf(server.endpoint_config().build());
        let started = client
            .start_execution()
            .state_machine_arn(orders.to_string())
            .input("[1, 2]")
            .send()
            .await
            .unwrap();
        let described =
            client.describe_execution().execution_arn(started.execution_arn()).send().await.unwrap();
        assert_eq!(described.status(), &ExecutionStatus::Succeeded);
        assert_eq!(described.output(), Some("[1, 2]"));
    }

    #[tokio::test]
    async fn start_sync_execution_arrives_despite_its_host_prefix() {
        let (sfn, server) = serve(Time::skip());
        let billing = sfn.state_machine("billing").express().definition(PASS).create();
        let client = Client::from_conf(server.endpoint_config().build());
        let answer = client
            .start_sync_execution()
            .state_machine_arn(billing.to_string())
            .input("{}")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), &SyncExecutionStatus::Succeeded);
    }
}

#[test]
fn faults_are_served_as_well() {
    let (sfn, server) = serve(Time::Manual);
    sfn.fault(Operation::ListStateMachines).http_status(503).times(1);
    sfn.fault(Operation::ListStateMachines).drops_connection().times(1);
    sfn.fault(Operation::ListStateMachines).throttled().times(1);
    let throttled = call(&server, "ListStateMachines", "{}");
    assert!(throttled.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{throttled}");
    assert!(
        throttled.ends_with(r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#),
        "{throttled}"
    );
    assert_eq!(call(&server, "ListStateMachines", "{}"), "");
    let unavailable = call(&server, "ListStateMachines", "{}");
    assert!(unavailable.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{unavailable}");
    assert!(unavailable.ends_with("\r\n\r\n"), "{unavailable}");
    assert!(call(&server, "ListStateMachines", "{}").starts_with("HTTP/1.1 200 OK\r\n"));
}
