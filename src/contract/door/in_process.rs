//! Straight into the core of a mock: no socket, no HTTP.

use super::exchange::{Door, Exchange, ResponseFuture};
use crate::endpoint::{HttpRequest, HttpResponse};
use crate::mock::MockSfn;
use crate::mock::core::Core;
use crate::wire::{self, response::CONTENT_TYPE};

/// The way that [`MockSfn::client`](crate::MockSfn::client) goes: no socket, no HTTP.
#[derive(Debug, Clone, Copy, Default)]
pub struct InProcess;

impl Door for InProcess {
    fn name(&self) -> &'static str {
        "the mock in this process"
    }

    fn open(&self, sfn: &MockSfn) -> Result<Box<dyn Exchange>, String> {
        Ok(Box::new(Straight(sfn.core().clone())))
    }
}

struct Straight(Core);

impl Exchange for Straight {
    fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_> {
        Box::pin(async move {
            let asked = wire::Request {
                target: request.header("x-amz-target"),
                authorization: request.header("authorization"),
                trace_id: request.header("x-amzn-trace-id"),
                body: &request.body,
            };
            self.0.answer(asked).await.map(as_http).ok_or_else(|| "the connection was dropped".to_owned())
        })
    }
}

fn as_http(answer: wire::Response) -> HttpResponse {
    let mut headers = vec![
        ("content-type".to_owned(), CONTENT_TYPE.to_owned()),
        ("x-amzn-requestid".to_owned(), answer.request_id),
    ];
    headers.extend(answer.error_type.map(|name| ("x-amzn-errortype".to_owned(), name)));
    HttpResponse { status: answer.status, headers, body: answer.body.into_bytes() }
}
