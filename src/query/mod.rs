//! Row 2: how definitions select and build JSON: JSONPath, reference paths, payload templates, intrinsic functions.

mod path;
mod payload_template;
mod reference_path;

pub(crate) use path::Path;
pub(crate) use payload_template::{PayloadTemplate, TemplateError, TemplateValue};
pub(crate) use reference_path::ReferencePath;

use crate::model::{Json, SeededRandom};

/// What an expression can see while it is evaluated.
pub(crate) struct Evaluation<'e> {
    /// `$`
    pub(crate) input: &'e Json,
    /// Builds `$$`, the context object; called only by expressions that read it.
    pub(crate) context: &'e dyn Fn() -> Json,
    /// For States.UUID and States.MathRandom.
    pub(crate) random: &'e mut SeededRandom,
}

/// A text that is no path, template or intrinsic call of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError(pub(crate) String);
