//! How the readers are tested: a small definition, and every finding it must give, word for word.

use super::read_definition;
use crate::asl::definition::Definition;
use crate::asl::diagnostic::DefinitionError;
use crate::model::StateMachineType;

/// The definition gives exactly these findings: none, if it is to be accepted.
#[track_caller]
pub(super) fn check(definition: &str, expected: &[&str]) {
    check_as(StateMachineType::Standard, definition, expected);
}

#[track_caller]
pub(super) fn check_as(machine_type: StateMachineType, definition: &str, expected: &[&str]) {
    let found = match read_definition(definition, machine_type) {
        Ok(_) => Vec::new(),
        Err(DefinitionError::Invalid(findings)) => findings.iter().map(ToString::to_string).collect(),
        // What another build would run.
        Err(DefinitionError::NeedsFeature { .. }) => Vec::new(),
        Err(DefinitionError::NotEmulated { feature, location }) => vec![not_emulated(&feature, &location)],
    };
    assert_eq!(found, expected, "{definition}");
}

fn not_emulated(feature: &str, location: &str) -> String {
    format!("not emulated: {feature} at {location}")
}

/// A machine of one state, `S`.
pub(super) fn machine_of(state: &str) -> String {
    format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#)
}

/// The same for a machine of this one state `S`, with `~` for its location.
#[track_caller]
pub(super) fn check_state(state: &str, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|text| text.replace('~', "/States/S")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(&machine_of(state), &expected);
}

