//! The handle of a running server: where it listens, and its end.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::runtime;
use tokio::sync::oneshot;

use super::connections;
use super::exchange::Answer;
use crate::mock::{MockSfn, Time};

/// A mock served over HTTP, made by [`MockSfn::serve`]. Dropping it stops the server: the port is closed, idle
/// connections end at once, and calls that are still being answered get a quarter of a second.
///
/// The server has a thread and a runtime of its own, so it also answers a test that blocks, such as one that waits
/// for a child process. It shares all state with the mock it was made from.
#[derive(Debug)]
#[must_use = "dropping the server stops it"]
pub struct Server {
    address: SocketAddr,
    url: String,
    region: Arc<str>,
    /// Dropped to stop the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl MockSfn {
    /// Serves this mock at a free port of 127.0.0.1. When this returns, the port is open.
    ///
    /// Clients live on real clocks, so the mock must not live on the clock of a Tokio runtime, which
    /// a test may pause: a runtime that waits for a socket looks idle, and a paused clock then jumps ahead
    /// of the answer. Build the mock with [`Time::Skip`] or [`Time::Manual`]:
    ///
    /// ```
    /// use sfn_testkit::{MockSfn, Time};
    ///
    /// let sfn = MockSfn::builder().time(Time::skip()).build();
    /// let server = sfn.serve();
    /// println!("export AWS_ENDPOINT_URL_SFN={}", server.url());
    /// ```
    ///
    /// SDKs put `sync-` before the host of `StartSyncExecution` and `TestState`, which does not resolve. Set
    /// `AWS_DISABLE_HOST_PREFIX_INJECTION=true` for boto3 and the AWS CLI, `disableHostPrefix: true` for JavaScript;
    /// for Rust take `Server::endpoint_config`.
    ///
    /// # Panics
    /// If the mock was built with [`Time::Tokio`], or if no port can be opened.
    #[track_caller]
    #[expect(clippy::panic, reason = "a test that cannot have a port has failed")]
    pub fn serve(&self) -> Server {
        match self.serve_on((Ipv4Addr::LOCALHOST, 0)) {
            Ok(server) => server,
            Err(error) => panic!("{error}"),
        }
    }

    /// Serves this mock at an address of your choice, as [`serve`](Self::serve) does. Port 0 is a free port.
    ///
    /// The mock asks nobody for credentials: an address that is not a loopback address lets everyone in.
    ///
    /// ```no_run
    /// # use sfn_testkit::{MockSfn, Time};
    /// # let sfn = MockSfn::builder().time(Time::skip()).build();
    /// let server = sfn.serve_on(([127, 0, 0, 1], 4566))?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// The address cannot be listened on: the port is taken, or the address is none of this machine.
    ///
    /// # Panics
    /// If the mock was built with [`Time::Tokio`].
    #[track_caller]
    pub fn serve_on(&self, address: impl Into<SocketAddr>) -> io::Result<Server> {
        assert!(
            self.core().time() != Time::Tokio,
            "a mock on Tokio's clock cannot be served: a paused clock and a socket do not go together; \
             build it with `MockSfn::builder().time(Time::skip()).build()`"
        );
        Server::start(self.core().clone(), self.core().region(), address.into())
    }
}

impl Server {
    /// Binds, then serves on a new thread.
    pub(crate) fn start(answerer: impl Answer, region: &str, address: SocketAddr) -> io::Result<Self> {
        let listener = bind(address)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("sfn-testkit server".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener)
                    .expect("a listener that is bound and non-blocking can be watched");
                connections::serve(listener, answerer, stopped).await;
            });
        })?;
        let address = reachable(address);
        let url = format!("http://{address}");
        Ok(Self { address, url, region: region.into(), stop: Some(stop), thread: Some(thread) })
    }

    /// Where clients reach it: `http://127.0.0.1:` and the port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port it listens on.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The region that the mock was built with.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address).map_err(|error| {
        let why = if error.kind() == io::ErrorKind::AddrInUse {
            "the port is taken; port 0 is a free one".to_owned()
        } else {
            error.to_string()
        };
        io::Error::new(error.kind(), format!("cannot listen on {address}: {why}"))
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Where a server is reached: one that listens on all addresses, at the loopback address.
fn reachable(listening: SocketAddr) -> SocketAddr {
    let host = match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(host, listening.port())
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        let Some(thread) = self.thread.take() else { return };
        // A handle that a task mock owns is dropped by the server's own thread, which cannot wait for itself.
        if thread.thread().id() != thread::current().id() {
            // A panic of the thread was printed when it happened, and a drop has nobody to tell.
            let _panicked = thread.join().is_err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw_http::{Scripted, connect, post, read_answer, send};
    use super::*;

    fn start() -> Server {
        Server::start(Scripted, "us-east-1", (Ipv4Addr::LOCALHOST, 0).into()).unwrap()
    }

    #[test]
    fn the_port_is_open_when_start_returns_and_closed_when_the_handle_is_gone() {
        let server = start();
        let address = server.address;
        assert_eq!(server.url(), format!("http://127.0.0.1:{}", server.port()));
        assert!(send(server.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        drop(server);
        assert!(std::net::TcpStream::connect(address).is_err());
    }

    #[test]
    fn a_taken_port_is_an_error_that_names_it() {
        let server = start();
        let error = Server::start(Scripted, "us-east-1", server.address).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        let expected =
            format!("cannot listen on {}: the port is taken; port 0 is a free one", server.address);
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_server_on_all_addresses_tells_the_loopback_address() {
        let url = |listening: SocketAddr| format!("http://{}", reachable(listening));
        assert_eq!(url(([0, 0, 0, 0], 4566).into()), "http://127.0.0.1:4566");
        assert_eq!(url((Ipv6Addr::UNSPECIFIED, 4566).into()), "http://[::1]:4566");
        assert_eq!(url(([127, 0, 0, 2], 80).into()), "http://127.0.0.2:80");
    }

    #[test]
    fn stopping_does_not_wait_for_idle_connections() {
        let server = start();
        let mut idle = connect(server.port());
        assert!(read_answer(&mut idle, &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        drop(server);
        assert!(read_answer(&mut idle, &post("Echo", "{}")).is_empty());
    }

    #[test]
    fn stopping_does_not_wait_for_long_polls_to_end() {
        let server = start();
        let mut polling = connect(server.port());
        io::Write::write_all(&mut polling, post("Hang", "{}").as_bytes()).unwrap();
        // The answer to a later call shows that the server is at work on the earlier one.
        assert!(send(server.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        drop(server);
        assert!(read_answer(&mut polling, "").is_empty());
    }

    #[test]
    fn a_handler_that_panics_closes_its_connection_only() {
        let server = start();
        let mut other = connect(server.port());
        assert!(read_answer(&mut other, &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        assert_eq!(send(server.port(), &post("Panic", "{}")), "");
        assert!(read_answer(&mut other, &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        assert!(send(server.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
    }

    #[tokio::test]
    async fn a_test_that_blocks_its_runtime_is_answered() {
        let server = start();
        assert!(send(server.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
    }

    #[test]
    #[should_panic(expected = "a mock on Tokio's clock cannot be served")]
    fn a_mock_on_the_clock_of_tokio_is_not_served() {
        let _server = MockSfn::builder().time(Time::Tokio).build().serve();
    }
}
