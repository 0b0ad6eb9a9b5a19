//! Requests and answers as clauses see them, and what carries them.

use std::fmt;
use std::pin::Pin;

use crate::contract::need::Need;
#[cfg(feature = "server")]
use crate::endpoint::Remote;
use crate::endpoint::{HttpRequest, HttpResponse};
use crate::mock::MockSfn;

/// An answer on its way; an error is a sentence that says why there is none.
pub type ResponseFuture<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, String>> + Send + 'a>>;

/// A way by which calls reach a mock of this crate: each clause is run against a fresh mock, through a fresh exchange.
///
/// ```
/// use sfn_testkit::MockSfn;
/// use sfn_testkit::contracts::{Door, Exchange, HttpRequest, InProcess, Need, ResponseFuture};
///
/// /// The in-process door, which says that it can do less than it can.
/// #[derive(Debug)]
/// struct Hasty;
///
/// impl Door for Hasty {
///     fn name(&self) -> &str {
///         "hasty"
///     }
///
///     fn lacks(&self) -> &[Need] {
///         &[Need::LongPolls]
///     }
///
///     fn open(&self, sfn: &MockSfn) -> Result<Box<dyn Exchange>, String> {
///         InProcess.open(sfn)
///     }
/// }
/// ```
pub trait Door: fmt::Debug + Send + Sync {
    /// What reports call it.
    fn name(&self) -> &str;

    /// What clauses may need and this door cannot carry.
    fn lacks(&self) -> &[Need] {
        &[]
    }

    /// Leads to a mock, for one clause.
    ///
    /// # Errors
    /// A sentence that says why the mock cannot be reached.
    fn open(&self, sfn: &MockSfn) -> Result<Box<dyn Exchange>, String>;
}

/// Carries requests, several at once.
pub trait Exchange: Send + Sync {
    /// Sends a request and waits for its answer.
    fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_>;
}

/// Over the network, to an endpoint that is there already.
#[cfg(feature = "server")]
impl Exchange for Remote {
    fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_> {
        Box::pin(self.send(request))
    }
}
