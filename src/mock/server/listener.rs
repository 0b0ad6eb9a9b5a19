//! A port that is served by a thread of its own, until the handle is dropped.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use tokio::runtime;
use tokio::sync::oneshot;

use super::connections;
use super::exchange::Answer;

/// An open port. The thread has a runtime of its own, so that callers may block theirs.
#[derive(Debug)]
pub(crate) struct Listener {
    address: SocketAddr,
    /// Dropped to stop the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Binds, then serves on a new thread.
    pub(crate) fn start(answerer: impl Answer, address: SocketAddr) -> io::Result<Self> {
        let listener = bind(address)?;
        let address = reachable(listener.local_addr()?);
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("sfn-testkit server".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener)
                    .expect("a listener that is bound and non-blocking can be watched");
                connections::serve(listener, answerer, stopped).await;
            });
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where clients reach it.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
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

impl Drop for Listener {
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
    use super::*;
    use crate::mock::server::raw_http::{Scripted, connect, post, read_answer, send};

    fn start() -> Listener {
        Listener::start(Scripted, (Ipv4Addr::LOCALHOST, 0).into()).unwrap()
    }

    #[test]
    fn the_port_is_open_when_start_returns_and_closed_when_the_handle_is_gone() {
        let server = start();
        let address = server.address;
        assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
        assert!(send(server.address.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        drop(server);
        assert!(std::net::TcpStream::connect(address).is_err());
    }

    #[test]
    fn a_taken_port_is_an_error_that_names_it() {
        let server = start();
        let error = Listener::start(Scripted, server.address).unwrap_err();
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
        let mut idle = connect(server.address.port());
        assert!(read_answer(&mut idle, &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        drop(server);
        assert!(read_answer(&mut idle, &post("Echo", "{}")).is_empty());
    }

    #[test]
    fn stopping_does_not_wait_for_long_polls_to_end() {
        let server = start();
        let mut polling = connect(server.address.port());
        io::Write::write_all(&mut polling, post("Hang", "{}").as_bytes()).unwrap();
        // The answer to a later call shows that the server is at work on the earlier one.
        assert!(send(server.address.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        drop(server);
        assert!(read_answer(&mut polling, "").is_empty());
    }

    #[test]
    fn a_handler_that_panics_closes_its_connection_only() {
        let server = start();
        let mut other = connect(server.address.port());
        assert!(read_answer(&mut other, &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        assert_eq!(send(server.address.port(), &post("Panic", "{}")), "");
        assert!(read_answer(&mut other, &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
        assert!(send(server.address.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
    }

    #[test]
    fn a_dropped_connection_has_no_answer_and_others_go_on() {
        let server = start();
        assert_eq!(send(server.address.port(), &post("Drop", "{}")), "");
        assert!(send(server.address.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
    }

    #[tokio::test]
    async fn a_test_that_blocks_its_runtime_is_answered() {
        let server = start();
        assert!(send(server.address.port(), &post("Echo", "{}")).starts_with("HTTP/1.1 200 OK"));
    }
}
