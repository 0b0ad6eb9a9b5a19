//! Stand-ins for values that a test cannot or need not know: `json!({"id": any::uuid()})`.
//!
//! ```
//! use serde_json::json;
//! use sfn_testkit::{any, includes, matching};
//!
//! let expected = json!({
//!     "id": any::uuid(),
//!     "name": matching("^order-"),
//!     "items": any::array(),
//!     "customer": includes(json!({"country": "NO"})),
//! });
//! assert_eq!(expected["id"], json!({"$any": "uuid"}));
//! ```
//!
//! Each is a JSON value itself (`{"$any": "uuid"}`), so that it can stand anywhere inside `json!({…})` and in files.

use std::ops::{Bound, RangeBounds};

use serde_json::Value;

use super::build::pattern_object;
use super::read::Kind;

/// Any JSON value, `null` included; but there must be one.
#[must_use]
pub fn value() -> Value {
    any(Kind::Value)
}

/// Any string.
#[must_use]
pub fn string() -> Value {
    any(Kind::String)
}

/// Any number.
#[must_use]
pub fn number() -> Value {
    any(Kind::Number)
}

/// Any number without a fraction.
#[must_use]
pub fn integer() -> Value {
    any(Kind::Integer)
}

/// `true` or `false`.
#[must_use]
pub fn boolean() -> Value {
    any(Kind::Boolean)
}

/// Any array, empty ones included.
#[must_use]
pub fn array() -> Value {
    any(Kind::Array)
}

/// Any object, empty ones included.
#[must_use]
pub fn object() -> Value {
    any(Kind::Object)
}

/// A string of 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, as `States.UUID()` makes them.
#[must_use]
pub fn uuid() -> Value {
    any(Kind::Uuid)
}

/// A string that is an ISO-8601 date-time with an offset, such as `2025-08-27T10:04:42.001Z`.
#[must_use]
pub fn timestamp() -> Value {
    any(Kind::Timestamp)
}

/// Any number of this range: `any::number_between(1..=5)`, `any::number_between(0.5..1.0)`, `any::number_between(1..)`.
///
/// A range without any bound (`..`) fails the assertion it is given to: write [`number`] for that.
#[must_use]
pub fn number_between<N: Copy + Into<Value>>(range: impl RangeBounds<N>) -> Value {
    let low = bound(range.start_bound(), "min", "above");
    let high = bound(range.end_bound(), "max", "below");
    range_of(low.into_iter().chain(high))
}

/// Any number above this one.
#[must_use]
pub fn greater_than(number: impl Into<Value>) -> Value {
    range_of([("above", number.into())])
}

/// This number or any above it.
#[must_use]
pub fn at_least(number: impl Into<Value>) -> Value {
    range_of([("min", number.into())])
}

/// Any number below this one.
#[must_use]
pub fn less_than(number: impl Into<Value>) -> Value {
    range_of([("below", number.into())])
}

/// This number or any below it.
#[must_use]
pub fn at_most(number: impl Into<Value>) -> Value {
    range_of([("max", number.into())])
}

fn bound<N: Copy + Into<Value>>(
    bound: Bound<&N>,
    inclusive: &'static str,
    exclusive: &'static str,
) -> Option<(&'static str, Value)> {
    match bound {
        Bound::Included(number) => Some((inclusive, (*number).into())),
        Bound::Excluded(number) => Some((exclusive, (*number).into())),
        Bound::Unbounded => None,
    }
}

fn range_of(bounds: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let bounds = bounds.into_iter().map(|(key, number)| (key.to_owned(), number)).collect();
    pattern_object("$range", Value::Object(bounds))
}

fn any(kind: Kind) -> Value {
    pattern_object("$any", kind.name().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Json;
    use crate::pattern::Pattern;

    #[track_caller]
    fn check(pattern: &Value, matching: &[&str], others: &[&str]) {
        let pattern = Pattern::read(&Json::from(pattern)).unwrap();
        for text in matching {
            assert_eq!(pattern.difference(&Json::parse(text).unwrap()), None, "{text}");
        }
        for text in others {
            assert!(pattern.difference(&Json::parse(text).unwrap()).is_some(), "{text}");
        }
    }

    #[test]
    fn each_kind_matches_its_values_and_no_others() {
        check(&value(), &["null", "1", "\"\"", "[]", "{}"], &[]);
        check(&string(), &["\"\"", "\"x\""], &["1", "null", "[\"x\"]"]);
        check(&number(), &["1", "-1.5"], &["\"1\"", "true"]);
        check(&integer(), &["1", "2.0"], &["1.5", "\"1\""]);
        check(&boolean(), &["true", "false"], &["null", "\"true\""]);
        check(&array(), &["[]", "[1]"], &["{}", "null"]);
        check(&object(), &["{}", "{\"a\":1}"], &["[]", "null"]);
    }

    #[test]
    fn a_uuid_has_its_digits_in_five_groups() {
        check(
            &uuid(),
            &["\"3e7f1b2a-0c4d-4e5f-8a9b-0123456789ab\"", "\"3E7F1B2A-0C4D-4E5F-8A9B-0123456789AB\""],
            &[
                "\"3e7f1b2a0c4d4e5f8a9b0123456789ab\"",
                "\"3e7f1b2a-0c4d-4e5f-8a9b-0123456789ag\"",
                "\"\"",
                "1",
            ],
        );
    }

    #[test]
    fn a_range_has_the_bounds_that_rust_gives_it() {
        check(&number_between(1..=5), &["1", "5", "2.5"], &["0", "6", "\"3\""]);
        check(&number_between(0.5..1.0), &["0.5", "0.99"], &["1", "0.4"]);
        check(&number_between(1..), &["1", "1e20"], &["0"]);
        check(&number_between(..3_u64), &["2", "-1"], &["3"]);
        check(&greater_than(1), &["1.5"], &["1"]);
        check(&at_least(1), &["1"], &["0.9"]);
        check(&less_than(1), &["0"], &["1"]);
        check(&at_most(1), &["1"], &["1.1"]);
        let unbounded = Pattern::read(&Json::from(&number_between::<i32>(..)));
        assert!(unbounded.unwrap_err().to_string().ends_with("each a number, not {}"));
    }

    #[test]
    fn a_timestamp_is_a_text_with_an_offset() {
        check(
            &timestamp(),
            &["\"2025-08-27T10:04:42.001Z\"", "\"2025-08-27T10:04:42+02:00\""],
            &["\"2025-08-27\"", "1756289082", "\"2025-08-27T10:04:42\""],
        );
    }
}
