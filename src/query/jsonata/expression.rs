//! One `{% … %}` of a definition: what it gives, and how AWS words it when it gives nothing of use.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::engine::Program;
use super::outcome::{Outcome, Trouble};
use super::{FailedEvaluation, StatesMember};
use crate::model::failure::error_name;
use crate::model::{Failure, Json};
use crate::query::Evaluation;

/// A JSONata expression, and the field it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    text: Arc<str>,
    field: Arc<str>,
    program: Program,
}

/// Of a text that opens as an expression and does not close, or the other way round.
const CUT: &str = "A JSONata expression must start with '{%' and end with '%}'";

/// What a field takes. The names are those of JSONata's `$type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Array,
    /// An array, or an object, whose members are items too.
    Items,
    Boolean,
    Number,
    String,
}

/// Whether a text is a JSONata expression: `{% … %}`, with nothing before or behind.
pub(crate) fn is_expression(text: &str) -> bool {
    inner_text(text).is_some()
}

fn inner_text(text: &str) -> Option<&str> {
    Some(text.strip_prefix("{%")?.strip_suffix("%}")?.trim())
}

impl Expression {
    /// Reads `{% … %}`. `field` names it in failures: `Output/total`. `None` if the text is no expression but itself.
    pub(crate) fn parse(text: &str, field: &str) -> Result<Option<Self>, String> {
        let Some(text) = inner_text(text) else {
            let is_cut = text.starts_with("{%") || text.ends_with("%}");
            return if is_cut { Err(CUT.to_owned()) } else { Ok(None) };
        };
        let program = Program::compile(text).map_err(|why| {
            format!("The JSONata expression '{text}' specified for the field '{field}' is not valid. {why}")
        })?;
        Ok(Some(Self { text: text.into(), field: field.into(), program }))
    }

    /// As failures quote it: without `{%` and `%}`.
    pub(crate) const fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The field it stands in: `Output/total`.
    pub(crate) const fn field(&self) -> &Arc<str> {
        &self.field
    }

    /// The names of the variables that it reads, without `$`.
    pub(crate) fn variables(&self) -> &BTreeSet<Arc<str>> {
        &self.program.references().variables
    }

    /// Whether it names this member of `$states`.
    pub(crate) fn names(&self, member: StatesMember) -> bool {
        self.program.references().states.members.contains_key(member.name())
    }

    /// What it gives. Failures come without the "An error occurred while executing the state…" that the
    /// interpreter puts before.
    pub(crate) fn evaluate(&self, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        let program = &self.program;
        match program.evaluate(evaluation) {
            Ok(Outcome::Value(value)) => Ok(value),
            Ok(Outcome::Undefined) => Err(self.failure(evaluation, "returned nothing (undefined).")),
            Ok(Outcome::NoJson) => Err(self.failure(evaluation, "returned an unsupported result type.")),
            Err(Trouble::Failed(why)) => {
                Err(self.failure(evaluation, &format!("threw an error during evaluation. {why}")))
            }
            Err(Trouble::Endless) => {
                evaluation.effort.exhaust();
                Err(self.failure(evaluation, "was stopped by sfn-testkit."))
            }
        }
    }

    /// The same, of a field that takes values of one type.
    pub(crate) fn evaluate_as(
        &self,
        expected: Expected,
        evaluation: &mut Evaluation<'_>,
    ) -> Result<Json, Failure> {
        let value = self.evaluate(evaluation)?;
        if expected.takes(&value) {
            return Ok(value);
        }
        Err(self.unexpected(expected.name(), &value, evaluation))
    }

    /// The same, of a field that takes whole numbers from `least` on.
    pub(crate) fn evaluate_whole(&self, least: u64, evaluation: &mut Evaluation<'_>) -> Result<u64, Failure> {
        let value = self.evaluate_as(Expected::Number, evaluation)?;
        let whole = value.as_i64().and_then(|whole| u64::try_from(whole).ok());
        whole.filter(|whole| *whole >= least).ok_or_else(|| {
            let wanted = if least == 0 { "non-negative integer" } else { "positive integer" };
            self.unexpected(wanted, &value, evaluation)
        })
    }

    /// The same, of a field that takes any whole number.
    pub(crate) fn evaluate_integer(&self, evaluation: &mut Evaluation<'_>) -> Result<i64, Failure> {
        let value = self.evaluate_as(Expected::Number, evaluation)?;
        value.as_i64().ok_or_else(|| self.unexpected("integer", &value, evaluation))
    }

    fn unexpected(&self, expected: &str, value: &Json, evaluation: &mut Evaluation<'_>) -> Failure {
        let found = value.type_name();
        let why = format!(
            "returned an unexpected result type. Expected '{expected}', but was '{found}' for value: {value}"
        );
        self.failure(evaluation, &why)
    }

    fn failure(&self, evaluation: &mut Evaluation<'_>, why: &str) -> Failure {
        let field = Some(Arc::clone(&self.field));
        evaluation.jsonata.failed = Some(FailedEvaluation { field, after_evaluation: false });
        let (text, field) = (&self.text, &self.field);
        Failure::new(
            error_name::QUERY_EVALUATION_ERROR,
            format!("The JSONata expression '{text}' specified for the field '{field}' {why}"),
        )
    }
}

impl Expected {
    const fn name(self) -> &'static str {
        match self {
            Self::Array | Self::Items => "array",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
        }
    }

    fn takes(self, value: &Json) -> bool {
        value.type_name() == self.name() || (self == Self::Items && value.as_object().is_some())
    }
}
