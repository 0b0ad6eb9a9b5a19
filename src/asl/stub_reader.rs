//! TEMPORARY stand-in for the definition reader: drop this file at the merge.

use std::sync::Arc;

use super::definition::{Definition, PathField, Scope, State, StateIndex, StateKind};
use super::diagnostic::{DefinitionError, Diagnostic, DiagnosticCode};
use crate::model::{Json, StateMachineType};

pub(crate) fn read_definition(text: &str, _: StateMachineType) -> Result<Definition, DefinitionError> {
    let parsed = Json::parse(text).ok();
    if parsed.is_none_or(|json| json.get("StartAt").is_none()) {
        return Err(DefinitionError::Invalid(vec![Diagnostic {
            code: DiagnosticCode::SchemaValidationFailed,
            message: "These fields are required: [States, StartAt]".into(),
            location: Some("/".into()),
        }]));
    }
    let state = State {
        name: "Succeed".into(),
        input_path: PathField::Whole,
        output_path: PathField::Whole,
        kind: StateKind::Succeed,
    };
    let scope = Arc::new(Scope { start_at: StateIndex(0), states: vec![state] });
    Ok(Definition { comment: None, timeout_seconds: None, scope })
}
