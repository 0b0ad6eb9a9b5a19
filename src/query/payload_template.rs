//! Payload templates: JSON whose keys ending in `.$` are computed.

use super::{Evaluation, SyntaxError};
use crate::model::{Failure, Json};

/// Parameters, ResultSelector, ItemSelector, Credentials.
#[derive(Debug, Clone)]
pub(crate) struct PayloadTemplate {}

/// What stands behind a `.$` key, in ErrorPath or CausePath: a path or an intrinsic call.
#[derive(Debug, Clone)]
pub(crate) struct TemplateValue {}

/// A template that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateError {
    /// `The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call`
    pub(crate) message: String,
    /// JSON pointer of the object that holds the bad key, below the template: empty for the template itself.
    pub(crate) pointer: String,
}

impl PayloadTemplate {
    /// Every problem of the template, not only the first.
    pub(crate) fn parse(template: &Json) -> Result<Self, Vec<TemplateError>> {
        let _ = template;
        Err(vec![])
    }

    /// Failures come without the "An error occurred while executing the state…" that the interpreter puts before.
    pub(crate) fn evaluate(&self, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        Ok(evaluation.input.clone())
    }
}

impl TemplateValue {
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        let _ = text;
        Ok(Self {})
    }

    /// `field` is named in failures: `The JSONPath '$.x' specified for the field 'ErrorPath' could not be found…`.
    pub(crate) fn evaluate(&self, field: &str, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        let _ = (field, evaluation);
        Ok(Json::Null)
    }
}
