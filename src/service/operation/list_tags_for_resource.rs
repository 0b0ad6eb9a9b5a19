//! `ListTagsForResource`.

use std::sync::Arc;

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};

/// The tags by key; an empty list if there are none.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let tags = account.tags_of(call)?.iter().map(|(key, value)| {
        Answer::default().with("key", Arc::clone(key)).with("value", Arc::clone(value)).into_json()
    });
    Answer::default().with("tags", Json::array(tags.collect())).done()
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::ListTagsForResource;
    use crate::service::fixture::{Fixture, MACHINE};

    #[track_caller]
    fn check(fixture: &mut Fixture, arn: &str, expected: &str) {
        fixture.check(ListTagsForResource, &format!(r#"{{"resourceArn":"{arn}"}}"#), expected);
    }

    #[test]
    fn the_tags_of_the_creation_are_listed_by_key() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, MACHINE, r#"{"tags":[]}"#);
        let tagged = fixture.create("tagged", r#","tags":[{"key":"b","value":"2"},{"key":"a","value":""}]"#);
        check(&mut fixture, &tagged, r#"{"tags":[{"key":"a","value":""},{"key":"b","value":"2"}]}"#);
    }

    #[test]
    fn the_resource_must_exist_where_the_call_is_made() {
        let mut fixture = Fixture::with_machines();
        for arn in [
            "arn:aws:states:us-east-1:123456789012:stateMachine:none",
            "arn:aws:states:us-west-2:123456789012:stateMachine:m",
            "arn:aws:states:us-east-1:123456789012:activity:none",
        ] {
            check(&mut fixture, arn, &format!("ResourceNotFound: Resource not found: '{arn}'"));
        }
        fixture.caller.place = crate::model::arn::Place::of_region("us-west-2", "123456789012");
        check(&mut fixture, MACHINE, &format!("ResourceNotFound: Resource not found: '{MACHINE}'"));
    }
}
