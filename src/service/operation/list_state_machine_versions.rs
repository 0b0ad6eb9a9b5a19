//! `ListStateMachineVersions`.

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::lookup;
use crate::service::page::Paging;

/// The newest version first. What does not exist has no versions: AWS models no error for it.
pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let text = call.required("stateMachineArn");
    lookup::unqualified(text)?;
    let paging = Paging::read(call, account.config.seed)?;
    let after = paging.after().and_then(Json::as_i64).and_then(|number| u64::try_from(number).ok());
    let machine = account.machines.get(text).filter(|machine| machine.place == call.caller.place);
    let versions = machine
        .into_iter()
        .flat_map(|machine| {
            machine.versions.iter().rev().map(move |(number, version)| (machine, *number, version))
        })
        .filter(|(_, number, _)| after.is_none_or(|after| *number < after));
    let page = paging.cut(versions, |(_, number, _)| (*number).into());
    let items = page.items.iter().map(|(machine, number, version)| {
        Answer::default()
            .with("stateMachineVersionArn", machine.version_arn(*number))
            .with_date("creationDate", version.creation_date)
            .into_json()
    });
    Answer::default()
        .with("stateMachineVersions", Json::array(items.collect()))
        .with_optional("nextToken", page.next_token)
        .done()
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{ListStateMachineVersions, PublishStateMachineVersion, UpdateStateMachine};
    use crate::service::fixture::{Fixture, MACHINE};

    fn input(more: &str) -> String {
        format!(r#"{{"stateMachineArn":"{MACHINE}"{more}}}"#)
    }

    /// Publishes new content.
    fn publish(fixture: &mut Fixture, role: &str) {
        fixture.ok(
            UpdateStateMachine,
            &input(&format!(r#","publish":true,"roleArn":"arn:aws:iam::123456789012:role/{role}""#)),
        );
    }

    #[test]
    fn a_machine_has_no_versions_until_it_is_published() {
        let mut fixture = Fixture::with_machines();
        fixture.check(ListStateMachineVersions, &input(""), r#"{"stateMachineVersions":[]}"#);
        fixture.ok(PublishStateMachineVersion, &input(""));
        fixture.check(
            ListStateMachineVersions,
            &input(""),
            &format!(
                r#"{{"stateMachineVersions":[{{"stateMachineVersionArn":"{MACHINE}:1","creationDate":1700000000}}]}}"#
            ),
        );
    }

    #[test]
    fn the_newest_comes_first_also_across_pages() {
        let mut fixture = Fixture::with_machines();
        (1..=11).for_each(|number| publish(&mut fixture, &format!("r{number}")));
        let numbers = |answer: &Json| {
            let items = answer.get("stateMachineVersions").and_then(Json::as_array).unwrap();
            let number = |item: &Json| {
                let arn = item.get("stateMachineVersionArn").and_then(Json::as_str).unwrap();
                arn.rsplit(':').next().unwrap().parse().unwrap()
            };
            items.iter().map(number).collect::<Vec<u64>>()
        };
        let first = fixture.ok(ListStateMachineVersions, &input(r#","maxResults":9"#));
        assert_eq!(numbers(&first), [11, 10, 9, 8, 7, 6, 5, 4, 3]);
        publish(&mut fixture, "r12");
        let token = first.get("nextToken").and_then(Json::as_str).unwrap();
        let second = fixture
            .ok(ListStateMachineVersions, &input(&format!(r#","maxResults":3,"nextToken":"{token}""#)));
        assert_eq!((numbers(&second), second.get("nextToken")), (vec![2, 1], None));
    }

    #[test]
    fn what_does_not_exist_has_no_versions() {
        Fixture::new().check(ListStateMachineVersions, &input(""), r#"{"stateMachineVersions":[]}"#);
    }

    #[test]
    fn bad_arns_and_tokens_are_refused() {
        let mut fixture = Fixture::with_versions();
        fixture.check(
            ListStateMachineVersions,
            &input(r#","nextToken":"x""#),
            "InvalidToken: Invalid Token: 'Invalid token'",
        );
        fixture.check(
            ListStateMachineVersions,
            r#"{"stateMachineArn":"x"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'",
        );
        fixture.check(
            ListStateMachineVersions,
            &format!(r#"{{"stateMachineArn":"{MACHINE}:1"}}"#),
            &format!("ValidationException: This operation does not support qualified state machine ARNs: '{MACHINE}:1'"),
        );
        let labelled = format!(r#"{{"stateMachineArn":"{MACHINE}/label"}}"#);
        let error = fixture.call(ListStateMachineVersions, &labelled).unwrap_err();
        assert_eq!(error.members, [("reason", Json::string("API_DOES_NOT_SUPPORT_LABELED_ARNS"))]);
    }
}
