//! `TagResource`.

use crate::model::{ApiError, Json, Quota};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::{error, tags};

/// Keys that the resource has already get the new value. It gets all tags of the call or none.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let arn = call.required("resourceArn");
    let most = account.quota(Quota::Tags);
    let kept = account.tags_of(call)?;
    let given = tags::read(call.member("tags"), arn, most)?;
    let added = given.keys().filter(|key| !kept.contains_key(*key)).count();
    if kept.len() + added > most {
        return Err(error::too_many_tags(arn));
    }
    kept.extend(given);
    Ok(error::nothing())
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{DeleteStateMachine, ListTagsForResource, TagResource};
    use crate::service::fixture::{Fixture, MACHINE};

    fn input(tags: &str) -> String {
        format!(r#"{{"resourceArn":"{MACHINE}","tags":[{tags}]}}"#)
    }

    #[track_caller]
    fn check(fixture: &mut Fixture, tags: &str, expected: &str) {
        fixture.check(TagResource, &input(tags), expected);
    }

    #[track_caller]
    fn check_tags(fixture: &mut Fixture, expected: &str) {
        fixture.check(
            ListTagsForResource,
            &format!(r#"{{"resourceArn":"{MACHINE}"}}"#),
            &format!(r#"{{"tags":[{expected}]}}"#),
        );
    }

    fn numbered(numbers: std::ops::Range<usize>) -> String {
        let tags: Vec<String> = numbers.map(|number| format!(r#"{{"key":"k{number}"}}"#)).collect();
        tags.join(",")
    }

    #[test]
    fn tags_are_added_and_overwritten() {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","tags":[{"key":"a","value":"1"}]"#);
        check(&mut fixture, r#"{"key":"b"},{"key":"a","value":"2"}"#, "{}");
        check_tags(&mut fixture, r#"{"key":"a","value":"2"},{"key":"b","value":""}"#);
    }

    #[test]
    fn an_empty_list_changes_nothing() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, "", "{}");
        check_tags(&mut fixture, "");
    }

    #[test]
    fn a_resource_has_50_tags_at_most_and_gets_all_or_none() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, &numbered(0..49), "{}");
        let error = fixture.call(TagResource, &input(r#"{"key":"x"},{"key":"y"}"#)).unwrap_err();
        assert_eq!(error.kind.name(), "TooManyTags");
        assert_eq!(error.message, format!("Too Many Tags: '{MACHINE}'"));
        assert_eq!(error.members, [("resourceName", Json::string(MACHINE))]);
        assert_eq!(fixture.account.machines[MACHINE].tags.len(), 49);
        check(&mut fixture, r#"{"key":"x"}"#, "{}");
        check(&mut fixture, r#"{"key":"x","value":"new"}"#, "{}");
    }

    #[test]
    fn tags_have_a_length_and_certain_characters() {
        let mut fixture = Fixture::with_machines();
        check(
            &mut fixture,
            r#"{"key":"a","value":"b;c"}"#,
            "ValidationException: Tags may only contain unicode letters, digits, white space, or one of these symbols: _ . : / = + - @: 'b;c'",
        );
        check(
            &mut fixture,
            r#"{"key":""}"#,
            "ValidationException: 1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
        let long = "k".repeat(129);
        check(
            &mut fixture,
            &format!(r#"{{"key":"{long}"}}"#),
            &format!(
                "ValidationException: 1 validation error detected: Value '{long}' at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128"
            ),
        );
        check(
            &mut fixture,
            r#"{"key":"aws:a"}"#,
            "ValidationException: Tag keys must not start with the reserved prefix 'aws:': 'aws:a'",
        );
        check_tags(&mut fixture, "");
    }

    #[test]
    fn versions_aliases_and_strangers_have_no_tags() {
        let mut fixture = Fixture::with_versions();
        fixture.create_alias("live", &[(1, 100)]);
        for suffix in [":1", ":live", "x"] {
            let arn = format!("{MACHINE}{suffix}");
            let input = format!(r#"{{"resourceArn":"{arn}","tags":[]}}"#);
            let error = fixture.call(TagResource, &input).unwrap_err();
            assert_eq!(error.kind.name(), "ResourceNotFound");
            assert_eq!(error.message, format!("Resource not found: '{arn}'"));
            assert_eq!(error.members, [("resourceName", Json::string(arn))]);
        }
        fixture.check(
            TagResource,
            r#"{"resourceArn":"x","tags":[]}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'",
        );
        fixture.check(
            TagResource,
            r#"{"resourceArn":"arn:aws:states:us-east-1:123456789012:execution:m:x","tags":[]}"#,
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
        );
    }

    #[test]
    fn the_tags_of_a_machine_go_with_it() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, r#"{"key":"a"}"#, "{}");
        fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
        check(&mut fixture, r#"{"key":"a"}"#, &format!("ResourceNotFound: Resource not found: '{MACHINE}'"));
        fixture.create("m", "");
        check_tags(&mut fixture, "");
    }
}
