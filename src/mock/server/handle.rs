//! The handle of a mock that is served: where it listens, and its end.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};

use super::connections::serve_io;
use super::listener::Listener;
use crate::mock::core::Core;
use crate::mock::ui::WithUi;
use crate::mock::{MockSfn, Time};

/// A mock served over HTTP, made by [`MockSfn::serve`]. Dropping it stops the server: the port is closed, idle
/// connections end at once, and calls that are still being answered get a quarter of a second.
///
/// The server has a thread and a runtime of its own, so it also answers a test that blocks, such as one that waits
/// for a child process. It shares all state with the mock it was made from.
#[derive(Debug)]
#[must_use = "dropping the server stops it"]
pub struct Server {
    listener: Listener,
    url: String,
    #[cfg(feature = "sdk")]
    core: Core,
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
        self.refuse_a_paused_clock();
        Server::start(self.core().clone(), address.into())
    }

    /// Serves this mock as [`serve_on`](Self::serve_on) does, with a web UI beside the API: open the server's
    /// [`url`](Server::url) in a browser to see the executions, follow one, start and stop them, and answer tasks
    /// that wait for a token. What it does are calls like those of other clients: `sfn.calls()` has them too.
    ///
    /// The UI answers only requests to loopback addresses or `localhost`, and none that a page of elsewhere sends.
    ///
    /// ```no_run
    /// # use sfn_testkit::{MockSfn, Time};
    /// # let sfn = MockSfn::builder().time(Time::skip()).build();
    /// let server = sfn.serve_with_ui(([127, 0, 0, 1], 0))?;
    /// println!("look at {}", server.url());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// The address cannot be listened on: the port is taken, or the address is none of this machine.
    ///
    /// # Panics
    /// If the mock was built with [`Time::Tokio`].
    #[track_caller]
    pub fn serve_with_ui(&self, address: impl Into<SocketAddr>) -> io::Result<Server> {
        self.refuse_a_paused_clock();
        Server::start_with_ui(self.core().clone(), address.into())
    }

    #[track_caller]
    fn refuse_a_paused_clock(&self) {
        assert!(
            self.core().time() != Time::Tokio,
            "a mock on Tokio's clock cannot be served: a paused clock and a socket do not go together; \
             build it with `MockSfn::builder().time(Time::skip()).build()`"
        );
    }

    /// Serves one connection that you made, until its client closes it: one end of `tokio::io::duplex`, of a Unix
    /// socket, of a simulated network.
    ///
    /// Where no socket is involved this works with every [`Time`], on a paused clock too.
    ///
    /// ```
    /// # use sfn_testkit::MockSfn;
    /// # use tokio::io::{AsyncReadExt, AsyncWriteExt};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let sfn = MockSfn::new();
    /// let (mut client, server) = tokio::io::duplex(4096);
    /// tokio::spawn(sfn.serve_io(server));
    /// client.write_all(b"GET / HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n\r\n").await.unwrap();
    /// let mut answer = String::new();
    /// client.read_to_string(&mut answer).await.unwrap();
    /// assert!(answer.contains("a mock of AWS Step Functions"));
    /// # }
    /// ```
    pub fn serve_io<I>(&self, io: I) -> impl Future<Output = ()> + Send + use<I>
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let serving = serve_io(self.core().clone(), io);
        // A client that breaks off, or that speaks no HTTP, ends its connection, and nothing else.
        async move { drop(serving.await) }
    }
}

impl Server {
    /// Serves a mock, whatever its clock.
    pub(crate) fn start(core: Core, address: SocketAddr) -> io::Result<Self> {
        let listener = Listener::start(core.clone(), address)?;
        Ok(Self::of(core, listener))
    }

    /// The same with the web UI beside the API.
    pub(crate) fn start_with_ui(core: Core, address: SocketAddr) -> io::Result<Self> {
        let listener = Listener::start(WithUi::new(core.clone()), address)?;
        Ok(Self::of(core, listener))
    }

    fn of(core: Core, listener: Listener) -> Self {
        #[cfg(not(feature = "sdk"))]
        drop(core);
        Self {
            url: format!("http://{}", listener.address()),
            listener,
            #[cfg(feature = "sdk")]
            core,
        }
    }

    /// Where clients reach it: `http://127.0.0.1:` and the port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port it listens on.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.listener.address().port()
    }

    #[cfg(any(feature = "sdk", feature = "contracts"))]
    pub(crate) const fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    #[cfg(feature = "sdk")]
    pub(crate) const fn core(&self) -> &Core {
        &self.core
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_has_the_port() {
        let server = MockSfn::builder().time(Time::skip()).build().serve();
        assert_eq!(server.url(), format!("http://127.0.0.1:{}", server.port()));
    }

    #[test]
    #[should_panic(expected = "a mock on Tokio's clock cannot be served")]
    fn a_mock_on_the_clock_of_tokio_is_not_served() {
        let _server = MockSfn::builder().time(Time::Tokio).build().serve();
    }
}
