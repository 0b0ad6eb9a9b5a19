//! Tags of a resource: what they may be made of, and how many there may be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{constraint, error};
use crate::model::{ApiError, Json};

/// The tags of one resource, by key.
pub(super) type Tags = BTreeMap<Arc<str>, Arc<str>>;

/// Reads the `tags` of a call for the resource `arn`, which may have so many. The last of equal keys wins.
pub(super) fn read(given: Option<&Json>, arn: &str, most: usize) -> Result<Tags, ApiError> {
    let mut tags = Tags::new();
    for (position, tag) in given.and_then(Json::as_array).unwrap_or_default().iter().enumerate() {
        let Some(key) = tag.get("key").and_then(Json::as_str) else {
            return Err(constraint::null_member(&format!("tags.{}.member.key", position + 1)));
        };
        let value = tag.get("value").and_then(Json::as_str).unwrap_or_default();
        if key.starts_with("aws:") {
            return Err(error::violation(format!(
                "Tag keys must not start with the reserved prefix 'aws:': '{key}'"
            )));
        }
        if let Some(text) = [key, value].into_iter().find(|text| !text.chars().all(is_allowed)) {
            return Err(error::violation(format!(
                "Tags may only contain unicode letters, digits, white space, or one of these symbols: _ . : / = + - @: '{text}'"
            )));
        }
        tags.insert(key.into(), value.into());
    }
    if tags.len() > most { Err(error::too_many_tags(arn)) } else { Ok(tags) }
}

fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, expected: Result<&[(&str, &str)], &str>) {
        let found = read(Some(&Json::parse(given).unwrap()), "arn:m", 50).map_err(|error| error.message);
        let expected = expected.map_err(str::to_owned).map(|tags| {
            tags.iter().map(|(key, value)| (Arc::from(*key), Arc::from(*value))).collect::<Tags>()
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn the_last_of_equal_keys_wins_and_values_may_be_empty() {
        check(
            r#"[{"key":"a","value":"1"},{"key":"b"},{"key":"a","value":"é 2_.:/=+-@"}]"#,
            Ok(&[("a", "é 2_.:/=+-@"), ("b", "")]),
        );
        assert_eq!(read(None, "arn:m", 50), Ok(Tags::new()));
    }

    #[test]
    fn keys_are_needed_and_made_of_certain_characters() {
        check(
            r#"[{"key":"a"},{"value":"x"}]"#,
            Err(
                "1 validation error detected: Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not be null",
            ),
        );
        check(
            r#"[{"key":"a","value":"b#c"}]"#,
            Err(
                "Tags may only contain unicode letters, digits, white space, or one of these symbols: _ . : / = + - @: 'b#c'",
            ),
        );
        check(
            r#"[{"key":"aws:x"}]"#,
            Err("Tag keys must not start with the reserved prefix 'aws:': 'aws:x'"),
        );
    }

    #[test]
    fn a_resource_has_fifty_tags_at_most() {
        let given = |count: usize| {
            let tags = (0..count).map(|n| Json::from_members([("key", Json::string(format!("k{n}")))]));
            Json::array(tags.collect())
        };
        assert_eq!(read(Some(&given(50)), "arn:m", 50).unwrap().len(), 50);
        let error = read(Some(&given(51)), "arn:m", 50).unwrap_err();
        assert_eq!(error.message, "Too Many Tags: 'arn:m'");
        assert_eq!(error.members, [("resourceName", Json::string("arn:m"))]);
    }
}
