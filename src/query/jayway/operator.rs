//! The comparisons of filters, and what each of them holds for.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::json_path::PathError;
use super::pattern::Pattern;
use crate::model::Json;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In,
    NotIn,
    Contains,
    All,
    SubsetOf,
    AnyOf,
    NoneOf,
    Size,
    Empty,
}

/// How the operators are written; words in any case. Since texts never equal numbers, `===` is the same as `==`.
const OPERATORS: &[(&str, Operator)] = &[
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("===", Operator::Equal),
    ("!==", Operator::NotEqual),
    ("<", Operator::Less),
    ("<=", Operator::LessOrEqual),
    (">", Operator::Greater),
    (">=", Operator::GreaterOrEqual),
    ("=~", Operator::Matches),
    ("in", Operator::In),
    ("nin", Operator::NotIn),
    ("contains", Operator::Contains),
    ("all", Operator::All),
    ("subsetof", Operator::SubsetOf),
    ("anyof", Operator::AnyOf),
    ("noneof", Operator::NoneOf),
    ("size", Operator::Size),
    ("empty", Operator::Empty),
];

/// What an operator reads of its operands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cost {
    None,
    /// Each item of one with each of the other.
    Product,
    /// Every byte of the texts.
    Text,
    Whole,
}

/// What an operand turned out to be.
pub(super) enum Value<'v> {
    Json(Cow<'v, Json>),
    Pattern(&'v Pattern),
    /// A path that leads nowhere: equal to nothing, not even to itself.
    Undefined,
}

impl Operator {
    pub(super) fn written(symbol: &str) -> Option<Self> {
        OPERATORS.iter().find(|(text, _)| text.eq_ignore_ascii_case(symbol)).map(|(_, operator)| *operator)
    }

    pub(super) const fn cost(self) -> Cost {
        match self {
            Self::Size | Self::Empty => Cost::None,
            Self::All | Self::SubsetOf | Self::AnyOf | Self::NoneOf => Cost::Product,
            Self::Matches => Cost::Text,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual
            | Self::In
            | Self::NotIn
            | Self::Contains => Cost::Whole,
        }
    }

    pub(super) fn holds(self, left: &Value<'_>, right: &Value<'_>) -> Result<bool, PathError> {
        match self {
            Self::Equal => Ok(equal(left, right)),
            Self::NotEqual => Ok(!equal(left, right)),
            Self::Less => Ok(order(left, right) == Some(Ordering::Less)),
            Self::LessOrEqual => Ok(order(left, right).is_some_and(Ordering::is_le)),
            Self::Greater => Ok(order(left, right) == Some(Ordering::Greater)),
            Self::GreaterOrEqual => Ok(order(left, right).is_some_and(Ordering::is_ge)),
            Self::Matches => Ok(matches(left, right)),
            Self::In => Ok(contains(list(right)?, left)),
            Self::NotIn => Ok(!contains(list(right)?, left)),
            Self::Contains => Ok(has(left, right)),
            Self::All => Ok(list(right)?.iter().all(|item| has_item(left, item))),
            Self::SubsetOf => {
                of_lists(left, right, |left, right| left.iter().all(|item| right.contains(item)))
            }
            Self::AnyOf => of_lists(left, right, |left, right| left.iter().any(|item| right.contains(item))),
            Self::NoneOf => {
                of_lists(left, right, |left, right| !left.iter().any(|item| right.contains(item)))
            }
            Self::Size => {
                Ok(size(left).is_some_and(|size| right.json().and_then(Json::as_i64) == Some(size)))
            }
            Self::Empty => empty(left, right),
        }
    }
}

impl Value<'_> {
    pub(super) fn json(&self) -> Option<&Json> {
        match self {
            Self::Json(value) => Some(value),
            Self::Pattern(_) | Self::Undefined => None,
        }
    }
}

/// Texts never equal numbers, as Jayway's manual says.
fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left.json(), right.json()) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

/// Only numbers among themselves and texts among themselves have an order; texts that of their UTF-16 units.
fn order(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    let (left, right) = (left.json()?, right.json()?);
    match (left.as_str(), right.as_str()) {
        (Some(left), Some(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        _ => left.compare_numbers(right),
    }
}

fn matches(left: &Value<'_>, right: &Value<'_>) -> bool {
    let (pattern, value) = match (left, right) {
        (Value::Pattern(pattern), Value::Json(value)) | (Value::Json(value), Value::Pattern(pattern)) => {
            (pattern, value)
        }
        // Nothing reads as the empty text.
        (Value::Pattern(pattern), Value::Undefined) | (Value::Undefined, Value::Pattern(pattern)) => {
            return pattern.matches("");
        }
        _ => return false,
    };
    match value.as_array() {
        Some(items) => items.iter().any(|item| pattern.matches(&input_of_pattern(item))),
        None => pattern.matches(&input_of_pattern(value)),
    }
}

fn input_of_pattern(value: &Json) -> String {
    match value {
        Json::String(text) => text.to_string(),
        Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) => value.to_text(),
        Json::Null | Json::Array(_) | Json::Object(_) => String::new(),
    }
}

/// The items of a list operand. A value that is no list makes the whole filter false.
fn list<'v>(operand: &'v Value<'_>) -> Result<&'v [Json], PathError> {
    operand
        .json()
        .and_then(Json::as_array)
        .ok_or_else(|| PathError::Invalid("Expected value list node".to_owned()))
}

fn of_lists(
    left: &Value<'_>,
    right: &Value<'_>,
    holds: fn(&[Json], &[Json]) -> bool,
) -> Result<bool, PathError> {
    Ok(holds(list(left)?, list(right)?))
}

fn contains(list: &[Json], value: &Value<'_>) -> bool {
    value.json().is_some_and(|value| list.contains(value))
}

/// A part of a text, or an item of an array.
fn has(left: &Value<'_>, right: &Value<'_>) -> bool {
    match (left.json().and_then(Json::as_str), right.json().and_then(Json::as_str)) {
        (Some(text), Some(part)) => text.contains(part),
        _ => right.json().is_some_and(|item| has_item(left, item)),
    }
}

fn has_item(left: &Value<'_>, item: &Json) -> bool {
    left.json().and_then(Json::as_array).is_some_and(|items| items.contains(item))
}

/// The length of a text, in UTF-16 units, or of an array.
fn size(operand: &Value<'_>) -> Option<i64> {
    let length = match operand.json()? {
        Json::String(text) => text.encode_utf16().count(),
        Json::Array(_) => operand.json()?.as_array()?.len(),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::Object(_) => {
            return None;
        }
    };
    i64::try_from(length).ok()
}

fn empty(left: &Value<'_>, right: &Value<'_>) -> Result<bool, PathError> {
    let is_empty = match left.json() {
        Some(Json::String(text)) => text.is_empty(),
        Some(Json::Array(_)) => left.json().and_then(Json::as_array).is_some_and(<[Json]>::is_empty),
        Some(Json::Object(_)) => {
            left.json().and_then(Json::as_object).is_some_and(|members| members.is_empty())
        }
        Some(Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_)) | None => {
            return Ok(false);
        }
    };
    match right.json().and_then(Json::as_bool) {
        Some(wanted) => Ok(is_empty == wanted),
        None => Err(PathError::Invalid("Expected boolean node".to_owned())),
    }
}
