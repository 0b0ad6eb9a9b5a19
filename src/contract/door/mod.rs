//! How calls reach a target: in this process, over a socket, over a pipe, over the network.

mod exchange;
#[cfg(feature = "server")]
mod http;
mod in_process;
#[cfg(feature = "server")]
mod remote;
#[cfg(feature = "server")]
mod served;
#[cfg(feature = "server")]
mod signature;
#[cfg(feature = "cli")]
mod tls;

pub use exchange::{Door, Exchange, HttpRequest, HttpResponse, ResponseFuture};
pub use in_process::InProcess;
#[cfg(feature = "server")]
pub(super) use remote::{Remote, now as remote_now};
#[cfg(feature = "server")]
pub use served::{OverDuplex, OverTcp};
#[cfg(feature = "server")]
pub use signature::Credentials;
