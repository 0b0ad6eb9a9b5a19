//! Fail states.

use super::cursor::{Cursor, Fields};
use super::field;
use super::jsonata;
use super::report::Language;
use super::state::StateReader;
use crate::asl::definition::{Fail, FailText, StateKind};
use crate::query::TemplateValue;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    state.scope.note_end();
    let error = text(&mut state.fields, ["Error", "ErrorPath"], state.language);
    let cause = text(&mut state.fields, ["Cause", "CausePath"], state.language);
    Some(StateKind::Fail(Fail { error, cause }))
}

fn text(
    fields: &mut Fields<'_>,
    [name, path_name]: [&'static str; 2],
    language: Language,
) -> Option<FailText> {
    let written = fields.take(name);
    if language == Language::Jsonata
        && let Some(cursor) = written.as_ref().filter(|cursor| field::is_expression(cursor.value()))
    {
        return jsonata::expression(cursor, name).map(FailText::Computed);
    }
    let literal = written.and_then(|text| text.text()).map(|text| FailText::Literal(text.into()));
    if language == Language::Jsonata {
        return literal;
    }
    fields.at_most_one(&[name, path_name]);
    let computed = fields.take(path_name).and_then(|path| computed(&path, path_name)).map(FailText::At);
    literal.or(computed)
}

fn computed(cursor: &Cursor<'_>, name: &str) -> Option<TemplateValue> {
    let text = cursor.text()?;
    let value = TemplateValue::parse(text).ok().filter(TemplateValue::may_be_text);
    let Some(value) = value else {
        cursor.invalid(format!(
            "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
        ));
        return None;
    };
    cursor.report().note_variables(value.variables());
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check_schema, check_state, machine_of, read};

    #[test]
    fn error_and_cause_are_written_out_or_computed() {
        for [name, path_name] in [["Error", "ErrorPath"], ["Cause", "CausePath"]] {
            check_schema(
                &format!(r#"{{"Type":"Fail","{name}":"E","{path_name}":"$.e"}}"#),
                &[&format!("Only one of these fields is allowed: [{name}, {path_name}] at ~")],
            );
            check_schema(
                &format!(r#"{{"Type":"Fail","{name}":1}}"#),
                &[&format!("Expected value of type String at ~/{name}")],
            );
        }
    }

    #[test]
    fn only_functions_that_give_a_text_are_allowed() {
        for call in ["States.StringToJson($.a)", "States.MathAdd($.a, 1)", "Error", ""] {
            check_schema(
                &format!(r#"{{"Type":"Fail","CausePath":"{call}"}}"#),
                &[
                    "The value for the field 'CausePath' must be a valid JSONPath or a valid intrinsic function call at ~/CausePath",
                ],
            );
        }
        for call in ["$.error", "$$.State.Name", "States.UUID()", "States.Format('{}', $.a)"] {
            check_state(&format!(r#"{{"Type":"Fail","ErrorPath":"{call}"}}"#), &[]);
        }
    }

    #[test]
    fn a_bare_fail_state_is_fine() {
        let definition = read(&machine_of(r#"{"Type":"Fail"}"#));
        assert!(matches!(
            definition.scope.states[0].kind,
            StateKind::Fail(Fail { error: None, cause: None })
        ));
    }
}
