//! Row 2: how definitions select and build JSON: JSONPath, reference paths, payload templates, intrinsic
//! functions, variables, JSONata.

mod compact;
mod effort;
mod intrinsic;
mod java_text;
mod jayway;
mod jsonata;
mod path;
mod payload_template;
mod reference_path;
mod syntax_error;
mod template_value;
mod variable_name;
mod variables;

pub(crate) use effort::Effort;
pub(crate) use jsonata::{Expected, Expression, FailedEvaluation, JsonataScope, StatesMember, is_expression};
pub(crate) use path::Path;
pub(crate) use payload_template::{PayloadTemplate, TemplateError};
pub(crate) use reference_path::ReferencePath;
pub(crate) use syntax_error::SyntaxError;
pub(crate) use template_value::TemplateValue;
pub(crate) use variable_name::is_variable_name;
pub(crate) use variables::Variables;

use crate::model::{Json, SeededRandom};

/// What an expression can see while it is evaluated.
pub(crate) struct Evaluation<'e> {
    /// `$`
    pub(crate) input: &'e Json,
    /// Builds `$$`, the context object; called only by expressions that read it.
    pub(crate) context: &'e dyn Fn() -> Json,
    /// `$name`
    pub(crate) variables: &'e Variables,
    /// For States.UUID and States.MathRandom.
    pub(crate) random: &'e mut SeededRandom,
    /// How much work it may be.
    pub(crate) effort: Effort,
    /// What only JSONata expressions see.
    pub(crate) jsonata: JsonataScope<'e>,
}
