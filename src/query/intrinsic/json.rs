//! `JsonMerge`, `StringToJson`, `JsonToString`.

use std::sync::Arc;

use super::arguments::Arguments;
use crate::model::{Json, SeededRandom};
use crate::query::Effort;
use crate::query::compact::compact;

/// Shallow: of equal keys the second object's value wins. Keys keep their order, the first object's before.
pub(super) fn merge(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let mut merged = arguments.object(1)?.clone();
    let over = arguments.object(2)?;
    if arguments.value(3).as_bool() != Some(false) {
        return Err(arguments.must_be(3, "false (objects are only merged shallowly)"));
    }
    merged.extend(over.iter().map(|(key, value)| (Arc::clone(key), value.clone())));
    Ok(Json::object(merged))
}

/// A blank text is null.
pub(super) fn string_to_json(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let text = arguments.text(1)?;
    if text.trim().is_empty() {
        return Ok(Json::Null);
    }
    match Json::parse(text) {
        Ok(value) => compact(&value, &Effort::default()),
        Err(error) => Err(format!("{}: {error}", arguments.must_be(1, "JSON"))),
    }
}

pub(super) fn json_to_string(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    Ok(Json::from(arguments.value(1).to_text()))
}

#[cfg(test)]
mod tests {
    use crate::query::intrinsic::check::{check, check_failure};

    #[test]
    fn merge_is_shallow_and_the_second_object_wins() {
        check(
            r#"{"a": {"a": {"a1": 1, "a2": 2}, "b": 2}, "b": {"a": {"a3": 1}, "c": 5}}"#,
            "States.JsonMerge($.a, $.b, false)",
            r#"{"a":{"a3":1},"b":2,"c":5}"#,
        );
        check_failure(
            "{}",
            "States.JsonMerge($, $, true)",
            "The intrinsic function States.JsonMerge failed: argument 3 must be false (objects are only merged shallowly), but was the boolean true",
        );
        check_failure(
            "{}",
            "States.JsonMerge($, 1, false)",
            "The intrinsic function States.JsonMerge failed: argument 2 must be an object, but was the number 1",
        );
    }

    #[test]
    fn texts_are_read_as_json() {
        let call = "States.StringToJson($.s)";
        for (text, value) in [
            ("", "null"),
            (" ", "null"),
            ("null", "null"),
            ("-0", "0"),
            ("1", "1"),
            ("1.1", "1.1"),
            ("true", "true"),
            (r#"\"HelloWorld\""#, r#""HelloWorld""#),
            (r#"[1, 2, \"HelloWorld\"]"#, r#"[1,2,"HelloWorld"]"#),
            (r#"{\"Arg1\": 1, \"Arg2\": []}"#, r#"{"Arg1":1,"Arg2":[]}"#),
        ] {
            check(&format!(r#"{{"s": "{text}"}}"#), call, value);
        }
        check("{}", r#"States.StringToJson('{"a": "b"}')"#, r#"{"a":"b"}"#);
        check_failure(
            r#"{"s": "{'k':1}"}"#,
            call,
            r#"The intrinsic function States.StringToJson failed: argument 1 must be JSON, but was the string "{'k':1}": Unexpected character (''' (code 39)): was expecting double-quote to start field name"#,
        );
        check_failure(
            r#"{"s": 1}"#,
            call,
            "The intrinsic function States.StringToJson failed: argument 1 must be a string, but was the number 1",
        );
    }

    #[test]
    fn values_are_written_compact() {
        let call = "States.JsonToString($.v)";
        for (value, text) in [
            ("null", r#""null""#),
            ("0", r#""0""#),
            ("1.1", r#""1.1""#),
            (r#""HelloWorld""#, r#""\"HelloWorld\"""#),
            (r#"[1, 2, "HelloWorld"]"#, r#""[1,2,\"HelloWorld\"]""#),
            (r#"{"Arg1": 1, "Arg2": []}"#, r#""{\"Arg1\":1,\"Arg2\":[]}""#),
        ] {
            check(&format!(r#"{{"v": {value}}}"#), call, text);
        }
        check(r#"{"v":  [ 1 ]}"#, "States.JsonToString($)", r#""{\"v\":[1]}""#);
    }
}
