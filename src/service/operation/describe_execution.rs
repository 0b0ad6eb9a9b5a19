//! `DescribeExecution`.

use std::sync::Arc;

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Call, IncludedData};
use crate::service::execution::Execution;
use crate::service::map_run::redrive_status;

struct Output<'a> {
    execution: &'a Execution,
    shown: IncludedData,
    redrive_status: &'static str,
    redrive_status_reason: Option<String>,
}

impl Output<'_> {
    fn answer(&self) -> Result<Json, ApiError> {
        let execution = self.execution;
        let output = execution.output().map(Json::to_text);
        let failure = execution.failure().filter(|_| self.shown == IncludedData::AllData);
        let answer = execution.described().with_payload("input", Some(&execution.input), self.shown);
        let answer = match output {
            Some(output) => answer.with_payload("output", Some(&output), self.shown),
            None => answer,
        };
        let answer = answer
            .with_optional("traceHeader", execution.trace_header.clone())
            .with_optional("mapRunArn", execution.child_of.as_ref().map(|child| Arc::clone(&child.map_run)))
            .with_optional("error", failure.and_then(|failure| failure.error.clone()))
            .with_optional("cause", failure.and_then(|failure| failure.cause.clone()))
            .with_optional("stateMachineVersionArn", execution.version_arn().cloned())
            .with_optional("stateMachineAliasArn", execution.alias_arn().cloned());
        execution
            .with_redrives(answer)
            .with("redriveStatus", self.redrive_status)
            .with_optional("redriveStatusReason", self.redrive_status_reason.clone())
            .done()
    }
}

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let execution = account.describable_execution(call, call.required("executionArn"))?;
    let (redrive_status, reason) = if execution.child_of.is_some() {
        redrive_status(execution, call.now)
    } else {
        match account.why_not_redrivable(execution, call.now) {
            Some(why) => ("NOT_REDRIVABLE", Some(why)),
            None => ("REDRIVABLE", None),
        }
    };
    Output { execution, shown: call.includes_data(), redrive_status, redrive_status_reason: reason }.answer()
}

#[cfg(test)]
mod tests {
    use crate::interpreter::command::Outcome;
    use crate::model::Operation::DescribeExecution;
    use crate::model::{Failure, Json};
    use crate::service::fixture::{Fixture, MACHINE};

    const HEAD: &str = r#"{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:m:x","stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m","name":"x","#;

