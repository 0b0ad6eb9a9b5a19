//! One HTTP exchange. `X-Amz-Target` alone says what is asked: host and path may be anything, so that a client whose
//! SDK puts `sync-` before the host, or that sends absolute request targets as to a proxy, is answered like others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use super::visit::{Page, Visit};
use crate::assertion::ClientDoor;
use crate::wire;

/// Bodies beyond it are not kept in memory.
const BODY_LIMIT: u64 = wire::request::MOST_BYTES as u64;

/// So much of a body that is too large is read and thrown away, for the client to hear why it was refused: most
/// clients read the answer only when they have sent everything.
const DISCARD_LIMIT: u64 = 64 * 1024 * 1024;

const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Who answers the calls that come in: the core of a mock.
pub(crate) trait Answer: Clone + Send + Sync + 'static {
    /// `None`: the connection shall be dropped.
    fn answer(&self, request: wire::Request<'_>) -> impl Future<Output = Option<wire::Response>> + Send;

    /// What a browser is told.
    fn welcome(&self) -> String {
        welcome()
    }

    /// What is said instead of all else to a request that is for people; `None`: it goes the way of calls.
    fn page(&self, _visit: Visit<'_>) -> Option<Page> {
        None
    }
}

impl Answer for crate::mock::core::Core {
    fn answer(&self, request: wire::Request<'_>) -> impl Future<Output = Option<wire::Response>> + Send {
        self.answer_client(ClientDoor::Http, request)
    }
}

/// Answers HTTP requests.
#[derive(Debug, Clone)]
pub(super) struct Exchange<A> {
    answerer: A,
    /// How many answers the server gave by itself; they need request ids too.
    refusals: Arc<AtomicU64>,
}

impl<A: Answer> Exchange<A> {
    pub(super) fn new(answerer: A) -> Self {
        Self { answerer, refusals: Arc::default() }
    }

    /// The answer; an error closes the connection: the client went away, or a fault has it dropped.
    pub(super) async fn answer(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, BoxError> {
        if let Some(page) = self.answerer.page(Visit::of(request.method(), request.uri(), request.headers()))
        {
            return Ok(page.into_response());
        }
        match *request.method() {
            Method::POST => self.call(request).await,
            Method::GET | Method::HEAD => Ok(self.say(StatusCode::OK, &self.answerer.welcome())),
            _ => {
                let mut response = self.say(StatusCode::METHOD_NOT_ALLOWED, "calls are POST requests\n");
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST, GET, HEAD"));
                Ok(response)
            }
        }
    }

    async fn call(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, BoxError> {
        let (head, body) = request.into_parts();
        let Some(body) = read_within_limit(body).await? else {
            let refusal = wire::request::too_large();
            return Ok(respond(wire::Response::new(Err(refusal), self.next_request_id())));
        };
        let request = wire::Request {
            target: text_of(&head.headers, &HeaderName::from_static("x-amz-target")),
            authorization: text_of(&head.headers, &AUTHORIZATION),
            trace_id: text_of(&head.headers, &HeaderName::from_static("x-amzn-trace-id")),
            body: &body,
        };
        match self.answerer.answer(request).await {
            Some(answer) => Ok(respond(answer)),
            None => Err("a fault of sfn-testkit dropped the connection".into()),
        }
    }

    /// An answer for people.
    fn say(&self, status: StatusCode, text: &str) -> Response<Full<Bytes>> {
        let request_id = self.next_request_id();
        let answer =
            wire::Response { status: status.as_u16(), error_type: None, request_id, body: text.to_owned() };
        let mut response = respond(answer);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PLAIN_TEXT));
        response
    }

    fn next_request_id(&self) -> String {
        let number = self.refusals.fetch_add(1, Ordering::Relaxed);
        format!("00000000-0000-4000-8000-{number:012x}")
    }
}

/// A header as text; `None` if it is missing, or not text.
fn text_of<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// The whole body; `None` if it is too large.
async fn read_within_limit(mut body: Incoming) -> hyper::Result<Option<Vec<u8>>> {
    let mut read = Vec::new();
    let mut length = 0_u64;
    if body.size_hint().lower() > BODY_LIMIT {
        discard(body).await?;
        return Ok(None);
    }
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        length = length.saturating_add(data.len() as u64);
        if length > BODY_LIMIT {
            discard(body).await?;
            return Ok(None);
        }
        read.extend_from_slice(&data);
    }
    Ok(Some(read))
}

async fn discard(mut body: Incoming) -> hyper::Result<()> {
    let mut discarded = 0_u64;
    while discarded <= DISCARD_LIMIT {
        let Some(frame) = body.frame().await else { break };
        discarded = discarded.saturating_add(frame?.data_ref().map_or(0, Bytes::len) as u64);
    }
    Ok(())
}

fn respond(answer: wire::Response) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(wire::response::CONTENT_TYPE));
    insert(headers, "x-amzn-requestid", &answer.request_id);
    if let Some(error_type) = &answer.error_type {
        insert(headers, "x-amzn-errortype", error_type);
    }
    response
}

