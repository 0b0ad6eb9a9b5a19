//! A path field of a definition: JSONPath over the input (`$…`) or over the context object (`$$…`).

use std::sync::Arc;

use super::{Evaluation, SyntaxError};
use crate::model::Json;

/// The value of InputPath, OutputPath, ItemsPath, Variable, or a `…Path` field.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    text: Arc<str>,
}

impl Path {
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        Ok(Self { text: text.into() })
    }

    /// As it stands in the definition.
    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// What it selects. `Err` is Jayway's sentence, such as `No results for path: $['a']`; callers put their own
    /// words around it.
    pub(crate) fn select(&self, evaluation: &Evaluation<'_>) -> Result<Json, String> {
        Err(evaluation.input.to_text())
    }
}
