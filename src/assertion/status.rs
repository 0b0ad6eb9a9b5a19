//! How the execution ended: its status, error and cause.

use super::Execution;
use super::matcher::{Matcher, Mismatch};
use super::wording::end_of;
use crate::model::ExecutionStatus;

/// Ended (or goes on) with this status.
pub(crate) struct HasStatus(pub(crate) ExecutionStatus);

/// FAILED with this error name.
pub(crate) struct FailedWith(pub(crate) String);

/// FAILED with a cause that contains this text.
pub(crate) struct FailedBecause(pub(crate) String);

impl Matcher for HasStatus {
    fn describes(&self) -> String {
        match self.0 {
            ExecutionStatus::Running => "be running",
            ExecutionStatus::Succeeded => "succeed",
            ExecutionStatus::Failed => "fail",
            ExecutionStatus::TimedOut => "time out",
            ExecutionStatus::Aborted => "be aborted",
        }
        .to_owned()
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        if execution.status() == self.0 {
            return None;
        }
        let failed_by_timeout =
            self.0 == ExecutionStatus::TimedOut && execution.error() == Some("States.Timeout");
        let hint = failed_by_timeout.then_some(
            "a state timed out, which fails the execution; TIMED_OUT is for TimeoutSeconds of the whole state machine",
        );
        Some(at_the_end(execution).hint(hint.map(str::to_owned)))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        execution.end_event().map(|end| end.id).into_iter().collect()
    }
}

