//! A failure on its way up: what may still handle it.

use std::sync::Arc;

use crate::asl::retrier::first_named;
use crate::model::Failure;
use crate::model::failure::error_name;
use crate::query::FailedEvaluation;

/// A failure of the current state, before retriers and catchers have looked at it.
#[derive(Debug, Clone)]
pub(super) struct Failing {
    pub(super) failure: Failure,
    pub(super) kind: FailureKind,
    /// Of a failure in JSONata that the history does not show yet.
    pub(super) evaluation: Option<FailedEvaluation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailureKind {
    Ordinary,
    /// A missed heartbeat: recorded as States.Timeout, handled under both names.
    Heartbeat,
    /// Nothing may handle it: the execution fails.
    Fatal,
}

impl Failing {
    /// Errors of the interpreter itself cannot be handled, whatever a catcher says.
    pub(super) fn new(failure: Failure) -> Self {
        let kind = if failure.is(error_name::RUNTIME) { FailureKind::Fatal } else { FailureKind::Ordinary };
        Self { failure, kind, evaluation: None }
    }

    pub(super) const fn fatal(failure: Failure) -> Self {
        Self { failure, kind: FailureKind::Fatal, evaluation: None }
    }

    pub(super) fn missed_heartbeat() -> Self {
        Self { failure: Failure::timeout(), kind: FailureKind::Heartbeat, evaluation: None }
    }

    /// The failure of an evaluation: `failed` if it was in JSONata.
    pub(super) fn in_evaluation(self, failed: Option<FailedEvaluation>) -> Self {
        Self { evaluation: failed, ..self }
    }

    /// The first name in an `ErrorEquals` of a retrier or catcher that this failure has.
    pub(super) fn named_in(&self, error_equals: &[Arc<str>]) -> Option<usize> {
        let missed_heartbeat = match self.kind {
            FailureKind::Fatal => return None,
            FailureKind::Heartbeat => true,
            FailureKind::Ordinary => false,
        };
        first_named(error_equals, self.failure.error.as_deref(), missed_heartbeat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(failing: &Failing, name: &str, expected: bool) {
        let position = expected.then_some(1);
        assert_eq!(failing.named_in(&["-".into(), name.into()]), position, "{name} and {failing:?}");
    }

    #[test]
    fn names_match_exactly_and_wildcards_match_what_aws_says() {
        let ordinary = Failing::new(Failure::new("Lambda.Unknown", "x"));
        check(&ordinary, "Lambda.Unknown", true);
        check(&ordinary, "lambda.unknown", false);
        check(&ordinary, "States.ALL", true);
        check(&ordinary, "States.TaskFailed", true);
        let timeout = Failing::new(Failure::timeout());
        check(&timeout, "States.Timeout", true);
        check(&timeout, "States.ALL", true);
        check(&timeout, "States.TaskFailed", false);
        check(&timeout, "States.HeartbeatTimeout", false);
        check(&Failing::missed_heartbeat(), "States.HeartbeatTimeout", true);
        check(&Failing::missed_heartbeat(), "States.Timeout", true);
    }

    #[test]
    fn runtime_errors_are_never_handled() {
        let runtime = Failing::new(Failure::runtime("bad path"));
        check(&runtime, "States.Runtime", false);
        check(&runtime, "States.ALL", false);
        check(&Failing::fatal(Failure::new("Any", "")), "States.ALL", false);
    }

    #[test]
    fn an_unnamed_failure_is_matched_by_wildcards_only() {
        let unnamed = Failing::new(Failure { error: None, cause: None });
        check(&unnamed, "States.ALL", true);
        check(&unnamed, "States.TaskFailed", true);
        check(&unnamed, "X", false);
    }
}
