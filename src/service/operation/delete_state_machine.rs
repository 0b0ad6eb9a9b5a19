//! `DeleteStateMachine`.

use crate::model::{ApiError, Json, StateMachineType};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::{error, lookup};

/// A machine without running executions is gone at once, with its versions. Another one is `DELETING` until they
/// have ended: those of a STANDARD machine are aborted at their next step, those of an EXPRESS machine run on.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let text = call.required("stateMachineArn");
    let arn = lookup::unqualified(text)?;
    if arn.place != call.caller.place {
        return Ok(error::nothing());
    }
    let Some(machine) = account.machines.get_mut(text) else { return Ok(error::nothing()) };
    if machine.running_executions == 0 {
        account.machines.remove(text);
        return Ok(error::nothing());
    }
    machine.deleting = true;
    if machine.machine_type == StateMachineType::Standard {
        let generation = machine.generation;
        account.doom(text, generation, call.now);
    }
    Ok(error::nothing())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::interpreter::command::Outcome;
    use crate::model::Operation::{
        CreateStateMachine, CreateStateMachineAlias, DeleteStateMachine, DescribeExecution,
        DescribeStateMachine, ListStateMachineAliases, ListStateMachineVersions, ListStateMachines,
        PublishStateMachineVersion, StartExecution, StopExecution, UpdateStateMachine,
        UpdateStateMachineAlias,
    };
    use crate::model::{Failure, Json};
    use crate::service::execution::Fate;
    use crate::service::fixture::{Fixture, MACHINE, WAITING, create_input};

    fn input(suffix: &str) -> String {
        format!(r#"{{"stateMachineArn":"{MACHINE}{suffix}"}}"#)
    }

    #[test]
    fn an_idle_machine_is_gone_at_once() {
        let mut fixture = Fixture::with_machines();
        fixture.check(DeleteStateMachine, &input(""), "{}");
        fixture.check(
            DescribeStateMachine,
            &input(""),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}'"),
        );
    }

    #[test]
    fn deleting_nothing_succeeds() {
        let mut fixture = Fixture::new();
        fixture.check(DeleteStateMachine, &input(""), "{}");
        fixture.check(DeleteStateMachine, &input("").replace("us-east-1", "us-west-2"), "{}");
    }

    #[test]
    fn a_busy_machine_is_deleting_until_its_executions_have_ended() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.check(DeleteStateMachine, &input(""), "{}");
        assert_eq!(fixture.text(DescribeStateMachine, &input(""), "status"), "DELETING");
        let listed = fixture.ok(ListStateMachines, "{}");
        assert_eq!(listed.get("stateMachines").and_then(Json::as_array).unwrap().len(), 1);
        let deleting = format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'");
        fixture.check(StartExecution, &input(""), &deleting);
        fixture.check(CreateStateMachine, &create_input("m", WAITING, ""), &deleting);
        assert_eq!(fixture.account.executions[&*execution].fate, Fate::Doomed);

        fixture.end(&execution, Outcome::Aborted(Failure { error: None, cause: None }));
        assert!(!fixture.account.machines.contains_key(MACHINE));
        let described = fixture.ok(DescribeExecution, &format!(r#"{{"executionArn":"{execution}"}}"#));
        assert_eq!(described.get("status").unwrap().as_str(), Some("ABORTED"));
        assert_eq!(
            described.get("redriveStatusReason").unwrap().as_str(),
            Some("State machine is in DELETING status")
        );
    }

    #[test]
    fn an_execution_is_aborted_when_it_would_go_on_and_its_machine_is_gone_with_it() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &input(""));
        let described = format!(r#"{{"executionArn":"{execution}"}}"#);
        fixture.advance(Duration::from_secs(3599));
        assert!(!fixture.account.fire_due(fixture.now));
        assert_eq!(fixture.text(DescribeExecution, &described, "status"), "RUNNING");
        fixture.advance(Duration::from_secs(1));
        assert!(fixture.account.fire_due(fixture.now));
        assert_eq!(fixture.text(DescribeExecution, &described, "status"), "ABORTED");
        fixture.create("m", "");
        assert_eq!(fixture.text(DescribeStateMachine, &input(""), "status"), "ACTIVE");
    }

    #[test]
    fn stopping_an_execution_that_is_to_be_aborted_says_why() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &input(""));
        let stop = format!(r#"{{"executionArn":"{execution}","error":"Enough","cause":"said so"}}"#);
        fixture.ok(StopExecution, &stop);
        let described = format!(r#"{{"executionArn":"{execution}"}}"#);
        assert_eq!(fixture.text(DescribeExecution, &described, "error"), "Enough");
    }

    #[test]
    fn what_changes_a_machine_or_its_aliases_is_refused_while_it_is_being_deleted() {
        let mut fixture = Fixture::with_versions();
        let alias = fixture.create_alias("live", &[(1, 100)]);
        fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &input(""));
        let role = r#""roleArn":"arn:aws:iam::123456789012:role/other""#;
        let route = format!(r#"[{{"stateMachineVersionArn":"{MACHINE}:1","weight":100}}]"#);
        let deleting = format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'");
        for (operation, input) in [
            (UpdateStateMachine, format!(r#"{{"stateMachineArn":"{MACHINE}",{role}}}"#)),
            (PublishStateMachineVersion, input("")),
            (CreateStateMachineAlias, format!(r#"{{"name":"other","routingConfiguration":{route}}}"#)),
            (UpdateStateMachineAlias, format!(r#"{{"stateMachineAliasArn":"{alias}","description":"d"}}"#)),
            (ListStateMachineAliases, input("")),
        ] {
            fixture.check(operation, &input, &deleting);
        }
        fixture.check(DeleteStateMachine, &input(""), "{}");
    }

    #[test]
    fn the_executions_of_an_express_machine_run_on() {
        let mut fixture = Fixture::with_machines();
        let express = MACHINE.replace("stateMachine:m", "stateMachine:e");
        let execution = fixture.start(&express, "x");
        fixture.check(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{express}"}}"#), "{}");
        assert_eq!(fixture.account.executions[&*execution].fate, Fate::Free);
        assert!(fixture.account.machines[&*express].deleting);
    }

    #[test]
    fn labels_and_versions_are_not_deleted_this_way() {
        let mut fixture = Fixture::with_machines();
        let error = fixture.call(DeleteStateMachine, &input("/label")).unwrap_err();
        assert_eq!(error.kind.name(), "ValidationException");
        assert_eq!(error.members, [("reason", Json::string("API_DOES_NOT_SUPPORT_LABELED_ARNS"))]);
        fixture.check(
            DeleteStateMachine,
            &input(":1"),
            &format!("ValidationException: This operation does not support qualified state machine ARNs: '{MACHINE}:1'"),
        );
        fixture.check(
            DeleteStateMachine,
            r#"{"stateMachineArn":"m"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: m'",
        );
    }

    #[test]
    fn versions_and_aliases_go_with_the_machine() {
        let mut fixture = Fixture::with_versions();
        let alias = fixture.create_alias("live", &[(1, 100)]);
        fixture.check(DeleteStateMachine, &input(""), "{}");
        fixture.create("m", "");
        fixture.check(ListStateMachineVersions, &input(""), r#"{"stateMachineVersions":[]}"#);
        fixture.check(ListStateMachineAliases, &input(""), r#"{"stateMachineAliases":[]}"#);
        fixture.check(
            StartExecution,
            &format!(r#"{{"stateMachineArn":"{alias}"}}"#),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{alias}'"),
        );
    }

    #[test]
    fn a_machine_that_is_being_deleted_starts_none_of_its_versions() {
        let mut fixture = Fixture::with_versions();
        let alias = fixture.create_alias("live", &[(1, 100)]);
        fixture.start(&alias, "x");
        fixture.check(DeleteStateMachine, &input(""), "{}");
        for arn in [alias, format!("{MACHINE}:1")] {
            fixture.check(
                StartExecution,
                &format!(r#"{{"stateMachineArn":"{arn}"}}"#),
                &format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'"),
            );
        }
    }

    #[test]
    fn a_name_is_free_again_and_the_new_machine_starts_afresh() {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","publish":true"#);
        fixture.ok(DeleteStateMachine, &input(""));
        fixture.create("m", "");
        fixture.check(
            DescribeStateMachine,
            &input(":1"),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}:1'"),
        );
    }
}
