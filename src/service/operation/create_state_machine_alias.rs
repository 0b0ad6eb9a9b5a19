//! `CreateStateMachineAlias`.

use std::sync::Arc;

use crate::model::{ApiError, Json, Quota, SeededRandom};
use crate::service::account::Account;
use crate::service::alias::{Alias, Routing};
use crate::service::call::{Answer, Call};
use crate::service::error;

/// The same call again answers the same; any other call for that name is refused.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let name = call.required("name");
    let description: Option<Arc<str>> = call.text("description").map(Into::into);
    let routing = Routing::read(call.member("routingConfiguration").unwrap_or(&Json::Null))?;
    let (limit, seed) = (account.quota(Quota::Aliases), account.config.seed);
    let machine = account.routed(call, &routing)?;
    if machine.deleting {
        return Err(error::state_machine_deleting(&machine.arn));
    }
    let arn = machine.alias_arn(name);
    let creation_date = match machine.aliases.get(name) {
        Some(alias) if alias.description == description && alias.routes == routing.routes => {
            alias.creation_date
        }
        Some(_) => {
            return Err(error::conflict(
                "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
            ));
        }
        None if machine.aliases.len() >= limit => return Err(error::quota_exceeded("aliases", limit)),
        None => {
            let alias = Alias {
                description,
                routes: routing.routes,
                creation_date: call.now,
                update_date: call.now,
                random: SeededRandom::new(seed, &format!("{arn} {}", machine.generation)),
            };
            machine.aliases.insert(name.into(), alias);
            call.now
        }
    };
    Answer::default().with("stateMachineAliasArn", arn).with_date("creationDate", creation_date).done()
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{CreateStateMachineAlias, DeleteStateMachine};
    use crate::service::fixture::{Fixture, MACHINE};

    fn input(name: &str, routes: &[(&str, u64)], more: &str) -> String {
        let routes: Vec<String> = routes
            .iter()
            .map(|(suffix, weight)| {
                format!(r#"{{"stateMachineVersionArn":"{MACHINE}{suffix}","weight":{weight}}}"#)
            })
            .collect();
        format!(r#"{{"name":"{name}","routingConfiguration":[{}]{more}}}"#, routes.join(","))
    }

    #[track_caller]
    fn check(fixture: &mut Fixture, routes: &[(&str, u64)], more: &str, expected: &str) {
        fixture.check(CreateStateMachineAlias, &input("live", routes, more), expected);
    }

    const CREATED: &str = r#"{"stateMachineAliasArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m:live","creationDate":1700000000}"#;
    const CONFLICT: &str = "ConflictException: Failed to create alias because an alias with the same name and a different routing configuration already exists.";
    const MISSING: &str = "ResourceNotFound: Request references a resource that does not exist.";

    #[test]
    fn the_same_call_again_answers_the_same() {
        let mut fixture = Fixture::with_versions();
        check(&mut fixture, &[(":1", 100)], r#","description":"d""#, CREATED);
        fixture.advance_days(1);
        check(&mut fixture, &[(":1", 100)], r#","description":"d""#, CREATED);
    }

    #[test]
    fn another_description_or_routing_is_a_conflict() {
        let mut fixture = Fixture::with_versions();
        check(&mut fixture, &[(":1", 100)], r#","description":"d""#, CREATED);
        check(&mut fixture, &[(":1", 100)], r#","description":"other""#, CONFLICT);
        check(&mut fixture, &[(":1", 100)], "", CONFLICT);
        check(&mut fixture, &[(":1", 50), (":2", 50)], r#","description":"d""#, CONFLICT);
    }

    #[test]
    fn machine_and_versions_must_exist() {
        let mut fixture = Fixture::with_versions();
        check(&mut fixture, &[(":3", 100)], "", MISSING);
        check(&mut fixture, &[(":1", 50), (":3", 50)], "", MISSING);
        check(&mut fixture, &[("x:1", 100)], "", MISSING);
        fixture.check(
            CreateStateMachineAlias,
            &input("live", &[(":1", 100)], "").replace("us-east-1", "us-west-2"),
            MISSING,
        );
    }

    #[test]
    fn a_routing_is_right_in_itself() {
        let mut fixture = Fixture::with_versions();
        check(
            &mut fixture,
            &[("", 100)],
            "",
            &format!(
                "ValidationException: Routing configuration must contain state machine version ARNs. Received: [{MACHINE}]"
            ),
        );
        check(
            &mut fixture,
            &[(":1", 70), (":2", 29)],
            "",
            "ValidationException: Sum of routing configuration weights must equal 100. Received: [70, 29]",
        );
        check(
            &mut fixture,
            &[(":1", 101)],
            "",
            "ValidationException: 1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
        );
    }

    #[test]
    fn a_name_is_no_number() {
        Fixture::with_versions().check(
            CreateStateMachineAlias,
            &input("123", &[(":1", 100)], ""),
            r"ValidationException: 1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
        );
    }

    #[test]
    fn a_machine_has_a_limit_of_aliases() {
        let mut fixture = Fixture::with_versions();
        fixture.lower(crate::model::Quota::Aliases, 1);
        check(&mut fixture, &[(":1", 100)], "", CREATED);
        check(&mut fixture, &[(":1", 100)], "", CREATED);
        fixture.check(
            CreateStateMachineAlias,
            &input("second", &[(":1", 100)], ""),
            "ServiceQuotaExceededException: The state machine has reached the maximum number of aliases (1)",
        );
    }

    #[test]
    fn a_machine_that_is_being_deleted_gets_no_alias() {
        let mut fixture = Fixture::with_versions();
        fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
        check(
            &mut fixture,
            &[(":1", 100)],
            "",
            &format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'"),
        );
    }
}
