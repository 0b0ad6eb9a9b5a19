//! Choice states and their rules.

use super::cursor::{Cursor, Fields};
use super::jsonata::{self, Site};
use super::report::Language;
use super::state::StateReader;
use super::{field, variables, wait};
use crate::asl::choice_rule::{ChoiceRule, Condition, Operand, Operator, Relation, Test};
use crate::asl::definition::{Choice, StateKind};
use crate::model::Json;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    state.fields.require(&["Choices"]);
    let rules = state.fields.take("Choices").and_then(|choices| choices.nonempty_items());
    let rules = rules.unwrap_or_default();
    let rules = rules.iter().enumerate().filter_map(|(index, rule)| read_rule(state, rule, index)).collect();
    let default = state.fields.take("Default").and_then(|default| state.target(&default, "Default"));
    Some(StateKind::Choice(Choice { rules, default }))
}

fn read_rule<'j>(state: &StateReader<'j, '_>, cursor: &Cursor<'j>, index: usize) -> Option<ChoiceRule> {
    let mut fields = cursor.fields()?;
    fields.require(&["Next"]);
    let next = fields.take("Next").and_then(|next| state.target(&next, "Next"));
    let site = Site::within(state.language, &format!("Choices[{index}]"), &[]);
    let assign = variables::assign(&mut fields, state.scope, &site);
    let (condition, output) = match state.language {
        Language::JsonPath => (condition(&mut fields), None),
        Language::Jsonata => (jsonata_condition(&mut fields, &site), jsonata::output(&mut fields, &site)),
    };
    fields.finish();
    Some(ChoiceRule { condition: condition?, next: next?, assign, output })
}

