//! Fail states.

use super::cursor::{Cursor, Fields};
use super::field;
use super::report::Language;
use super::state::StateReader;
use crate::asl::definition::{Fail, FailText, StateKind};
use crate::query::TemplateValue;

/// The intrinsic functions that give a string.
const TEXT_FUNCTIONS: [&str; 7] = [
    "States.Format",
    "States.JsonToString",
    "States.ArrayGetItem",
    "States.Base64Encode",
    "States.Base64Decode",
    "States.Hash",
    "States.UUID",
];

#[expect(clippy::unnecessary_wraps, reason = "reads like the other types")]
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
    let literal = fields.take(name).and_then(|text| text.text()).map(|text| FailText::Literal(text.into()));
    if language == Language::Jsonata {
        return literal;
    }
    fields.at_most_one(&[name, path_name]);
    let computed = fields.take(path_name).and_then(|path| computed(&path, path_name)).map(FailText::At);
    literal.or(computed)
}

fn computed(cursor: &Cursor<'_>, name: &str) -> Option<TemplateValue> {
    let text = cursor.text()?;
    if field::names_variable(text) {
        cursor.not_emulated("variables");
        return None;
    }
    let function = text.split('(').next().unwrap_or_default().trim_end();
    let gives_text = text.starts_with('$') || TEXT_FUNCTIONS.contains(&function);
    let value = TemplateValue::parse(text).ok().filter(|_| gives_text);
    if value.is_none() {
        cursor.invalid(format!(
            "The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
        ));
    }
    value
}
