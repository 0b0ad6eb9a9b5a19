//! `ListStateMachines`.

use std::sync::Arc;

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::page::{Page, Paging};
use crate::service::state_machine::StateMachine;

struct Output {
    state_machines: Vec<Json>,
    next_token: Option<String>,
}

impl Output {
    fn of(page: &Page<&StateMachine>) -> Self {
        Self {
            state_machines: page.items.iter().map(|machine| item(machine)).collect(),
            next_token: page.next_token.clone(),
        }
    }

    fn answer(self) -> Result<Json, ApiError> {
        Answer::default()
            .with("stateMachines", Json::array(self.state_machines))
            .with_optional("nextToken", self.next_token)
            .done()
    }
}

fn item(machine: &StateMachine) -> Json {
    Answer::default()
        .with("stateMachineArn", Arc::clone(&machine.arn))
        .with("name", Arc::clone(&machine.name))
        .with("type", machine.machine_type.as_str())
        .with_date("creationDate", machine.creation_date)
        .into_json()
}

/// The machines of the caller's region, by name; those that are being deleted are no longer listed.
pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let paging = Paging::read(call, account.config.seed)?;
    let after = paging.after().and_then(Json::as_str);
    let mut machines: Vec<&StateMachine> = account
        .machines
        .values()
        .filter(|machine| machine.place == call.caller.place && !machine.deleting)
        .filter(|machine| after.is_none_or(|after| &*machine.name > after))
        .collect();
    machines.sort_by_key(|machine| &machine.name);
    let page = paging.cut(machines.into_iter(), |machine| Arc::clone(&machine.name).into());
    Output::of(&page).answer()
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::ListStateMachines;
    use crate::model::arn::Place;
    use crate::service::fixture::Fixture;

    fn names(answer: &Json) -> Vec<&str> {
        let items = answer.get("stateMachines").and_then(Json::as_array).unwrap();
        items.iter().map(|item| item.get("name").and_then(Json::as_str).unwrap()).collect()
    }

    #[test]
    fn a_machine_is_listed_without_its_definition() {
        let mut fixture = Fixture::new();
        fixture.check(ListStateMachines, "{}", r#"{"stateMachines":[]}"#);
        fixture.create("m", r#","publish":true"#);
        fixture.check(
            ListStateMachines,
            "{}",
            r#"{"stateMachines":[{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m","name":"m","type":"STANDARD","creationDate":1700000000}]}"#,
        );
    }

    #[test]
    fn pages_go_by_name() {
        let mut fixture = Fixture::new();
        for name in ["c", "a_1", "a1", "b", "é"] {
            fixture.create(name, "");
        }
        let first = fixture.ok(ListStateMachines, r#"{"maxResults":3}"#);
        assert_eq!(names(&first), ["a1", "a_1", "b"]);
        fixture.create("a0", "");
        let token = first.get("nextToken").and_then(Json::as_str).unwrap();
        let second = fixture.ok(ListStateMachines, &format!(r#"{{"nextToken":"{token}"}}"#));
        assert_eq!(names(&second), ["c", "é"]);
        assert_eq!(second.get("nextToken"), None);
    }

    #[test]
    fn a_bad_token_is_refused() {
        Fixture::new().check(
            ListStateMachines,
            r#"{"nextToken":"x"}"#,
            "InvalidToken: Invalid Token: 'Invalid token'",
        );
    }

    #[test]
    fn other_regions_are_not_listed() {
        let mut fixture = Fixture::with_machines();
        fixture.caller.place = Place::of_region("us-west-2", "123456789012");
        fixture.check(ListStateMachines, "{}", r#"{"stateMachines":[]}"#);
    }
}
