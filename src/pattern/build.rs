//! Patterns built in Rust that take an argument.

use serde_json::{Map, Value};

/// A string that the regular expression finds something in: `matching("^order-[0-9]+$")`.
///
/// The syntax is that of the crate `regex-lite`; without `^` and `$` a match anywhere in the string will do.
/// An expression that cannot be read fails the assertion it is given to, with the reason.
#[must_use]
pub fn matching(regex: &str) -> Value {
    pattern_object("$matches", regex.into())
}

/// A value that has at least this: `includes(json!({"status": "paid"}))`.
///
/// Objects may have further keys, on every level. Arrays must have as many items, each of which includes its
/// counterpart. Everything else must be equal. Patterns may stand inside.
#[must_use]
pub fn includes(part: impl Into<Value>) -> Value {
    pattern_object("$includes", part.into())
}

/// Exactly this value, read as no pattern: for payloads that have an object with one key that starts with `$`.
#[must_use]
pub fn literal(value: impl Into<Value>) -> Value {
    pattern_object("$literal", value.into())
}

/// A string that starts with this: `starts_with("order-")`.
#[must_use]
pub fn starts_with(start: &str) -> Value {
    pattern_object("$startsWith", start.into())
}

/// A string that ends with this: `ends_with(".csv")`.
#[must_use]
pub fn ends_with(end: &str) -> Value {
    pattern_object("$endsWith", end.into())
}

/// A string that holds a JSON text, which is as this says: `json_text(json!({"id": any::uuid()}))`. Its spacing does
/// not matter.
#[must_use]
pub fn json_text(value: impl Into<Value>) -> Value {
    pattern_object("$json", value.into())
}

/// An array of exactly these items, in any order: `unordered([json!({"id": 2}), json!({"id": 1})])`.
///
/// Each item goes with one pattern; within [`includes`], items may have further keys.
#[must_use]
pub fn unordered<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Value {
    pattern_object("$unordered", array_of(items))
}

/// An array that has an item like this, whatever else it has: `contains_item(includes(json!({"sku": "a"})))`.
/// For several, see [`all_of`].
#[must_use]
pub fn contains_item(item: impl Into<Value>) -> Value {
    pattern_object("$contains", item.into())
}

/// An array of so many items, or a string of so many characters.
#[must_use]
pub fn of_length(length: usize) -> Value {
    pattern_object("$length", length.into())
}

/// Anything but this: `not(json!(null))`, `not(matching("^test-"))`. There must be a value; see [`absent`].
#[must_use]
pub fn not(excluded: impl Into<Value>) -> Value {
    pattern_object("$not", excluded.into())
}

/// A value like one of these: `one_of(["VISA", "AMEX"])`.
///
/// An empty list fails the assertion it is given to.
#[must_use]
pub fn one_of<V: Into<Value>>(choices: impl IntoIterator<Item = V>) -> Value {
    pattern_object("$oneOf", array_of(choices))
}

/// A value like all of these: `all_of([contains_item(1), contains_item(2)])`.
///
/// An empty list fails the assertion it is given to.
#[must_use]
pub fn all_of<V: Into<Value>>(patterns: impl IntoIterator<Item = V>) -> Value {
    pattern_object("$allOf", array_of(patterns))
}

/// Within [`includes`]: a key that must not be there: `includes(json!({"id": 7, "error": absent()}))`.
#[must_use]
pub fn absent() -> Value {
    pattern_object("$absent", true.into())
}

fn array_of<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Value {
    Value::Array(items.into_iter().map(Into::into).collect())
}

pub(super) fn pattern_object(key: &str, argument: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), argument)]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Json;
    use crate::pattern::Pattern;

    #[test]
    fn every_pattern_that_is_built_can_be_read() {
        let built = [
            matching("a"),
            includes(1),
            literal(1),
            starts_with("a"),
            ends_with("a"),
            json_text(1),
            unordered([1]),
            contains_item(1),
            of_length(1),
            not(1),
            one_of([1]),
            all_of([1]),
            absent(),
        ];
        for pattern in built {
            let read = Pattern::read(&Json::from(&pattern));
            assert!(!matches!(read, Err(_) | Ok(Pattern::Object(_))), "{pattern}");
        }
    }

    #[test]
    fn patterns_are_plain_json() {
        assert_eq!(matching("^a"), json!({"$matches": "^a"}));
        assert_eq!(includes(json!({"a": 1})), json!({"$includes": {"a": 1}}));
        assert_eq!(literal(json!({"$any": 1})), json!({"$literal": {"$any": 1}}));
        assert_eq!(starts_with("a"), json!({"$startsWith": "a"}));
        assert_eq!(ends_with("a"), json!({"$endsWith": "a"}));
        assert_eq!(json_text(json!({"a": 1})), json!({"$json": {"a": 1}}));
        assert_eq!(unordered([1, 2]), json!({"$unordered": [1, 2]}));
        assert_eq!(contains_item("x"), json!({"$contains": "x"}));
        assert_eq!(of_length(3), json!({"$length": 3}));
        assert_eq!(not(json!(null)), json!({"$not": null}));
        assert_eq!(one_of(["a", "b"]), json!({"$oneOf": ["a", "b"]}));
        assert_eq!(
            all_of([of_length(1), not(json!("a"))]),
            json!({"$allOf": [{"$length": 1}, {"$not": "a"}]})
        );
        assert_eq!(absent(), json!({"$absent": true}));
    }
}
