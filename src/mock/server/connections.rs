//! Accepts connections and serves each, HTTP/1.1 or HTTP/2 without TLS, until told to stop.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::exchange::{Answer, Exchange};

/// How long answers may still be on their way when the server stops. Idle connections are closed at once, and calls
/// are answered in microseconds; what runs into this limit are long polls.
const STOP_LIMIT: Duration = Duration::from_millis(250);

/// After a failed accept, which means that the process has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Serves every connection until `stop` says so or its sender is gone.
///
/// Each connection is a task of its own: when a handler panics, its connection closes and the others live on.
pub(super) async fn serve<A: Answer>(listener: TcpListener, answerer: A, stop: oneshot::Receiver<()>) {
    let exchange = Exchange::new(answerer);
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = poll_fn(|context| match stop.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => listener.poll_accept(context).map(Some),
        });
        match accepted.await {
            None => break,
            Some(Ok((stream, _))) => {
                send_small_answers_at_once(&stream);
                tokio::spawn(connections.watch(connection(exchange.clone(), stream)));
            }
            Some(Err(_)) => sleep(ACCEPT_PAUSE).await,
        }
    }
    drop(listener);
    // Whether all ended in time or not: the runtime drops what is left.
    let _in_time = timeout(STOP_LIMIT, connections.shutdown()).await.is_ok();
}

/// Serves one connection until the client closes it: a socket, or one end of [`tokio::io::duplex`].
///
/// # Errors
/// The client broke off, or does not speak HTTP.
pub(super) async fn serve_io<A, I>(answerer: A, io: I) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
where
    A: Answer,
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    connection(Exchange::new(answerer), io).await
}

fn connection<A, I>(
    exchange: Exchange<A>,
    io: I,
) -> impl GracefulConnection<Error = Box<dyn std::error::Error + Send + Sync>> + Send
where
    A: Answer,
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| exchange.clone().answer(request));
    auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(io), service).into_owned()
}

/// Without this, an answer can wait 40 ms for a packet to fill. A socket that refuses it still works.
fn send_small_answers_at_once(stream: &TcpStream) {
    let _refused = stream.set_nodelay(true).is_err();
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Full};
    use hyper::body::Bytes;
    use hyper::client::conn::{http1, http2};
    use hyper::{Request, Response};
    use tokio::io::DuplexStream;

    use super::*;
    use crate::mock::server::raw_http::Scripted;

    /// The client's end of a connection that is served.
    fn served() -> TokioIo<DuplexStream> {
        let (client, server) = tokio::io::duplex(1024);
        tokio::spawn(serve_io(Scripted, server));
        TokioIo::new(client)
    }

    fn echo() -> Request<Full<Bytes>> {
        let request = Request::post("http://h/").header("x-amz-target", "AWSStepFunctions.Echo");
        request.body(Full::from("{}")).unwrap()
    }

    async fn check(answer: Response<hyper::body::Incoming>) {
        assert_eq!(answer.headers()["x-amzn-requestid"], "scripted");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "AWSStepFunctions.Echo authorized by nobody with {}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_socket_is_served_on_paused_time() {
        let before = tokio::time::Instant::now();
        let (mut sender, connection) = http1::handshake(served()).await.unwrap();
        tokio::spawn(connection);
        for _ in 0..2 {
            check(sender.send_request(echo()).await.unwrap()).await;
        }
        assert_eq!(before.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn a_client_may_speak_http2_without_tls() {
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), served()).await.unwrap();
        tokio::spawn(connection);
        check(sender.send_request(echo()).await.unwrap()).await;
    }

    #[tokio::test]
    async fn a_client_that_goes_away_ends_the_call_it_made() {
        let (client, server) = tokio::io::duplex(1024);
        let serving = tokio::spawn(serve_io(Scripted, server));
        let mut client = client;
        let request = crate::mock::server::raw_http::post("Hang", "{}");
        tokio::io::AsyncWriteExt::write_all(&mut client, request.as_bytes()).await.unwrap();
        drop(client);
        assert!(serving.await.unwrap().is_err());
    }
}
