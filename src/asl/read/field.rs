//! The kinds of fields that states of several types have: paths, templates, numbers.

use std::ops::RangeInclusive;

use super::cursor::{Cursor, Fields};
use super::jsonata;
use super::report::Language;
use crate::asl::definition::{Number, PathField, ResultPath};
use crate::model::Json;
use crate::query::{self, Path, PayloadTemplate, ReferencePath, TemplateError};

/// What the timeouts of the language may be.
pub(super) const SECONDS: RangeInclusive<u64> = 1..=99_999_999;

pub(super) fn language(cursor: &Cursor<'_>) -> Option<Language> {
    let name = cursor.one_of("QueryLanguage", &["JSONPath", "JSONata"])?;
    Some(if name == "JSONata" { Language::Jsonata } else { Language::JsonPath })
}

/// The language of a state's field, if only one has it.
pub(super) fn language_of(field: &str) -> Option<Language> {
    match field {
        "InputPath"
        | "OutputPath"
        | "Parameters"
        | "ResultSelector"
        | "ResultPath"
        | "Result"
        | "ItemsPath"
        | "SecondsPath"
        | "TimestampPath"
        | "TimeoutSecondsPath"
        | "HeartbeatSecondsPath"
        | "ErrorPath"
        | "CausePath"
        | "MaxConcurrencyPath"
        | "ToleratedFailureCountPath"
        | "ToleratedFailurePercentagePath" => Some(Language::JsonPath),
        "Arguments" | "Output" | "Items" => Some(Language::Jsonata),
        _ => None,
    }
}

/// A path into the input, the context object or a variable.
pub(super) fn path(cursor: &Cursor<'_>) -> Option<Path> {
    let text = cursor.text()?;
    let path = Path::parse(text).map_err(|_| cursor.invalid("Value is not a valid JSONPath")).ok()?;
    cursor.report().note_variables(path.variable().cloned());
    Some(path)
}

/// `InputPath`, `OutputPath`.
pub(super) fn path_field(cursor: Option<Cursor<'_>>) -> PathField {
    let Some(cursor) = cursor else { return PathField::Whole };
    match cursor.value() {
        Json::Null => PathField::Empty,
        Json::String(text) if &**text == "$" => PathField::Whole,
        Json::Bool(_)
        | Json::Int(_)
        | Json::UInt(_)
        | Json::Float(_)
        | Json::String(_)
        | Json::Array(_)
        | Json::Object(_) => path(&cursor).map_or(PathField::Whole, PathField::At),
    }
}

pub(super) fn result_path(cursor: Option<Cursor<'_>>) -> ResultPath {
    let Some(cursor) = cursor else { return ResultPath::Replace };
    if cursor.value().is_null() {
        return ResultPath::Discard;
    }
    match cursor.text() {
        Some("$") | None => ResultPath::Replace,
        Some(text) => match ReferencePath::parse(text) {
            Ok(path) => ResultPath::At(path),
            Err(_) => {
                cursor.invalid("Value is not a Reference Path");
                ResultPath::Replace
            }
        },
    }
}

pub(super) fn template(cursor: &Cursor<'_>) -> Option<PayloadTemplate> {
    reported(cursor, PayloadTemplate::parse(cursor.value()))
}

/// The template that was read, or findings at the places of its errors.
pub(super) fn reported(
    cursor: &Cursor<'_>,
    read: Result<PayloadTemplate, Vec<TemplateError>>,
) -> Option<PayloadTemplate> {
    match read {
        Ok(template) => {
            cursor.report().note_variables(template.variables());
            Some(template)
        }
        Err(errors) => {
            for error in errors {
                let keys: Vec<String> = error.pointer.split('/').skip(1).map(unescaped).collect();
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                cursor.descend(&keys).invalid(error.message);
            }
            None
        }
    }
}

