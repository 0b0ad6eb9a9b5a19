//! The live endpoint that a cassette is verified against.

use std::fmt;
use std::time::Duration;

use crate::endpoint::{Credentials, HttpRequest, HttpResponse, Remote};
use crate::model::{Json, Operation};
use crate::recording::interaction::error_name;
use crate::recording::secrets::InUse;

/// A service that is there: AWS, or an emulator. Only operations that change nothing are called, unless
/// [`allow_writes`](Self::allow_writes) says otherwise.
#[derive(Clone)]
pub struct LiveEndpoint {
    remote: Remote,
    credentials: Option<Credentials>,
    pub(super) account: Option<String>,
    pub(super) allows_writes: bool,
    pub(super) patience: Duration,
}

/// An answer of today.
#[derive(Debug, Clone)]
pub(super) struct LiveAnswer {
    pub(super) status: u16,
    pub(super) error: Option<String>,
    pub(super) body: Json,
}

/// How long an execution that was started anew may take to come to the recorded answer.
const PATIENCE: Duration = Duration::from_secs(30);

impl LiveEndpoint {
    /// The endpoint at a URL such as `https://states.eu-west-1.amazonaws.com`. Its region is that of an AWS host name, or
    /// `us-east-1`. Requests are signed as emulators like it, until there are [`credentials`](Self::credentials).
    ///
    /// # Errors
    /// The URL is none, or it is https and the feature `cli` is off.
    pub fn at(url: &str) -> Result<Self, String> {
        let mut remote = Remote::to(url)?;
        remote.set_credentials(Credentials::stand_in());
        Ok(Self { remote, credentials: None, account: None, allows_writes: false, patience: PATIENCE })
    }

    /// Signs requests with these. They never get into a cassette.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.remote.set_credentials(credentials.clone());
        self.credentials = Some(credentials);
        self
    }

    /// The region that requests are signed for.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.remote.set_region(region);
        self
    }

    /// The account that the ARNs of requests name, of which cassettes do not tell: twelve digits. Without it an answer has
    /// to tell the account first, and until then it is `123456789012`, that of emulators.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Also makes the calls that change something: what the recording has created is created anew, under new names, and
    /// stays there unless the recording deletes it.
    #[must_use]
    pub const fn allow_writes(mut self) -> Self {
        self.allows_writes = true;
        self
    }

    /// How long what was started anew may take to come to the recorded answer; 30 seconds unless set.
    #[must_use]
    pub const fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// What must not get into a file.
    /// Whether its host name says where it is.
    #[cfg(feature = "cli")]
    pub(crate) fn is_aws(&self) -> bool {
        self.remote.is_aws()
    }

    pub(super) fn in_use(&self) -> InUse {
        let mut in_use = InUse::default();
        self.credentials.iter().flat_map(Credentials::parts).for_each(|part| in_use.add(part));
        in_use
    }

    pub(super) fn name(&self) -> String {
        self.remote.authority()
    }

    pub(super) async fn ask(&self, operation: Operation, request: &Json) -> Result<LiveAnswer, String> {
        let request = HttpRequest::of(operation, request.to_text().into_bytes());
        let HttpResponse { status, body, .. } = self.remote.send(request).await?;
        let text = String::from_utf8_lossy(&body);
        let body = match text.trim() {
            "" => Json::Null,
            text => Json::parse(text).map_or_else(|_| Json::from(text), |body| body.compacted()),
        };
        Ok(LiveAnswer { status, error: error_name(status, &body), body })
    }
}

impl fmt::Debug for LiveEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveEndpoint")
            .field("host", &self.name())
            .field("allows_writes", &self.allows_writes)
            .finish_non_exhaustive()
    }
}
