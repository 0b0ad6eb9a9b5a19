//! Ctrl-C and SIGTERM: being asked to stop.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

/// From its making on, the signals no longer end the process but are noted here.
#[derive(Debug)]
pub(super) struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

impl StopSignals {
    /// Within a runtime.
    #[cfg(unix)]
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Within a runtime.
    #[cfg(windows)]
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self { ctrl_c: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for one of them.
    pub(super) async fn received(mut self) {
        poll_fn(|context| if self.poll(context) { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    #[cfg(unix)]
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        let interrupted = self.interrupt.poll_recv(context).is_ready();
        self.terminate.poll_recv(context).is_ready() || interrupted
    }

    #[cfg(windows)]
    fn poll(&mut self, context: &mut Context<'_>) -> bool {
        self.ctrl_c.poll_recv(context).is_ready()
    }
}
