//! A mock that is served: over TCP, and over a pipe in memory.

use tokio::net::TcpStream;

use super::exchange::{Door, Exchange, ResponseFuture};
use crate::endpoint::{self, HttpRequest};
use crate::mock::{MockSfn, Server};

/// Over a socket, to [`MockSfn::serve`](crate::MockSfn::serve).
#[derive(Debug, Clone, Copy, Default)]
pub struct OverTcp;

impl Door for OverTcp {
    fn name(&self) -> &'static str {
        "the mock over TCP"
    }

    fn open(&self, sfn: &MockSfn) -> Result<Box<dyn Exchange>, String> {
        let server = sfn.serve_on(([127, 0, 0, 1], 0)).map_err(|error| error.to_string())?;
        Ok(Box::new(Tcp(server)))
    }
}

struct Tcp(Server);

impl Exchange for Tcp {
    fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_> {
        Box::pin(async move {
            let stream = TcpStream::connect(self.0.address()).await.map_err(|error| error.to_string())?;
            endpoint::exchange(stream, "localhost", request).await
        })
    }
}

/// Over a pipe in memory, to [`MockSfn::serve_io`](crate::MockSfn::serve_io): the whole of HTTP, no socket.
#[derive(Debug, Clone, Copy, Default)]
pub struct OverDuplex;

/// Smaller than most bodies, so that they arrive in pieces.
const PIPE_BYTES: usize = 512;

impl Door for OverDuplex {
    fn name(&self) -> &'static str {
        "the mock over a pipe"
    }

    fn open(&self, sfn: &MockSfn) -> Result<Box<dyn Exchange>, String> {
        Ok(Box::new(Duplex(sfn.clone())))
    }
}

struct Duplex(MockSfn);

impl Exchange for Duplex {
    fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_> {
        Box::pin(async move {
            let (client, server) = tokio::io::duplex(PIPE_BYTES);
            tokio::spawn(self.0.serve_io(server));
            endpoint::exchange(client, "localhost", request).await
        })
    }
}
