//! The condition of a filter, parsed.

use super::JsonPath;
use super::operator::Operator;
use super::pattern::Pattern;
use crate::model::Json;

#[derive(Debug, Clone)]
pub(super) enum Filter {
    Or(Vec<Self>),
    And(Vec<Self>),
    Not(Box<Self>),
    /// `@.isbn`: true for a present null, too.
    Exists(JsonPath),
    Compare(Box<Comparison>),
}

#[derive(Debug, Clone)]
pub(super) struct Comparison {
    pub(super) left: Operand,
    pub(super) operator: Operator,
    pub(super) right: Operand,
}

#[derive(Debug, Clone)]
pub(super) enum Operand {
    Value(Json),
    Pattern(Pattern),
    Path(JsonPath),
}
