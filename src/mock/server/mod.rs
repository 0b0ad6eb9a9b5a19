//! The HTTP door: a loopback server on a thread of its own, for clients in other processes and languages.

mod connections;
mod exchange;
mod handle;
mod listener;
#[cfg(test)]
mod raw_http;
mod visit;

pub(crate) use exchange::Answer;
pub use handle::Server;
#[cfg(feature = "cli")]
pub(crate) use listener::Listener;
pub(crate) use visit::{Page, Visit};
