//! Requests that are no calls: every door refuses them in the same words, and none breaks.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use sfn_testkit::{MockSfn, Server, Time};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What of an answer is compared: status, header `x-amzn-errortype`, body.
type Answer = (u16, Option<String>, String);

const UNKNOWN: (u16, &str, &str) =
    (404, "UnknownOperationException", r#"{"__type":"UnknownOperationException"}"#);

fn serve() -> Server {
    MockSfn::builder().time(Time::skip()).build().serve()
}

/// A call written by hand, on a connection that ends with it.
fn written(target: Option<&str>, body: &[u8]) -> Vec<u8> {
    let target = target.map(|target| format!("x-amz-target: {target}\r\n")).unwrap_or_default();
    let length = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: h\r\ncontent-type: application/x-amz-json-1.0\r\n{target}connection: close\r\n\
         content-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn read(answer: &[u8]) -> Answer {
    let answer = String::from_utf8(answer.to_vec()).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer}"));
    let error_type = head.lines().find_map(|line| line.strip_prefix("x-amzn-errortype: "));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), error_type.map(str::to_owned), body.to_owned())
}

fn over_a_socket(server: &Server, request: &[u8]) -> Answer {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port())).unwrap();
    // So that a test that fails elsewhere ends.
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    connection.write_all(request).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    read(&answer)
}

async fn without_a_socket(sfn: &MockSfn, request: &[u8]) -> Answer {
    let (mut client, server) = tokio::io::duplex(8 * 1024 * 1024);
    tokio::spawn(sfn.serve_io(server));
    client.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.unwrap();
    read(&answer)
}

async fn in_process(sfn: &MockSfn, target: Option<&str>, body: &[u8]) -> Answer {
    let (target, body) = (target.map(str::to_owned), body.to_vec());
    let call = sfn.client().list_state_machines().customize().mutate_request(move |request| {
        request.headers_mut().remove("x-amz-target");
        if let Some(target) = &target {
            request.headers_mut().insert("x-amz-target", target.clone());
        }
        *request.body_mut() = body.clone().into();
    });
    let error = call.send().await.expect_err("the request is no call");
    let answer = error.raw_response().unwrap();
    let body = String::from_utf8(answer.body().bytes().unwrap().to_vec()).unwrap();
    (answer.status().as_u16(), answer.headers().get("x-amzn-errortype").map(str::to_owned), body)
}

/// The answer of every door.
#[track_caller]
fn check(target: Option<&str>, body: &[u8], (status, error_type, answer): (u16, &str, &str)) {
    let expected = (status, Some(error_type.to_owned()), answer.to_owned());
    let shown = body.get(..100).unwrap_or(body).escape_ascii();
    assert_eq!(over_a_socket(&serve(), &written(target, body)), expected, "socket: {target:?} {shown}");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let sfn = MockSfn::new();
        assert_eq!(
            without_a_socket(&sfn, &written(target, body)).await,
            expected,
            "duplex: {target:?} {shown}"
        );
        assert_eq!(in_process(&sfn, target, body).await, expected, "in-process: {target:?} {shown}");
    });
}

