//! Reference paths: the paths that name exactly one place, and can be written to.

use super::SyntaxError;
use crate::model::Json;

/// The value of ResultPath: `$.a.b`, `$['a'][0]`; no wildcards, filters, slices or functions.
#[derive(Debug, Clone)]
pub(crate) struct ReferencePath {}

impl ReferencePath {
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        Err(SyntaxError(text.to_owned()))
    }

    /// `input` with `value` at the path; objects on the way are made. `None` where the input is no object.
    pub(crate) fn put(&self, input: &Json, value: Json) -> Option<Json> {
        let _ = (input, value);
        None
    }
}
