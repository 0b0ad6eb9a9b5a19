//! `UntagResource`.

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::error;

/// Keys that the resource does not have are passed over.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let tags = account.tags_of(call)?;
    let keys = call.member("tagKeys").and_then(Json::as_array).unwrap_or_default();
    for key in keys.iter().filter_map(Json::as_str) {
        tags.remove(key);
    }
    Ok(error::nothing())
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{ListTagsForResource, UntagResource};
    use crate::service::fixture::{Fixture, MACHINE};

    /// What is left of the tags a and b.
    #[track_caller]
    fn check(keys: &str, expected: &str) {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","tags":[{"key":"a","value":"1"},{"key":"b","value":"2"}]"#);
        fixture.check(UntagResource, &format!(r#"{{"resourceArn":"{MACHINE}","tagKeys":[{keys}]}}"#), "{}");
        fixture.check(
            ListTagsForResource,
            &format!(r#"{{"resourceArn":"{MACHINE}"}}"#),
            &format!(r#"{{"tags":[{expected}]}}"#),
        );
    }

    #[test]
    fn tags_go_by_their_key() {
        check(r#""a""#, r#"{"key":"b","value":"2"}"#);
        check(r#""b","a","a""#, "");
    }

    #[test]
    fn unknown_keys_and_empty_lists_change_nothing() {
        let both = r#"{"key":"a","value":"1"},{"key":"b","value":"2"}"#;
        check("", both);
        check(r#""A","aws:x","\u0000""#, both);
    }

    #[test]
    fn the_resource_must_exist() {
        Fixture::new().check(
            UntagResource,
            &format!(r#"{{"resourceArn":"{MACHINE}","tagKeys":[]}}"#),
            &format!("ResourceNotFound: Resource not found: '{MACHINE}'"),
        );
    }
}
