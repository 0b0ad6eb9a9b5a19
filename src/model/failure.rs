//! What Retry, Catch and `ExecutionFailed` carry: an error name and a cause.

use std::sync::Arc;

use super::Json;

/// A failed state or execution: the error name and the cause, as the definition sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// `None` after a bare Fail state, or `SendTaskFailure` without an error.
    pub(crate) error: Option<Arc<str>>,
    pub(crate) cause: Option<Arc<str>>,
}

/// The error names that the States Language reserves, and how they match.
pub(crate) mod error_name {
    pub(crate) const ALL: &str = "States.ALL";
    pub(crate) const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
    pub(crate) const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
    pub(crate) const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
    pub(crate) const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
    pub(crate) const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
    /// Ours: the task calls an operation that is not emulated here. Nothing retries or catches it.
    pub(crate) const NOT_EMULATED: &str = "SfnTestkit.NotEmulated";
    /// Ours: nobody mocked the task, so nobody can say how it would have ended. Nothing retries or catches it.
    pub(crate) const NOT_MOCKED: &str = "SfnTestkit.TaskNotMocked";
    pub(crate) const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
    pub(crate) const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
    /// What only we stop.
    pub(crate) const RUNAWAY_EXECUTION: &str = "SfnTestkit.RunawayExecution";
    pub(crate) const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
    pub(crate) const RUNTIME: &str = "States.Runtime";
    pub(crate) const TASK_FAILED: &str = "States.TaskFailed";
    pub(crate) const TIMEOUT: &str = "States.Timeout";
}

impl Failure {
    pub(crate) fn new(error: impl Into<Arc<str>>, cause: impl Into<Arc<str>>) -> Self {
        Self { error: Some(error.into()), cause: Some(cause.into()) }
    }

    /// An error that no retrier and no catcher may handle: a bad path, a wrong type.
    pub(crate) fn runtime(cause: impl Into<Arc<str>>) -> Self {
        Self::new(error_name::RUNTIME, cause)
    }

    /// A missed `TimeoutSeconds` or `HeartbeatSeconds`: AWS records it without a cause.
    pub(crate) fn timeout() -> Self {
        Self { error: Some(error_name::TIMEOUT.into()), cause: None }
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.error.as_deref() == Some(name)
    }

    /// What a catcher puts into the output. A timeout has an empty cause there, although its event has none.
    pub(crate) fn to_error_output(&self) -> Json {
        let cause = match (&self.cause, self.is(error_name::TIMEOUT)) {
            (Some(cause), _) => Json::String(Arc::clone(cause)),
            (None, true) => Json::string(""),
            (None, false) => Json::Null,
        };
        let error = self.error.as_ref().map_or(Json::Null, |error| Json::String(Arc::clone(error)));
        Json::from_members([("Error", error), ("Cause", cause)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caught_timeout_has_an_empty_cause() {
        assert_eq!(
            Failure::timeout().to_error_output().to_text(),
            r#"{"Error":"States.Timeout","Cause":""}"#
        );
    }

    #[test]
    fn an_unnamed_failure_is_caught_with_nulls() {
        let failure = Failure { error: None, cause: None };
        assert_eq!(failure.to_error_output().to_text(), r#"{"Error":null,"Cause":null}"#);
    }
}
