//! `sfn.fault(Operation::StartExecution).throttled().times(2)`: faults of the service as a test writes them.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::core::Core;
use super::fault_registry::{Condition, Disturbance, Effect, FaultEntry};
use super::task_sequence::ExpectedCalls;
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, IntoDuration, Operation};

/// A fault that does nothing yet; made by [`MockSfn::fault`](crate::MockSfn::fault).
///
/// Of several faults that are meant for a call, the newest disturbs it.
#[must_use = "a fault does nothing until it says what goes wrong, such as `.throttled()`"]
pub struct OnOperation {
    core: Core,
    operation: Operation,
    condition: Option<Condition>,
    made_at: &'static Location<'static>,
}

impl OnOperation {
    #[track_caller]
    pub(super) fn new(core: Core, operation: Operation) -> Self {
        Self { core, operation, condition: None, made_at: Location::caller() }
    }

    /// Only calls whose input fulfils `condition`: the JSON body of the request, with members as in the API
    /// reference. Replaces an earlier condition.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let sfn = MockSfn::new();
    /// sfn.fault(Operation::StartExecution).when(|input| input["name"] == "order-7").throttled();
    /// ```
    pub fn when(mut self, condition: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        self.condition = Some(Arc::new(condition));
        self
    }

    /// The call is refused with `ThrottlingException: Rate exceeded`, which SDKs retry.
    pub fn throttled(self) -> Fault {
        self.does(Disturbance::Refused(ApiError::new(ApiErrorKind::ThrottlingException, "Rate exceeded")))
    }

    /// The call is refused with this error, and does nothing.
    ///
    /// `code` is the name of an error of the API, such as `ExecutionLimitExceeded` or `KmsAccessDeniedException`, or one
    /// that all services of AWS share, such as `AccessDeniedException`, `ServiceUnavailable` or `InternalFailure`.
    /// [`member`](Fault::member) adds what else it says.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let sfn = MockSfn::new();
    /// sfn.fault(Operation::StartExecution)
    ///     .error("KmsInvalidStateException", "The key is pending deletion.")
    ///     .member("kmsKeyState", "PENDING_DELETION");
    /// ```
    ///
    /// # Panics
    /// If there is no such error.
    #[track_caller]
    #[expect(clippy::panic, reason = "an error that AWS does not have is a mistake in the test")]
    pub fn error(self, code: impl AsRef<str>, message: impl Into<String>) -> Fault {
        let code = code.as_ref();
        let Some(kind) = ApiErrorKind::from_name(code) else {
            panic!(
                "Step Functions has no error `{code}`: take the name of an exception from the API reference, such as \
                 `ExecutionLimitExceeded`, or answer a bare status with `.http_status(500)`"
            );
        };
        self.does(Disturbance::Refused(ApiError::new(kind, message)))
    }

    /// The call does nothing, and is answered with this HTTP status and no body, as something in front of the service
    /// might. SDKs retry 500, 502, 503 and 504.
    ///
    /// # Panics
    /// If it is not the status of an error, 400 to 599.
    #[track_caller]
    pub fn http_status(self, status: u16) -> Fault {
        assert!(
            (400..600).contains(&status),
            "{status} is not the HTTP status of an error: those are 400 to 599"
        );
        self.does(Disturbance::HttpStatus(status))
    }

    /// The call acts at once, and its answer comes this much later on the mock's clock: `"2s"`, or a
    /// [`Duration`](std::time::Duration). With [`Time::Skip`](crate::Time::Skip) never later than `settle`.
    /// Not for a wiremock server, which cannot wait.
    ///
    /// # Panics
    /// If the text is no duration.
    #[track_caller]
    pub fn latency(self, latency: impl IntoDuration) -> Fault {
        self.does(Disturbance::None).after(latency)
    }

    /// The connection is closed without an answer, before the call does anything. A wiremock server, which always
    /// answers, gives the bare status 502 instead.
    pub fn drops_connection(self) -> Fault {
        self.does(Disturbance::DropsConnection)
    }

    /// The call acts, and then the connection is closed without an answer: a client that tries again finds what it did
    /// the first time. A wiremock server gives the bare status 502 instead.
    pub fn loses_answer(self) -> Fault {
        self.does(Disturbance::LosesAnswer)
    }

    /// The call sees the service as it was this long ago on the mock's clock, as eventually consistent reads may: what
    /// was created since is not there, what has changed is as it was. It does not see the time before the fault was
    /// made: what was there then is seen.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let sfn = MockSfn::new();
    /// sfn.fault(Operation::DescribeExecution).stale_reads("5s");
    /// ```
    ///
    /// # Panics
    /// If the text is no duration, or the operation is no read: a `Describe…`, a `List…` or `GetExecutionHistory`.
    #[track_caller]
    pub fn stale_reads(self, ago: impl IntoDuration) -> Fault {
        let operation = self.operation;
        assert!(
            operation.is_read(),
            "{operation} is no read that could be stale: those are `Describe…`, `List…` and GetExecutionHistory"
        );
        let ago = duration_of(ago);
        self.core.lock().past.keep(ago);
        self.does(Disturbance::StaleReads(ago))
    }

    fn does(self, disturbance: Disturbance) -> Fault {
        let effect = Effect { disturbance, late: Duration::ZERO };
        let entry = Arc::new(FaultEntry::new(self.operation, self.condition, self.made_at, effect));
        self.core.shared.faults.add(Arc::clone(&entry));
        Fault { entry }
    }
}

/// A fault of the service. It stays in force when this value is dropped.
pub struct Fault {
    entry: Arc<FaultEntry>,
}

impl Fault {
    /// Disturbs so many calls; then an older fault has its turn, or the service itself. Without it, every call.
    pub fn times(self, times: u64) -> Self {
        self.entry.set_times(times);
        self
    }

    /// The answer, or the end of the connection, comes this much later on the mock's clock: `"2s"`, or a
    /// [`Duration`](std::time::Duration). With [`Time::Skip`](crate::Time::Skip) never later than `settle`.
    ///
    /// # Panics
    /// If the text is no duration.
    #[track_caller]
    pub fn after(self, duration: impl IntoDuration) -> Self {
        self.entry.set_late(duration_of(duration));
        self
    }

    /// Adds a member to the error: `kmsKeyState` of a `KmsInvalidStateException`, `resourceName` of a
    /// `ResourceNotFound` or `TooManyTags`, `reason` of a `ValidationException`.
    ///
    /// # Panics
    /// If the fault is not an [`error`](OnOperation::error).
    #[track_caller]
    pub fn member(self, name: &'static str, value: impl AsRef<str>) -> Self {
        let added = self.entry.add_member(name, value.as_ref());
        assert!(added, "only an error has members such as `{name}`: write `.error(code, message)` before it");
        self
    }

    /// Says how many calls the fault shall have disturbed at the end: a number, or a range such as `1..` or `2..=3`.
    ///
    /// It is checked when the last [`MockSfn`](crate::MockSfn) is dropped, or by
    /// [`MockSfn::verify`](crate::MockSfn::verify).
    pub fn expect(self, calls: impl Into<ExpectedCalls>) -> Self {
        self.entry.set_expected(calls.into());
        self
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "a duration that nobody can read is a mistake in the test")]
fn duration_of(duration: impl IntoDuration) -> Duration {
    duration.into_duration().unwrap_or_else(|why| panic!("{why}"))
}

impl fmt::Debug for OnOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnOperation").field("operation", &self.operation).finish_non_exhaustive()
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({})", self.entry)
    }
}
