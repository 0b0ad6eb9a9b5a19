//! `DescribeStateMachineAlias`.

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::error;

pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let found = account.machine_of_alias(call, call.required("stateMachineAliasArn"))?;
    let Some((machine, (name, alias))) =
        found.and_then(|(machine, name)| Some((&*machine, machine.aliases.get_key_value(name)?)))
    else {
        return Err(error::missing_reference());
    };
    Answer::default()
        .with("stateMachineAliasArn", machine.alias_arn(name))
        .with("name", &**name)
        .with_optional("description", alias.description.clone())
        .with("routingConfiguration", alias.routes_of(machine))
        .with_date("creationDate", alias.creation_date)
        .with_date("updateDate", alias.update_date)
        .done()
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::DescribeStateMachineAlias;
    use crate::service::fixture::{Fixture, MACHINE};

    #[track_caller]
    fn check(fixture: &mut Fixture, arn: &str, expected: &str) {
        fixture.check(DescribeStateMachineAlias, &format!(r#"{{"stateMachineAliasArn":"{arn}"}}"#), expected);
    }

    #[test]
    fn a_new_alias_was_updated_when_it_was_created() {
        let mut fixture = Fixture::with_versions();
        let arn = fixture.create_alias("live", &[(2, 30), (1, 70)]);
        check(
            &mut fixture,
            &arn,
            &format!(
                r#"{{"stateMachineAliasArn":"{arn}","name":"live","routingConfiguration":[{{"stateMachineVersionArn":"{MACHINE}:2","weight":30}},{{"stateMachineVersionArn":"{MACHINE}:1","weight":70}}],"creationDate":1700000000,"updateDate":1700000000}}"#
            ),
        );
    }

    #[test]
    fn an_alias_that_does_not_exist_is_not_described() {
        let mut fixture = Fixture::with_versions();
        let arn = fixture.create_alias("live", &[(1, 100)]);
        let missing = "ResourceNotFound: Request references a resource that does not exist.";
        check(&mut fixture, &arn.replace("live", "LIVE"), missing);
        check(&mut fixture, &arn.replace("us-east-1", "us-west-2"), missing);
        check(&mut fixture, MACHINE, &format!("InvalidArn: Invalid Arn: 'Malformed ARN: {MACHINE}'"));
    }
}
