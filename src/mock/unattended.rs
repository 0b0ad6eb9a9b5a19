//! Runs one execution from its start to its end with nobody there: the clock goes from timer to timer.

use super::core::Core;
#[cfg(any(feature = "cli", feature = "fuzzing"))]
use crate::model::ExecutionRecord;
use crate::model::{ApiError, Json, Operation, Timestamp};
use crate::service::account::Reply;

impl Core {
    /// Makes the state machine that `machine`, an input of `CreateStateMachine`, describes, and runs it once. For clocks
    /// that are moved by hand only. It always ends: what nobody answers times out, in a year at the latest.
    #[cfg(any(feature = "cli", feature = "fuzzing"))]
    pub(crate) fn run_unattended(
        &self,
        machine: &Json,
        test_case: Option<&str>,
        input: &str,
    ) -> Result<ExecutionRecord, ApiError> {
        let arn = self.create_machine(machine)?;
        let arn = test_case.map_or(arn.clone(), |test_case| format!("{arn}#{test_case}"));
        let start = Json::from_members([("stateMachineArn", Json::from(arn)), ("input", Json::from(input))]);
        let started = self.call_at_once(Operation::StartExecution, &start)?;
        let arn = started.get("executionArn").and_then(Json::as_str).unwrap_or_default();
        self.run_until(arn, None);
        let record = self.lock().account.execution(arn);
        Ok(record.expect("what was started is kept"))
    }

    /// Makes the state machine and gives its ARN.
    pub(crate) fn create_machine(&self, machine: &Json) -> Result<String, ApiError> {
        let created = self.call_at_once(Operation::CreateStateMachine, machine)?;
        Ok(created.get("stateMachineArn").and_then(Json::as_str).unwrap_or_default().to_owned())
    }

    /// Moves the clock from timer to timer until the execution has ended, or until `end`.
    pub(super) fn run_until(&self, arn: &str, end: Option<Timestamp>) {
        while self.is_waiting(arn, end) {}
        if let Some(end) = end.filter(|_| self.lock().account.is_running(arn) == Some(true)) {
            // Only fails within a task mock, where nobody runs anything.
            let _moved = self.advance(end.since(self.now()));
        }
    }

    pub(super) fn call_at_once(&self, operation: Operation, input: &Json) -> Result<Json, ApiError> {
        match self.call_now(&self.caller(), operation, input) {
            Reply::Answered(answer) => answer,
            Reply::AwaitingExecution(_) | Reply::AwaitingActivityTask(_) => Ok(Json::Null),
        }
    }

    /// Moves the clock to the next timer; `false` if the execution has ended, or if nothing will move it until `end`.
    fn is_waiting(&self, arn: &str, end: Option<Timestamp>) -> bool {
        self.pump();
        let next = {
            let mut state = self.lock();
            let is_running = state.account.is_running(arn).unwrap_or(false);
            let now = state.clock.now();
            let deadline = state.account.next_deadline().filter(|_| is_running);
            let deadline = deadline.filter(|deadline| end.is_none_or(|end| *deadline <= end));
            deadline.map(|deadline| deadline.since(now))
        };
        next.is_some_and(|step| self.advance(step).is_ok())
    }
}
