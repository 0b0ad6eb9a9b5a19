//! JSON inside JSON strings, opened for the eyes of a reviewer and closed again byte for byte.

use std::sync::Arc;

use crate::model::Json;
use crate::model::json::Map;

/// `{"$json": …}` is the string that has the compact text of this value.
const JSON: &str = "$json";
/// `{"$json-spaced": …}` is the string that has its text as Python writes it, with a blank after each comma and colon.
const SPACED: &str = "$json-spaced";
/// `{"$lines": […]}` is the string that has these lines.
const LINES: &str = "$lines";

/// Deeper values stay strings, so that the file does not nest deeper than JSON may.
const MOST_DEPTH: usize = 200;

/// The value with its strings opened: those that hold an object or array in its compact form as `{"$json": …}`, in the
/// form that Python writes as `{"$json-spaced": …}`, others of several lines as `{"$lines": […]}`. A string whose value
/// has one of these keys itself stays as it is.
pub(super) fn open(value: &Json) -> Json {
    map(value, &open_text, &|key| if is_marker(key) { format!("${key}").into() } else { Arc::clone(key) })
}

/// The value that was opened.
pub(super) fn close(opened: &Json) -> Json {
    match marked(opened) {
        Some(Marked::Json(inner)) => Json::from(close(inner).compacted().to_text()),
        Some(Marked::Spaced(inner)) => Json::from(spaced(&close(inner))),
        Some(Marked::Lines(lines)) => Json::from(lines),
        None => match opened {
            Json::Array(_) => Json::array(opened.as_array().unwrap_or_default().iter().map(close).collect()),
            Json::Object(_) => {
                let members = opened.as_object().into_iter().flatten();
                Json::object(members.map(|(key, member)| (unmarked(key), close(member))).collect())
            }
            Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
                opened.clone()
            }
        },
    }
}

/// An opened string.
pub(super) enum Marked<'j> {
    Json(&'j Json),
    Spaced(&'j Json),
    /// The whole text.
    Lines(String),
}

pub(super) fn marked(opened: &Json) -> Option<Marked<'_>> {
    let members = opened.as_object().filter(|members| members.len() == 1)?;
    if let Some(inner) = members.get(JSON) {
        return Some(Marked::Json(inner));
    }
    if let Some(inner) = members.get(SPACED) {
        return Some(Marked::Spaced(inner));
    }
    let lines = members.get(LINES)?.as_array()?.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?;
    Some(Marked::Lines(lines.join("\n")))
}

/// The value with other strings and keys; what was a marker stays one, since its key is only told to `key`.
pub(super) fn map(value: &Json, text: &dyn Fn(&str) -> Json, key: &dyn Fn(&Arc<str>) -> Arc<str>) -> Json {
    match value {
        Json::String(string) => text(string),
        Json::Array(_) => {
            let items = value.as_array().unwrap_or_default();
            Json::array(items.iter().map(|item| map(item, text, key)).collect())
        }
        Json::Object(_) => {
            let members = value.as_object().into_iter().flatten();
            Json::object(members.map(|(name, member)| (key(name), map(member, text, key))).collect())
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) => value.clone(),
    }
}

fn open_text(text: &str) -> Json {
    if let Some(inner) = container(text)
        && inner.depth() <= MOST_DEPTH
        && !has_marker(&inner)
    {
        if inner.compacted().to_text() == text {
            return marker(JSON, open(&inner));
        }
        if spaced(&inner) == text {
            return marker(SPACED, open(&inner));
        }
    }
    if text.trim_end_matches('\n').contains('\n') {
        return marker(LINES, Json::array(text.split('\n').map(Json::from).collect()));
    }
    Json::from(text)
}

