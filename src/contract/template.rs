//! Requests and patterns with placeholders: `${name}` in strings, `{"$json": …}`, `{"$repeat": […]}`, `{"$minus": […]}`.

use std::sync::Arc;

pub(super) use super::place::{is_path, value_at};
use crate::model::Json;
use crate::model::json::Map;
use crate::pattern::Pattern;

/// No request of the API is larger.
const LONGEST_TEXT: usize = 8 * 1024 * 1024;

/// What the name in `${name}` stands for.
pub(super) type Names<'n> = dyn Fn(&str) -> Option<Json> + 'n;

/// Whether `{"$json": …}` becomes a text, or is left for the pattern to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Request,
    Pattern,
}

/// A request: placeholders are filled in, `{"$json": …}` becomes a text.
pub(super) fn filled(json: &Json, names: &Names<'_>) -> Result<Json, String> {
    fill(json, Mode::Request, names)
}

/// A pattern with its placeholders filled in. Within `$matches` what is filled in stands for itself.
pub(super) fn pattern(json: &Json, names: &Names<'_>) -> Result<Pattern, String> {
    let filled = fill(json, Mode::Pattern, names)?;
    Pattern::read(&filled).map_err(|invalid| invalid.to_string())
}

/// Why this can be no pattern, whatever its placeholders stand for.
pub(super) fn check_pattern(json: &Json) -> Result<(), String> {
    pattern(json, &|_| Some(Json::from("x"))).map(drop)
}

fn fill(json: &Json, mode: Mode, names: &Names<'_>) -> Result<Json, String> {
    if let Some(text) = json.as_str() {
        return fill_text(text, names, &|value| value);
    }
    if let Some(items) = json.as_array() {
        let items = items.iter().map(|item| fill(item, mode, names));
        return items.collect::<Result<_, _>>().map(Json::array);
    }
    let Some(members) = json.as_object() else { return Ok(json.clone()) };
    if let Some(special) = special(members) {
        return fill_special(special, mode, names);
    }
    let members = members.iter().map(|(key, value)| {
        let key = fill_text(key, names, &|value| value)?;
        Ok((Arc::from(key.as_str().unwrap_or_default()), fill(value, mode, names)?))
    });
    members.collect::<Result<Map, String>>().map(Json::object)
}

/// Name and argument of an object that has one key, which starts with `$`.
fn special(members: &Map) -> Option<(&str, &Json)> {
    let mut members = members.iter();
    let (key, argument) = members.next()?;
    (members.next().is_none() && key.starts_with('$')).then_some((key, argument))
}

fn fill_special((key, argument): (&str, &Json), mode: Mode, names: &Names<'_>) -> Result<Json, String> {
    match (key, mode) {
        ("$json", Mode::Request) => Ok(Json::from(fill(argument, mode, names)?.to_text())),
        ("$literal", Mode::Request) => Ok(argument.clone()),
        ("$repeat", _) => repeated(&fill(argument, mode, names)?),
        ("$minus", _) => difference(&fill(argument, mode, names)?),
        ("$matches", Mode::Pattern) => {
            let regex = argument.as_str().unwrap_or_default();
            Ok(Json::from_members([(key, fill_text(regex, names, &|value| escaped(&value))?)]))
        }
        _ => Ok(Json::from_members([(key, fill(argument, mode, names)?)])),
    }
}

/// `["ab", 3]`: `ababab`.
fn repeated(argument: &Json) -> Result<Json, String> {
    let usage = || format!("`$repeat` takes a string and how often it is repeated, not {argument}");
    let (Some([text, times]), None) = (argument.as_array(), argument.as_str()) else { return Err(usage()) };
    let text = text.as_str().ok_or_else(usage)?;
    let times = times.as_i64().and_then(|times| usize::try_from(times).ok()).ok_or_else(usage)?;
    if text.len().saturating_mul(times) > LONGEST_TEXT {
        return Err(format!("`$repeat` makes no more than {LONGEST_TEXT} bytes"));
    }
    Ok(Json::from(text.repeat(times)))
}