impl Matcher for FailedWith {
    fn describes(&self) -> String {
        format!("fail with error `{}`", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let fits =
            execution.status() == ExecutionStatus::Failed && execution.error() == Some(self.0.as_str());
        (!fits).then(|| at_the_end(execution))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        execution.end_event().map(|end| end.id).into_iter().collect()
    }
}

impl Matcher for FailedBecause {
    fn describes(&self) -> String {
        format!("fail with a cause that contains \"{}\"", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let fits = execution.status() == ExecutionStatus::Failed
            && execution.cause().is_some_and(|cause| cause.contains(&self.0));
        (!fits).then(|| at_the_end(execution))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        execution.end_event().map(|end| end.id).into_iter().collect()
    }
}

/// Blames the events that decided the end: the last one, and the one that its failure began with.
pub(crate) fn at_the_end(execution: &Execution) -> Mismatch {
    let end = execution.end_event().map(|end| end.id);
    Mismatch::new(end_of(execution)).guilty(end).guilty(failure_events(execution))
}

/// The end of an execution that did not succeed, and the event that its failure began with.
pub(crate) fn failure_events(execution: &Execution) -> impl Iterator<Item = u64> {
    let end = execution.record.failure.as_ref().and(execution.end_event());
    let owner = end.and_then(|end| execution.visits.owner(end));
    let source = owner.and_then(|owner| execution.visits.source_of_failure(owner));
    source.into_iter().chain(end.map(|end| end.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};
    use crate::model::{Failure, HistoryEventType as Type};

    fn declined() -> Execution {
        let history = History::started_with("{}").enters_task("Pay", "{}").calls("{}");
        history.fails("Billing.CardDeclined", "no funds left").failed("Billing.CardDeclined", "no funds left")
    }

    #[test]
    fn each_status_is_told_from_the_others() {
        let ended = |event_type, status| {
            let failure = Failure { error: None, cause: None };
            History::started_with("{}").ended_by(failure, event_type, status)
        };
        holds(&History::started_with("{}").succeeded("{}"), &HasStatus(ExecutionStatus::Succeeded));
        holds(&declined(), &HasStatus(ExecutionStatus::Failed));
        holds(&History::started_with("{}").running(), &HasStatus(ExecutionStatus::Running));
        let aborted = ended(Type::ExecutionAborted, ExecutionStatus::Aborted);
        holds(&aborted, &HasStatus(ExecutionStatus::Aborted));
        let timed_out = ended(Type::ExecutionTimedOut, ExecutionStatus::TimedOut);
        holds(&timed_out, &HasStatus(ExecutionStatus::TimedOut));
        assert_eq!(
            why(&aborted, &HasStatus(ExecutionStatus::TimedOut)),
            "expected execution `e-1` of state machine `orders` to time out\n  actual: it ABORTED"
        );
        assert_eq!(
            why(&timed_out, &HasStatus(ExecutionStatus::Aborted)),
            "expected execution `e-1` of state machine `orders` to be aborted\n  actual: it TIMED_OUT"
        );
        assert_eq!(
            why(&aborted, &HasStatus(ExecutionStatus::Running)),
            "expected execution `e-1` of state machine `orders` to be running\n  actual: it ABORTED"
        );
    }

    #[test]
    fn a_failure_is_told_with_error_and_cause_and_blames_where_it_began() {
        let matcher = HasStatus(ExecutionStatus::Succeeded);
        assert_eq!(
            why(&declined(), &matcher),
            "expected execution `e-1` of state machine `orders` to succeed\n  \
             actual: it FAILED: Billing.CardDeclined: no funds left"
        );
        assert_eq!(guilty(&declined(), &matcher), [5, 6]);
    }

    #[test]
    fn a_running_execution_is_told_how_to_be_waited_for() {
        assert_eq!(
            why(&History::started_with("{}").running(), &HasStatus(ExecutionStatus::Failed)),
            "expected execution `e-1` of state machine `orders` to fail\n  \
             actual: it is still RUNNING\n\n\
             hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
        );
    }

    #[test]
    fn a_state_that_timed_out_is_no_execution_that_timed_out() {
        let execution = History::started_with("{}").ended_by(
            Failure::timeout(),
            Type::ExecutionFailed,
            ExecutionStatus::Failed,
        );
        assert_eq!(
            why(&execution, &HasStatus(ExecutionStatus::TimedOut)),
            "expected execution `e-1` of state machine `orders` to time out\n  \
             actual: it FAILED: States.Timeout\n\n\
             hint: a state timed out, which fails the execution; TIMED_OUT is for TimeoutSeconds of the whole state machine"
        );
    }

    #[test]
    fn error_names_are_compared_whole_and_causes_in_part() {
        holds(&declined(), &FailedWith("Billing.CardDeclined".to_owned()));
        holds(&declined(), &FailedBecause("no funds".to_owned()));
        assert_eq!(
            why(&declined(), &FailedWith("Billing".to_owned())),
            "expected execution `e-1` of state machine `orders` to fail with error `Billing`\n  \
             actual: it FAILED: Billing.CardDeclined: no funds left"
        );
        assert_eq!(
            why(&declined(), &FailedBecause("limit".to_owned())),
            "expected execution `e-1` of state machine `orders` to fail with a cause that contains \"limit\"\n  \
             actual: it FAILED: Billing.CardDeclined: no funds left"
        );
    }

    #[test]
    fn an_aborted_execution_has_not_failed_with_its_error() {
        let failure = Failure::new("Mine", "stopped by hand");
        let aborted =
            History::started_with("{}").ended_by(failure, Type::ExecutionAborted, ExecutionStatus::Aborted);
        assert_eq!(
            why(&aborted, &FailedWith("Mine".to_owned())),
            "expected execution `e-1` of state machine `orders` to fail with error `Mine`\n  \
             actual: it ABORTED: Mine: stopped by hand"
        );
    }

    #[test]
    fn a_task_that_nobody_mocked_is_hinted_at_with_the_line_to_write() {
        let execution = History::started_with("{}")
            .passes("A", "{}", "{}")
            .enters_task("Save", "{}")
            .calls("{}")
            .fails("SfnTestkit.TaskNotMocked", "no mock")
            .failed("SfnTestkit.TaskNotMocked", "no mock");
        assert_eq!(
            why(&execution, &HasStatus(ExecutionStatus::Succeeded)),
            "expected execution `e-1` of state machine `orders` to succeed\n  \
             actual: it FAILED: SfnTestkit.TaskNotMocked: no mock\n\n\
             hint: nobody mocked the task, write: sfn.on_state(\"Save\").returns(json!({…}));"
        );
    }
}
