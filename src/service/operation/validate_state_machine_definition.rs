//! `ValidateStateMachineDefinition`: what is wrong with a definition, without creating anything.

use crate::asl::diagnose;
use crate::asl::diagnostic::Diagnostic;
use crate::model::{ApiError, Json, StateMachineType, quota};
use crate::service::call::{Answer, Call};
use crate::service::error;

/// Errors come before warnings, each in the order of the definition.
pub(in crate::service) fn run(call: &Call<'_>) -> Result<Json, ApiError> {
    let machine_type = match call.text("type") {
        Some("EXPRESS") => StateMachineType::Express,
        Some(_) | None => StateMachineType::Standard,
    };
    let diagnosis =
        diagnose(call.required("definition"), machine_type).map_err(|error| error::definition(&error))?;
    let result = if diagnosis.errors.is_empty() { "OK" } else { "FAIL" };
    let mut shown: Vec<Json> = diagnosis.errors.iter().map(|error| item("ERROR", error)).collect();
    if call.text("severity") == Some("WARNING") {
        shown.extend(diagnosis.warnings.iter().map(|warning| item("WARNING", warning)));
    }
    let most = most_results(call);
    let truncated = shown.len() > most;
    shown.truncate(most);
    Answer::default()
        .with("result", result)
        .with("diagnostics", Json::array(shown))
        .with("truncated", truncated)
        .done()
}

fn most_results(call: &Call<'_>) -> usize {
    let given = call.number("maxResults").and_then(|most| usize::try_from(most).ok());
    given.filter(|most| *most > 0).unwrap_or(quota::DIAGNOSTICS)
}

fn item(severity: &str, diagnostic: &Diagnostic) -> Json {
    Answer::default()
        .with("severity", severity)
        .with("code", diagnostic.code.as_str())
        .with("message", diagnostic.message.as_str())
        .with_optional("location", diagnostic.location.as_deref())
        .into_json()
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{ListStateMachines, ValidateStateMachineDefinition};
    use crate::service::fixture::Fixture;

    #[track_caller]
    fn check(definition: &str, more: &str, expected: &str) {
        let definition = Json::string(definition).to_text();
        let input = format!(r#"{{"definition":{definition}{more}}}"#);
        Fixture::new().check(ValidateStateMachineDefinition, &input, expected);
    }

    const OK: &str = r#"{"result":"OK","diagnostics":[],"truncated":false}"#;

    fn failed(diagnostic: &str) -> String {
        format!(
            r#"{{"result":"FAIL","diagnostics":[{{"severity":"ERROR",{diagnostic}}}],"truncated":false}}"#
        )
    }

    #[test]
    fn what_aws_recorded_comes_out_word_for_word() {
        check(
            "{}",
            "",
            &failed(
                r#""code":"SCHEMA_VALIDATION_FAILED","message":"These fields are required: [States, StartAt]","location":"/""#,
            ),
        );
        check(
            " ",
            "",
            &failed(
                r#""code":"SCHEMA_VALIDATION_FAILED","message":"Definition must be a valid JSON object""#,
            ),
        );
        check(
            "not a definition",
            "",
            &failed(
                r#""code":"INVALID_JSON_DESCRIPTION","message":"Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4]","location":"[Source: (String)\"not a definition\"; line: 1, column: 4]""#,
            ),
        );
        check(
            r#"{"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true,"QueryLanguage":"JSONPath"}},"QueryLanguage":"JSONata"}"#,
            "",
            &failed(
                r#""code":"SCHEMA_VALIDATION_FAILED","message":"'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine","location":"/States/Pass""#,
            ),
        );
    }

    #[test]
    fn the_type_decides_what_is_allowed() {
        let definition = r#"{"StartAt":"Send","States":{"Send":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"T.$":"$$.Task.Token"},"End":true}}}"#;
        check(definition, "", OK);
        check(definition, r#","type":"STANDARD""#, OK);
        check(
            definition,
            r#","type":"EXPRESS""#,
            &failed(
                r#""code":"SCHEMA_VALIDATION_FAILED","message":"Express state machine does not support '.waitForTaskToken' service integration ","location":"/States/Send/Resource""#,
            ),
        );
    }

    const WARNED: &str = r#"{"StartAt":"F","States":{"F":{"Type":"Fail","Cause":"$.cause"}}}"#;

    #[test]
    fn warnings_are_shown_only_if_asked_for_and_are_no_failure() {
        check(WARNED, "", OK);
        check(WARNED, r#","severity":"ERROR""#, OK);
        check(
            WARNED,
            r#","severity":"WARNING""#,
            r#"{"result":"OK","diagnostics":[{"severity":"WARNING","code":"NO_PATH","message":"The value '$.cause' looks like a path; a path belongs into 'CausePath'","location":"/States/F/Cause"}],"truncated":false}"#,
        );
    }

    /// How many of 101 findings are shown, and whether that is not all.
    #[track_caller]
    fn check_count(more: &str, count: usize, truncated: bool) {
        let states: Vec<String> = (0..101).map(|n| format!(r#""S{n}":{{}}"#)).collect();
        let definition = format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","));
        let definition = Json::string(definition).to_text();
        let input = format!(r#"{{"definition":{definition}{more}}}"#);
        let answer = Fixture::new().ok(ValidateStateMachineDefinition, &input);
        assert_eq!(answer.get("diagnostics").and_then(Json::as_array).unwrap().len(), count);
        assert_eq!(answer.get("truncated").and_then(Json::as_bool), Some(truncated));
        assert_eq!(answer.get("result").and_then(Json::as_str), Some("FAIL"));
    }

    #[test]
    fn a_hundred_findings_are_shown_at_most() {
        check_count("", 100, true);
        check_count(r#","maxResults":0"#, 100, true);
        check_count(r#","maxResults":3"#, 3, true);
    }

    #[test]
    fn what_is_just_enough_is_not_truncated() {
        check(
            "{}",
            r#","maxResults":1"#,
            &failed(
                r#""code":"SCHEMA_VALIDATION_FAILED","message":"These fields are required: [States, StartAt]","location":"/""#,
            ),
        );
    }

    #[cfg(not(feature = "jsonata"))]
    #[test]
    fn a_definition_that_cannot_be_judged_is_called_neither_ok_nor_failed() {
        check(
            r#"{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% 1 %}","End":true}}}"#,
            "",
            "NotEmulated: sfn-testkit was built without what /States/P/Output of the definition needs: turn it on with `cargo add --dev sfn-testkit --features jsonata`",
        );
    }

    #[test]
    fn inputs_keep_within_the_constraints() {
        check(
            "",
            "",
            "ValidationException: 1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
        check(
            "{}",
            r#","severity":"INFO","maxResults":101"#,
            "ValidationException: 2 validation errors detected: Value 'INFO' at 'severity' failed to satisfy constraint: Member must satisfy enum value set: [ERROR, WARNING]; Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
        );
    }

    #[test]
    fn nothing_is_created() {
        let mut fixture = Fixture::new();
        let definition = Json::string(WARNED).to_text();
        fixture.ok(ValidateStateMachineDefinition, &format!(r#"{{"definition":{definition}}}"#));
        fixture.check(ListStateMachines, "{}", r#"{"stateMachines":[]}"#);
    }
}
