//! `RedriveExecution`.

use std::sync::Arc;

use crate::model::{ApiError, Json, Quota, Timestamp};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::error;

struct Output {
    redrive_date: Timestamp,
}

impl Output {
    fn answer(&self) -> Result<Json, ApiError> {
        Answer::default().with_date("redriveDate", self.redrive_date).done()
    }
}

/// A repeated client token answers as the first time, whatever has become of the execution since.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let token = call.text("clientToken");
    let execution = account.standard_execution(call, call.required("executionArn"))?;
    let earlier = token.and_then(|token| execution.redrive_tokens.redrive_date(token, call.now));
    if let Some(redrive_date) = earlier {
        return Output { redrive_date }.answer();
    }
    if let Some(why) = account.why_not_redrivable(execution, call.now) {
        return Err(error::execution_not_redrivable(&why));
    }
    if account.open_executions >= account.quota(Quota::OpenExecutions) {
        return Err(error::execution_limit_exceeded(account.quota(Quota::OpenExecutions)));
    }
    let arn = Arc::clone(execution.arn());
    account.redrive(&arn, call.now);
    let Some(execution) = account.executions.get_mut(&arn) else {
        return Err(error::execution_does_not_exist(&arn));
    };
    let redrive_date = execution.redriven().map_or(call.now, |redriven| redriven.time);
    if let Some(token) = token {
        execution.redrive_tokens.remember(token, call.now, redrive_date);
    }
    Output { redrive_date }.answer()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::interpreter::command::Outcome;
    use crate::model::Operation::{
        DeleteStateMachine, DescribeExecution, DescribeStateMachineForExecution, GetExecutionHistory,
        ListExecutions, RedriveExecution, StopExecution, UpdateStateMachine,
    };
    use crate::service::fixture::{Fixture, MACHINE};

    /// The execution `x` of `m`, stopped a minute after it was started.
    fn stopped() -> (Fixture, String) {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.advance(Duration::from_secs(60));
        fixture.ok(StopExecution, &named(&execution, ""));
        (fixture, execution)
    }

    fn named(execution: &str, more: &str) -> String {
        format!(r#"{{"executionArn":"{execution}"{more}}}"#)
    }

    fn status(fixture: &mut Fixture, execution: &str) -> String {
        fixture.text(DescribeExecution, &named(execution, ""), "status")
    }

    #[test]
    fn a_stopped_execution_runs_again_and_says_so() {
        let (mut fixture, execution) = stopped();
        fixture.advance(Duration::from_secs(10));
        fixture.check(RedriveExecution, &named(&execution, ""), r#"{"redriveDate":1700000070}"#);
        let described = fixture.ok(DescribeExecution, &named(&execution, "")).to_text();
        let (_, described) = described.split_once(r#""name":"x","#).unwrap();
        assert_eq!(
            described,
            r#""status":"RUNNING","startDate":1700000000,"input":"{}","inputDetails":{"included":true},"redriveCount":1,"redriveDate":1700000070,"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution is RUNNING and cannot be redriven"}"#
        );
        let history =
            fixture.ok(GetExecutionHistory, &named(&execution, r#","reverseOrder":true,"maxResults":1"#));
        let last = history.get("events").and_then(Json::as_array).unwrap().first().unwrap();
        assert_eq!(
            last.to_text(),
            r#"{"timestamp":1700000070,"type":"ExecutionRedriven","id":4,"previousEventId":3,"executionRedrivenEventDetails":{"redriveCount":1}}"#
        );
    }

    #[test]
    fn an_execution_can_be_redriven_again_and_again() {
        let (mut fixture, execution) = stopped();
        for count in 1..4 {
            fixture.ok(RedriveExecution, &named(&execution, ""));
            let described = fixture.ok(DescribeExecution, &named(&execution, ""));
            assert_eq!(described.get("redriveCount").and_then(Json::as_i64), Some(count));
            fixture.ok(StopExecution, &named(&execution, ""));
            assert_eq!(status(&mut fixture, &execution), "ABORTED");
        }
    }

    #[test]
    fn what_runs_or_has_succeeded_is_not_redriven() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        let check = |fixture: &mut Fixture, why: &str| {
            let refusal = format!("ExecutionNotRedrivable: {why}");
            fixture.check(RedriveExecution, &named(&execution, ""), &refusal);
        };
        check(&mut fixture, "Execution is RUNNING and cannot be redriven");
        fixture.end(&execution, Outcome::Succeeded(Json::Null));
        check(&mut fixture, "Execution is SUCCEEDED and cannot be redriven");
    }

    #[test]
    fn after_14_days_or_without_its_machine_it_is_too_late() {
        let (mut fixture, execution) = stopped();
        fixture.advance_days(14);
        let input = named(&execution, "");
        fixture.check(
            RedriveExecution,
            &input,
            "ExecutionNotRedrivable: Execution redrivable period exceeded",
        );
        let (mut fixture, execution) = stopped();
        fixture.start(MACHINE, "running");
        fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
        let deleting = "ExecutionNotRedrivable: State machine is in DELETING status";
        fixture.check(RedriveExecution, &named(&execution, ""), deleting);
    }

    #[test]
    fn a_client_token_answers_again_and_redrives_once() {
        let (mut fixture, execution) = stopped();
        let input = named(&execution, r#","clientToken":"t""#);
        fixture.check(RedriveExecution, &input, r#"{"redriveDate":1700000060}"#);
        fixture.advance(Duration::from_secs(5));
        fixture.check(RedriveExecution, &input, r#"{"redriveDate":1700000060}"#);
        fixture.ok(StopExecution, &named(&execution, ""));
        fixture.check(RedriveExecution, &input, r#"{"redriveDate":1700000060}"#);
        assert_eq!(status(&mut fixture, &execution), "ABORTED");
        fixture.advance(Duration::from_secs(15 * 60));
        fixture.check(RedriveExecution, &input, r#"{"redriveDate":1700000965}"#);
    }

    #[test]
    fn a_redriven_execution_counts_among_the_open_ones() {
        let (mut fixture, execution) = stopped();
        fixture.lower(Quota::OpenExecutions, 1);
        let other = fixture.start(MACHINE, "y");
        let full = "ExecutionLimitExceeded: Execution Limit Exceeded: '1'";
        fixture.check(RedriveExecution, &named(&execution, ""), full);
        fixture.ok(StopExecution, &named(&other, ""));
        fixture.ok(RedriveExecution, &named(&execution, ""));
        fixture.check(RedriveExecution, &named(&other, ""), full);
    }

    #[test]
    fn running_executions_are_listed_by_their_last_redrive() {
        let (mut fixture, execution) = stopped();
        fixture.start(MACHINE, "y");
        fixture.advance(Duration::from_secs(1));
        fixture.ok(RedriveExecution, &named(&execution, ""));
        let list = fixture.ok(ListExecutions, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
        let first = list.get("executions").and_then(Json::as_array).unwrap().first().unwrap().to_text();
        let (_, first) = first.split_once(r#""name":"x","#).unwrap();
        assert_eq!(
            first,
            r#""status":"RUNNING","startDate":1700000000,"redriveCount":1,"redriveDate":1700000061}"#
        );
    }

    #[test]
    fn it_keeps_the_definition_and_the_role_that_it_was_started_with() {
        let (mut fixture, execution) = stopped();
        let update =
            format!(r#"{{"stateMachineArn":"{MACHINE}","roleArn":"arn:aws:iam::123456789012:role/new"}}"#);
        fixture.ok(UpdateStateMachine, &update);
        fixture.ok(RedriveExecution, &named(&execution, ""));
        let role = fixture.text(DescribeStateMachineForExecution, &named(&execution, ""), "roleArn");
        assert_eq!(role, crate::service::fixture::ROLE);
    }

    #[test]
    fn express_and_unknown_executions_are_refused() {
        let mut fixture = Fixture::with_machines();
        let express = fixture.start(&MACHINE.replace("stateMachine:m", "stateMachine:e"), "x");
        fixture.check(
            RedriveExecution,
            &named(&express, ""),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
        );
        let unknown = "arn:aws:states:us-east-1:123456789012:execution:m:x";
        fixture.check(
            RedriveExecution,
            &named(unknown, ""),
            &format!("ExecutionDoesNotExist: Execution Does Not Exist: '{unknown}'"),
        );
    }
}
