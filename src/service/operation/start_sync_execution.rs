//! `StartSyncExecution`: runs an EXPRESS execution and answers when it has ended, with 200 even if it failed.

use std::sync::Arc;

use crate::interpreter::command::Outcome;
use crate::model::failure::error_name;
use crate::model::{ApiError, Json, StateMachineType, arn};
use crate::service::account::Account;
use crate::service::call::{Answer, Call, IncludedData};
use crate::service::error;
use crate::service::execution::{Ending, Execution};
use crate::service::start::StartInput;

/// Starts the execution whose end is the answer.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Arc<str>, ApiError> {
    let input = StartInput::read(call)?;
    if input.state_machine_arn.is_labelled() {
        return Err(arn::invalid(format_args!("Malformed ARN: {}", input.state_machine_arn.text)));
    }
    let machine = account.named(call, &input.state_machine_arn)?.machine;
    if machine.machine_type == StateMachineType::Standard {
        return Err(error::type_not_supported());
    }
    if machine.deleting {
        return Err(error::state_machine_deleting(&machine.arn));
    }
    account.start(call, &input, Some(call.includes_data()))
}

struct Output<'a> {
    execution: &'a Execution,
    ending: &'a Ending,
    shown: IncludedData,
}

/// AWS bills time in steps of 100 ms and memory in steps of 64 MB.
const BILLED_MILLISECONDS: u64 = 100;
const BILLED_MEGABYTES: u64 = 64;

impl Output<'_> {
    /// The details of the output are there even if the output is not.
    fn answer(&self) -> Json {
        let execution = self.execution;
        let output = execution.output().map(Json::to_text);
        let (error, cause) =
            if self.shown == IncludedData::AllData { self.error_and_cause() } else { (None, None) };
        Answer::default()
            .with("executionArn", Arc::clone(execution.arn()))
            .with("stateMachineArn", Arc::clone(execution.state_machine_arn()))
            .with("name", Arc::clone(execution.name()))
            .with_date("startDate", execution.start_date())
            .with_date("stopDate", self.ending.stop_date)
            .with("status", execution.status().as_str())
            .with_optional("error", error)
            .with_optional("cause", cause)
            .with_payload("input", Some(&execution.input), self.shown)
            .with_payload("output", output.as_deref(), self.shown)
            .with_optional("traceHeader", execution.trace_header.clone())
            .with("billingDetails", self.billing_details())
            .into_json()
    }

    fn error_and_cause(&self) -> (Option<Arc<str>>, Option<Arc<str>>) {
        match &self.ending.outcome {
            Outcome::Succeeded(_) => (None, None),
            Outcome::TimedOut => (Some(error_name::TIMEOUT.into()), None),
            Outcome::Failed(failure) | Outcome::Aborted(failure) => {
                (failure.error.clone(), failure.cause.clone())
            }
        }
    }

    fn billing_details(&self) -> Json {
        let millis = u64::try_from(self.execution.open_time().as_millis()).unwrap_or(u64::MAX);
        let steps = millis.div_ceil(BILLED_MILLISECONDS).max(1);
        Answer::default()
            .with("billedMemoryUsedInMB", BILLED_MEGABYTES)
            .with("billedDurationInMilliseconds", steps.saturating_mul(BILLED_MILLISECONDS))
            .into_json()
    }
}

