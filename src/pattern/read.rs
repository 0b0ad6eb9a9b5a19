//! From JSON to a typed pattern, or to the reason why it is none.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use regex_lite::Regex;

use super::compare::Location;
use super::range::NumberRange;
use crate::model::Json;
use crate::model::json::Map;

/// What a JSON value must be.
#[derive(Debug, Clone)]
pub(crate) enum Pattern {
    /// This very value.
    Literal(Json),
    /// As many items, each as its pattern says.
    Array(Vec<Self>),
    /// These keys, each as its pattern says; sorted, so that the first difference is that of a sorted diff.
    Object(BTreeMap<Arc<str>, Self>),
    /// `{"$any": "uuid"}`.
    Any(Kind),
    /// `{"$matches": "regex"}`.
    Matches(Regex),
    /// `{"$includes": …}`: objects may have further keys.
    Includes(Box<Self>),
    /// `{"$json": …}`: a string that holds a JSON text, which is as the pattern says.
    Text(Box<Self>),
    /// `{"$oneOf": […]}`.
    OneOf(Vec<Self>),
    /// `{"$allOf": […]}`: as each of them says.
    AllOf(Vec<Self>),
    /// `{"$not": …}`.
    Not(Box<Self>),
    /// `{"$contains": …}`: an array with such an item.
    Contains(Box<Self>),
    /// `{"$unordered": […]}`: as many items, each as one of the patterns says, in any order.
    Unordered(Vec<Self>),
    /// `{"$range": {"min": 1, "below": 10}}`: a number between bounds.
    Range(NumberRange),
    /// `{"$startsWith": "order-"}`.
    StartsWith(Arc<str>),
    /// `{"$endsWith": ".csv"}`.
    EndsWith(Arc<str>),
    /// `{"$length": 3}`: of so many items or characters.
    Length(usize),
    /// `{"$absent": true}`: within `$includes`, a key that is not there.
    Absent,
}

/// The argument of `$any`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Value,
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,
    Uuid,
    Timestamp,
    EpochSeconds,
}

/// A value that looks like a pattern and is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidPattern {
    pub(crate) path: String,
    pub(crate) reason: String,
}

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl Pattern {
    pub(crate) fn read(json: &Json) -> Result<Self, InvalidPattern> {
        read(json, &Location::Root)
    }

    /// What [`includes`](super::includes) makes of this pattern.
    pub(crate) fn included(self) -> Self {
        Self::Includes(Box::new(self))
    }

    /// An array or object as a pattern of literals, one level deep; `None` for other values.
    pub(crate) fn of_literal(value: &Json) -> Option<Self> {
        if let Some(items) = value.as_array() {
            return Some(Self::Array(items.iter().cloned().map(Self::Literal).collect()));
        }
        let members = value.as_object()?.iter();
        Some(Self::Object(
            members.map(|(key, value)| (Arc::clone(key), Self::Literal(value.clone()))).collect(),
        ))
    }
}

fn read(json: &Json, at: &Location<'_>) -> Result<Pattern, InvalidPattern> {
    if let Some(members) = json.as_object() {
        return read_object(members, at);
    }
    let Some(items) = json.as_array() else { return Ok(Pattern::Literal(json.clone())) };
    let items = items.iter().enumerate().map(|(index, item)| read(item, &at.index(index)));
    items.collect::<Result<_, _>>().map(Pattern::Array)
}

fn read_object(members: &Map, at: &Location<'_>) -> Result<Pattern, InvalidPattern> {
    let mut pairs = members.iter();
    if let (Some((key, argument)), None) = (pairs.next(), pairs.next())
        && key.starts_with('$')
    {
        return read_special(key, argument, at);
    }
    let members = members.iter().map(|(key, value)| Ok((Arc::clone(key), read(value, &at.key(key))?)));
    members.collect::<Result<_, _>>().map(Pattern::Object)
}

