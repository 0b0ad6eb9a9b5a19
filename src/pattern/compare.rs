//! Whether a value is as a pattern says, and where it first is not.

use std::collections::BTreeSet;
use std::fmt;

use super::read::{Kind, Pattern};
use super::unordered::{Unpaired, unpaired};
use crate::model::json::Map;
use crate::model::{Json, Timestamp, fold};

/// How many characters of a value an explanation shows.
const VALUE_WIDTH: usize = 80;

/// Where a value first differs from its pattern, and how: `$.order.items[1].qty: 3 != 2`. The actual value comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// From the whole value to the part that differs: `$.order.items[1].qty`.
    pub(crate) path: String,
    /// `3 != 2`, `missing, expected 2`, `"x" is not a UUID`, …
    pub(crate) explanation: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.explanation)
    }
}

/// A place in a JSON value, linked to the place it lies in; written as `$.a['b c'][0]`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Location<'l> {
    Root,
    Key(&'l Self, &'l str),
    /// The JSON text that the string there holds.
    Text(&'l Self),
    Index(&'l Self, usize),
}

impl<'l> Location<'l> {
    pub(super) fn key(&'l self, key: &'l str) -> Self {
        Self::Key(self, key)
    }

    pub(super) fn text(&'l self) -> Self {
        Self::Text(self)
    }

    pub(super) fn index(&'l self, index: usize) -> Self {
        Self::Index(self, index)
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Key(parent, key) if is_plain(key) => write!(f, "{parent}.{key}"),
            Self::Key(parent, key) => write!(f, "{parent}['{}']", key.replace('\'', "\\'")),
            Self::Text(parent) => write!(f, "json({parent})"),
            Self::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'))
}

/// Whether objects may have keys that the pattern does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    Part,
}

impl Pattern {
    /// Where the value first differs, in the order of sorted keys; `None` if it is as the pattern says.
    pub(crate) fn difference(&self, actual: &Json) -> Option<Difference> {
        self.compare(actual, Extent::Whole, &Location::Root)
    }

    pub(super) fn compare(&self, actual: &Json, extent: Extent, at: &Location<'_>) -> Option<Difference> {
        match self {
            Self::Literal(expected) => compare_literal(expected, actual, at),
            Self::Array(items) => match actual.as_array() {
                Some(actual_items) => compare_items(items, actual_items, extent, at),
                None => Some(self.differs(actual, at)),
            },
            Self::Object(_) => match actual.as_object() {
                Some(members) => self.compare_members(members, extent, at),
                None => Some(self.differs(actual, at)),
            },
            Self::Any(kind) => {
                let explanation = || format!("{} is not {}", shown(actual), kind.phrase());
                (!kind.has(actual)).then(|| explained(at, explanation()))
            }
            Self::Matches(regex) => {
                let found = actual.as_str().is_some_and(|text| regex.is_match(text));
                (!found).then(|| explained(at, format!("{} does not match /{regex}/", shown(actual))))
            }
            Self::Includes(part) => part.compare(actual, Extent::Part, at),
            Self::Text(_)
            | Self::OneOf(_)
            | Self::AllOf(_)
            | Self::Not(_)
            | Self::Contains(_)
            | Self::Unordered(_)
            | Self::Range(_)
            | Self::StartsWith(_)
            | Self::EndsWith(_)
            | Self::Length(_)
            | Self::Absent => self.compare_special(actual, extent, at),
        }
    }

    fn compare_special(&self, actual: &Json, extent: Extent, at: &Location<'_>) -> Option<Difference> {
        let matches = |pattern: &Self, value| pattern.compare(value, extent, at).is_none();
        let holds = match self {
            Self::Text(pattern) => match actual.as_str().map(Json::parse) {
                Some(Ok(inner)) => return pattern.compare(&inner, extent, &at.text()),
                Some(Err(_)) | None => false,
            },
            Self::OneOf(choices) => choices.iter().any(|choice| matches(choice, actual)),
            Self::AllOf(patterns) => {
                return patterns.iter().find_map(|pattern| pattern.compare(actual, extent, at));
            }
            Self::Unordered(patterns) => {
                let Some(items) = actual.as_array() else { return Some(self.differs(actual, at)) };
                return compare_unordered(patterns, items, extent, at);
            }
            Self::Range(range) => range.has(actual),
            Self::StartsWith(start) => actual.as_str().is_some_and(|text| text.starts_with(&**start)),
            Self::EndsWith(end) => actual.as_str().is_some_and(|text| text.ends_with(&**end)),
            Self::Not(pattern) => !matches(pattern, actual),
            Self::Contains(pattern) => {
                actual.as_array().is_some_and(|items| items.iter().any(|item| matches(pattern, item)))
            }
            Self::Length(length) => length_of(actual) == Some(*length),
            Self::Literal(_)
            | Self::Array(_)
            | Self::Object(_)
            | Self::Any(_)
            | Self::Matches(_)
            | Self::Includes(_)
            | Self::Absent => false,
        };
        (!holds).then(|| explained(at, format!("{} is not {}", shown(actual), self.summary())))
    }

    fn compare_members(&self, actual: &Map, extent: Extent, at: &Location<'_>) -> Option<Difference> {
        let Self::Object(expected) = self else { return None };
        let mut keys: BTreeSet<&str> = expected.keys().map(AsRef::as_ref).collect();
        if extent == Extent::Whole {
            keys.extend(actual.keys().map(AsRef::as_ref));
        }
        keys.into_iter()
            .find_map(|key| compare_member(expected.get(key), actual.get(key), extent, &at.key(key)))
    }
}

/// A literal is walked as a pattern would be, so that its first difference has a path too.
fn compare_literal(expected: &Json, actual: &Json, at: &Location<'_>) -> Option<Difference> {
    if expected == actual {
        return None;
    }
    match Pattern::of_literal(expected) {
        Some(pattern) => pattern.compare(actual, Extent::Whole, at),
        None => Some(explained(at, format!("{} != {}", shown(actual), shown(expected)))),
    }
}

fn compare_items(
    expected: &[Pattern],
    actual: &[Json],
    extent: Extent,
    at: &Location<'_>,
) -> Option<Difference> {
    (0..expected.len().max(actual.len()))
        .find_map(|index| compare_member(expected.get(index), actual.get(index), extent, &at.index(index)))
}

fn compare_unordered(
    expected: &[Pattern],
    actual: &[Json],
    extent: Extent,
    at: &Location<'_>,
) -> Option<Difference> {
    match unpaired(expected, actual, extent, at)? {
        Unpaired::Pattern(index) => {
            let wanted = expected.get(index).map(Pattern::summary).unwrap_or_default();
            let others = if index > 0 { " left" } else { "" };
            Some(explained(at, format!("no item{others} is {wanted}")))
        }
        Unpaired::Item(index) => compare_member(None, actual.get(index), extent, &at.index(index)),
    }
}

fn compare_member(
    expected: Option<&Pattern>,
    actual: Option<&Json>,
    extent: Extent,
    at: &Location<'_>,
) -> Option<Difference> {
    match (expected, actual) {
        (Some(Pattern::Absent), None) => None,
        (Some(expected), Some(actual)) => expected.compare(actual, extent, at),
        (Some(expected), None) => Some(explained(at, format!("missing, expected {}", expected.summary()))),
        (None, Some(actual)) => Some(explained(at, format!("unexpected {}", shown(actual)))),
        (None, None) => None,
    }
}

/// The items of an array, the characters of a string.
fn length_of(value: &Json) -> Option<usize> {
    value.as_array().map(<[Json]>::len).or_else(|| value.as_str().map(|text| text.chars().count()))
}

fn explained(at: &Location<'_>, explanation: String) -> Difference {
    Difference { path: at.to_string(), explanation }
}

fn shown(value: &Json) -> String {
    fold(&value.compacted().to_text(), VALUE_WIDTH)
}

impl Pattern {
    fn differs(&self, actual: &Json, at: &Location<'_>) -> Difference {
        explained(at, format!("{} != {}", shown(actual), self.summary()))
    }

    /// In one line, for explanations: the JSON itself, or words for what stands for many values.
    pub(super) fn summary(&self) -> String {
        match self {
            Self::Any(kind) => kind.phrase().to_owned(),
            Self::Matches(regex) => format!("a match of /{regex}/"),
            Self::Text(pattern) => format!("a JSON text that is {}", pattern.summary()),
            Self::OneOf(choices) => {
                let choices: Vec<_> = choices.iter().map(Self::summary).collect();
                fold(&choices.join(" or "), VALUE_WIDTH)
            }
            Self::AllOf(patterns) => {
                let patterns: Vec<_> = patterns.iter().map(Self::summary).collect();
                fold(&patterns.join(" and "), VALUE_WIDTH)
            }
            Self::Unordered(items) => {
                format!("in any order {}", shown(&Json::array(items.iter().map(Self::to_json).collect())))
            }
            Self::Range(range) => range.phrase(),
            Self::StartsWith(start) => format!("a text that starts with {start:?}"),
            Self::EndsWith(end) => format!("a text that ends with {end:?}"),
            Self::Not(pattern) => format!("anything but {}", pattern.summary()),
            Self::Contains(pattern) => format!("an array that contains {}", pattern.summary()),
            Self::Length(length) => format!("of length {length}"),
            Self::Absent => "absent".to_owned(),
            Self::Literal(_) | Self::Array(_) | Self::Object(_) | Self::Includes(_) => shown(&self.to_json()),
        }
    }
}

impl Kind {
    pub(super) fn has(self, value: &Json) -> bool {
        match self {
            Self::Value => true,
            Self::String => value.as_str().is_some(),
            Self::Number => value.is_number(),
            Self::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Self::Boolean => value.as_bool().is_some(),
            Self::Array => value.as_array().is_some(),
            Self::Object => value.as_object().is_some(),
            Self::Uuid => value.as_str().is_some_and(is_uuid),
            Self::Timestamp => value.as_str().is_some_and(|text| Timestamp::parse(text).is_some()),
            Self::EpochSeconds => value.as_f64().is_some_and(is_epoch_seconds),
        }
    }
}

/// Between 2001 and 2286, so that milliseconds are told apart, and with at most three digits after the point.
fn is_epoch_seconds(seconds: f64) -> bool {
    (1e9..1e10).contains(&seconds) && (seconds * 1000.0 - (seconds * 1000.0).round()).abs() < 1e-3
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.concat().chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, actual: &str, expected: Option<&str>) {
        let pattern = Pattern::read(&Json::parse(pattern).unwrap()).unwrap();
        let difference = pattern.difference(&Json::parse(actual).unwrap());
        assert_eq!(difference.map(|difference| difference.to_string()).as_deref(), expected);
    }

    #[test]
    fn equal_values_match_in_any_order_of_keys() {
        check(r#"{"a":[1,{"b":null}],"c":"x"}"#, r#"{"c":"x","a":[1.0,{"b":null}]}"#, None);
    }

    #[test]
    fn the_first_difference_has_a_path_and_both_values() {
        check(
            r#"{"order":{"items":[{"qty":1},{"qty":2}]}}"#,
            r#"{"order":{"items":[{"qty":1},{"qty":3}]}}"#,
            Some("$.order.items[1].qty: 3 != 2"),
        );
        check(r#"{"b":1,"a":1}"#, r#"{"b":2,"a":2}"#, Some("$.a: 2 != 1"));
        check(r#"{"a b":{"it's":1}}"#, r#"{"a b":{"it's":"1"}}"#, Some(r#"$['a b']['it\'s']: "1" != 1"#));
        check("null", "{}", Some("$: {} != null"));
        check("[1]", "1", Some("$: 1 != [1]"));
        check(r#"{"a":1}"#, "[]", Some(r#"$: [] != {"a":1}"#));
    }

    #[test]
    fn missing_and_unexpected_parts_are_named() {
        check(r#"{"a":1}"#, "{}", Some("$.a: missing, expected 1"));
        check("{}", r#"{"a":1}"#, Some("$.a: unexpected 1"));
        check("[1,2]", "[1]", Some("$[1]: missing, expected 2"));
        check("[1]", "[1,2]", Some("$[1]: unexpected 2"));
        check(r#"{"id":{"$any":"uuid"}}"#, "{}", Some("$.id: missing, expected a UUID"));
        check(r#"{"id":{"$matches":"^a"}}"#, "{}", Some("$.id: missing, expected a match of /^a/"));
        check(r#"{"p":{"$includes":{"a":1}}}"#, "{}", Some(r#"$.p: missing, expected {"a":1}"#));
    }

    #[test]
    fn a_pattern_says_what_the_value_is_not() {
        check(r#"{"id":{"$any":"uuid"}}"#, r#"{"id":"abc"}"#, Some(r#"$.id: "abc" is not a UUID"#));
        check(r#"[{"$matches":"^a"}]"#, r#"["ba"]"#, Some(r#"$[0]: "ba" does not match /^a/"#));
        check(r#"[{"$matches":"^a"}]"#, "[1]", Some("$[0]: 1 does not match /^a/"));
        check(r#"[{"$matches":"b"}]"#, r#"["abc"]"#, None);
    }

    #[test]
    fn a_part_may_leave_out_keys_on_every_level_but_no_items() {
        let part = r#"{"$includes":{"a":{"b":1},"items":[{"id":1}]}}"#;
        check(part, r#"{"a":{"b":1,"c":2},"items":[{"id":1,"x":0}],"d":3}"#, None);
        check(part, r#"{"a":{"c":2},"items":[{"id":1}]}"#, Some("$.a.b: missing, expected 1"));
        check(
            part,
            r#"{"a":{"b":1},"items":[{"id":1},{"id":2}]}"#,
            Some(r#"$.items[1]: unexpected {"id":2}"#),
        );
    }

    #[test]
    fn outside_the_part_values_are_whole_again() {
        check(
            r#"{"a":{"$includes":{"x":1}},"b":{"y":1}}"#,
            r#"{"a":{"x":1,"z":0},"b":{"y":1,"z":0}}"#,
            Some("$.b.z: unexpected 0"),
        );
    }

    #[test]
    fn a_literal_is_read_as_no_pattern() {
        check(r#"{"$literal":{"$any":"uuid"}}"#, r#"{"$any":"uuid"}"#, None);
        check(
            r#"{"$literal":{"a":[{"$any":"uuid"}]}}"#,
            r#"{"a":[{"$any":"x"}]}"#,
            Some(r#"$.a[0].$any: "x" != "uuid""#),
        );
    }

    #[test]
    fn a_text_of_json_is_looked_into() {
        check(r#"{"input":{"$json":{"a":1}}}"#, r#"{"input":"{ \"a\" : 1 }"}"#, None);
        check(r#"{"input":{"$json":{"a":1}}}"#, r#"{"input":"{\"a\":2}"}"#, Some("json($.input).a: 2 != 1"));
        check(r#"{"$json":[1]}"#, r#""no""#, Some(r#"$: "no" is not a JSON text that is [1]"#));
    }

    #[test]
    fn choices_exclusions_contents_and_lengths_are_told_in_words() {
        check(r#"{"$oneOf":[1,{"$any":"uuid"}]}"#, "1", None);
        check(r#"{"$oneOf":[1,{"$any":"uuid"}]}"#, "2", Some("$: 2 is not 1 or a UUID"));
        check(r#"{"$not":1}"#, "2", None);
        check(r#"{"$not":1}"#, "1", Some("$: 1 is not anything but 1"));
        check(r#"{"$contains":{"$includes":{"a":1}}}"#, r#"[0,{"a":1,"b":2}]"#, None);
        check(r#"{"$contains":1}"#, "[2]", Some("$: [2] is not an array that contains 1"));
        check(r#"{"$length":2}"#, "[1,2]", None);
        check(r#"{"$length":2}"#, r#""äö""#, None);
        check(r#"{"$length":2}"#, "[1]", Some("$: [1] is not of length 2"));
    }

    #[test]
    fn ranges_prefixes_and_conjunctions_are_told_in_words() {
        check(r#"{"n":{"$range":{"min":1,"below":5}}}"#, r#"{"n":4.9}"#, None);
        check(
            r#"{"n":{"$range":{"min":1,"below":5}}}"#,
            r#"{"n":5}"#,
            Some("$.n: 5 is not a number of at least 1 and below 5"),
        );
        check(r#"{"$startsWith":"or"}"#, r#""order""#, None);
        check(r#"{"$startsWith":"or"}"#, r#""for""#, Some(r#"$: "for" is not a text that starts with "or""#));
        check(r#"{"$endsWith":"or"}"#, r#""for""#, None);
        check(r#"{"$endsWith":"or"}"#, r#""order""#, Some(r#"$: "order" is not a text that ends with "or""#));
        let both = r#"{"$allOf":[{"$any":"string"},{"$length":3}]}"#;
        check(both, r#""abc""#, None);
        check(both, r#""ab""#, Some(r#"$: "ab" is not of length 3"#));
        check(both, "[1,2,3]", Some("$: [1,2,3] is not a string"));
        check(
            r#"{"a":{"$allOf":[{"$any":"string"},{"$length":3}]}}"#,
            "{}",
            Some("$.a: missing, expected a string and of length 3"),
        );
    }

    #[test]
    fn items_in_any_order_are_compared_with_their_patterns() {
        let part = r#"{"$includes":{"items":{"$unordered":[{"id":1},{"id":2}]}}}"#;
        check(part, r#"{"items":[{"id":2,"x":0},{"id":1}],"n":2}"#, None);
        check(part, r#"{"items":[{"id":3},{"id":2}]}"#, Some(r#"$.items: no item is {"id":1}"#));
        check(r#"{"$unordered":[1,1]}"#, "[1,2]", Some("$: no item left is 1"));
        check(r#"{"$unordered":[1]}"#, "[1,1]", Some("$[1]: unexpected 1"));
        check(r#"{"$unordered":[1]}"#, "{}", Some("$: {} != in any order [1]"));
        check(r#"{"$unordered":[1,{"$any":"uuid"}]}"#, "1", Some(r#"$: 1 != in any order [1,"<any uuid>"]"#));
    }

    #[test]
    fn a_key_of_a_part_can_be_excluded() {
        check(r#"{"$includes":{"a":{"$absent":true}}}"#, r#"{"b":1}"#, None);
        check(r#"{"$includes":{"a":{"$absent":true}}}"#, r#"{"a":1}"#, Some("$.a: 1 is not absent"));
    }

    #[test]
    fn moments_on_the_wire_are_seconds_with_milliseconds() {
        check(r#"{"$any":"epoch-seconds"}"#, "1716997200.123", None);
        for other in ["1716997200123", "1716997200.1234567", "\"1716997200\""] {
            assert!(
                Pattern::Any(Kind::EpochSeconds).difference(&Json::parse(other).unwrap()).is_some(),
                "{other}"
            );
        }
    }

    #[test]
    fn long_values_are_folded() {
        let long = "x".repeat(200);
        let shown = format!("\"{}…", "x".repeat(78));
        check("1", &format!("\"{long}\""), Some(&format!("$: {shown} != 1")));
    }
}