/// The text with a blank after each comma and colon.
pub(super) fn spaced(value: &Json) -> String {
    if let Some(items) = value.as_array() {
        return format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", "));
    }
    match value.as_object() {
        Some(members) => {
            let member = |(key, value): (&Arc<str>, &Json)| {
                format!("{}: {}", Json::String(Arc::clone(key)).to_text(), spaced(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        None => value.to_text(),
    }
}

/// The object or array that the text holds.
pub(super) fn container(text: &str) -> Option<Json> {
    if text.trim_start().starts_with(['{', '[']) { Json::parse(text).ok() } else { None }
}

fn marker(key: &str, value: Json) -> Json {
    Json::object(Map::from_iter([(key.into(), value)]))
}

fn has_marker(value: &Json) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(has_marker))
        || value
            .as_object()
            .is_some_and(|members| members.iter().any(|(key, member)| is_marker(key) || has_marker(member)))
}

/// `$json`, `$json-spaced` or `$lines`, also with more dollar signs: those that a user's key was given.
fn is_marker(key: &str) -> bool {
    let name = key.trim_start_matches('$');
    name.len() < key.len() && ["json", "json-spaced", "lines"].contains(&name)
}

/// The key of the user's that a longer one stands for.
pub(super) fn unmarked(key: &Arc<str>) -> Arc<str> {
    match key.strip_prefix('$') {
        Some(rest) if is_marker(rest) => rest.into(),
        Some(_) | None => Arc::clone(key),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn opened(value: &str) -> String {
        let value = Json::parse(value).unwrap();
        let opened = open(&value);
        assert_eq!(close(&opened).compacted().to_text(), value.compacted().to_text());
        opened.compacted().to_text()
    }

    #[test]
    fn a_string_of_compact_json_is_opened_at_any_depth() {
        assert_eq!(
            opened(r#"{"input":"{\"a\":[1,2.5],\"b\":\"{\\\"c\\\":null}\"}"}"#),
            r#"{"input":{"$json":{"a":[1,2.5],"b":{"$json":{"c":null}}}}}"#
        );
    }

    #[test]
    fn a_string_that_would_not_come_back_byte_for_byte_stays_as_it_is() {
        for text in [
            r#"{"input":"{\"a\":  1}"}"#,
            r#"{"input":"{\"a\": 1,\"b\":2}"}"#,
            r#"{"input":"{ \"a\": 1}"}"#,
            r#"{"input":"{\"a\":1e400}"}"#,
            r#"{"input":"{\"a\":1,\"a\":2}"}"#,
            r#"{"input":"{\"a\":\"\\u0041\"}"}"#,
            r#"{"input":"{\"$json\":1}"}"#,
            r#"{"input":"[{\"$$lines\":1}]"}"#,
            r#"{"input":"7"}"#,
            r#"{"input":"\"text\""}"#,
            r#"{"input":"{broken"}"#,
        ] {
            assert_eq!(opened(text), text);
        }
    }

    #[test]
    fn json_as_python_writes_it_is_opened_too() {
        assert_eq!(
            opened(r#"{"output":"{\"a\": [1, {\"b\": null}], \"c\": {}}"}"#),
            r#"{"output":{"$json-spaced":{"a":[1,{"b":null}],"c":{}}}}"#
        );
    }

    #[test]
    fn other_texts_of_several_lines_are_shown_as_lines() {
        assert_eq!(
            opened(r#"{"definition":"{\n  \"StartAt\": \"A\"\n}\n"}"#),
            r#"{"definition":{"$lines":["{","  \"StartAt\": \"A\"","}",""]}}"#
        );
        assert_eq!(opened(r#"{"message":"one line\n"}"#), r#"{"message":"one line\n"}"#);
    }

    #[test]
    fn keys_of_the_message_that_look_like_ours_are_told_apart() {
        assert_eq!(opened(r#"{"$json":{"$$lines":"x"}}"#), r#"{"$$json":{"$$$lines":"x"}}"#);
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let scalar = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::Int),
            any::<f64>()
                .prop_filter("JSON has no such number", |float| float.is_finite())
                .prop_map(Json::Float),
            r#"[ -~é\n"\\{}\[\]$]{0,12}"#.prop_map(Json::from),
        ];
        scalar.prop_recursive(5, 40, 4, |inner| {
            let key = prop_oneof![
                r"[a-z]{1,3}",
                Just("$json".to_owned()),
                Just("$lines".to_owned()),
                Just("$$json".to_owned()),
                Just("$json-spaced".to_owned())
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::array),
                proptest::collection::vec((key, inner.clone()), 0..4).prop_map(Json::from_members),
                inner.clone().prop_map(|value| Json::from(value.compacted().to_text())),
                inner.clone().prop_map(|value| Json::from(value.to_pretty_text())),
                inner.prop_map(|value| Json::from(spaced(&value))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_opened_closes_to_the_same_bytes(value in any_json()) {
            let file = Json::parse(&open(&value).to_pretty_text()).unwrap();
            prop_assert_eq!(close(&file).compacted().to_text(), value.compacted().to_text());
        }
    }
}