fn read_special(key: &str, argument: &Json, at: &Location<'_>) -> Result<Pattern, InvalidPattern> {
    match key {
        "$any" => read_kind(argument).map(Pattern::Any),
        "$matches" => read_regex(argument).map(Pattern::Matches),
        "$includes" => return Ok(read(argument, &at.key(key))?.included()),
        "$json" => return Ok(Pattern::Text(Box::new(read(argument, &at.key(key))?))),
        "$not" => return Ok(Pattern::Not(Box::new(read(argument, &at.key(key))?))),
        "$contains" => return Ok(Pattern::Contains(Box::new(read(argument, &at.key(key))?))),
        "$oneOf" => return read_patterns(key, argument, &at.key(key)).map(Pattern::OneOf),
        "$allOf" => return read_patterns(key, argument, &at.key(key)).map(Pattern::AllOf),
        "$unordered" => return read_unordered(argument, &at.key(key)),
        "$range" => NumberRange::read(argument).map(Pattern::Range),
        "$startsWith" => read_text(key, argument).map(Pattern::StartsWith),
        "$endsWith" => read_text(key, argument).map(Pattern::EndsWith),
        "$length" => read_length(argument).map(Pattern::Length),
        "$absent" if argument.as_bool() == Some(true) => Ok(Pattern::Absent),
        "$absent" => Err(format!("`$absent` takes `true`, not {argument}")),
        "$literal" => Ok(Pattern::Literal(argument.clone())),
        unknown => Err(format!(
            "`{unknown}` is no pattern: there are `$any`, `$matches`, `$includes`, `$json`, `$oneOf`, `$allOf`, \
             `$not`, `$contains`, `$unordered`, `$range`, `$startsWith`, `$endsWith`, `$length`, `$absent` and \
             `$literal`; for a payload that has this very key write {{\"$literal\": {{\"{unknown}\": …}}}}"
        )),
    }
    .map_err(|reason| InvalidPattern { path: at.to_string(), reason })
}

/// One pattern or more.
fn read_patterns(key: &str, argument: &Json, at: &Location<'_>) -> Result<Vec<Pattern>, InvalidPattern> {
    match argument.as_array() {
        Some(patterns) if !patterns.is_empty() => read_each(patterns, at),
        Some(_) | None => Err(no_patterns(key, argument, at)),
    }
}

/// The patterns of all items; there may be none.
fn read_unordered(argument: &Json, at: &Location<'_>) -> Result<Pattern, InvalidPattern> {
    let items = argument.as_array().ok_or_else(|| no_patterns("$unordered", argument, at))?;
    read_each(items, at).map(Pattern::Unordered)
}

fn read_each(patterns: &[Json], at: &Location<'_>) -> Result<Vec<Pattern>, InvalidPattern> {
    patterns.iter().enumerate().map(|(index, pattern)| read(pattern, &at.index(index))).collect()
}

fn no_patterns(key: &str, argument: &Json, at: &Location<'_>) -> InvalidPattern {
    let reason = format!("`{key}` takes an array of patterns, not {argument}");
    InvalidPattern { path: at.to_string(), reason }
}

fn read_text(key: &str, argument: &Json) -> Result<Arc<str>, String> {
    argument.as_str().map(Arc::from).ok_or_else(|| format!("`{key}` takes a text, not {argument}"))
}

fn read_length(argument: &Json) -> Result<usize, String> {
    let length = argument.as_i64().and_then(|length| usize::try_from(length).ok());
    length.ok_or_else(|| format!("`$length` takes a number of items or characters, not {argument}"))
}

fn read_kind(argument: &Json) -> Result<Kind, String> {
    let known = Kind::ALL.iter().find(|kind| argument.as_str() == Some(kind.name()));
    known.copied().ok_or_else(|| {
        let names: Vec<_> = Kind::ALL.iter().map(|kind| format!("`{}`", kind.name())).collect();
        format!("`$any` takes one of {}, not {argument}", names.join(", "))
    })
}

