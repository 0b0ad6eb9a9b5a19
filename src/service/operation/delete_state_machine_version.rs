//! `DeleteStateMachineVersion`. Executions that the version started run on.

use crate::model::arn::{self, StatesArn};
use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::alias;
use crate::service::call::Call;
use crate::service::error;

pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let text = call.required("stateMachineVersionArn");
    let arn = StatesArn::parse_as(text, &["stateMachine"])?;
    if arn.is_labelled() {
        return Err(error::labelled_arn(text));
    }
    let Some(number) = alias::version_of(&arn) else {
        return Err(arn::invalid(format_args!("Malformed ARN: {text}")));
    };
    let machine = account
        .machines
        .get_mut(arn.place.state_machine(arn.name()).as_str())
        .filter(|machine| machine.place == call.caller.place);
    let Some(machine) = machine else { return Ok(error::nothing()) };
    let names: Vec<&str> = machine.aliases_of(number).map(|name| &**name).collect();
    if !names.is_empty() {
        return Err(error::conflict(format!(
            "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [{}]",
            names.join(", ")
        )));
    }
    machine.versions.remove(&number);
    Ok(error::nothing())
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{
        DeleteStateMachineVersion, DescribeExecution, DescribeStateMachineForExecution, StartExecution,
    };
    use crate::service::fixture::{Fixture, MACHINE};

    #[track_caller]
    fn check(fixture: &mut Fixture, suffix: &str, expected: &str) {
        fixture.check(
            DeleteStateMachineVersion,
            &format!(r#"{{"stateMachineVersionArn":"{MACHINE}{suffix}"}}"#),
            expected,
        );
    }

    #[test]
    fn deleting_a_version_twice_and_one_that_never_was_succeeds() {
        let mut fixture = Fixture::with_versions();
        for suffix in [":2", ":2", ":9", "x:1"] {
            check(&mut fixture, suffix, "{}");
        }
        fixture.check(
            StartExecution,
            &format!(r#"{{"stateMachineArn":"{MACHINE}:2"}}"#),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}:2'"),
        );
        fixture.start(&format!("{MACHINE}:1"), "x");
    }

    #[test]
    fn a_version_that_an_alias_leads_to_stays() {
        let mut fixture = Fixture::with_versions();
        fixture.create_alias("live", &[(1, 100)]);
        fixture.create_alias("both", &[(1, 0), (2, 100)]);
        let conflict = "ConflictException: Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: ";
        check(&mut fixture, ":1", &format!("{conflict}[both, live]"));
        check(&mut fixture, ":2", &format!("{conflict}[both]"));
    }

    #[test]
    fn its_executions_run_on_and_remember_it() {
        let mut fixture = Fixture::with_versions();
        let execution = fixture.start(&format!("{MACHINE}:1"), "x");
        check(&mut fixture, ":1", "{}");
        let input = format!(r#"{{"executionArn":"{execution}"}}"#);
        assert_eq!(fixture.text(DescribeExecution, &input, "status"), "RUNNING");
        assert_eq!(fixture.text(DescribeExecution, &input, "stateMachineVersionArn"), format!("{MACHINE}:1"));
        assert_eq!(
            fixture.text(DescribeStateMachineForExecution, &input, "roleArn"),
            "arn:aws:iam::123456789012:role/r"
        );
    }

    #[test]
    fn only_versions_are_deleted_this_way() {
        let mut fixture = Fixture::with_versions();
        for suffix in ["", ":live", ":01"] {
            check(
                &mut fixture,
                suffix,
                &format!("InvalidArn: Invalid Arn: 'Malformed ARN: {MACHINE}{suffix}'"),
            );
        }
        fixture.check(
            DeleteStateMachineVersion,
            r#"{"stateMachineVersionArn":"x"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'",
        );
    }
}