/// Request ids and error names are ASCII without control characters: they always fit into a header.
fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

fn welcome() -> String {
    format!(
        "sfn-testkit {}: a mock of AWS Step Functions for tests\n\
         status: ok\n\
         \n\
         Calls are POST requests with the header X-Amz-Target: AWSStepFunctions.<operation>.\n\
         `sfn-testkit env` prints the settings that lead an AWS SDK here.\n",
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::mock::server::listener::Listener;
    use crate::mock::server::raw_http::{Scripted, connect, post, read_answer, send};

    fn start() -> Listener {
        Listener::start(Scripted, (Ipv4Addr::LOCALHOST, 0).into()).unwrap()
    }

    /// Sends one request and looks for `expected` in the answer.
    #[track_caller]
    fn check(request: &str, expected: &[&str]) {
        let answer = send(start().address().port(), request);
        for part in expected {
            assert!(answer.contains(part), "`{part}` is not in:\n{answer}");
        }
    }

    #[test]
    fn a_call_is_answered_as_aws_json() {
        check(
            &post("Echo", r#"{"a":1}"#),
            &[
                "HTTP/1.1 200 OK\r\n",
                "\r\ncontent-type: application/x-amz-json-1.0\r\n",
                "\r\nx-amzn-requestid: scripted\r\n",
                "\r\n\r\nAWSStepFunctions.Echo authorized by AWS4 with {\"a\":1}",
            ],
        );
    }

    #[test]
    fn an_error_has_its_type_in_a_header() {
        check(
            &post("Fail", "{}"),
            &["HTTP/1.1 400 Bad Request\r\n", "\r\nx-amzn-errortype: InvalidName\r\n"],
        );
    }

    #[test]
    fn host_and_path_do_not_matter() {
        for start_line_and_host in [
            "POST /any/path?and=query HTTP/1.1\r\nhost: sync-states.us-east-1.amazonaws.com",
            "POST http://sync-localhost:4566/ HTTP/1.1\r\nhost: sync-localhost:4566",
            "POST / HTTP/1.0\r\nx-no: host",
        ] {
            let rest =
                "x-amz-target: AWSStepFunctions.Echo\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
            let answer = send(start().address().port(), &format!("{start_line_and_host}\r\n{rest}"));
            assert!(answer.contains(" 200 OK\r\n"), "{start_line_and_host}: {answer}");
            assert!(answer.ends_with("AWSStepFunctions.Echo authorized by nobody with {}"), "{answer}");
        }
    }

    #[test]
    fn a_body_in_chunks_is_one_body() {
        let head =
            "POST / HTTP/1.1\r\nhost: h\r\nx-amz-target: AWSStepFunctions.Echo\r\nconnection: close\r\n";
        let body = "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
        check(&format!("{head}{body}"), &["with {}"]);
    }

    #[test]
    fn a_connection_is_kept_for_the_next_call() {
        let server = start();
        let mut connection = connect(server.address().port());
        for number in 0..3 {
            let answer = read_answer(&mut connection, &post("Echo", &number.to_string()));
            assert!(answer.ends_with(&format!("with {number}")), "{answer}");
        }
    }

    #[test]
    fn a_browser_is_told_what_this_is_and_how_it_is() {
        let request = "GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";
        check(
            request,
            &[
                "HTTP/1.1 200 OK\r\n",
                "content-type: text/plain; charset=utf-8\r\n",
                "x-amzn-requestid: 00000000-0000-4000-8000-000000000000\r\n",
                "a mock of AWS Step Functions for tests\nstatus: ok\n",
            ],
        );
    }

    #[test]
    fn other_methods_are_not_allowed() {
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
            check(
                &format!("{method} / HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
                &["HTTP/1.1 405 Method Not Allowed\r\n", "\r\nallow: POST, GET, HEAD\r\n"],
            );
        }
    }

    #[test]
    fn a_body_of_two_mebibytes_is_read_and_a_larger_one_refused() {
        let limit = usize::try_from(BODY_LIMIT).unwrap();
        check(&post("Length", &"x".repeat(limit)), &["200 OK", "\r\n\r\n2097152"]);
        check(
            &post("Length", &"x".repeat(limit + 1)),
            &[
                "HTTP/1.1 413 Payload Too Large\r\n",
                "\r\nx-amzn-errortype: RequestEntityTooLargeException\r\n",
                r#"{"__type":"RequestEntityTooLargeException","message":"HTTP content length exceeded 2097152 bytes."}"#,
            ],
        );
    }

    #[test]
    fn a_large_body_of_unknown_length_is_refused_too() {
        let head =
            "POST / HTTP/1.1\r\nhost: h\r\nx-amz-target: AWSStepFunctions.Length\r\nconnection: close\r\n";
        let chunk = format!("100000\r\n{}\r\n", "x".repeat(0x10_0000));
        let body = format!("transfer-encoding: chunked\r\n\r\n{}0\r\n\r\n", chunk.repeat(3));
        check(&format!("{head}{body}"), &["HTTP/1.1 413 Payload Too Large\r\n"]);
    }
}
