//! `DeleteStateMachineAlias`. The versions that the alias led to stay.

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::error;

pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    if let Some((machine, name)) = account.machine_of_alias(call, call.required("stateMachineAliasArn"))? {
        machine.aliases.remove(name);
    }
    Ok(error::nothing())
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{
        DeleteStateMachineAlias, DeleteStateMachineVersion, DescribeExecution, StartExecution,
    };
    use crate::service::fixture::{Fixture, MACHINE};

    #[track_caller]
    fn check(fixture: &mut Fixture, arn: &str, expected: &str) {
        fixture.check(DeleteStateMachineAlias, &format!(r#"{{"stateMachineAliasArn":"{arn}"}}"#), expected);
    }

    #[test]
    fn deleting_an_alias_twice_succeeds() {
        let mut fixture = Fixture::with_versions();
        let arn = fixture.create_alias("live", &[(1, 100)]);
        check(&mut fixture, &arn, "{}");
        check(&mut fixture, &arn, "{}");
        check(&mut fixture, &arn.replace(":m:", ":none:"), "{}");
        fixture.check(
            StartExecution,
            &format!(r#"{{"stateMachineArn":"{arn}"}}"#),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}'"),
        );
    }

    #[test]
    fn its_versions_stay_and_can_be_deleted_then() {
        let mut fixture = Fixture::with_versions();
        let arn = fixture.create_alias("live", &[(1, 100)]);
        let execution = fixture.start(&arn, "x");
        check(&mut fixture, &arn, "{}");
        fixture.start(&format!("{MACHINE}:1"), "y");
        fixture.check(
            DeleteStateMachineVersion,
            &format!(r#"{{"stateMachineVersionArn":"{MACHINE}:1"}}"#),
            "{}",
        );
        let input = format!(r#"{{"executionArn":"{execution}"}}"#);
        assert_eq!(fixture.text(DescribeExecution, &input, "stateMachineAliasArn"), arn);
    }

    #[test]
    fn only_aliases_are_deleted_this_way() {
        let mut fixture = Fixture::with_versions();
        let version = format!("{MACHINE}:1");
        for arn in [MACHINE, &version] {
            check(&mut fixture, arn, &format!("InvalidArn: Invalid Arn: 'Malformed ARN: {arn}'"));
        }
        check(&mut fixture, "x", "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'");
    }
}
