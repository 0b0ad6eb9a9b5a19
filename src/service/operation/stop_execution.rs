//! `StopExecution`.

use std::sync::Arc;

use crate::model::{ApiError, Failure, Json, Timestamp};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};

struct Output {
    stop_date: Timestamp,
}

impl Output {
    fn answer(&self) -> Result<Json, ApiError> {
        Answer::default().with_date("stopDate", self.stop_date).done()
    }
}

/// An execution that has ended already stays as it is, and its stop date is answered.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let arn = Arc::clone(account.standard_execution(call, call.required("executionArn"))?.arn());
    let failure =
        Failure { error: call.text("error").map(Arc::from), cause: call.text("cause").map(Arc::from) };
    account.stop(&arn, failure, call.now);
    let stopped = account.standard_execution(call, &arn)?;
    Output { stop_date: stopped.stop_date().unwrap_or_else(|| stopped.timetable.reached()) }.answer()
}

#[cfg(test)]
mod tests {
    use crate::interpreter::command::Outcome;
    use crate::model::Json;
    use crate::model::Operation::{DescribeExecution, StopExecution};
    use crate::service::fixture::{Fixture, MACHINE};

    fn input(execution: &str) -> String {
        format!(r#"{{"executionArn":"{execution}","error":"Why","cause":"because"}}"#)
    }

    #[test]
    fn stopping_answers_the_moment() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.advance_days(1);
        fixture.check(StopExecution, &input(&execution), r#"{"stopDate":1700086400}"#);
    }

    #[test]
    fn an_ended_execution_stays_as_it_is() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.end(&execution, Outcome::Succeeded(Json::Null));
        fixture.advance_days(1);
        fixture.check(StopExecution, &input(&execution), r#"{"stopDate":1700000000}"#);
        let described =
            fixture.text(DescribeExecution, &format!(r#"{{"executionArn":"{execution}"}}"#), "status");
        assert_eq!(described, "SUCCEEDED");
    }

    #[test]
    fn express_and_unknown_executions_are_refused() {
        let mut fixture = Fixture::with_machines();
        let express = fixture.start(&MACHINE.replace("stateMachine:m", "stateMachine:e"), "x");
        fixture.check(
            StopExecution,
            &input(&express),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
        );
        let unknown = "arn:aws:states:us-east-1:123456789012:execution:m:x";
        fixture.check(
            StopExecution,
            &input(unknown),
            &format!("ExecutionDoesNotExist: Execution Does Not Exist: '{unknown}'"),
        );
    }

    #[test]
    fn error_and_cause_have_lengths() {
        let long = "e".repeat(257);
        Fixture::new().check(
            StopExecution,
            &format!(r#"{{"executionArn":"a","error":"{long}"}}"#),
            "ValidationException: 1 validation error detected: Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256",
        );
    }
}
