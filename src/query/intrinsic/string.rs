//! `StringSplit` and Format.

use super::arguments::Arguments;
use super::format_template::FormatTemplate;
use crate::model::{Json, SeededRandom};

/// Every character of the second argument parts the text, and empty parts are dropped, as by Java's `StringTokenizer`.
pub(super) fn split(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let text = arguments.text(1)?;
    let separators: Vec<char> = arguments.text(2)?.chars().collect();
    let parts = text.split(separators.as_slice()).filter(|part| !part.is_empty());
    Ok(Json::array(parts.map(Json::from).collect()))
}

/// Format with a template that is computed, too.
pub(super) fn format(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let template = FormatTemplate::of_data(arguments.text(1)?);
    template.fill(arguments.all().get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::query::intrinsic::check::{check, check_failure};

    #[test]
    fn split_parts_at_any_of_the_characters_and_drops_empty_parts() {
        let call = "States.StringSplit($.s, $.by)";
        check(r#"{"s": "a,b,c", "by": ","}"#, call, r#"["a","b","c"]"#);
        check(r#"{"s": ",,,,", "by": ","}"#, call, "[]");
        check(r#"{"s": ", , ,", "by": ","}"#, call, r#"[" "," "]"#);
        check(
            r#"{"s": "This.is+a,test=string", "by": ".+,="}"#,
            call,
            r#"["This","is","a","test","string"]"#,
        );
        check(r#"{"s": "", "by": ","}"#, call, "[]");
        check(r#"{"s": "a,b", "by": ""}"#, call, r#"["a,b"]"#);
        check("{}", "States.StringSplit('Hello\nWorld','\n')", r#"["Hello","World"]"#);
        check_failure(
            r#"{"s": 1, "by": ","}"#,
            call,
            "The intrinsic function States.StringSplit failed: argument 1 must be a string, but was the number 1",
        );
    }

    #[test]
    fn format_prints_values_as_java_prints_them() {
        let call = "States.Format('<{}>', $.v)";
        check(r#"{"v": ""}"#, call, r#""<>""#);
        check(r#"{"v": null}"#, call, r#""<null>""#);
        check(r#"{"v": 1}"#, call, r#""<1>""#);
        check(r#"{"v": 1.1}"#, call, r#""<1.1>""#);
        check(r#"{"v": true}"#, call, r#""<true>""#);
        check(r#"{"v": "{\"Arg1\": 1, \"Arg2\": []}"}"#, call, r#""<{\"Arg1\": 1, \"Arg2\": []}>""#);
        check(r#"{"v": {"Arg1": 1, "Arg2": []}}"#, call, r#""<{Arg1=1, Arg2=[]}>""#);
        check(r#"{"v": ["a", {"b": "c"}]}"#, call, r#""<[a, {b=c}]>""#);
    }

    #[test]
    fn format_takes_as_many_values_as_its_template_has_places() {
        check("{}", "States.Format('no place')", r#""no place""#);
        check("{}", "States.Format('{} {}', 1, 'two')", r#""1 two""#);
        check_failure(
            "{}",
            "States.Format('{} {}', 1)",
            "The intrinsic function States.Format failed: the template has 2 places {} but 1 value is given",
        );
        check_failure(
            r#"{"t": "{}"}"#,
            "States.Format($.t, 1, 2)",
            "The intrinsic function States.Format failed: the template has 1 place {} but 2 values are given",
        );
    }

    #[test]
    fn escaped_braces_of_a_literal_are_no_place() {
        check("{}", r"States.Format('\{\} {} it\'s \\', 1)", r#""{} 1 it's \\""#);
        check("{}", r#"States.Format('{"key":"{}"}', 1)"#, r#""{\"key\":\"1\"}""#);
        check("{}", "States.Format('{ {}} }{', 1)", r#""{ 1} }{""#);
    }

    #[test]
    fn a_template_may_come_from_the_input_or_a_call() {
        check(r#"{"t": "Hi {}\\", "n": "Bo"}"#, "States.Format($.t, $.n)", r#""Hi Bo\\""#);
        check("{}", "States.Format(States.Format('\\{\\}{}', '!'), 1)", r#""1!""#);
        check("{}", "States.Format($$.Execution.Name)", r#""run""#);
        check_failure(
            r#"{"t": 1}"#,
            "States.Format($.t)",
            "The intrinsic function States.Format failed: argument 1 must be a string, but was the number 1",
        );
    }
}