/// `[7, 2]`: `5`. Seconds keep their milliseconds and nothing finer.
fn difference(argument: &Json) -> Result<Json, String> {
    let numbers: Option<Vec<f64>> =
        argument.as_array().and_then(|items| items.iter().map(Json::as_f64).collect());
    match numbers.as_deref() {
        Some([left, right]) => Ok(Json::Float(((left - right) * 1000.0).round() / 1000.0)),
        _ => Err(format!("`$minus` takes two numbers, not {argument}")),
    }
}

/// The text with its placeholders filled in; a text that is nothing but one placeholder becomes what it stands for.
/// `$${` is a `${` that is none.
fn fill_text(text: &str, names: &Names<'_>, change: &dyn Fn(String) -> String) -> Result<Json, String> {
    let value_of = |name: &str| names(name).ok_or_else(|| format!("nothing is called `${{{name}}}` here"));
    if let Some(name) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))
        && !name.contains("${")
    {
        let value = value_of(name)?;
        return Ok(match value.as_str() {
            Some(text) => Json::from(change(text.to_owned())),
            None => value,
        });
    }
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            filled.extend([before, "${"]);
            rest = after;
            continue;
        }
        let (name, after) =
            after.split_once('}').ok_or_else(|| format!("`{text}` has a `${{` without `}}`"))?;
        let value = value_of(name)?;
        let value = value.as_str().map_or_else(|| value.to_text(), str::to_owned);
        filled.push_str(before);
        filled.push_str(&change(value));
        rest = after;
    }
    filled.push_str(rest);
    Ok(Json::from(filled))
}

/// The text as a regular expression that matches just this text.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if r"\.+*?()|[]{}^$#&-~/".contains(c) && c != '/' {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str) -> Option<Json> {
        match name {
            "arn" => Some(Json::from("arn:a.b")),
            "count" => Some(Json::Int(3)),
            _ => None,
        }
    }

    #[track_caller]
    fn check(template: &str, expected: &str) {
        let filled = filled(&Json::parse(template).unwrap(), &names).map(|json| json.compacted().to_text());
        assert_eq!(filled.unwrap_or_else(|error| error), expected);
    }

    #[test]
    fn placeholders_are_filled_in_wherever_a_text_stands() {
        check(
            r#"{"a":["${arn}:1","${count}","n${count}","$${arn}"],"${arn}":1}"#,
            r#"{"a":["arn:a.b:1",3,"n3","${arn}"],"arn:a.b":1}"#,
        );
        check(r#""${none}""#, "nothing is called `${none}` here");
        check(r#""${arn""#, "`${arn` has a `${` without `}`");
    }

    #[test]
    fn texts_of_json_long_texts_and_differences_are_made() {
        check(
            r#"{"definition":{"$json":{"b":1,"a":"${arn}"}}}"#,
            r#"{"definition":"{\"b\":1,\"a\":\"arn:a.b\"}"}"#,
        );
        check(r#"{"$repeat":["ab",3]}"#, r#""ababab""#);
        check(r#"{"$repeat":["ab"]}"#, "`$repeat` takes a string and how often it is repeated, not [\"ab\"]");
        check(r#"{"$repeat":["ab",99999999]}"#, "`$repeat` makes no more than 8388608 bytes");
        check(r#"{"$minus":[5.25,"${count}"]}"#, "2.25");
        check(r#"{"$minus":["a",1]}"#, "`$minus` takes two numbers, not [\"a\",1]");
        check(r#"{"$literal":"${arn}"}"#, r#""${arn}""#);
    }

    #[test]
    fn what_is_filled_into_an_expression_stands_for_itself() {
        let pattern = pattern(&Json::parse(r#"{"$matches":"^${arn}:[0-9]$"}"#).unwrap(), &names).unwrap();
        assert_eq!(pattern.difference(&Json::from("arn:a.b:1")), None);
        assert!(pattern.difference(&Json::from("arn:aXb:1")).is_some());
    }
}