fn read_regex(argument: &Json) -> Result<Regex, String> {
    let text =
        argument.as_str().ok_or_else(|| format!("`$matches` takes a regular expression, not {argument}"))?;
    Regex::new(text).map_err(|error| format!("`$matches` cannot read the expression `{text}`: {error}"))
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Value,
        Self::String,
        Self::Number,
        Self::Integer,
        Self::Boolean,
        Self::Array,
        Self::Object,
        Self::Uuid,
        Self::Timestamp,
        Self::EpochSeconds,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
            Self::Uuid => "uuid",
            Self::Timestamp => "timestamp",
            Self::EpochSeconds => "epoch-seconds",
        }
    }

    /// With its article, for explanations.
    pub(super) const fn phrase(self) -> &'static str {
        match self {
            Self::Value => "a value",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Integer => "an integer",
            Self::Boolean => "a boolean",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Uuid => "a UUID",
            Self::Timestamp => "a timestamp",
            Self::EpochSeconds => "a moment in seconds since 1970, to the millisecond",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str) -> String {
        Pattern::read(&Json::parse(text).unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_pattern_is_refused_with_what_to_write() {
        assert_eq!(
            refused(r#"{"a":[{"$id":1}]}"#),
            "$.a[0]: `$id` is no pattern: there are `$any`, `$matches`, `$includes`, `$json`, `$oneOf`, `$allOf`, \
             `$not`, `$contains`, `$unordered`, `$range`, `$startsWith`, `$endsWith`, `$length`, `$absent` and \
             `$literal`; for a payload that has this very key write {\"$literal\": {\"$id\": …}}"
        );
    }

    #[test]
    fn an_unknown_kind_is_refused_with_the_known_ones() {
        assert_eq!(
            refused(r#"{"$any":"uid"}"#),
            "$: `$any` takes one of `value`, `string`, `number`, `integer`, `boolean`, `array`, `object`, `uuid`, \
             `timestamp`, `epoch-seconds`, not \"uid\""
        );
    }

    #[test]
    fn an_unreadable_expression_is_refused_with_its_reason() {
        assert!(
            refused(r#"{"x":{"$matches":"["}}"#)
                .starts_with("$.x: `$matches` cannot read the expression `[`: ")
        );
        assert_eq!(refused(r#"{"$oneOf":1}"#), "$.$oneOf: `$oneOf` takes an array of patterns, not 1");
        assert_eq!(refused(r#"{"$allOf":[]}"#), "$.$allOf: `$allOf` takes an array of patterns, not []");
        assert_eq!(
            refused(r#"{"a":{"$unordered":{}}}"#),
            "$.a.$unordered: `$unordered` takes an array of patterns, not {}"
        );
        assert_eq!(refused(r#"{"$startsWith":1}"#), "$: `$startsWith` takes a text, not 1");
        assert_eq!(refused(r#"{"$endsWith":null}"#), "$: `$endsWith` takes a text, not null");
        assert!(refused(r#"{"$range":1}"#).starts_with("$: `$range` takes an object with `min` or `above`"));
        assert_eq!(refused(r#"{"$absent":1}"#), "$: `$absent` takes `true`, not 1");
        assert_eq!(
            refused(r#"{"$length":"x"}"#),
            "$: `$length` takes a number of items or characters, not \"x\""
        );
        assert_eq!(refused(r#"{"$matches":1}"#), "$: `$matches` takes a regular expression, not 1");
    }

    #[test]
    fn an_object_with_more_than_one_key_is_no_special_pattern() {
        assert!(matches!(
            Pattern::read(&Json::parse(r#"{"$any":"uuid","b":1}"#).unwrap()),
            Ok(Pattern::Object(members)) if members.len() == 2
        ));
    }

    #[test]
    fn a_path_template_key_is_an_ordinary_key() {
        assert!(matches!(Pattern::read(&Json::parse(r#"{"id.$":"$.id"}"#).unwrap()), Ok(Pattern::Object(_))));
    }
}
