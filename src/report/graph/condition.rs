//! The condition of a Choice rule in a few words, from its JSON.

use crate::model::Json;

/// How comparison operators are written; those not here are written out, such as `is null`.
const SIGNS: &[(&str, &str)] = &[
    ("LessThanEquals", "≤"),
    ("GreaterThanEquals", "≥"),
    ("LessThan", "<"),
    ("GreaterThan", ">"),
    ("Matches", "matches"),
    ("Equals", "="),
];

/// `$.total > 100`, `$.a is present and $.b = "x"`. What cannot be read is shown as JSON.
pub(super) fn describe(rule: &Json) -> String {
    joined(rule, "And", " and ")
        .or_else(|| joined(rule, "Or", " or "))
        .or_else(|| Some(format!("not {}", nested(rule.get("Not")?))))
        .or_else(|| rule.get("Condition").map(of_jsonata))
        .or_else(|| test(rule))
        .unwrap_or_else(|| rule.to_text())
}

fn joined(rule: &Json, operator: &str, between: &str) -> Option<String> {
    let parts: Vec<_> = rule.get(operator)?.as_array()?.iter().map(nested).collect();
    Some(parts.join(between))
}

/// In parentheses, if it has parts of its own.
fn nested(rule: &Json) -> String {
    let is_compound = ["And", "Or", "Not"].iter().any(|operator| rule.get(operator).is_some());
    let text = describe(rule);
    if is_compound { format!("({text})") } else { text }
}

fn of_jsonata(condition: &Json) -> String {
    let Some(text) = condition.as_str() else { return condition.to_text() };
    let inner = text.trim().strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
    inner.unwrap_or(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn test(rule: &Json) -> Option<String> {
    let variable = rule.get("Variable")?.as_str()?;
    let apart = ["Variable", "Next", "Comment", "Assign", "Output"];
    let (operator, operand) = rule.as_object()?.iter().find(|(key, _)| !apart.contains(&&***key))?;
    if let Some(what) = operator.strip_prefix("Is") {
        let is = if operand.as_bool() == Some(false) { "is not" } else { "is" };
        return Some(format!("{variable} {is} {}", words(what)));
    }
    let (operator, operand) = match operator.strip_suffix("Path").zip(operand.as_str()) {
        Some((operator, path)) => (operator, path.to_owned()),
        None => (&**operator, operand.to_text()),
    };
    let (_, sign) = SIGNS.iter().find(|(suffix, _)| operator.ends_with(suffix))?;
    Some(format!("{variable} {sign} {operand}"))
}

/// `Present` → `present`, `Numeric` → `a number`.
fn words(what: &str) -> &str {
    match what {
        "Present" => "present",
        "Null" => "null",
        "Numeric" => "a number",
        "String" => "a string",
        "Boolean" => "a boolean",
        "Timestamp" => "a timestamp",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: &str, expected: &str) {
        assert_eq!(describe(&Json::parse(rule).unwrap()), expected);
    }

    #[test]
    fn comparisons_read_as_people_write_them() {
        check(r#"{"Variable":"$.a","NumericGreaterThan":100,"Next":"X"}"#, "$.a > 100");
        check(r#"{"Variable":"$.a","NumericGreaterThanEquals":1,"Next":"X"}"#, "$.a ≥ 1");
        check(r#"{"Next":"X","StringEquals":"paid","Variable":"$.a"}"#, r#"$.a = "paid""#);
        check(r#"{"Variable":"$.a","TimestampLessThanPath":"$.b"}"#, "$.a < $.b");
        check(r#"{"Variable":"$.a","StringMatches":"*.log"}"#, r#"$.a matches "*.log""#);
        check(r#"{"Variable":"$.a","BooleanEquals":true}"#, "$.a = true");
    }

    #[test]
    fn type_tests_read_as_sentences() {
        check(r#"{"Variable":"$.a","IsPresent":true}"#, "$.a is present");
        check(r#"{"Variable":"$.a","IsNumeric":false}"#, "$.a is not a number");
    }

    #[test]
    fn parts_are_joined_and_nested() {
        check(
            r#"{"And":[{"Variable":"$.a","IsNull":true},{"Or":[{"Variable":"$.b","NumericEquals":1},{"Not":{"Variable":"$.c","IsString":true}}]}],"Next":"X"}"#,
            "$.a is null and ($.b = 1 or (not $.c is a string))",
        );
    }

    #[test]
    fn jsonata_is_shown_without_its_delimiters() {
        check(r#"{"Condition":"{% $states.input.n\n  > 5 %}","Next":"X"}"#, "$states.input.n > 5");
        check(r#"{"Condition":true}"#, "true");
    }

    #[test]
    fn what_cannot_be_read_is_shown_as_it_is() {
        check(r#"{"Variable":"$.a"}"#, r#"{"Variable":"$.a"}"#);
        check(r#"{"Next":"X"}"#, r#"{"Next":"X"}"#);
    }
}
