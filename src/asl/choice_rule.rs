//! The rules of a Choice state: conditions over the input, and where they lead.

use super::definition::StateIndex;
use crate::model::Json;
use crate::query::{Expression, Path, PayloadTemplate};

#[derive(Debug)]
pub(crate) struct ChoiceRule {
    pub(crate) condition: Condition,
    pub(crate) next: StateIndex,
    /// The variables that it sets when its condition holds.
    pub(crate) assign: Option<PayloadTemplate>,
    /// `Output`, in JSONata.
    pub(crate) output: Option<PayloadTemplate>,
}

#[derive(Debug)]
pub(crate) enum Condition {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Test(Test),
    /// `Condition`, in JSONata, written out.
    Literal(bool),
    /// `Condition`, in JSONata.
    Computed(Expression),
}

/// `Variable`, one operator, and what it compares with.
#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) variable: Path,
    pub(crate) operator: Operator,
    pub(crate) operand: Operand,
}

/// The other side of a comparison: a literal, or a value of the input (`…Path` operators).
#[derive(Debug)]
pub(crate) enum Operand {
    Literal(Json),
    At(Path),
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    String(Relation),
    Numeric(Relation),
    Timestamp(Relation),
    BooleanEquals,
    StringMatches,
    IsNull,
    IsPresent,
    IsNumeric,
    IsString,
    IsBoolean,
    IsTimestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}
