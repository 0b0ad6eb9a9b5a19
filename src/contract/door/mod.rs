//! How calls reach a target: in this process, over a socket, over a pipe, over the network.

mod exchange;
mod in_process;
#[cfg(feature = "server")]
mod served;

pub use exchange::{Door, Exchange, ResponseFuture};
pub use in_process::InProcess;
#[cfg(feature = "server")]
pub use served::{OverDuplex, OverTcp};