/// A step of a JSON pointer.
fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// A field with a whole number, or in JSONPath its twin with a path to one: `TimeoutSeconds`, `TimeoutSecondsPath`.
pub(super) fn number_or_path(
    fields: &mut Fields<'_>,
    names: [&'static str; 2],
    range: RangeInclusive<u64>,
    language: Language,
) -> Option<Number> {
    number_or_path_within(fields, "", names, range, language)
}

/// The same of a field of a field. `prefix` is what stands before its name in failures of JSONata: `ItemBatcher/`.
pub(super) fn number_or_path_within(
    fields: &mut Fields<'_>,
    prefix: &str,
    [name, path_name]: [&'static str; 2],
    range: RangeInclusive<u64>,
    language: Language,
) -> Option<Number> {
    if language == Language::Jsonata {
        let cursor = fields.take(name)?;
        if is_expression(cursor.value()) {
            return jsonata::expression(&cursor, &format!("{prefix}{name}")).map(Number::Computed);
        }
        return cursor.integer(range).map(Number::Fixed);
    }
    fields.at_most_one(&[name, path_name]);
    let at = fields.take(path_name).and_then(|cursor| path(&cursor)).map(Number::At);
    let fixed = fields.take(name).and_then(|cursor| cursor.integer(range)).map(Number::Fixed);
    fixed.or(at)
}

/// Whether a value is a JSONata expression: `{% … %}`.
pub(super) fn is_expression(value: &Json) -> bool {
    value.as_str().is_some_and(query::is_expression)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check_schema, check_state, machine_of, read};

    #[test]
    fn paths_are_texts_that_select() {
        check_schema(
            r#"{"Type":"Succeed","InputPath":1}"#,
            &["Expected value of type String at ~/InputPath"],
        );
        check_schema(
            r#"{"Type":"Succeed","OutputPath":"a.b"}"#,
            &["Value is not a valid JSONPath at ~/OutputPath"],
        );
    }

    #[test]
    fn a_whole_input_is_no_path() {
        let definition = read(&machine_of(r#"{"Type":"Succeed","InputPath":"$"}"#));
        let state = &definition.scope.states[0];
        assert!(matches!((&state.input_path, &state.output_path), (PathField::Whole, PathField::Whole)));
    }

    #[test]
    fn a_result_path_names_one_place_of_the_input() {
        for path in ["a", "$$.a", "$a", "$.a[*]", ""] {
            check_schema(
                &format!(r#"{{"Type":"Pass","ResultPath":"{path}","End":true}}"#),
                &["Value is not a Reference Path at ~/ResultPath"],
            );
        }
        for path in [r#""$""#, r#""$.a.b""#, "null"] {
            check_state(&format!(r#"{{"Type":"Pass","ResultPath":{path},"End":true}}"#), &[]);
        }
        check_schema(
            r#"{"Type":"Pass","ResultPath":{},"End":true}"#,
            &["Expected value of type String at ~/ResultPath"],
        );
    }

    #[test]
    fn bad_templates_are_located_at_the_object_with_the_bad_key() {
        check_schema(
            r#"{"Type":"Pass","Parameters":{"a":[{"b.$":"States.No("}],"c.$":5},"End":true}"#,
            &[
                "The value for the field 'c.$' must be a valid JSONPath or a valid intrinsic function call at ~/Parameters",
                "The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call at ~/Parameters/a[0]",
            ],
        );
    }

    #[test]
    fn jsonata_expressions_open_and_close() {
        let pass = |output: &str| {
            format!(r#"{{"Type":"Pass","QueryLanguage":"JSONata","Output":{output},"End":true}}"#)
        };
        for output in [r#""{% 10 %""#, r#""10 %}""#] {
            check_schema(
                &pass(output),
                &["A JSONata expression must start with '{%' and end with '%}' at ~/Output"],
            );
        }
        check_schema(
            &pass(r#"{"a":["{% 1"]}"#),
            &["A JSONata expression must start with '{%' and end with '%}' at ~/Output/a[0]"],
        );
        for output in [r#""{%10%}""#, r#""10""#, r#"" {% 10 %} ""#] {
            check_state(&pass(output), &[]);
        }
    }
}
