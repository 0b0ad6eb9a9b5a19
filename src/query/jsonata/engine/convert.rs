//! Between our JSON value and the engine's, by our own rules for numbers. Values may be deep: the stack grows with them.

use std::sync::Arc;

use indexmap::IndexMap;
use jsonata_core::value::{JValue, with_stack};

use crate::model::json::Map;
use crate::model::{Json, quota};
use crate::query::Effort;
use crate::query::jsonata::outcome::{Outcome, Trouble};
use crate::query::jsonata::references::Reads;

/// Numbers become doubles, as everywhere in JSONata.
pub(super) fn to_engine(value: &Json, effort: &Effort) -> Result<JValue, String> {
    effort.spend(1 + value.as_str().map_or(0, str::len))?;
    Ok(match value {
        Json::Null => JValue::Null,
        Json::Bool(value) => JValue::Bool(*value),
        Json::Int(_) | Json::UInt(_) | Json::Float(_) => JValue::Number(value.as_f64().unwrap_or_default()),
        Json::String(text) => JValue::string(&**text),
        Json::Array(_) => {
            let items = value.as_array().unwrap_or_default();
            JValue::array(
                items.iter().map(|item| with_stack(|| to_engine(item, effort))).collect::<Result<_, _>>()?,
            )
        }
        Json::Object(_) => {
            let mut members = IndexMap::new();
            for (key, member) in value.as_object().into_iter().flatten() {
                effort.spend(key.len())?;
                members.insert(key.to_string(), with_stack(|| to_engine(member, effort))?);
            }
            JValue::object(members)
        }
    })
}

/// The same, leaving out what is not read.
pub(super) fn parts_to_engine(value: &Json, reads: &Reads, effort: &Effort) -> Result<JValue, String> {
    if reads.whole {
        return to_engine(value, effort);
    }
    effort.spend(1)?;
    if let Some(items) = value.as_array() {
        // A way down goes on in each item.
        let items = items.iter().map(|item| with_stack(|| parts_to_engine(item, reads, effort)));
        return Ok(JValue::array(items.collect::<Result<_, _>>()?));
    }
    let Some(members) = value.as_object() else {
        return to_engine(value, effort);
    };
    let mut parts = IndexMap::new();
    for (key, member) in members {
        if let Some(reads) = reads.of(key) {
            parts.insert(key.to_string(), with_stack(|| parts_to_engine(member, reads, effort))?);
        }
    }
    Ok(JValue::object(parts))
}

/// Nothing, functions and infinite numbers are no JSON values. Within objects and arrays, nothing is left out, as
/// JavaScript does it; the others make the whole value none.
pub(super) fn from_engine(value: &JValue, effort: &Effort) -> Result<Outcome, Trouble> {
    converted(value, effort, 0)
}

fn converted(value: &JValue, effort: &Effort, depth: usize) -> Result<Outcome, Trouble> {
    effort.spend(1 + value.as_str().map_or(0, str::len)).map_err(|_| Trouble::Endless)?;
    if depth > quota::JSON_DEPTH {
        let most = quota::JSON_DEPTH;
        return Err(Trouble::Failed(format!(
            "Document nesting depth ({depth}) exceeds the maximum allowed ({most})"
        )));
    }
    Ok(Outcome::Value(match value {
        JValue::Undefined => return Ok(Outcome::Undefined),
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => return Ok(Outcome::NoJson),
        JValue::Null => Json::Null,
        JValue::Bool(value) => Json::Bool(*value),
        JValue::Number(number) if !number.is_finite() => return Ok(Outcome::NoJson),
        JValue::Number(number) => number_of(*number),
        JValue::String(text) => Json::string(&**text),
        JValue::Array(items) => return of_items(items, effort, depth),
        JValue::Object(members) => return of_members(members, effort, depth),
    }))
}

fn of_items(items: &[JValue], effort: &Effort, depth: usize) -> Result<Outcome, Trouble> {
    let mut converted_items = Vec::with_capacity(items.len());
    for item in items {
        match with_stack(|| converted(item, effort, depth + 1))? {
            Outcome::Value(item) => converted_items.push(item),
            Outcome::Undefined => {}
            Outcome::NoJson => return Ok(Outcome::NoJson),
        }
    }
    Ok(Outcome::Value(Json::array(converted_items)))
}

