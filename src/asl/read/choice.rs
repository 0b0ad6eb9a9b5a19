//! Choice states and their rules.

use super::cursor::{Cursor, Fields};
use super::report::Language;
use super::state::StateReader;
use super::{field, wait};
use crate::asl::choice_rule::{ChoiceRule, Condition, Operand, Operator, Relation, Test};
use crate::asl::definition::{Choice, StateKind};
use crate::model::Json;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    state.fields.require(&["Choices"]);
    let rules = state.fields.take("Choices").and_then(|choices| choices.nonempty_items());
    let rules = rules.unwrap_or_default().iter().filter_map(|rule| read_rule(state, rule)).collect();
    let default = state.fields.take("Default").and_then(|default| state.target(&default, "Default"));
    Some(StateKind::Choice(Choice { rules, default }))
}

fn read_rule<'j>(state: &StateReader<'j, '_>, cursor: &Cursor<'j>) -> Option<ChoiceRule> {
    let mut fields = cursor.fields()?;
    fields.require(&["Next"]);
    let next = fields.take("Next").and_then(|next| state.target(&next, "Next"));
    field::assign(&mut fields);
    let condition = match state.language {
        Language::JsonPath => condition(&mut fields),
        Language::Jsonata => jsonata_condition(&mut fields),
    };
    fields.finish();
    Some(ChoiceRule { condition: condition?, next: next? })
}

fn jsonata_condition(fields: &mut Fields<'_>) -> Option<Condition> {
    fields.require(&["Condition"]);
    fields.take("Output");
    let literal = fields.take("Condition").filter(|condition| !field::is_expression(condition.value()));
    if let Some(condition) = literal {
        condition.boolean();
    }
    None
}

/// The operator of a rule, or of a rule within a rule, and what belongs to it.
fn condition(fields: &mut Fields<'_>) -> Option<Condition> {
    let operators: Vec<&'static str> =
        COMBINED.into_iter().chain(tests()).filter(|name| fields.has(name)).collect();
    let [name] = operators.as_slice() else {
        // Known, if too many: not also unsupported.
        operators.iter().for_each(|name| drop(fields.take(name)));
        fields.take("Variable");
        fields.cursor().invalid(if operators.is_empty() {
            "A choice rule needs an operator".to_owned()
        } else {
            format!("Only one of these fields is allowed: [{}]", operators.join(", "))
        });
        return None;
    };
    let operand = fields.take(name)?;
    match *name {
        "And" => rules_within(&operand).map(Condition::And),
        "Or" => rules_within(&operand).map(Condition::Or),
        "Not" => rule_within(&operand).map(|rule| Condition::Not(Box::new(rule))),
        name => test(fields, name, &operand).map(Condition::Test),
    }
}

fn rules_within(cursor: &Cursor<'_>) -> Option<Vec<Condition>> {
    let rules: Vec<_> = cursor.nonempty_items()?.iter().map(rule_within).collect();
    rules.into_iter().collect()
}

fn rule_within(cursor: &Cursor<'_>) -> Option<Condition> {
    let mut fields = cursor.fields()?;
    let condition = condition(&mut fields);
    fields.finish();
    condition
}

fn test(fields: &mut Fields<'_>, name: &str, cursor: &Cursor<'_>) -> Option<Test> {
    fields.require(&["Variable"]);
    let variable = fields.take("Variable").and_then(|variable| field::path(&variable));
    let (operator, operand) = match WITH_TWIN.iter().find(|(_, path_name, _)| *path_name == name) {
        Some((_, _, operator)) => (*operator, field::path(cursor).map(Operand::At)),
        None => {
            let (_, operator) = literal_operators().find(|(literal_name, _)| *literal_name == name)?;
            (operator, literal(operator, cursor).map(Operand::Literal))
        }
    };
    Some(Test { variable: variable?, operator, operand: operand? })
}

/// The operand, if it is of the type that the operator compares with.
fn literal(operator: Operator, cursor: &Cursor<'_>) -> Option<Json> {
    match operator {
        Operator::String(_) | Operator::StringMatches => cursor.text().map(drop),
        Operator::Numeric(_) => cursor.number().map(drop),
        Operator::Timestamp(_) => wait::read_timestamp(cursor).map(drop),
        Operator::BooleanEquals
        | Operator::IsNull
        | Operator::IsPresent
        | Operator::IsNumeric
        | Operator::IsString
        | Operator::IsBoolean
        | Operator::IsTimestamp => cursor.boolean().map(drop),
    }
    .map(|()| cursor.value().clone())
}

const COMBINED: [&str; 3] = ["And", "Or", "Not"];

fn tests() -> impl Iterator<Item = &'static str> {
    literal_operators().map(|(name, _)| name).chain(WITH_TWIN.iter().map(|(_, path_name, _)| *path_name))
}

fn literal_operators() -> impl Iterator<Item = (&'static str, Operator)> {
    WITH_TWIN.iter().map(|(name, _, operator)| (*name, *operator)).chain(WITHOUT_TWIN)
}

/// Operators whose operand may stand in the input: the literal name, the name with a path, what it compares.
#[rustfmt::skip]
const WITH_TWIN: [(&str, &str, Operator); 16] = [
    ("StringEquals", "StringEqualsPath", Operator::String(Relation::Equals)),
    ("StringLessThan", "StringLessThanPath", Operator::String(Relation::LessThan)),
    ("StringGreaterThan", "StringGreaterThanPath", Operator::String(Relation::GreaterThan)),
    ("StringLessThanEquals", "StringLessThanEqualsPath", Operator::String(Relation::LessThanEquals)),
    ("StringGreaterThanEquals", "StringGreaterThanEqualsPath", Operator::String(Relation::GreaterThanEquals)),
    ("NumericEquals", "NumericEqualsPath", Operator::Numeric(Relation::Equals)),
    ("NumericLessThan", "NumericLessThanPath", Operator::Numeric(Relation::LessThan)),
    ("NumericGreaterThan", "NumericGreaterThanPath", Operator::Numeric(Relation::GreaterThan)),
    ("NumericLessThanEquals", "NumericLessThanEqualsPath", Operator::Numeric(Relation::LessThanEquals)),
    ("NumericGreaterThanEquals", "NumericGreaterThanEqualsPath", Operator::Numeric(Relation::GreaterThanEquals)),
    ("TimestampEquals", "TimestampEqualsPath", Operator::Timestamp(Relation::Equals)),
    ("TimestampLessThan", "TimestampLessThanPath", Operator::Timestamp(Relation::LessThan)),
    ("TimestampGreaterThan", "TimestampGreaterThanPath", Operator::Timestamp(Relation::GreaterThan)),
    ("TimestampLessThanEquals", "TimestampLessThanEqualsPath", Operator::Timestamp(Relation::LessThanEquals)),
    ("TimestampGreaterThanEquals", "TimestampGreaterThanEqualsPath", Operator::Timestamp(Relation::GreaterThanEquals)),
    ("BooleanEquals", "BooleanEqualsPath", Operator::BooleanEquals),
];

const WITHOUT_TWIN: [(&str, Operator); 7] = [
    ("StringMatches", Operator::StringMatches),
    ("IsNull", Operator::IsNull),
    ("IsPresent", Operator::IsPresent),
    ("IsNumeric", Operator::IsNumeric),
    ("IsString", Operator::IsString),
    ("IsBoolean", Operator::IsBoolean),
    ("IsTimestamp", Operator::IsTimestamp),
];
