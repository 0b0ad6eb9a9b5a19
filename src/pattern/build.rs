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

pub(super) fn pattern_object(key: &str, argument: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), argument)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns_are_plain_json() {
        assert_eq!(matching("^a"), json!({"$matches": "^a"}));
        assert_eq!(includes(json!({"a": 1})), json!({"$includes": {"a": 1}}));
        assert_eq!(literal(json!({"$any": 1})), json!({"$literal": {"$any": 1}}));
    }
}