fn of_members(members: &IndexMap<String, JValue>, effort: &Effort, depth: usize) -> Result<Outcome, Trouble> {
    let mut converted_members = Map::new();
    for (key, member) in members {
        effort.spend(key.len()).map_err(|_| Trouble::Endless)?;
        match with_stack(|| converted(member, effort, depth + 1))? {
            Outcome::Value(member) => {
                converted_members.insert(Arc::from(key.as_str()), member);
            }
            Outcome::Undefined => {}
            Outcome::NoJson => return Ok(Outcome::NoJson),
        }
    }
    Ok(Outcome::Value(Json::object(converted_members)))
}

/// Whole numbers are written without a fraction, as far as 64 bits hold them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the ranges are checked")]
fn number_of(number: f64) -> Json {
    const SIGNED: f64 = 9_223_372_036_854_775_808.0;
    if number.fract() != 0.0 {
        Json::Float(number)
    } else if (-SIGNED..SIGNED).contains(&number) {
        Json::Int(number as i64)
    } else if (SIGNED..2.0 * SIGNED).contains(&number) {
        Json::UInt(number as u64)
    } else {
        Json::Float(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> String {
        let value = to_engine(&Json::parse(text).unwrap(), &Effort::default()).unwrap();
        match from_engine(&value, &Effort::default()).unwrap() {
            Outcome::Value(value) => value.to_text(),
            other @ (Outcome::Undefined | Outcome::NoJson) => format!("{other:?}"),
        }
    }

    #[test]
    fn values_come_back_as_they_went_in() {
        for text in [
            "null",
            "true",
            r#""é\n""#,
            r#"{"z":[1,-2,3.5,[],{}],"a":{"b":null},"10":1,"2":2}"#,
            "9007199254740991",
            "0.1",
        ] {
            assert_eq!(round_trip(text), text);
        }
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        for (number, expected) in [
            ("2.0", "2"),
            ("-0.0", "0"),
            ("1e15", "1000000000000000"),
            ("-1e15", "-1000000000000000"),
            ("1e19", "10000000000000000000"),
            ("1e21", "1.0E21"),
            ("1.5e-7", "1.5E-7"),
        ] {
            assert_eq!(round_trip(number), expected, "{number}");
        }
    }

    #[test]
    fn nothing_is_left_out_and_functions_are_no_values() {
        let outcome = |value: &JValue| from_engine(value, &Effort::default()).unwrap();
        let function = JValue::builtin("sum");
        assert_eq!(outcome(&JValue::Undefined), Outcome::Undefined);
        assert_eq!(outcome(&function), Outcome::NoJson);
        assert_eq!(outcome(&JValue::Number(f64::INFINITY)), Outcome::NoJson);
        assert_eq!(outcome(&JValue::array(vec![JValue::Number(f64::NAN)])), Outcome::NoJson);
        assert_eq!(outcome(&JValue::array(vec![function.clone()])), Outcome::NoJson);
        let members = |value: JValue| JValue::object(IndexMap::from([("a".to_owned(), value)]));
        assert_eq!(outcome(&members(function)), Outcome::NoJson);
        assert_eq!(outcome(&members(JValue::Undefined)), Outcome::Value(Json::empty_object()));
        let items = JValue::array(vec![JValue::Undefined, JValue::Null]);
        assert_eq!(outcome(&items), Outcome::Value(Json::array(vec![Json::Null])));
    }

    #[test]
    fn only_what_is_read_is_converted() {
        let value = Json::parse(r#"{"a":{"b":[{"c":1,"d":2},3,[{"c":4}]],"x":0},"y":[5],"z":6}"#).unwrap();
        let mut reads = Reads::default();
        reads.add(&["a", "b", "c"]);
        reads.add(&["z", "deeper"]);
        reads.add(&["gone"]);
        let converted = parts_to_engine(&value, &reads, &Effort::default()).unwrap();
        let Outcome::Value(converted) = from_engine(&converted, &Effort::default()).unwrap() else {
            panic!("no value");
        };
        assert_eq!(converted.to_text(), r#"{"a":{"b":[{"c":1},3,[{"c":4}]]},"z":6}"#);
        reads.add(&["y"]);
        reads.add(&["a"]);
        let converted = parts_to_engine(&value, &reads, &Effort::default()).unwrap();
        assert_eq!(from_engine(&converted, &Effort::default()).unwrap(), Outcome::Value(value));
    }

    #[test]
    fn conversions_are_paid_for() {
        let value = Json::parse(&format!("[\"{}\"]", "x".repeat(100))).unwrap();
        assert!(to_engine(&value, &Effort::within(50)).is_err());
        let converted = to_engine(&value, &Effort::default()).unwrap();
        assert!(from_engine(&converted, &Effort::within(50)).is_err());
    }
}