/// The body of the answer, once the execution has ended.
pub(in crate::service) fn answer(execution: &Execution) -> Option<Json> {
    let (ending, shown) = (execution.ending.as_ref()?, execution.sync?);
    Some(Output { execution, ending, shown }.answer())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::Operation::{CreateStateMachineAlias, StartExecution, StartSyncExecution};
    use crate::model::{ExecutionStatus, Failure};
    use crate::service::fixture::{Fixture, MACHINE};

    const EXPRESS: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:e";

    fn start(fixture: &mut Fixture, more: &str) -> String {
        fixture.text(
            StartSyncExecution,
            &format!(r#"{{"stateMachineArn":"{EXPRESS}","name":"x"{more}}}"#),
            "awaiting",
        )
    }

    #[test]
    fn a_version_and_an_alias_are_started_by_their_arns_and_the_machine_is_told_unqualified() {
        let mut fixture = Fixture::new();
        fixture.create("e", r#","type":"EXPRESS","publish":true"#);
        let alias = format!(
            r#"{{"name":"live","routingConfiguration":[{{"stateMachineVersionArn":"{EXPRESS}:1","weight":100}}]}}"#
        );
        fixture.ok(CreateStateMachineAlias, &alias);
        for qualifier in ["1", "live"] {
            let input = format!(r#"{{"stateMachineArn":"{EXPRESS}:{qualifier}"}}"#);
            let arn = fixture.text(StartSyncExecution, &input, "awaiting");
            fixture.end(&arn, Outcome::Succeeded(Json::Null));
            let answer = fixture.account.sync_answer(&arn).unwrap();
            assert_eq!(answer.get("stateMachineArn").and_then(Json::as_str), Some(EXPRESS));
        }
    }

    /// The answer after `millis`, without the ARN, whose last part is random.
    #[track_caller]
    fn check(more: &str, outcome: Outcome, millis: u64, expected: &str) {
        let mut fixture = Fixture::with_machines();
        let arn = start(&mut fixture, more);
        assert_eq!(fixture.account.sync_answer(&arn), None);
        fixture.advance(Duration::from_millis(millis));
        fixture.end(&arn, outcome);
        let text = fixture.account.sync_answer(&arn).unwrap().to_text();
        let rest = text.strip_prefix(&format!(
            r#"{{"executionArn":"{arn}","stateMachineArn":"{EXPRESS}","name":"x","startDate":1700000000,"#
        ));
        assert_eq!(rest, Some(expected), "{text}");
    }

    #[test]
    fn a_success_has_an_output_and_a_bill() {
        check(
            r#","input":"{\"a\": 1}""#,
            Outcome::Succeeded(Json::parse("[1, 2]").unwrap()),
            1000,
            r#""stopDate":1700000001,"status":"SUCCEEDED","input":"{\"a\": 1}","inputDetails":{"included":true},"output":"[1, 2]","outputDetails":{"included":true},"billingDetails":{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":1000}}"#,
        );
    }

    #[test]
    fn a_failure_is_an_answer_too() {
        check(
            "",
            Outcome::Failed(Failure::new("Boom", "because")),
            0,
            r#""stopDate":1700000000,"status":"FAILED","error":"Boom","cause":"because","input":"{}","inputDetails":{"included":true},"outputDetails":{"included":true},"billingDetails":{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":100}}"#,
        );
    }

    #[test]
    fn a_timeout_names_its_error_and_time_is_billed_rounded_up() {
        check(
            r#","traceHeader":"Root=1""#,
            Outcome::TimedOut,
            300_000,
            r#""stopDate":1700000300,"status":"TIMED_OUT","error":"States.Timeout","input":"{}","inputDetails":{"included":true},"outputDetails":{"included":true},"traceHeader":"Root=1","billingDetails":{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":300000}}"#,
        );
        let mut fixture = Fixture::with_machines();
        let arn = start(&mut fixture, "");
        fixture.advance(Duration::from_millis(101));
        fixture.end(&arn, Outcome::TimedOut);
        let bill = fixture.account.sync_answer(&arn).unwrap().get("billingDetails").unwrap().to_text();
        assert_eq!(bill, r#"{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":200}"#);
    }

    #[test]
    fn metadata_comes_without_payloads_and_errors() {
        check(
            r#","includedData":"METADATA_ONLY""#,
            Outcome::Succeeded(Json::Null),
            0,
            r#""stopDate":1700000000,"status":"SUCCEEDED","inputDetails":{"included":false},"outputDetails":{"included":false},"billingDetails":{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":100}}"#,
        );
        check(
            r#","includedData":"METADATA_ONLY""#,
            Outcome::Failed(Failure::new("Boom", "because")),
            0,
            r#""stopDate":1700000000,"status":"FAILED","inputDetails":{"included":false},"outputDetails":{"included":false},"billingDetails":{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":100}}"#,
        );
    }

    #[test]
    fn what_cannot_run_is_refused() {
        let mut fixture = Fixture::with_machines();
        let mut check = |input: &str, expected: &str| fixture.check(StartSyncExecution, input, expected);
        check(
            &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#),
            "StateMachineTypeNotSupported: This operation is not supported by this type of state machine",
        );
        check(
            &format!(r#"{{"stateMachineArn":"{EXPRESS}x"}}"#),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{EXPRESS}x'"),
        );
        check(
            &format!(r#"{{"stateMachineArn":"{EXPRESS}","input":""}}"#),
            "InvalidExecutionInput: Invalid State Machine Execution Input: 'Invalid execution input.'",
        );
        check(
            &format!(r#"{{"stateMachineArn":"{EXPRESS}/label"}}"#),
            &format!("InvalidArn: Invalid Arn: 'Malformed ARN: {EXPRESS}/label'"),
        );
        check(
            &format!(r#"{{"stateMachineArn":"{EXPRESS}","name":"a b"}}"#),
            "InvalidName: Invalid Name: 'a b'",
        );
    }

    #[test]
    fn an_asynchronous_execution_has_no_such_answer_but_a_record() {
        let mut fixture = Fixture::with_machines();
        let arn =
            fixture.text(StartExecution, &format!(r#"{{"stateMachineArn":"{EXPRESS}"}}"#), "executionArn");
        assert_eq!(fixture.account.execution(&arn).unwrap().status, ExecutionStatus::Running);
        fixture.end(&arn, Outcome::Succeeded(Json::Int(1)));
        assert_eq!(fixture.account.sync_answer(&arn), None);
        let record = fixture.account.execution(&arn).unwrap();
        assert_eq!((record.status, record.output), (ExecutionStatus::Succeeded, Some(Json::Int(1))));
    }
}
