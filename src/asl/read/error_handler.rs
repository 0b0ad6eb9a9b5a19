//! `Retry` and `Catch`.

use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::field;
use super::jsonata::{self, Site};
use super::report::Language;
use super::state::StateReader;
use super::variables;
use crate::asl::retrier::{Catcher, JitterStrategy, Retrier};
use crate::query::StatesMember;

const LARGEST: u64 = 99_999_999;
/// A year and a day: what the longest delay stays under.
const LONGEST_DELAY: u64 = 31_622_400;

pub(super) fn retriers(state: &mut StateReader<'_, '_>) -> Vec<Retrier> {
    let Some(items) = state.fields.take("Retry").and_then(|retry| retry.items()) else { return Vec::new() };
    let last = items.len().saturating_sub(1);
    items.iter().enumerate().filter_map(|(index, item)| retrier(item, index == last)).collect()
}

fn retrier(cursor: &Cursor<'_>, is_last: bool) -> Option<Retrier> {
    let mut fields = cursor.fields()?;
    fields.require(&["ErrorEquals"]);
    let retrier = Retrier {
        error_equals: error_equals(&mut fields, is_last),
        interval_seconds: integer(&mut fields, "IntervalSeconds", 1).unwrap_or(1),
        max_attempts: integer(&mut fields, "MaxAttempts", 0).unwrap_or(3),
        backoff_rate: backoff_rate(&mut fields).unwrap_or(2.0),
        max_delay_seconds: fields
            .take("MaxDelaySeconds")
            .and_then(|seconds| seconds.integer(1..=LONGEST_DELAY)),
        jitter: jitter(&mut fields),
    };
    fields.finish();
    Some(retrier)
}

fn integer(fields: &mut Fields<'_>, name: &'static str, least: u64) -> Option<u64> {
    fields.take(name)?.integer(least..=LARGEST)
}

fn backoff_rate(fields: &mut Fields<'_>) -> Option<f64> {
    let cursor = fields.take("BackoffRate")?;
    let rate = cursor.number()?;
    if rate < 1.0 {
        cursor.invalid("Value must be greater than or equal to 1.0");
    }
    Some(rate)
}

fn jitter(fields: &mut Fields<'_>) -> JitterStrategy {
    match fields.take("JitterStrategy").and_then(|word| word.one_of("JitterStrategy", &["NONE", "FULL"])) {
        Some("FULL") => JitterStrategy::Full,
        Some(_) | None => JitterStrategy::None,
    }
}

pub(super) fn catchers(state: &mut StateReader<'_, '_>) -> Vec<Catcher> {
    let Some(items) = state.fields.take("Catch").and_then(|catch| catch.items()) else { return Vec::new() };
    let last = items.len().saturating_sub(1);
    items
        .iter()
        .enumerate()
        .filter_map(|(index, item)| catcher(state, item, (index, index == last)))
        .collect()
}

fn catcher<'j>(
    state: &StateReader<'j, '_>,
    cursor: &Cursor<'j>,
    (index, is_last): (usize, bool),
) -> Option<Catcher> {
    let mut fields = cursor.fields()?;
    fields.require(&["ErrorEquals", "Next"]);
    let error_equals = error_equals(&mut fields, is_last);
    let next = fields.take("Next").and_then(|next| state.target(&next, "Next"));
    let site = Site::within(state.language, &format!("Catch[{index}]"), &[StatesMember::ErrorOutput]);
    let assign = variables::assign(&mut fields, state.scope, &site);
    let (result_path, output) = match state.language {
        Language::JsonPath => (field::result_path(fields.take("ResultPath")), None),
        Language::Jsonata => (field::result_path(None), jsonata::output(&mut fields, &site)),
    };
    fields.finish();
    Some(Catcher { error_equals, next: next?, result_path, output, assign })
}