    /// What is said, after `days`, of an execution that ended this way at once.
    #[track_caller]
    fn check(outcome: Option<Outcome>, days: u64, more: &str, expected: &str) {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        if let Some(outcome) = outcome {
            fixture.end(&execution, outcome);
        }
        fixture.advance_days(days);
        let found =
            fixture.ok(DescribeExecution, &format!(r#"{{"executionArn":"{execution}"{more}}}"#)).to_text();
        assert_eq!(found.strip_prefix(HEAD), Some(expected), "{found}");
    }

    #[test]
    fn a_running_execution_has_no_end() {
        check(
            None,
            0,
            "",
            r#""status":"RUNNING","startDate":1700000000,"input":"{}","inputDetails":{"included":true},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution is RUNNING and cannot be redriven"}"#,
        );
    }

    #[test]
    fn a_succeeded_one_has_an_output_as_text() {
        check(
            Some(Outcome::Succeeded(Json::parse(r#"{"a": 1}"#).unwrap())),
            0,
            "",
            r#""status":"SUCCEEDED","startDate":1700000000,"stopDate":1700000000,"input":"{}","inputDetails":{"included":true},"output":"{\"a\": 1}","outputDetails":{"included":true},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution is SUCCEEDED and cannot be redriven"}"#,
        );
    }

    #[test]
    fn a_failed_one_has_error_and_cause_and_can_be_redriven() {
        check(
            Some(Outcome::Failed(Failure::new("Boom", "because"))),
            0,
            "",
            r#""status":"FAILED","startDate":1700000000,"stopDate":1700000000,"input":"{}","inputDetails":{"included":true},"error":"Boom","cause":"because","redriveCount":0,"redriveStatus":"REDRIVABLE"}"#,
        );
    }

    #[test]
    fn one_that_timed_out_or_was_stopped_without_a_word_has_neither() {
        for (outcome, status) in [
            (Outcome::TimedOut, "TIMED_OUT"),
            (Outcome::Aborted(Failure { error: None, cause: None }), "ABORTED"),
        ] {
            check(
                Some(outcome),
                0,
                "",
                &format!(
                    r#""status":"{status}","startDate":1700000000,"stopDate":1700000000,"input":"{{}}","inputDetails":{{"included":true}},"redriveCount":0,"redriveStatus":"REDRIVABLE"}}"#
                ),
            );
        }
    }

    #[test]
    fn after_14_days_it_cannot_be_redriven() {
        check(
            Some(Outcome::TimedOut),
            14,
            "",
            r#""status":"TIMED_OUT","startDate":1700000000,"stopDate":1700000000,"input":"{}","inputDetails":{"included":true},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution redrivable period exceeded"}"#,
        );
    }

    #[test]
    fn one_that_ran_for_a_year_cannot_be_redriven() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.advance_days(365);
        fixture.end(&execution, Outcome::TimedOut);
        let input = format!(r#"{{"executionArn":"{execution}"}}"#);
        let reason = fixture.text(DescribeExecution, &input, "redriveStatusReason");
        assert_eq!(reason, "Execution has exceeded the max execution time");
    }

    #[test]
    fn metadata_comes_without_payloads() {
        check(
            Some(Outcome::Succeeded(Json::Null)),
            0,
            r#","includedData":"METADATA_ONLY""#,
            r#""status":"SUCCEEDED","startDate":1700000000,"stopDate":1700000000,"inputDetails":{"included":false},"outputDetails":{"included":false},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution is SUCCEEDED and cannot be redriven"}"#,
        );
        check(
            Some(Outcome::Failed(Failure::new("Boom", "because"))),
            0,
            r#","includedData":"METADATA_ONLY""#,
            r#""status":"FAILED","startDate":1700000000,"stopDate":1700000000,"inputDetails":{"included":false},"redriveCount":0,"redriveStatus":"REDRIVABLE"}"#,
        );
    }

    #[test]
    fn the_trace_header_is_given_back() {
        let mut fixture = Fixture::with_machines();
        let input = format!(r#"{{"stateMachineArn":"{MACHINE}","name":"x","traceHeader":"Root=1"}}"#);
        let execution = fixture.text(crate::model::Operation::StartExecution, &input, "executionArn");
        let input = format!(r#"{{"executionArn":"{execution}"}}"#);
        assert_eq!(fixture.text(DescribeExecution, &input, "traceHeader"), "Root=1");
    }

    #[test]
    fn unknown_forgotten_and_express_executions_are_refused() {
        let mut fixture = Fixture::with_machines();
        let unknown = "arn:aws:states:us-east-1:123456789012:execution:m:x";
        let missing = format!("ExecutionDoesNotExist: Execution Does Not Exist: '{unknown}'");
        let input = format!(r#"{{"executionArn":"{unknown}"}}"#);
        fixture.check(DescribeExecution, &input, &missing);
        fixture.start(MACHINE, "x");
        fixture.end(unknown, Outcome::TimedOut);
        fixture.advance_days(90);
        fixture.check(DescribeExecution, &input, &missing);
        assert!(fixture.account.execution(unknown).is_some());

        let express = fixture.start(&MACHINE.replace("stateMachine:m", "stateMachine:e"), "x");
        fixture.check(
            DescribeExecution,
            &format!(r#"{{"executionArn":"{express}"}}"#),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
        );
        fixture.check(
            DescribeExecution,
            r#"{"executionArn":"invalid"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: invalid'",
        );
    }
}
