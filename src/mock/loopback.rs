//! The Rust SDK over the socket of a served mock, past the `sync-` host prefix.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;

use aws_sdk_sfn::config::Builder;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::sdk_client::config_of;
use super::server::Server;

impl Server {
    /// The configuration of an [`aws_sdk_sfn::Client`] that calls this server over its socket.
    ///
    /// It carries a connector of ours: the SDK puts `sync-` before the host of `StartSyncExecution` and `TestState`,
    /// a name that does not resolve, and has no switch against that. Each call makes a connection of its own, so
    /// that a client may be shared by tests with different runtimes. All else is as in
    /// [`MockSfn::sdk_config`](crate::MockSfn::sdk_config): the SDK's retries sleep on the mock's clock.
    ///
    /// A test in the same process can do without a socket: [`MockSfn::client`](crate::MockSfn::client).
    ///
    /// ```
    /// # use sfn_testkit::{MockSfn, Time};
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(async {
    /// let sfn = MockSfn::builder().time(Time::skip()).build();
    /// let server = sfn.serve();
    /// let client = aws_sdk_sfn::Client::from_conf(server.endpoint_config().build());
    /// assert!(client.list_state_machines().send().await.unwrap().state_machines.is_empty());
    /// # });
    /// ```
    #[must_use]
    pub fn endpoint_config(&self) -> Builder {
        config_of(self.core()).endpoint_url(self.url()).http_client(Loopback { address: self.address() })
    }
}

/// Sends every request to one address, whatever host the SDK made of it.
#[derive(Debug, Clone)]
pub(super) struct Loopback {
    pub(super) address: SocketAddr,
}

impl HttpClient for Loopback {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        Some(ConnectorMetadata::new("sfn-testkit", None))
    }
}

impl HttpConnector for Loopback {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let address = self.address;
        HttpConnectorFuture::new(async move { exchange(address, request).await })
    }
}

/// One request on a connection of its own, driven by the caller and not by a task: a task belongs to a runtime, and
/// the next call may come from another one.
async fn exchange(address: SocketAddr, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = to_origin_form(request)?;
    let stream = TcpStream::connect(address).await.map_err(|error| ConnectorError::io(error.into()))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let mut connection = pin!(connection);
    let mut answer = pin!(async { read(sender.send_request(request).await.map_err(broken)?).await });
    let mut open = true;
    poll_fn(|context| {
        open = open && connection.as_mut().poll(context).is_pending();
        answer.as_mut().poll(context)
    })
    .await
}

/// The request as a server expects it: the path in the first line, the host in a header.
fn to_origin_form(request: HttpRequest) -> Result<Request<Full<Bytes>>, ConnectorError> {
    let unusable = |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::user(error);
    let (mut head, body) = request.try_into_http1x().map_err(|error| unusable(error.into()))?.into_parts();
    // AWS JSON bodies are always in memory.
    let body = body.bytes().map(Bytes::copy_from_slice).ok_or_else(|| unusable("a streamed body".into()))?;
    if let Some(host) = head.uri.authority() {
        let host = HeaderValue::from_str(host.as_str()).map_err(|error| unusable(error.into()))?;
        head.headers.insert(HOST, host);
    }
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = Uri::try_from(path).map_err(|error| unusable(error.into()))?;
    Ok(Request::from_parts(head, Full::new(body)))
}

async fn read(response: Response<Incoming>) -> Result<HttpResponse, ConnectorError> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(broken)?.to_bytes();
    HttpResponse::try_from(Response::from_parts(head, SdkBody::from(body)))
        .map_err(|error| ConnectorError::other(error.into(), None))
}

/// The server closed the connection: it stopped, or a fault of the mock made it.
fn broken(error: hyper::Error) -> ConnectorError {
    ConnectorError::io(error.into())
}

#[cfg(test)]
mod tests {
    use aws_sdk_sfn::Client;
    use aws_sdk_sfn::error::SdkError;

    use crate::mock::{MockSfn, Server, Time};

    fn serve() -> Server {
        MockSfn::builder().time(Time::skip()).build().serve()
    }

    #[tokio::test]
    async fn the_sdk_calls_over_the_socket() {
        let server = serve();
        let client = Client::from_conf(server.endpoint_config().build());
        assert!(client.list_state_machines().send().await.unwrap().state_machines.is_empty());
    }

    #[tokio::test]
    async fn an_operation_with_a_host_prefix_arrives() {
        let server = serve();
        let client = Client::from_conf(server.endpoint_config().build());
        let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
        let error = client.start_sync_execution().state_machine_arn(arn).send().await.unwrap_err();
        assert!(error.into_service_error().is_state_machine_does_not_exist());
    }

    #[test]
    fn a_client_outlives_the_runtime_of_its_first_call() {
        let server = serve();
        let client = Client::from_conf(server.endpoint_config().build());
        for _ in 0..2 {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(client.list_state_machines().send()).unwrap();
        }
    }

    #[tokio::test]
    async fn a_server_that_is_gone_is_a_failed_dispatch() {
        let server = serve();
        let client = Client::from_conf(server.endpoint_config().build());
        drop(server);
        let error = client.list_state_machines().send().await.unwrap_err();
        assert!(matches!(error, SdkError::DispatchFailure(failure) if failure.is_io()), "no answer");
    }
}
