//! `ListStateMachineAliases`.

use crate::model::arn::StatesArn;
use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::alias;
use crate::service::call::{Answer, Call};
use crate::service::error;
use crate::service::page::Paging;
use crate::service::state_machine::StateMachine;

/// All aliases of a state machine, or those that lead to one version, by name.
pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let arn = StatesArn::parse_as(call.required("stateMachineArn"), &["stateMachine"])?;
    let machine = machine_of(account, call, &arn)?;
    let version = alias::version_of(&arn);
    let is_missing = |number| !machine.versions.contains_key(&number);
    if arn.qualifier().is_some() && version.is_none_or(is_missing) {
        return Err(error::missing_reference());
    }
    let paging = Paging::read(call, account.config.seed)?;
    let after = paging.after().and_then(Json::as_str);
    let aliases = machine
        .aliases
        .iter()
        .filter(|(_, alias)| version.is_none_or(|version| alias.leads_to(version)))
        .filter(|(name, _)| after.is_none_or(|after| &***name > after));
    let page = paging.cut(aliases, |(name, _)| Json::string(&***name));
    let items = page.items.iter().map(|(name, alias)| {
        Answer::default()
            .with("stateMachineAliasArn", machine.alias_arn(name))
            .with_date("creationDate", alias.creation_date)
            .into_json()
    });
    Answer::default()
        .with("stateMachineAliases", Json::array(items.collect()))
        .with_optional("nextToken", page.next_token)
        .done()
}

fn machine_of<'a>(
    account: &'a Account,
    call: &Call<'_>,
    arn: &StatesArn<'_>,
) -> Result<&'a StateMachine, ApiError> {
    let unqualified = arn.place.state_machine(arn.name());
    let machine =
        account.machines.get(unqualified.as_str()).filter(|machine| machine.place == call.caller.place);
    match machine {
        None => Err(error::state_machine_does_not_exist(arn.text)),
        Some(machine) if machine.deleting => Err(error::state_machine_deleting(&machine.arn)),
        Some(machine) => Ok(machine),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{DeleteStateMachine, ListStateMachineAliases};
    use crate::service::fixture::{Fixture, MACHINE};

    fn input(suffix: &str, more: &str) -> String {
        format!(r#"{{"stateMachineArn":"{MACHINE}{suffix}"{more}}}"#)
    }

    fn names(answer: &Json) -> Vec<String> {
        let items = answer.get("stateMachineAliases").and_then(Json::as_array).unwrap();
        let name = |item: &Json| {
            let arn = item.get("stateMachineAliasArn").and_then(Json::as_str).unwrap();
            arn.strip_prefix(&format!("{MACHINE}:")).unwrap().to_owned()
        };
        items.iter().map(name).collect()
    }

    /// With the aliases a (1), b (1 and 2) and c (2).
    fn fixture() -> Fixture {
        let mut fixture = Fixture::with_versions();
        fixture.create_alias("b", &[(1, 100), (2, 0)]);
        fixture.create_alias("a", &[(1, 100)]);
        fixture.create_alias("c", &[(2, 100)]);
        fixture
    }

    #[test]
    fn an_item_says_when_the_alias_was_created() {
        let mut fixture = Fixture::with_versions();
        fixture.check(ListStateMachineAliases, &input("", ""), r#"{"stateMachineAliases":[]}"#);
        fixture.create_alias("a", &[(1, 100)]);
        fixture.check(
            ListStateMachineAliases,
            &input("", ""),
            &format!(r#"{{"stateMachineAliases":[{{"stateMachineAliasArn":"{MACHINE}:a","creationDate":1700000000}}]}}"#),
        );
    }

    #[test]
    fn aliases_are_listed_by_name_also_across_pages() {
        let mut fixture = fixture();
        let first = fixture.ok(ListStateMachineAliases, &input("", r#","maxResults":1"#));
        assert_eq!(names(&first), ["a"]);
        let token = first.get("nextToken").and_then(Json::as_str).unwrap();
        let second = fixture.ok(ListStateMachineAliases, &input("", &format!(r#","nextToken":"{token}""#)));
        assert_eq!((names(&second), second.get("nextToken")), (vec!["b".to_owned(), "c".to_owned()], None));
        fixture.check(
            ListStateMachineAliases,
            &input("", r#","nextToken":"InvalidToken""#),
            "InvalidToken: Invalid Token: 'Invalid token'",
        );
    }

    #[test]
    fn a_version_lists_the_aliases_that_lead_to_it() {
        let mut fixture = fixture();
        assert_eq!(names(&fixture.ok(ListStateMachineAliases, &input(":1", ""))), ["a", "b"]);
        assert_eq!(names(&fixture.ok(ListStateMachineAliases, &input(":2", ""))), ["b", "c"]);
    }

    #[test]
    fn machine_and_version_must_exist() {
        let mut fixture = fixture();
        for suffix in ["x", "x:1"] {
            fixture.check(
                ListStateMachineAliases,
                &input(suffix, ""),
                &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}{suffix}'"),
            );
        }
        for suffix in [":3", ":a", ":01"] {
            fixture.check(
                ListStateMachineAliases,
                &input(suffix, ""),
                "ResourceNotFound: Request references a resource that does not exist.",
            );
        }
        fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &input("", ""));
        fixture.check(
            ListStateMachineAliases,
            &input("", ""),
            &format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'"),
        );
    }
}
