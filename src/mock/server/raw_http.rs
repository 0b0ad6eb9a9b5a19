//! For tests of the server: HTTP written by hand over a blocking socket, and an answerer that does as it is told.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use super::exchange::Answer;
use crate::wire::{Request, Response};

/// Answers by the operation in the target: `Echo`, `Length`, `Fail`, `Hang`, `Panic` or `Drop`.
#[derive(Debug, Clone)]
pub(super) struct Scripted;

impl Answer for Scripted {
    async fn answer(&self, request: Request<'_>) -> Option<Response> {
        let answer = |status, error_type: Option<&str>, body: String| Response {
            status,
            error_type: error_type.map(str::to_owned),
            request_id: "scripted".to_owned(),
            body,
        };
        let target = request.target.unwrap_or_default();
        Some(match target.strip_prefix("AWSStepFunctions.") {
            Some("Drop") => return None,
            Some("Length") => answer(200, None, request.body.len().to_string()),
            Some("Fail") => answer(400, Some("InvalidName"), "{}".to_owned()),
            Some("Hang") => std::future::pending().await,
            Some("Panic") => panic!("as told by the test"),
            _ => {
                let caller = request.authorization.unwrap_or("nobody");
                let body = String::from_utf8_lossy(request.body);
                answer(200, None, format!("{target} authorized by {caller} with {body}"))
            }
        })
    }
}

/// A call that keeps its connection.
pub(super) fn post(operation: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-amz-target: AWSStepFunctions.{operation}\r\n\
         authorization: AWS4\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

pub(super) fn connect(port: u16) -> TcpStream {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap()
}

/// The answer to one request on a connection of its own; empty if the server closed it without one.
pub(super) fn send(port: u16, request: &str) -> String {
    read_answer(&mut connect(port), request)
}

/// Sends a request and reads its answer; empty if the connection is closed.
pub(super) fn read_answer(connection: &mut TcpStream, request: &str) -> String {
    // A server that closes the connection may do so while we write.
    let _closed = connection.write_all(request.as_bytes()).is_err();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !is_complete(&answer) {
        match connection.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => answer.extend_from_slice(&buffer[..length]),
        }
    }
    String::from_utf8(answer).unwrap()
}

fn is_complete(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| body.len() >= length.parse().unwrap())
}