/// Findings of the commonest code in one state `S`.
#[track_caller]
pub(super) fn check_schema(state: &str, messages: &[&str]) {
    let expected: Vec<String> =
        messages.iter().map(|message| format!("SCHEMA_VALIDATION_FAILED: {message}")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check_state(state, &expected);
}

#[track_caller]
pub(super) fn read(definition: &str) -> Definition {
    read_definition(definition, StateMachineType::Standard).unwrap()
}

#[test]
fn texts_that_are_no_object_are_refused_as_aws_refuses_them() {
    for text in ["", "  \n", "[]", "3", "null", "\"text\""] {
        check(text, &["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"]);
    }
}

#[test]
fn bad_json_is_located_by_line_and_column() {
    let Err(DefinitionError::Invalid(findings)) =
        read_definition("not a definition", StateMachineType::Standard)
    else {
        panic!("accepted")
    };
    assert_eq!(
        findings[0].location.as_deref(),
        Some("[Source: (String)\"not a definition\"; line: 1, column: 4]")
    );
    check(
        "not a definition",
        &[
            "INVALID_JSON_DESCRIPTION: Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4]",
        ],
    );
}

#[test]
fn long_sources_are_cut_in_messages() {
    let text = format!("{{\"Comment\":\"{}", "x".repeat(600));
    let expected = format!(
        "INVALID_JSON_DESCRIPTION: Unexpected end-of-input: was expecting closing quote for a string value\n at [Source: (String)\"{{\"Comment\":\"{}\"[truncated 112 chars]; line: 1, column: 613]",
        "x".repeat(488)
    );
    check(&text, &[&expected]);
}

#[test]
fn the_top_level_has_its_fields() {
    let top = |fields: &str| format!(r#"{{"StartAt":"S","States":{{"S":{{"Type":"Succeed"}}}}{fields}}}"#);
    for (fields, expected) in [
        (r#","Comment":"c","Version":"1.0","TimeoutSeconds":99999999,"QueryLanguage":"JSONPath""#, ""),
        (r#","Comment":1"#, "SCHEMA_VALIDATION_FAILED: Expected value of type String at /Comment"),
        (
            r#","Version":"2.0""#,
            "SCHEMA_VALIDATION_FAILED: The field 'Version' should have one of these values: [1.0] at /Version",
        ),
        (
            r#","TimeoutSeconds":0"#,
            "SCHEMA_VALIDATION_FAILED: Value must be between 1 and 99999999 at /TimeoutSeconds",
        ),
        (
            r#","TimeoutSeconds":"60""#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /TimeoutSeconds",
        ),
        (
            r#","QueryLanguage":"XPath""#,
            "SCHEMA_VALIDATION_FAILED: The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata] at /QueryLanguage",
        ),
        (r#","QueryLanguage":"JSONata""#, ""),
        (r#","Timeout":1"#, "SCHEMA_VALIDATION_FAILED: Field 'Timeout' is not supported at /"),
    ] {
        let expected: &[&str] = if expected.is_empty() { &[] } else { &[expected] };
        check(&top(fields), expected);
    }
}

#[test]
fn findings_come_in_the_order_of_the_definition() {
    check(
        r#"{"States":{"B":{"Type":"Pass","Result":1,"Next":"X"},"A":{"Next":1,"Type":"Pass"}},"StartAt":"B","Z":1}"#,
        &[
            "SCHEMA_VALIDATION_FAILED: Field 'Z' is not supported at /",
            "MISSING_END_STATE: At least one state must be terminal at /States",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/B/Next",
            "MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A",
            "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/A/Next",
        ],
    );
}

#[test]
fn a_definition_with_findings_is_invalid_whatever_else_it_uses() {
    check(
        r#"{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","Assign":{},"Nex":"S"}}}"#,
        &[
            "MISSING_END_STATE: At least one state must be terminal at /States",
            "SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at /States/S",
            "SCHEMA_VALIDATION_FAILED: Field 'Nex' is not supported at /States/S",
        ],
    );
}

/// A Parallel in a Parallel in a Parallel …
fn nested_parallels(levels: usize) -> String {
    let branch = |level: usize| {
        format!(r#"{{"StartAt":"S{level}","States":{{"S{level}":{{"End":true,"Type":"Parallel","Branches":["#)
    };
    let opening: String = (0..levels).map(branch).collect();
    let innermost = r#"{"StartAt":"T","States":{"T":{"Type":"Succeed"}}}"#;
    format!("{opening}{innermost}{}", "]}}}".repeat(levels))
}

/// A rule in a rule in a rule …
fn nested_rules(levels: usize, [opening, closing]: [&str; 2]) -> String {
    let rule =
        format!(r#"{}{{"Variable":"$.a","IsNull":true}}{}"#, opening.repeat(levels), closing.repeat(levels));
    let rule = rule.strip_suffix('}').unwrap();
    format!(
        r#"{{"StartAt":"S","States":{{"S":{{"Type":"Choice","Choices":[{rule},"Next":"T"}}]}},"T":{{"Type":"Succeed"}}}}}}"#
    )
}

const NOT: [&str; 2] = [r#"{"Not":"#, "}"];
const AND: [&str; 2] = [r#"{"And":["#, "]}"];

#[test]
fn states_and_rules_may_be_nested() {
    for accepted in [nested_parallels(99), nested_rules(396, NOT), nested_rules(198, AND)] {
        check(&accepted, &[]);
    }
}

#[test]
fn nesting_too_deeply_is_refused_without_overflowing_the_stack() {
    for refused in
        [nested_parallels(100), nested_parallels(249), nested_rules(990, NOT), nested_rules(490, AND)]
    {
        let Err(DefinitionError::Invalid(findings)) = read_definition(&refused, StateMachineType::Standard)
        else {
            panic!("accepted")
        };
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(finding.code.as_str(), "TOO_DEEPLY_NESTED");
        assert_eq!(finding.message, "The definition is nested too deeply");
    }
}

#[test]
fn values_may_be_as_deep_as_json() {
    let deep = format!("{}{}", r#"{"a":["#.repeat(490), "]}".repeat(490));
    check(&machine_of(&format!(r#"{{"Type":"Pass","Result":{deep},"End":true}}"#)), &[]);
    let pass = |output: &str| {
        machine_of(&format!(r#"{{"Type":"Pass","QueryLanguage":"JSONata","Output":{output},"End":true}}"#))
    };
    check(&pass(&deep), &[]);
    let expression = |depth: usize| format!("{}\"{{% 1 %}}\"{}", "[".repeat(depth), "]".repeat(depth));
    check(&pass(&expression(200)), &[]);
    let refused = "SCHEMA_VALIDATION_FAILED: A value with expressions cannot be nested more than 200 levels deep at /States/S/Output";
    check(&pass(&expression(900)), &[refused]);
}
