//! `UpdateStateMachineAlias`.

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::alias::Routing;
use crate::service::call::{Answer, Call};
use crate::service::error;

/// What is not given stays as it is.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let description = call.text("description");
    let routing = call.member("routingConfiguration").map(Routing::read).transpose()?;
    if description.is_none() && routing.is_none() {
        return Err(error::validation(
            "Either the description or the routingConfiguration must be specified",
        )
        .with("reason", "MISSING_REQUIRED_PARAMETER"));
    }
    let Some((machine, name)) = account.machine_of_alias(call, call.required("stateMachineAliasArn"))? else {
        return Err(error::missing_reference());
    };
    if machine.deleting {
        return Err(error::state_machine_deleting(&machine.arn));
    }
    if let Some(routing) = &routing {
        routing.check_within(machine)?;
    }
    if let Some(alias) = machine.aliases.get_mut(name) {
        alias.update_date = call.now;
        if let Some(description) = description {
            alias.description = Some(description.into());
        }
        if let Some(routing) = routing {
            alias.routes = routing.routes;
        }
    }
    Answer::default().with_date("updateDate", call.now).done()
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{DeleteStateMachine, DescribeStateMachineAlias, UpdateStateMachineAlias};
    use crate::service::fixture::{Fixture, MACHINE};

    fn input(more: &str) -> String {
        format!(r#"{{"stateMachineAliasArn":"{MACHINE}:live"{more}}}"#)
    }

    fn routing(version: &str) -> String {
        format!(r#","routingConfiguration":[{{"stateMachineVersionArn":"{version}","weight":100}}]"#)
    }

    fn fixture() -> Fixture {
        let mut fixture = Fixture::with_versions();
        fixture.create_alias("live", &[(1, 100)]);
        fixture
    }

    #[track_caller]
    fn check(more: &str, expected: &str) {
        fixture().check(UpdateStateMachineAlias, &input(more), expected);
    }

    const UPDATED: &str = r#"{"updateDate":1700086400}"#;

    #[test]
    fn what_is_not_given_stays() {
        let mut fixture = fixture();
        fixture.advance_days(1);
        fixture.check(UpdateStateMachineAlias, &input(r#","description":"d""#), UPDATED);
        fixture.check(UpdateStateMachineAlias, &input(&routing(&format!("{MACHINE}:2"))), UPDATED);
        fixture.check(
            DescribeStateMachineAlias,
            &input(""),
            &format!(
                r#"{{"stateMachineAliasArn":"{MACHINE}:live","name":"live","description":"d","routingConfiguration":[{{"stateMachineVersionArn":"{MACHINE}:2","weight":100}}],"creationDate":1700000000,"updateDate":1700086400}}"#
            ),
        );
    }

    #[test]
    fn something_must_be_given() {
        let error = fixture().call(UpdateStateMachineAlias, &input("")).unwrap_err();
        assert_eq!(error.message, "Either the description or the routingConfiguration must be specified");
        assert_eq!(error.members, [("reason", Json::string("MISSING_REQUIRED_PARAMETER"))]);
    }

    #[test]
    fn alias_and_versions_must_exist() {
        let missing = "ResourceNotFound: Request references a resource that does not exist.";
        let mut fixture = fixture();
        fixture.check(
            UpdateStateMachineAlias,
            &input(r#","description":"d""#).replace(":live", ":gone"),
            missing,
        );
        fixture.check(UpdateStateMachineAlias, &input(&routing(&format!("{MACHINE}:3"))), missing);
    }

    #[test]
    fn an_alias_stays_with_its_machine() {
        check(
            &routing(&format!("{MACHINE}x:1")),
            &format!(
                "ValidationException: Routing configuration must contain versions of one state machine. Received: [{MACHINE}x:1]"
            ),
        );
    }

    #[test]
    fn a_routing_is_right_in_itself() {
        check(
            &routing(MACHINE),
            &format!(
                "ValidationException: Routing configuration must contain state machine version ARNs. Received: [{MACHINE}]"
            ),
        );
    }

    #[test]
    fn an_alias_arn_ends_with_the_name_of_an_alias() {
        for suffix in ["", ":1", ":live:1"] {
            fixture().check(
                UpdateStateMachineAlias,
                &input(r#","description":"d""#).replace(":live", suffix),
                &format!("InvalidArn: Invalid Arn: 'Malformed ARN: {MACHINE}{suffix}'"),
            );
        }
    }

    #[test]
    fn an_alias_of_a_machine_that_is_being_deleted_is_not_updated() {
        let mut fixture = fixture();
        fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
        fixture.check(
            UpdateStateMachineAlias,
            &input(r#","description":"d""#),
            &format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'"),
        );
    }
}
