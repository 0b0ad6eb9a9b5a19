//! One HTTP/1.1 exchange over a connection of its own.

use std::future::poll_fn;
use std::pin::pin;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::message::{HttpRequest, HttpResponse};

/// Sends a request and reads the whole answer. The connection is driven by the caller and not by a task, so that it
/// ends when the caller goes.
pub(crate) async fn exchange<I>(io: I, host: &str, request: HttpRequest) -> Result<HttpResponse, String>
where
    I: AsyncRead + AsyncWrite + Unpin + Send,
{
    let request = to_hyper(host, request)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await.map_err(told)?;
    let mut connection = pin!(connection);
    let mut answer = pin!(async { read(sender.send_request(request).await.map_err(told)?).await });
    let mut open = true;
    poll_fn(|context| {
        open = open && connection.as_mut().poll(context).is_pending();
        answer.as_mut().poll(context)
    })
    .await
}

fn to_hyper(host: &str, request: HttpRequest) -> Result<Request<Full<Bytes>>, String> {
    let mut builder = Request::post("/").header("host", host);
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(Bytes::from(request.body))).map_err(|error| error.to_string())
}

async fn read(response: Response<hyper::body::Incoming>) -> Result<HttpResponse, String> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(told)?.to_bytes().to_vec();
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Ok(HttpResponse { status: head.status.as_u16(), headers: headers.collect(), body })
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn told(error: hyper::Error) -> String {
    format!("the connection broke: {error}")
}