fn jsonata_condition(fields: &mut Fields<'_>, site: &Site) -> Option<Condition> {
    fields.require(&["Condition"]);
    let cursor = fields.take("Condition")?;
    if field::is_expression(cursor.value()) {
        let name = format!("{}Condition", site.prefix);
        return jsonata::expression(&cursor, &name).map(Condition::Computed);
    }
    cursor.boolean().map(Condition::Literal)
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
    if !cursor.is_shallow() {
        return None;
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check, read};

    /// A Choice `S` with one rule, which leads to `T`.
    fn machine(rule: &str, fields: &str) -> String {
        format!(
            r#"{{"StartAt":"S","States":{{"S":{{"Type":"Choice","Choices":[{{"Next":"T",{rule}}}]{fields}}},"T":{{"Type":"Succeed"}}}}}}"#
        )
    }

    fn check_rule(rule: &str, messages: &[&str]) {
        let expected: Vec<String> =
            messages.iter().map(|message| format!("SCHEMA_VALIDATION_FAILED: {message}")).collect();
        let expected: Vec<String> =
            expected.iter().map(|text| text.replace('~', "/States/S/Choices[0]")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&machine(rule, ""), &expected);
    }

    #[test]
    fn a_choice_has_rules() {
        let choice = |choices: &str| {
            format!(
                r#"{{"StartAt":"S","States":{{"S":{{"Type":"Choice","Default":"T"{choices}}},"T":{{"Type":"Succeed"}}}}}}"#
            )
        };
        for (choices, message) in [
            ("", "These fields are required: [Choices] at /States/S"),
            (r#","Choices":[]"#, "Value cannot be empty at /States/S/Choices"),
            (r#","Choices":{}"#, "Expected value of type Array at /States/S/Choices"),
            (r#","Choices":[[]]"#, "Expected value of type Object at /States/S/Choices[0]"),
            (
                r#","Choices":[{"Variable":"$.a","IsNull":true}]"#,
                "These fields are required: [Next] at /States/S/Choices[0]",
            ),
        ] {
            check(&choice(choices), &[&format!("SCHEMA_VALIDATION_FAILED: {message}")]);
        }
    }

    #[test]
    fn rules_lead_to_states_of_the_scope() {
        let rule = r#""Variable":"$.a","IsNull":true"#;
        check(
            &machine(rule, r#","Default":"U","Next":"T""#),
            &[
                "SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/S",
                "MISSING_TRANSITION_TARGET: Missing 'Default' target: U at /States/S/Default",
            ],
        );
        check(
            &machine(rule, "").replace(r#""Next":"T""#, r#""Next":"U""#),
            &[
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: U at /States/S/Choices[0]/Next",
                "MISSING_TRANSITION_TARGET: State \"T\" is not reachable. at /States/T",
            ],
        );
    }

    #[test]
    fn a_rule_has_one_operator_and_a_variable() {
        check_rule(r#""Variable":"$.a""#, &["A choice rule needs an operator at ~"]);
        check_rule(
            r#""Variable":"$.a","StringEquals":"x","IsNull":true"#,
            &["Only one of these fields is allowed: [StringEquals, IsNull] at ~"],
        );
        check_rule(r#""IsNull":true"#, &["These fields are required: [Variable] at ~"]);
        check_rule(r#""Variable":"a","IsNull":true"#, &["Value is not a valid JSONPath at ~/Variable"]);
        check_rule(
            r#""Variable":"$.a","StringLike":"x""#,
            &["A choice rule needs an operator at ~", "Field 'StringLike' is not supported at ~"],
        );
        check_rule(
            r#""Variable":"$.a","IsNullPath":"$.b""#,
            &["A choice rule needs an operator at ~", "Field 'IsNullPath' is not supported at ~"],
        );
        check_rule(r#""Variable":"$.a","IsNull":true,"End":true"#, &["Field 'End' is not supported at ~"]);
    }

    #[test]
    fn operands_are_of_the_type_that_is_compared() {
        for (operand, message) in [
            (r#""StringEquals":1"#, "Expected value of type String at ~/StringEquals"),
            (r#""StringMatches":true"#, "Expected value of type String at ~/StringMatches"),
            (r#""NumericLessThan":"1""#, "Expected value of type Number at ~/NumericLessThan"),
            (r#""BooleanEquals":"true""#, "Expected value of type Boolean at ~/BooleanEquals"),
            (r#""IsPresent":"true""#, "Expected value of type Boolean at ~/IsPresent"),
            (r#""TimestampEquals":"now""#, "String does not match RFC3339 timestamp at ~/TimestampEquals"),
            (r#""StringEqualsPath":"b""#, "Value is not a valid JSONPath at ~/StringEqualsPath"),
            (r#""NumericEqualsPath":1"#, "Expected value of type String at ~/NumericEqualsPath"),
        ] {
            check_rule(&format!(r#""Variable":"$.a",{operand}"#), &[message]);
        }
    }

    #[test]
    fn rules_combine_without_a_next_of_their_own() {
        let test = r#"{"Variable":"$.a","IsNull":true}"#;
        check_rule(&format!(r#""And":[{test},{{"Not":{{"Or":[{test}]}}}}]"#), &[]);
        check_rule(r#""And":[]"#, &["Value cannot be empty at ~/And"]);
        check_rule(r#""Or":{}"#, &["Expected value of type Array at ~/Or"]);
        check_rule(r#""Not":[]"#, &["Expected value of type Object at ~/Not"]);
        check_rule(
            r#""Not":{"Variable":"$.a","IsNull":true,"Next":"T"}"#,
            &["Field 'Next' is not supported at ~/Not"],
        );
        check_rule(
            &format!(r#""Variable":"$.a","Or":[{test},{{"Variable":"$.a"}}]"#),
            &["Field 'Variable' is not supported at ~", "A choice rule needs an operator at ~/Or[1]"],
        );
    }

    #[test]
    fn every_operator_is_read() {
        let operand = |name: &str| match name {
            _ if name.ends_with("Path") => r#""$.b""#,
            _ if name.starts_with("String") => r#""x""#,
            _ if name.starts_with("Numeric") => "1.5",
            _ if name.starts_with("Timestamp") => r#""2016-03-14T01:59:00Z""#,
            _ => "false",
        };
        assert_eq!(tests().count(), 39);
        for name in tests() {
            let definition = read(&machine(&format!(r#""Variable":"$.a","{name}":{}"#, operand(name)), ""));
            let StateKind::Choice(choice) = &definition.scope.states[0].kind else {
                panic!("{definition:?}")
            };
            let [ChoiceRule { condition: Condition::Test(test), .. }] = choice.rules.as_slice() else {
                panic!("{choice:?}")
            };
            assert_eq!(matches!(test.operand, Operand::At(_)), name.ends_with("Path"), "{name}");
        }
    }

    #[test]
    fn rules_in_jsonata_have_a_condition() {
        let jsonata = r#","QueryLanguage":"JSONata""#;
        for condition in ["true", r#""{% 1 = 1 %}""#] {
            check(&machine(&format!(r#""Condition":{condition},"Output":1"#), jsonata), &[]);
        }
        check(
            &machine(r#""Condition":"true""#, jsonata),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type Boolean at /States/S/Choices[0]/Condition"],
        );
        check(
            &machine(r#""Variable":"$.a","IsNull":true"#, jsonata),
            &[
                "SCHEMA_VALIDATION_FAILED: These fields are required: [Condition] at /States/S/Choices[0]",
                "SCHEMA_VALIDATION_FAILED: Field 'Variable' is not supported at /States/S/Choices[0]",
                "SCHEMA_VALIDATION_FAILED: Field 'IsNull' is not supported at /States/S/Choices[0]",
            ],
        );
    }
}
