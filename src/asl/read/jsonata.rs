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

#[cfg(test)]
mod tests {
    #[cfg(feature = "jsonata")]
    use crate::asl::read::tests::read;
    use crate::asl::read::tests::{check, check_schema, check_state};

    #[cfg(feature = "jsonata")]
    const TASK: &str =
        r#""Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::sqs:sendMessage","End":true"#;

    fn pass(fields: &str) -> String {
        format!(r#"{{"Type":"Pass","QueryLanguage":"JSONata","End":true,{fields}}}"#)
    }

    #[test]
    fn texts_that_are_no_whole_expression_are_literal() {
        for text in [" {% a %} ", "a {% b", "%} {%", "{ % a % }", "$.a", "States.UUID()"] {
            check_state(&pass(&format!(r#""Output":"{text}""#)), &[]);
        }
        for text in ["{%", "%}", "{%}", "{% a", "a %}", "{% a %} "] {
            check_schema(
                &pass(&format!(r#""Output":{{"a":["{text}"]}}"#)),
                &["A JSONata expression must start with '{%' and end with '%}' at ~/Output/a[0]"],
            );
        }
    }

    #[cfg(feature = "jsonata")]
    #[test]
    fn expressions_are_read_when_the_definition_is() {
        let not_valid = |text: &str, field: &str, why: &str, place: &str| {
            format!(
                "The JSONata expression '{text}' specified for the field '{field}' is not valid. {why} at ~/{place}"
            )
        };
        for (fields, text, field, why, place) in [
            (r#""Output":"{% %}""#, "", "Output", "S0207: Unexpected end of expression", "Output"),
            (
                r#""Output":{"a":"{% (1 %}"}"#,
                "(1",
                "Output/a",
                "S0203: Expected \")\" before end of expression",
                "Output/a",
            ),
            (
                r#""Assign":{"x":[1,"{% 1 2 %}"]}"#,
                "1 2",
                "Assign/x[1]",
                "S0201: Syntax error: 2",
                "Assign/x[1]",
            ),
            (
                r#""Output":"{% a ?? b %}""#,
                "a ?? b",
                "Output",
                "S0211: The symbol \"?\" cannot be used as a unary operator",
                "Output",
            ),
        ] {
            check_schema(&pass(fields), &[&not_valid(text, field, why, place)]);
        }
        check_schema(
            r#"{"Type":"Wait","QueryLanguage":"JSONata","Seconds":"{% 1 + %}","End":true}"#,
            &[&not_valid("1 +", "Seconds", "S0207: Unexpected end of expression", "Seconds")],
        );
        check_schema(
            r#"{"Type":"Fail","QueryLanguage":"JSONata","Cause":"{% ) %}"}"#,
            &[&not_valid(
                ")",
                "Cause",
                "S0211: The symbol \")\" cannot be used as a unary operator",
                "Cause",
            )],
        );
    }

    #[cfg(feature = "jsonata")]
    #[test]
    fn results_and_error_outputs_are_read_only_where_there_are_some() {
        let refused = |name: &str, field: &str, place: &str| {
            format!(
                "The JSONata expression '$states.{name}' specified for the field '{field}' reads '$states.{name}', which is not available there at ~/{place}"
            )
        };
        for (state, name, field, place) in [
            (pass(r#""Output":"{% $states.result %}""#), "result", "Output", "Output"),
            (pass(r#""Assign":{"x":"{% $states.result %}"}"#), "result", "Assign/x", "Assign"),
            (
                format!(r#"{{{TASK},"Arguments":"{{% $states.result %}}"}}"#),
                "result",
                "Arguments",
                "Arguments",
            ),
            (
                format!(r#"{{{TASK},"Output":"{{% $states.errorOutput %}}"}}"#),
                "errorOutput",
                "Output",
                "Output",
            ),
            (
                format!(r#"{{{TASK},"TimeoutSeconds":"{{% $states.result %}}"}}"#),
                "result",
                "TimeoutSeconds",
                "TimeoutSeconds",
            ),
            (
                format!(
                    r#"{{{TASK},"Catch":[{{"ErrorEquals":["E"],"Next":"S","Output":"{{% $states.result %}}"}}]}}"#
                ),
                "result",
                "Catch[0]/Output",
                "Catch[0]/Output",
            ),
        ] {
            check_schema(&state, &[&refused(name, field, place)]);
        }
        for fields in [
            r#""Output":"{% $states.result %}","Assign":{"x":"{% $states.result.a %}"}"#,
            r#""Catch":[{"ErrorEquals":["E"],"Next":"S","Output":"{% $states.errorOutput %}","Assign":{"x":"{% $states.errorOutput %}"}}]"#,
            r#""Arguments":"{% $states.context.Task.Token & $string($states) %}""#,
        ] {
            check_state(&format!("{{{TASK},{fields}}}"), &[]);
        }
    }

    #[cfg(feature = "jsonata")]
    #[test]
    fn variables_of_expressions_count_as_read() {
        let definition = read(
            r#"{"QueryLanguage":"JSONata","StartAt":"C","States":{
                "C":{"Type":"Choice","Choices":[{"Condition":"{% $a > $b %}","Output":"{% $c %}","Next":"M"}],"Default":"M"},
                "M":{"Type":"Map","Items":"{% $d %}","ItemSelector":{"x":"{% $e %}"},"MaxConcurrency":"{% $f %}","Next":"W",
                    "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"own":"{% $g %}"},"End":true}}}},
                "W":{"Type":"Wait","Seconds":"{% ($local := $h; $local + $sum([1])) %}","Next":"F"},
                "F":{"Type":"Fail","Error":"{% $i %}"}}}"#,
        );
        let of_state = |(state, names): (_, std::collections::BTreeSet<_>)| {
            format!("{state}: {}", names.into_iter().collect::<Vec<_>>().join(" "))
        };
        let references: Vec<_> = definition.variable_references.into_iter().map(of_state).collect();
        assert_eq!(references.join(", "), "C: a b c, F: i, I: g, M: d e f, W: h");
    }

    #[test]
    fn fields_of_the_other_language_are_refused() {
        check_schema(
            &pass(r#""Parameters":{},"ResultPath":"$.a","OutputPath":"$""#),
            &[
                "Field 'Parameters' is not supported when 'QueryLanguage' is 'JSONata' at ~",
                "Field 'ResultPath' is not supported when 'QueryLanguage' is 'JSONata' at ~",
                "Field 'OutputPath' is not supported when 'QueryLanguage' is 'JSONata' at ~",
            ],
        );
        check(
            r#"{"StartAt":"S","States":{"S":{"Type":"Pass","Output":"{% 1 %}","End":true}}}"#,
            &[
                "SCHEMA_VALIDATION_FAILED: Field 'Output' is not supported when 'QueryLanguage' is 'JSONPath' at /States/S",
            ],
        );
    }

    #[cfg(not(feature = "jsonata"))]
    #[test]
    fn without_the_engine_the_definition_names_the_feature() {
        use crate::asl::diagnostic::DefinitionError;
        use crate::asl::read_definition;
        use crate::model::StateMachineType;

        let definition = r#"{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Succeed"}}}"#;
        let refused = read_definition(definition, StateMachineType::Standard).unwrap_err();
        let needed =
            DefinitionError::NeedsFeature { feature: "jsonata", location: "/QueryLanguage".to_owned() };
        assert_eq!(refused, needed);
    }
}
