//! The services that the recordings of this repository were made against: plain HTTP on loopback.

use std::io::{Read, Write};
use std::net::TcpStream;

use aws_sdk_sfn::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;

/// A configuration that calls the server at this address, `127.0.0.1:5000`; without one a call panics.
pub(super) fn config(address: Option<String>) -> Builder {
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "sfn-testkit"))
        .endpoint_url(format!("http://{}", address.as_deref().unwrap_or("127.0.0.1:9")))
        .http_client(Plain { address })
}

#[derive(Debug, Clone)]
struct Plain {
    address: Option<String>,
}

impl HttpClient for Plain {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let address = self.address.clone().expect("a replay does not reach the network");
        let mut head = format!("POST / HTTP/1.0\r\nHost: {address}\r\n");
        for (name, value) in request.headers() {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let body = request.body().bytes().unwrap_or_default().to_vec();
        head.extend(["Content-Length: ", &body.len().to_string(), "\r\n\r\n"]);
        HttpConnectorFuture::new(async move {
            let exchange = tokio::task::spawn_blocking(move || exchange(&address, head.as_bytes(), &body));
            exchange.await.unwrap().map_err(|error| ConnectorError::io(error.into()))
        })
    }
}

fn exchange(address: &str, head: &[u8], body: &[u8]) -> std::io::Result<HttpResponse> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(&[head, body].concat())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
    for line in head.lines().skip(1) {
        let (name, value) = line.split_once(": ").unwrap();
        let name = name.to_ascii_lowercase();
        if ["content-type", "x-amzn-errortype"].contains(&name.as_str()) {
            response.headers_mut().insert(name, value.to_owned());
        }
    }
    Ok(response)
}
