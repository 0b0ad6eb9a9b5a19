//! JSONata in definitions: expressions, values that hold some, and what they may read of `$states`.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>

use super::cursor::{Cursor, Fields};
use super::field;
use super::report::Language;
use crate::query::{Expression, PayloadTemplate, StatesMember};

/// Where `Assign` or `Output` stands.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) language: Language,
    /// What stands before the name of a field in failures: `Catch[0]/`.
    pub(super) prefix: String,
    /// What expressions may read there, beyond what all may read.
    pub(super) members: &'static [StatesMember],
}

impl Site {
    /// A field of the state itself.
    pub(super) const fn of_state(language: Language, members: &'static [StatesMember]) -> Self {
        Self { language, prefix: String::new(), members }
    }

    /// A field of an item of `Catch` or `Choices`.
    pub(super) fn within(language: Language, item: &str, members: &'static [StatesMember]) -> Self {
        Self { language, prefix: format!("{item}/"), members }
    }
}

/// Definitions in JSONata are read in every build, but run only by those with the engine.
pub(super) fn require_engine(cursor: &Cursor<'_>) {
    if !cfg!(feature = "jsonata") {
        cursor.needs_feature("jsonata");
    }
}

/// `Output`, of a state, a choice rule or a catcher.
pub(super) fn output(fields: &mut Fields<'_>, site: &Site) -> Option<PayloadTemplate> {
    let cursor = fields.take("Output")?;
    template(&cursor, &format!("{}Output", site.prefix), site.members)
}

/// A value in which any text may be an expression. `field` is what failures call it.
pub(super) fn template(
    cursor: &Cursor<'_>,
    field: &str,
    members: &[StatesMember],
) -> Option<PayloadTemplate> {
    let template = field::reported(cursor, PayloadTemplate::parse_jsonata(cursor.value(), field))?;
    for expression in template.expressions() {
        check_members(cursor, expression, members);
    }
    Some(template)
}

/// The expression of a field that takes one; `None` if the value is a literal.
pub(super) fn expression(cursor: &Cursor<'_>, field: &str) -> Option<Expression> {
    match Expression::parse(cursor.value().as_str()?, field) {
        Ok(expression) => {
            let expression = expression?;
            cursor.report().note_variables(expression.variables().iter().cloned());
            check_members(cursor, &expression, &[]);
            Some(expression)
        }
        Err(message) => {
            cursor.invalid(message);
            None
        }
    }
}

fn check_members(cursor: &Cursor<'_>, expression: &Expression, members: &[StatesMember]) {
    for member in StatesMember::ALL {
        if expression.names(member) && !members.contains(&member) {
            let (text, field, name) = (expression.text(), expression.field(), member.name());
            cursor.invalid(format!(
                "The JSONata expression '{text}' specified for the field '{field}' reads '$states.{name}', which is not available there"
            ));
        }
    }
}
