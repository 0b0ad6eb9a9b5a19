//! `ListActivities`.

use std::sync::Arc;

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::activity::Activity;
use crate::service::call::{Answer, Call};
use crate::service::page::Paging;

fn item(activity: &Activity) -> Json {
    Answer::default()
        .with("activityArn", Arc::clone(&activity.arn))
        .with("name", Arc::clone(&activity.name))
        .with_date("creationDate", activity.creation_date)
        .into_json()
}

/// The activities of the caller's region, by name.
pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let paging = Paging::read(call, account.config.seed)?;
    let after = paging.after().and_then(Json::as_str);
    let mut activities: Vec<&Activity> = account
        .activities
        .values()
        .filter(|activity| activity.place == call.caller.place)
        .filter(|activity| after.is_none_or(|after| &*activity.name > after))
        .collect();
    activities.sort_by_key(|activity| &activity.name);
    let page = paging.cut(activities.into_iter(), |activity| Arc::clone(&activity.name).into());
    Answer::default()
        .with("activities", Json::array(page.items.into_iter().map(item).collect()))
        .with_optional("nextToken", page.next_token)
        .done()
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{CreateActivity, DeleteActivity, ListActivities};
    use crate::model::arn::Place;
    use crate::service::fixture::Fixture;

    fn names(answer: &Json) -> Vec<&str> {
        let items = answer.get("activities").and_then(Json::as_array).unwrap();
        items.iter().map(|item| item.get("name").and_then(Json::as_str).unwrap()).collect()
    }

    fn with_activities(names: &[&str]) -> Fixture {
        let mut fixture = Fixture::new();
        for name in names {
            fixture.ok(CreateActivity, &format!(r#"{{"name":"{name}"}}"#));
        }
        fixture
    }

    #[test]
    fn an_activity_is_listed_until_it_is_deleted() {
        let mut fixture = with_activities(&["a"]);
        fixture.check(
            ListActivities,
            "{}",
            r#"{"activities":[{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a","name":"a","creationDate":1700000000}]}"#,
        );
        fixture.ok(DeleteActivity, r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a"}"#);
        fixture.check(ListActivities, "{}", r#"{"activities":[]}"#);
    }

    #[test]
    fn pages_go_by_name() {
        let mut fixture = with_activities(&["c", "a_1", "a1", "b"]);
        let first = fixture.ok(ListActivities, r#"{"maxResults":3}"#);
        assert_eq!(names(&first), ["a1", "a_1", "b"]);
        let token = first.get("nextToken").and_then(Json::as_str).unwrap();
        let second = fixture.ok(ListActivities, &format!(r#"{{"nextToken":"{token}"}}"#));
        assert_eq!(names(&second), ["c"]);
        assert_eq!(second.get("nextToken"), None);
    }

    #[test]
    fn a_bad_token_is_refused_and_other_regions_are_not_listed() {
        let mut fixture = with_activities(&["a"]);
        fixture.check(ListActivities, r#"{"nextToken":"x"}"#, "InvalidToken: Invalid Token: 'Invalid token'");
        fixture.caller.place = Place::of_region("us-west-2", "123456789012");
        fixture.check(ListActivities, "{}", r#"{"activities":[]}"#);
    }
}
