//! What clauses are verified against: a fresh mock each, or one endpoint.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::clause::Clause;
use super::door::{Door, Exchange, InProcess};
use super::ledger::Ledger;
use super::need::Need;
use super::patience::Patience;
use super::setting::new_mock;
#[cfg(feature = "server")]
use crate::endpoint::{self, Credentials, Remote};
use crate::mock::MockSfn;
#[cfg(feature = "server")]
use crate::model::SeededRandom;

/// What clauses are verified against.
///
/// ```
/// use sfn_testkit::contracts::{self, Target};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let report = contracts::bundled().about("activity-").verify(&Target::in_process()).await;
/// report.assert_upheld();
/// # }
/// ```
#[derive(Clone)]
pub struct Target {
    kind: Kind,
    role_arn: Arc<str>,
    pub(super) jobs: usize,
    patience: Patience,
    pub(super) ledger: Arc<Ledger>,
    /// Stands in the names of all that this target is made to create.
    run: Arc<str>,
}

#[derive(Clone)]
enum Kind {
    Mock(Arc<dyn Door>),
    #[cfg(feature = "server")]
    Endpoint(Remote),
}

/// A target as one clause has it.
pub(super) struct Session {
    pub(super) exchange: Box<dyn Exchange>,
    /// With an endpoint; the clocks of mocks are moved.
    pub(super) patience: Patience,
    /// The mock behind the exchange, whose clock can be moved.
    pub(super) sfn: Option<MockSfn>,
}

/// What the placeholders stand for that every clause has.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    pub(super) role_arn: Arc<str>,
    pub(super) region: String,
    pub(super) run: Arc<str>,
}

const ROLE_ARN: &str = "arn:aws:iam::123456789012:role/sfn-testkit";

impl Session {
    /// How long to wait for something that a clause gives so much time.
    pub(super) fn most_waiting(&self, within: Duration) -> Duration {
        if self.sfn.is_some() { within } else { self.patience.within(within) }
    }
}

impl Target {
    /// A fresh mock for every clause, called in this process.
    #[must_use]
    pub fn in_process() -> Self {
        Self::mock(InProcess)
    }

    /// A fresh mock for every clause, called through a door of your choice.
    #[must_use]
    pub fn mock(door: impl Door + 'static) -> Self {
        Self::of(Kind::Mock(Arc::new(door)), "run".into())
    }

    /// An endpoint that is there already: a mock that is served, another emulator, or AWS.
    ///
    /// What clauses create there is deleted again. Requests are signed only with
    /// [`credentials`](Self::credentials).
    ///
    /// # Errors
    /// The URL is none, or it is https and the feature `cli` is off.
    #[cfg(feature = "server")]
    pub fn endpoint(url: &str) -> Result<Self, String> {
        let remote = Remote::to(url)?;
        let seed =
            u64::try_from(endpoint::now().as_millis()).unwrap_or_default() ^ u64::from(std::process::id());
        let id = SeededRandom::new(seed, "contract run").next_uuid();
        let run = id.get(..8).unwrap_or_default();
        Ok(Self::of(Kind::Endpoint(remote), run.into()))
    }

    fn of(kind: Kind, run: Arc<str>) -> Self {
        let patience = Patience::default();
        Self { kind, role_arn: ROLE_ARN.into(), jobs: 1, patience, ledger: Arc::default(), run }
    }

    /// The role of the state machines that clauses create. Its account is taken for the account of the target.
    #[must_use]
    pub fn role_arn(mut self, role_arn: impl Into<Arc<str>>) -> Self {
        self.role_arn = role_arn.into();
        self
    }

    /// How many clauses run at once; 1 unless set.
    #[must_use]
    pub const fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = if jobs == 0 { 1 } else { jobs };
        self
    }

    /// How long a clause waits at an endpoint, at most, for each answer and for each thing that it awaits. What has not
    /// come by then breaks the clause. Unless set, an answer may take two minutes, and what is awaited as long as the clause
    /// says, mostly one minute. `GetActivityTask` takes a minute where there is no task.
    #[cfg(feature = "server")]
    #[must_use]
    pub const fn wait_at_most(mut self, limit: Duration) -> Self {
        self.patience = Patience { limit: Some(limit) };
        self
    }

    /// The region of an endpoint. Unless set it is that of an AWS host name, or `us-east-1`.
    #[cfg(feature = "server")]
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        if let Kind::Endpoint(remote) = &mut self.kind {
            remote.set_region(region);
        }
        self
    }

    /// Signs the requests to an endpoint.
    #[cfg(feature = "server")]
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        if let Kind::Endpoint(remote) = &mut self.kind {
            remote.set_credentials(credentials);
        }
        self
    }

    /// What reports call it.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.kind {
            Kind::Mock(door) => door.name().to_owned(),
            #[cfg(feature = "server")]
            Kind::Endpoint(remote) => remote.authority(),
        }
    }

    /// The first thing that the clause needs and this target has not, in words.
    fn lacks(&self, clause: &Clause) -> Option<String> {
        let has = |need: Need| match &self.kind {
            Kind::Mock(door) => !door.lacks().contains(&need),
            #[cfg(feature = "server")]
            Kind::Endpoint(_) => matches!(need, Need::LongPolls | Need::RawHttp),
        };
        let lacking = clause.needs().find(|need| !has(*need))?;
        Some(format!("the clause needs {}", lacking.phrase()))
    }

    /// The way to this target for one clause, or why the clause cannot run here.
    pub(super) fn open(&self, clause: &Clause) -> Result<Session, String> {
        if let Some(reason) = self.lacks(clause) {
            return Err(reason);
        }
        match &self.kind {
            Kind::Mock(door) => {
                let sfn = new_mock(clause)?;
                Ok(Session { exchange: door.open(&sfn)?, patience: self.patience, sfn: Some(sfn) })
            }
            #[cfg(feature = "server")]
            Kind::Endpoint(remote) => {
                Ok(Session { exchange: Box::new(remote.clone()), patience: self.patience, sfn: None })
            }
        }
    }

    /// Deletes what a clause created at an endpoint, or what all did; mocks are gone with their clauses.
    pub(super) async fn tidy_up(&self, clause: Option<&str>) {
        if let Some(exchange) = self.lasting() {
            self.ledger.settle(clause, (&*exchange, self.patience)).await;
        }
    }

    /// The way to an endpoint, where what clauses created stays; mocks are gone with their clauses.
    fn lasting(&self) -> Option<Box<dyn Exchange>> {
        match &self.kind {
            Kind::Mock(_) => None,
            #[cfg(feature = "server")]
            Kind::Endpoint(remote) => Some(Box::new(remote.clone())),
        }
    }

    pub(super) fn surroundings(&self) -> Surroundings {
        let region = match &self.kind {
            Kind::Mock(_) => "us-east-1".to_owned(),
            #[cfg(feature = "server")]
            Kind::Endpoint(remote) => remote.region().to_owned(),
        };
        Surroundings { role_arn: Arc::clone(&self.role_arn), region, run: Arc::clone(&self.run) }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("name", &self.name()).field("jobs", &self.jobs).finish_non_exhaustive()
    }
}
