//! Definition text to a [`Definition`], or everything that is wrong with it.
//!
//! Each value is read by a function that takes a cursor. What is faulty is reported at the cursor and then read as
//! if it were absent, so that reading goes on; a definition that has findings is thrown away at the end.

mod choice;
mod cursor;
mod distributed_map;
mod error_handler;
mod fail;
mod field;
mod item_reader;
mod jsonata;
mod map;
mod parallel;
mod report;
mod scope;
mod state;
mod task;
mod variables;
mod wait;
mod work;

#[cfg(test)]
mod tests;

use cursor::Cursor;
use field::SECONDS;
use report::{Language, Report};

use super::definition::Definition;
use super::diagnostic::{DefinitionError, Diagnostic, DiagnosticCode};
use crate::model::json::{JsonError, KeyPath};
use crate::model::{Json, StateMachineType};

/// Reads a definition, as `CreateStateMachine` does. All findings are collected, in the order of the definition.
pub(crate) fn read_definition(
    text: &str,
    machine_type: StateMachineType,
) -> Result<Definition, DefinitionError> {
    if text.trim().is_empty() {
        return Err(not_an_object());
    }
    let (json, duplicates) = Json::parse_noting_duplicates(text).map_err(|error| not_json(text, &error))?;
    if json.as_object().is_none() {
        return Err(not_an_object());
    }
    let report = Report::new(machine_language(&json));
    let definition = read_machine(&Cursor::at_root(&json, &report), machine_type, &duplicates);
    match report.into_error() {
        Some(error) => Err(error),
        None => Ok(definition.expect("what cannot be read has been reported")),
    }
}

fn read_machine(
    root: &Cursor<'_>,
    machine_type: StateMachineType,
    duplicates: &[KeyPath],
) -> Option<Definition> {
    let mut fields = root.fields()?;
    if let Some(language) = fields.take("QueryLanguage")
        && field::language(&language) == Some(Language::Jsonata)
    {
        jsonata::require_engine(&language);
    }
    if let Some(version) = fields.take("Version") {
        version.one_of("Version", &["1.0"]);
    }
    let timeout_seconds = fields.take("TimeoutSeconds").and_then(|seconds| seconds.integer(SECONDS));
    let _comment = fields.take("Comment").and_then(|comment| comment.text());
    scope::report_repeated_names(root, duplicates);
    let scope = scope::read(&mut fields, machine_type, None);
    fields.finish();
    let variable_references = root.report().take_variable_references();
    Some(Definition { timeout_seconds, scope: scope?, variable_references })
}

/// Read ahead of everything else: it decides how the states are read. Faults are reported later.
fn machine_language(definition: &Json) -> Language {
    match definition.get("QueryLanguage").and_then(Json::as_str) {
        Some("JSONata") => Language::Jsonata,
        Some(_) | None => Language::JsonPath,
    }
}

fn not_an_object() -> DefinitionError {
    DefinitionError::Invalid(vec![Diagnostic {
        code: DiagnosticCode::SchemaValidationFailed,
        message: "Definition must be a valid JSON object".to_owned(),
        location: None,
    }])
}

/// Jackson's words, with the source that its messages show: at most this many characters of it.
const SNIPPET: usize = 500;

fn not_json(text: &str, error: &JsonError) -> DefinitionError {
    let snippet: String = text.chars().take(SNIPPET).collect();
    let truncated = match text.chars().count().saturating_sub(SNIPPET) {
        0 => String::new(),
        rest => format!("[truncated {rest} chars]"),
    };
    let (line, column) = (error.position.line, error.position.column);
    let source = format!("[Source: (String)\"{snippet}\"{truncated}; line: {line}, column: {column}]");
    DefinitionError::Invalid(vec![Diagnostic {
        code: DiagnosticCode::InvalidJsonDescription,
        message: format!("{}\n at {source}", error.message),
        location: Some(source),
    }])
}
