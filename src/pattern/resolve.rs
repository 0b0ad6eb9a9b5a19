//! Patterns back to JSON, so that a diff shows only what really differs.

use std::sync::Arc;

use super::compare::{Extent, Location};
use super::read::Pattern;
use crate::model::Json;
use crate::model::json::Map;

impl Pattern {
    /// The value nearest to `actual` that the pattern allows: where the two agree, `actual` itself, so that a diff
    /// of both shows only what differs. Patterns that `actual` does not match show as `<any uuid>`.
    pub(crate) fn resolved(&self, actual: &Json) -> Json {
        self.resolve(Some(actual), Extent::Whole)
    }

    /// The pattern as a JSON value for people, not to be read back.
    pub(super) fn to_json(&self) -> Json {
        self.resolve(None, Extent::Whole)
    }

    fn resolve(&self, actual: Option<&Json>, extent: Extent) -> Json {
        if let Some(actual) = actual
            && self.compare(actual, extent, &Location::Root).is_none()
        {
            return actual.clone();
        }
        match self {
            Self::Literal(expected) => resolve_literal(expected, actual),
            Self::Any(kind) => Json::string(format!("<any {}>", kind.name())),
            Self::Matches(regex) => Json::string(format!("<matching {regex}>")),
            Self::Includes(part) => part.resolve(actual, Extent::Part),
            Self::Unordered(items) => resolve_unordered(items, actual, extent),
            Self::Text(_)
            | Self::OneOf(_)
            | Self::AllOf(_)
            | Self::Not(_)
            | Self::Contains(_)
            | Self::Range(_)
            | Self::StartsWith(_)
            | Self::EndsWith(_)
            | Self::Length(_)
            | Self::Absent => Json::string(format!("<{}>", self.summary())),
            Self::Array(items) => {
                let at = |index| actual.and_then(Json::as_array).and_then(|items| items.get(index));
                let items = items.iter().enumerate().map(|(index, item)| item.resolve(at(index), extent));
                Json::array(items.collect())
            }
            Self::Object(members) => {
                let actual = actual.and_then(Json::as_object);
                let at = |key: &Arc<str>| actual.and_then(|members| members.get(key));
                let mut resolved: Map = members
                    .iter()
                    .filter(|(key, member)| !matches!(member, Self::Absent) || at(key).is_some())
                    .map(|(key, member)| (key.clone(), member.resolve(at(key), extent)))
                    .collect();
                if extent == Extent::Part {
                    let others = actual.into_iter().flatten().filter(|(key, _)| !members.contains_key(*key));
                    resolved.extend(others.map(|(key, value)| (key.clone(), value.clone())));
                }
                Json::object(resolved)
            }
        }
    }
}

/// Literals are walked as well: `1` and `1.0` are equal, so parts that agree show as `actual` writes them.
fn resolve_literal(expected: &Json, actual: Option<&Json>) -> Json {
    match (actual, Pattern::of_literal(expected)) {
        (Some(_), Some(pattern)) => pattern.resolve(actual, Extent::Whole),
        _ => expected.clone(),
    }
}

/// In the order of the actual items, as far as they are wanted; then what is missing.
fn resolve_unordered(patterns: &[Pattern], actual: Option<&Json>, extent: Extent) -> Json {
    let mut wanted: Vec<&Pattern> = patterns.iter().collect();
    let mut resolved = Vec::new();
    for item in actual.and_then(Json::as_array).into_iter().flatten() {
        let fits = |pattern: &&Pattern| pattern.compare(item, extent, &Location::Root).is_none();
        if let Some(index) = wanted.iter().position(fits) {
            wanted.remove(index);
            resolved.push(item.clone());
        }
    }
    resolved.extend(wanted.into_iter().map(|pattern| pattern.resolve(None, extent)));
    Json::array(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, actual: &str, resolved: &str) {
        let pattern = Pattern::read(&Json::parse(pattern).unwrap()).unwrap();
        assert_eq!(pattern.resolved(&Json::parse(actual).unwrap()).compacted().to_text(), resolved);
    }

    #[test]
    fn what_agrees_shows_as_the_actual_value() {
        check(r#"{"a":1,"b":2,"c":0}"#, r#"{"c":1,"a":1.0,"b":3}"#, r#"{"a":1.0,"b":2,"c":0}"#);
        check(r#"{"id":{"$any":"string"},"b":2}"#, r#"{"id":"x","b":3}"#, r#"{"b":2,"id":"x"}"#);
        check(r#"{"$literal":{"a":1,"b":2}}"#, r#"{"a":1.0,"b":3}"#, r#"{"a":1.0,"b":2}"#);
    }

    #[test]
    fn what_does_not_match_shows_as_its_pattern() {
        check(r#"[{"$any":"uuid"},{"$matches":"^a"}]"#, "[1]", r#"["<any uuid>","<matching ^a>"]"#);
    }

    #[test]
    fn items_in_any_order_show_in_the_order_they_have() {
        check(r#"{"$unordered":[1,2,{"$any":"uuid"}]}"#, "[2,3,1]", r#"[2,1,"<any uuid>"]"#);
        check(r#"{"$range":{"above":1}}"#, "1", r#""<a number above 1>""#);
    }

    #[test]
    fn keys_that_a_part_leaves_open_show_as_they_are() {
        check(
            r#"{"$includes":{"a":{"b":1}}}"#,
            r#"{"a":{"b":2,"c":3},"d":4}"#,
            r#"{"a":{"b":1,"c":3},"d":4}"#,
        );
    }
}
