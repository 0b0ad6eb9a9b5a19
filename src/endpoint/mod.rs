//! Row 9: calls to a service somewhere else, over HTTP and signed: what clauses, recordings and the proxy share.

#[cfg(feature = "server")]
mod address;
#[cfg(feature = "cli")]
#[cfg(test)]
pub(crate) mod checking_upstream;
#[cfg(feature = "server")]
mod http;
mod message;
#[cfg(feature = "server")]
mod remote;
#[cfg(feature = "cli")]
pub(crate) mod settings;
#[cfg(feature = "server")]
mod signature;
#[cfg(feature = "cli")]
mod tls;

#[cfg(all(feature = "server", feature = "contracts"))]
pub(crate) use http::exchange;
pub use message::{HttpRequest, HttpResponse};
#[cfg(feature = "server")]
pub(crate) use remote::{Remote, now};
#[cfg(feature = "server")]
pub use signature::Credentials;
