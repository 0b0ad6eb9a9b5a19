//! The proxy: passes calls on to the upstream, signed anew, and tells an observer of what was answered.

use std::sync::Arc;

use super::gate::Gate;
use crate::cli::console::Console;
use crate::cli::refusal::refusal;
use crate::endpoint::{HttpRequest, HttpResponse, Remote};
use crate::mock::server::Answer;
use crate::model::Operation;
use crate::wire;

/// A call and its answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exchanged<'e> {
    pub(super) operation: Operation,
    pub(super) request: &'e [u8],
    pub(super) answer: &'e wire::Response,
}

/// Who is told of calls.
pub(super) trait Observer: Send + Sync + 'static {
    /// An answer that is known already: the upstream is not asked.
    fn known(
        &self,
        operation: Operation,
        request: &[u8],
    ) -> impl Future<Output = Option<wire::Response>> + Send;

    /// What the upstream answered, before the caller hears of it.
    fn observe(&self, exchanged: Exchanged<'_>);
}

/// Answers with what the upstream answers.
pub(super) struct Proxy<O> {
    parts: Arc<Parts<O>>,
}

struct Parts<O> {
    gate: Gate,
    upstream: Remote,
    observer: Arc<O>,
    console: Console,
}

impl<O: Observer> Proxy<O> {
    pub(super) fn new(gate: Gate, upstream: Remote, observer: Arc<O>, console: Console) -> Self {
        Self { parts: Arc::new(Parts { gate, upstream, observer, console }) }
    }
}

impl<O> Clone for Proxy<O> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts) }
    }
}

impl<O: Observer> Answer for Proxy<O> {
    async fn answer(&self, request: wire::Request<'_>) -> Option<wire::Response> {
        Some(self.parts.answer(request).await.unwrap_or_else(|refusal| refusal))
    }

    fn welcome(&self) -> String {
        format!(
            "sfn-testkit {}: records what {} answers\n\
             \n\
             Callers need the key that `sfn-testkit record` printed when it started.\n",
            env!("CARGO_PKG_VERSION"),
            self.parts.upstream.authority()
        )
    }
}

impl<O: Observer> Parts<O> {
    async fn answer(&self, request: wire::Request<'_>) -> Result<wire::Response, wire::Response> {
        let operation = self.gate.admit(&request)?;
        if let Some(known) = self.observer.known(operation, request.body).await {
            return Ok(known);
        }
        let answer = self.upstream.send(passed_on(operation, &request)).await;
        let answer = answer.map_err(|error| self.unanswered(operation, &error))?;
        let answer = taken_back(&answer);
        if let Some(name) = refused_credentials(&answer) {
            self.console.warn(format_args!(
                "{} does not take the credentials ({name}), which is not recorded: log in again, or name another profile",
                self.upstream.authority()
            ));
            return Ok(answer);
        }
        self.observer.observe(Exchanged { operation, request: request.body, answer: &answer });
        Ok(answer)
    }

    /// SDKs try it again, as if they had lost the connection themselves.
    fn unanswered(&self, operation: Operation, error: &str) -> wire::Response {
        let message = format!("{} did not answer {operation}: {error}", self.upstream.authority());
        self.console.warn(&message);
        refusal(502, "UpstreamUnreachableException", &message)
    }
}

/// What of a call the upstream is sent: nothing that says who made it. The connection signs it.
fn passed_on(operation: Operation, request: &wire::Request<'_>) -> HttpRequest {
    let mut passed = HttpRequest::of(operation, request.body.to_vec());
    passed.headers.extend(request.trace_id.map(|id| ("x-amzn-trace-id".to_owned(), id.to_owned())));
    passed
}

/// The error by which AWS says that it was signed with the wrong or with expired credentials.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html>
fn refused_credentials(answer: &wire::Response) -> Option<&'static str> {
    const NAMES: [&str; 7] = [
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ];
    let told = answer.error_type.as_deref().unwrap_or(&answer.body);
    NAMES.into_iter().find(|name| answer.status >= 400 && told.contains(name))
}

fn taken_back(answer: &HttpResponse) -> wire::Response {
    wire::Response {
        status: answer.status,
        error_type: answer.header("x-amzn-errortype").map(str::to_owned),
        request_id: answer.header("x-amzn-requestid").unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&answer.body).into_owned(),
    }
}
