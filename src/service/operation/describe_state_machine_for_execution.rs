//! `DescribeStateMachineForExecution`: what an execution was started from, whatever became of it since.

use std::sync::Arc;

use super::describe_state_machine::with_revision;
use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let execution = account.standard_execution(call, call.required("executionArn"))?;
    let child = execution.child_of.as_ref();
    let answer = Answer::default()
        .with("stateMachineArn", Arc::clone(execution.state_machine_arn()))
        .with("name", Arc::clone(&execution.interpreter.about().state_machine_name))
        .with_date("updateDate", execution.revision.date)
        .with_optional("mapRunArn", child.map(|child| Arc::clone(&child.map_run)))
        .with_optional("label", child.map(|child| Arc::clone(&child.label)));
    let definition = child.map(|child| &child.definition_text);
    with_revision(answer, &execution.revision, definition, call.includes_data()).done()
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{DescribeStateMachineForExecution, UpdateStateMachine};
    use crate::service::fixture::{Fixture, MACHINE};

    fn describe(fixture: &mut Fixture, execution: &str) -> Json {
        fixture.ok(DescribeStateMachineForExecution, &format!(r#"{{"executionArn":"{execution}"}}"#))
    }

    #[test]
    fn an_execution_keeps_what_it_was_started_from() {
        let mut fixture = Fixture::with_machines();
        let before = fixture.start(MACHINE, "before");
        fixture.advance_days(1);
        let update =
            format!(r#"{{"stateMachineArn":"{MACHINE}","roleArn":"arn:aws:iam::123456789012:role/new"}}"#);
        let revision = fixture.text(UpdateStateMachine, &update, "revisionId");
        let after = fixture.start(MACHINE, "after");
        assert_eq!(
            describe(&mut fixture, &before).to_text(),
            r#"{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m","name":"m","updateDate":1700000000,"definition":"{\"StartAt\":\"Wait\",\"States\":{\"Wait\":{\"Type\":\"Wait\",\"Seconds\":3600,\"End\":true}}}","roleArn":"arn:aws:iam::123456789012:role/r","loggingConfiguration":{"level":"OFF","includeExecutionData":false},"tracingConfiguration":{"enabled":false},"encryptionConfiguration":{"type":"AWS_OWNED_KEY"}}"#
        );
        let described = describe(&mut fixture, &after);
        assert_eq!(described.get("revisionId").unwrap().as_str(), Some(&*revision));
        assert_eq!(described.get("updateDate").unwrap().as_i64(), Some(1_700_086_400));
    }

    #[test]
    fn the_machine_is_named_unqualified_even_when_started_by_version() {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","publish":true"#);
        let execution = fixture.start(&format!("{MACHINE}:1"), "x");
        assert_eq!(
            describe(&mut fixture, &execution).get("stateMachineArn").unwrap().as_str(),
            Some(MACHINE)
        );
    }

    #[test]
    fn express_and_unknown_executions_are_refused() {
        let mut fixture = Fixture::with_machines();
        let express = fixture.start(&MACHINE.replace("stateMachine:m", "stateMachine:e"), "x");
        fixture.check(
            DescribeStateMachineForExecution,
            &format!(r#"{{"executionArn":"{express}"}}"#),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
        );
        fixture.check(
            DescribeStateMachineForExecution,
            r#"{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:m:x"}"#,
            "ExecutionDoesNotExist: Execution Does Not Exist: 'arn:aws:states:us-east-1:123456789012:execution:m:x'",
        );
    }
}