fn error_equals(fields: &mut Fields<'_>, is_last: bool) -> Vec<Arc<str>> {
    let Some(cursor) = fields.take("ErrorEquals") else { return Vec::new() };
    let items = cursor.nonempty_items().unwrap_or_default();
    let names: Vec<Arc<str>> = items.iter().filter_map(|item| item.text()).map(Into::into).collect();
    if names.iter().any(|name| &**name == "States.ALL") {
        if names.len() > 1 {
            cursor.invalid("States.ALL must appear alone");
        }
        if !is_last {
            cursor.invalid("States.ALL is allowed only in the last element");
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::asl::read::tests::{check, check_schema, machine_of, read};

    use crate::asl::definition::{ResultPath, StateIndex, StateKind};

    fn task(handlers: &str) -> String {
        format!(r#"{{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true,{handlers}}}"#)
    }

    fn check_retriers(retriers: &str, messages: &[&str]) {
        check_schema(&task(&format!(r#""Retry":{retriers}"#)), messages);
    }

    /// With one retrier for any error and further fields.
    fn check_retrier(fields: &str, messages: &[&str]) {
        check_retriers(&format!(r#"[{{"ErrorEquals":["E"],{fields}}}]"#), messages);
    }

    #[test]
    fn retriers_are_objects_that_name_errors() {
        check_retriers("[]", &[]);
        check_retriers("{}", &["Expected value of type Array at ~/Retry"]);
        check_retriers("[[]]", &["Expected value of type Object at ~/Retry[0]"]);
        check_retriers("[{}]", &["These fields are required: [ErrorEquals] at ~/Retry[0]"]);
        check_retriers(r#"[{"ErrorEquals":[]}]"#, &["Value cannot be empty at ~/Retry[0]/ErrorEquals"]);
        check_retriers(
            r#"[{"ErrorEquals":"E"}]"#,
            &["Expected value of type Array at ~/Retry[0]/ErrorEquals"],
        );
        check_retriers(
            r#"[{"ErrorEquals":["E",true]}]"#,
            &["Expected value of type String at ~/Retry[0]/ErrorEquals[1]"],
        );
        check_retrier(r#""Next":"S""#, &["Field 'Next' is not supported at ~/Retry[0]"]);
    }

    #[test]
    fn the_numbers_of_retriers_have_bounds() {
        for (field, message) in [
            (r#""IntervalSeconds":0"#, "Value must be between 1 and 99999999 at ~/Retry[0]/IntervalSeconds"),
            (r#""IntervalSeconds":1.5"#, "Expected value of type Integer at ~/Retry[0]/IntervalSeconds"),
            (r#""MaxAttempts":-1"#, "Value must be between 0 and 99999999 at ~/Retry[0]/MaxAttempts"),
            (r#""MaxAttempts":100000000"#, "Value must be between 0 and 99999999 at ~/Retry[0]/MaxAttempts"),
            (r#""BackoffRate":0.9"#, "Value must be greater than or equal to 1.0 at ~/Retry[0]/BackoffRate"),
            (r#""BackoffRate":"2""#, "Expected value of type Number at ~/Retry[0]/BackoffRate"),
            (r#""MaxDelaySeconds":0"#, "Value must be between 1 and 31622400 at ~/Retry[0]/MaxDelaySeconds"),
            (
                r#""MaxDelaySeconds":31622401"#,
                "Value must be between 1 and 31622400 at ~/Retry[0]/MaxDelaySeconds",
            ),
            (
                r#""JitterStrategy":"HALF""#,
                "The field 'JitterStrategy' should have one of these values: [NONE, FULL] at ~/Retry[0]/JitterStrategy",
            ),
        ] {
            check_retrier(field, &[message]);
        }
    }

    #[test]
    fn every_error_stands_alone_and_last() {
        check_retriers(
            r#"[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["E","States.ALL"]}]"#,
            &[
                "States.ALL is allowed only in the last element at ~/Retry[0]/ErrorEquals",
                "States.ALL must appear alone at ~/Retry[1]/ErrorEquals",
            ],
        );
    }

    #[test]
    fn retriers_have_defaults() {
        let definition = read(&machine_of(&task(
            r#""Retry":[{"ErrorEquals":["E"]},{"ErrorEquals":["States.ALL"],"IntervalSeconds":3,"MaxAttempts":0,"BackoffRate":1,"MaxDelaySeconds":9,"JitterStrategy":"FULL"}]"#,
        )));
        let StateKind::Task(task) = &definition.scope.states[0].kind else { panic!("{definition:?}") };
        let [default, given] = task.work.retry.as_slice() else { panic!("{task:?}") };
        assert_eq!(
            format!("{default:?}"),
            r#"Retrier { error_equals: ["E"], interval_seconds: 1, max_attempts: 3, backoff_rate: 2.0, max_delay_seconds: None, jitter: None }"#
        );
        assert_eq!(
            format!("{given:?}"),
            r#"Retrier { error_equals: ["States.ALL"], interval_seconds: 3, max_attempts: 0, backoff_rate: 1.0, max_delay_seconds: Some(9), jitter: Full }"#
        );
    }

    fn with_catch(catch: &str) -> String {
        let task = task(&format!(r#""Catch":{catch}"#));
        format!(r#"{{"StartAt":"S","States":{{"S":{task},"T":{{"Type":"Succeed"}}}}}}"#)
    }

    #[test]
    fn catchers_name_errors_and_a_state() {
        let unreachable = "MISSING_TRANSITION_TARGET: State \"T\" is not reachable. at /States/T";
        for (catch, expected) in [
            (
                r#"[{}]"#,
                vec![
                    "SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals, Next] at /States/S/Catch[0]",
                    unreachable,
                ],
            ),
            (
                r#"[{"ErrorEquals":["E"],"Next":"X"}]"#,
                vec![
                    "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Catch[0]/Next",
                    unreachable,
                ],
            ),
            (
                r#"[{"ErrorEquals":["E"],"Next":"T","Retry":[]}]"#,
                vec!["SCHEMA_VALIDATION_FAILED: Field 'Retry' is not supported at /States/S/Catch[0]"],
            ),
            (
                r#"[{"ErrorEquals":["States.ALL"],"Next":"T"},{"ErrorEquals":["E"],"Next":"T","ResultPath":"x"}]"#,
                vec![
                    "SCHEMA_VALIDATION_FAILED: States.ALL is allowed only in the last element at /States/S/Catch[0]/ErrorEquals",
                    "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/S/Catch[1]/ResultPath",
                ],
            ),
            (
                r#"[{"ErrorEquals":["E"],"Next":"T","Assign":{"1":1}}]"#,
                vec![
                    "SCHEMA_VALIDATION_FAILED: '1' is not a valid variable name at /States/S/Catch[0]/Assign",
                ],
            ),
            (
                r#"[{"ErrorEquals":["E"],"Next":"T","Output":{}}]"#,
                vec!["SCHEMA_VALIDATION_FAILED: Field 'Output' is not supported at /States/S/Catch[0]"],
            ),
        ] {
            check(&with_catch(catch), &expected);
        }
    }

    #[test]
    fn a_catcher_is_read() {
        let definition = read(&with_catch(r#"[{"ErrorEquals":["E","F"],"Next":"T","ResultPath":null}]"#));
        let StateKind::Task(task) = &definition.scope.states[0].kind else { panic!("{definition:?}") };
        let [catcher] = task.work.catch.as_slice() else { panic!("{task:?}") };
        assert_eq!(catcher.next, StateIndex(1));
        assert_eq!(catcher.error_equals, ["E".into(), "F".into()]);
        assert!(matches!(catcher.result_path, ResultPath::Discard));
    }
}