/// The refusal of a body that `DescribeExecution` cannot read.
#[track_caller]
fn check_unreadable(body: &[u8], message: &str) {
    let message = serde_json::Value::from(message);
    let answer = format!(r#"{{"__type":"SerializationException","message":{message}}}"#);
    check(Some("AWSStepFunctions.DescribeExecution"), body, (400, "SerializationException", &answer));
}

#[test]
fn a_target_that_names_no_operation_is_unknown() {
    for target in [
        None,
        Some(""),
        Some("AWSStepFunctions"),
        Some("AWSStepFunctions."),
        Some("AWSStepFunctions.describeExecution"),
        Some("awsstepfunctions.DescribeExecution"),
        Some("AWSStepFunctions.DescribeExecution.More"),
        Some("DynamoDB_20120810.GetItem"),
    ] {
        // The target is looked at before the body.
        check(target, b"not json", UNKNOWN);
    }
}

#[test]
fn a_body_that_is_no_json_cannot_be_read() {
    let values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    check_unreadable(b"{", "Unexpected end-of-input within/between Object entries");
    check_unreadable(b"not json", &format!("Unrecognized token 'not': was expecting {values}"));
    check_unreadable(b"\xff\xfe", "invalid utf-8 sequence of 1 bytes from index 0");
    check_unreadable(b"{\"executionArn\":\"\xe9\"}", "invalid utf-8 sequence of 1 bytes from index 17");
}

#[test]
fn a_body_of_another_type_is_refused() {
    check_unreadable(b"[]", "Start of list found where not expected");
    check_unreadable(b"7", "Expected null");
    check_unreadable(br#""text""#, "Expected null");
    check_unreadable(br#"{"executionArn":7}"#, "NUMBER_VALUE can not be converted to a String");
    check_unreadable(br#"{"executionArn":true}"#, "TRUE_VALUE can not be converted to a String");
    check_unreadable(br#"{"executionArn":["a"]}"#, "Start of list found where not expected");
    check_unreadable(br#"{"executionArn":{"a":1}}"#, "Start of structure or map found where not expected.");
}

#[test]
fn no_body_is_an_empty_object() {
    let missing = r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"1 validation error detected: Value null at 'executionArn' failed to satisfy constraint: Member must not be null"}"#;
    for body in [b"".as_slice(), b"{}", b" \r\n", b"null", br#"{"executionArn":null,"colour":"red"}"#] {
        check(Some("AWSStepFunctions.DescribeExecution"), body, (400, "ValidationException", missing));
    }
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let answer = r#"{"__type":"RequestEntityTooLargeException","message":"HTTP content length exceeded 2097152 bytes."}"#;
    let body = vec![b' '; 2 * 1024 * 1024 + 1];
    check(Some("AWSStepFunctions.DescribeExecution"), &body, (413, "RequestEntityTooLargeException", answer));
}

#[test]
fn depth_beyond_what_can_be_read_is_refused_and_not_a_crash() {
    let deep = [b"{\"executionArn\":".as_slice(), "[".repeat(500_000).as_bytes()].concat();
    let (status, error_type, _) =
        over_a_socket(&serve(), &written(Some("AWSStepFunctions.DescribeExecution"), &deep));
    assert_eq!((status, error_type.as_deref()), (400, Some("SerializationException")));
}

/// Sends bytes to a server of its own, which must answer the next call as ever.
#[track_caller]
fn check_http(request: &str, status: u16, error_type: Option<&str>) {
    let server = serve();
    let answer = over_a_socket(&server, request.as_bytes());
    assert_eq!((answer.0, answer.1.as_deref()), (status, error_type), "{request}: {answer:?}");
    let (status, _, body) = over_a_socket(&server, &written(Some("AWSStepFunctions.ListActivities"), b"{}"));
    assert_eq!((status, body.as_str()), (200, r#"{"activities":[]}"#));
}

#[test]
fn the_content_type_does_not_matter() {
    for content_type in ["application/x-amz-json-1.1", "text/plain", "application/cbor", ""] {
        check_http(
            &format!(
                "POST / HTTP/1.1\r\nhost: h\r\ncontent-type: {content_type}\r\n\
                 x-amz-target: AWSStepFunctions.ListActivities\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{{}}"
            ),
            200,
            None,
        );
    }
}

#[test]
fn only_post_is_a_call() {
    let target = "x-amz-target: AWSStepFunctions.ListActivities\r\nconnection: close\r\n";
    check_http(&format!("GET / HTTP/1.1\r\nhost: h\r\n{target}\r\n"), 200, None);
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
        check_http(
            &format!("{method} / HTTP/1.1\r\nhost: h\r\n{target}content-length: 2\r\n\r\n{{}}"),
            405,
            None,
        );
    }
}

#[test]
fn what_is_no_http_is_refused_and_the_server_lives_on() {
    check_http("nonsense\r\n\r\n", 400, None);
    check_http("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: many\r\n\r\n", 400, None);
    check_http(
        &format!("POST / HTTP/1.1\r\nhost: h\r\nx-long: {}\r\n\r\n", "x".repeat(1_000_000)),
        431,
        None,
    );
}

#[test]
fn a_client_that_waits_to_be_told_to_go_on_is_told() {
    let server = serve();
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port())).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = "POST / HTTP/1.1\r\nhost: h\r\nx-amz-target: AWSStepFunctions.ListActivities\r\nexpect: 100-continue\r\n\
                connection: close\r\ncontent-length: 2\r\n\r\n";
    connection.write_all(head.as_bytes()).unwrap();
    let go_on = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut told = vec![0; go_on.len()];
    connection.read_exact(&mut told).unwrap();
    assert_eq!(told, go_on);
    connection.write_all(b"{}").unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    assert_eq!(read(&answer).2, r#"{"activities":[]}"#);
}

#[test]
fn a_client_that_breaks_off_within_its_body_harms_nobody() {
    let server = serve();
    let request = written(Some("AWSStepFunctions.CreateActivity"), br#"{"name":"cut"}"#);
    for length in [1, 40, request.len() - 1] {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port())).unwrap();
        connection.write_all(request.get(..length).unwrap()).unwrap();
    }
    let (status, _, body) = over_a_socket(&server, &written(Some("AWSStepFunctions.ListActivities"), b"{}"));
    assert_eq!((status, body.as_str()), (200, r#"{"activities":[]}"#));
}
