//! Pass, Choice, Wait, Succeed and Fail, alone.

use super::harness::{Answer, Ran, run};

fn run_alone(state: &str, input: &str) -> Ran {
    run(&format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#), input, |_| Answer::Never)
}

#[test]
fn a_pass_state_hands_its_input_on_with_its_spacing() {
    let ran = run_alone(r#"{"Type":"Pass","End":true}"#, "[[1, 2], [3]]");
    ran.check_output("[[1, 2], [3]]");
    ran.check_events(
        "1<0 ExecutionStarted\n2<0 PassStateEntered\n3<2 PassStateExited\n4<3 ExecutionSucceeded",
    );
}

#[test]
fn a_literal_result_is_not_evaluated_and_goes_where_result_path_says() {
    let pass = r#"{"Type":"Pass","Result":{"x.$":"$.a"},"ResultPath":"$.r.s","End":true}"#;
    run_alone(pass, r#"{"a":1}"#).check_output(r#"{"a":1,"r":{"s":{"x.$":"$.a"}}}"#);
}

#[test]
fn null_paths_give_an_empty_object_and_a_null_result_path_drops_the_result() {
    run_alone(r#"{"Type":"Pass","InputPath":null,"End":true}"#, r#"{"a":1}"#).check_output("{}");
    run_alone(r#"{"Type":"Pass","OutputPath":null,"End":true}"#, r#"{"a":1}"#).check_output("{}");
    run_alone(r#"{"Type":"Pass","Result":2,"ResultPath":null,"End":true}"#, r#"{"a":1}"#)
        .check_output(r#"{"a":1}"#);
}

#[test]
fn the_context_object_can_be_read() {
    let pass = r#"{"Type":"Pass","Parameters":{"name.$":"$$.State.Name","all.$":"$$"},"End":true}"#;
    let ran = run_alone(pass, "{}");
    ran.check_output(
        r#"{"name":"S","all":{"Execution":{"Id":"arn:aws:states:us-east-1:123456789012:execution:m:e","Input":{},"StartTime":"2023-11-14T22:13:20Z","Name":"e","RoleArn":"arn:aws:iam::123456789012:role/r","RedriveCount":0},"StateMachine":{"Id":"arn:aws:states:us-east-1:123456789012:stateMachine:m","Name":"m"},"State":{"Name":"S","EnteredTime":"2023-11-14T22:13:20Z"}}}"#,
    );
}

#[test]
fn a_missing_path_fails_the_execution_right_after_the_state_is_entered() {
    let ran = run_alone(r#"{"Type":"Pass","InputPath":"$.no","End":true}"#, "{}");
    ran.check_failure(
        "States.Runtime",
        "An error occurred while executing the state 'S' (entered at the event id #2). Invalid path '$.no' : No results for path: $['no']",
    );
    ran.check_events("1<0 ExecutionStarted\n2<0 PassStateEntered\n3<2 ExecutionFailed");
}

#[test]
fn a_result_path_into_something_that_is_no_object_fails() {
    let ran = run_alone(r#"{"Type":"Pass","Result":1,"ResultPath":"$.a","End":true}"#, "7");
    ran.check_failure(
        "States.ResultPathMatchFailure",
        "An error occurred while executing the state 'S' (entered at the event id #2). Unable to apply the ResultPath to the input '7'",
    );
}

#[test]
fn succeed_applies_both_paths() {
    run_alone(r#"{"Type":"Succeed","InputPath":"$.a","OutputPath":"$.b"}"#, r#"{"a":{"b":[1]}}"#)
        .check_output("[1]");
}

#[test]
fn fail_takes_error_and_cause_from_text_path_or_intrinsic() {
    run_alone(r#"{"Type":"Fail","Error":"E","Cause":"C"}"#, "{}").check_failure("E", "C");
    let dynamic = r#"{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('was {}', $.e)"}"#;
    let ran = run_alone(dynamic, r#"{"e":"X"}"#);
    ran.check_failure("X", "was X");
    ran.check_events("1<0 ExecutionStarted\n2<0 FailStateEntered\n3<2 ExecutionFailed");
    run_alone(dynamic, r#"{"e":1}"#).check_failure(
        "States.Runtime",
        "An error occurred while executing the state 'S' (entered at the event id #2). The value of the field 'ErrorPath' must be a string but was: 1",
    );
}

#[test]
fn wait_waits_in_virtual_time() {
    let ran = run_alone(r#"{"Type":"Wait","Seconds":31536000,"End":true}"#, "{}");
    assert_eq!(ran.elapsed_seconds(), 365 * 24 * 60 * 60);
    ran.check_output("{}");
    let past = run_alone(r#"{"Type":"Wait","Timestamp":"2000-01-01T00:00:00Z","End":true}"#, "{}");
    assert_eq!(past.elapsed_seconds(), 0);
    let path = r#"{"Type":"Wait","TimestampPath":"$.t","End":true}"#;
    assert_eq!(run_alone(path, r#"{"t":"2023-11-14T22:14:20.9Z"}"#).elapsed_seconds(), 60);
}

#[test]
fn a_bad_wait_fails_with_the_words_of_aws() {
    for (field, value, why) in [
        ("SecondsPath", "-1", "The SecondsPath parameter references a negative value: $.x == -1"),
        ("SecondsPath", "1.5", "The SecondsPath parameter cannot be parsed as a long value: $.x == 1.5"),
        (
            "TimestampPath",
            "\"2016-12-05 21:29:29Z\"",
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.x == 2016-12-05 21:29:29Z",
        ),
        ("TimestampPath", "\"2999-01-01T00:00:00Z\"", "Wait state delay is too long."),
    ] {
        let ran = run_alone(
            &format!(r#"{{"Type":"Wait","{field}":"$.x","End":true}}"#),
            &format!(r#"{{"x":{value}}}"#),
        );
        let prefix = "An error occurred while executing the state 'S' (entered at the event id #2). ";
        ran.check_failure("States.Runtime", &format!("{prefix}{why}"));
    }
    run_alone(r#"{"Type":"Wait","SecondsPath":"$.x","End":true}"#, "{}").check_failure(
        "States.Runtime",
        "An error occurred while executing the state 'S' (entered at the event id #2). The SecondsPath parameter does not reference an input value: $.x",
    );
}

fn choose(rules: &str, input: &str) -> Ran {
    let definition = format!(
        r#"{{"StartAt":"C","States":{{
            "C":{{"Type":"Choice","Choices":[{rules}],"Default":"No"}},
            "Yes":{{"Type":"Pass","Result":"yes","End":true}},
            "No":{{"Type":"Pass","Result":"no","End":true}}}}}}"#
    );
    run(&definition, input, |_| Answer::Never)
}

#[test]
fn every_operator_decides_as_aws_says() {
    for (rule, input, expected) in [
        (r#""StringEquals":"a""#, r#""a""#, "yes"),
        (r#""StringEqualsPath":"$.y""#, r#""a""#, "yes"),
        (r#""StringLessThan":"b""#, r#""a""#, "yes"),
        (r#""StringGreaterThanEquals":"b""#, r#""a""#, "no"),
        (r#""StringMatches":"a*c""#, r#""abc""#, "yes"),
        (r#""NumericEquals":0"#, "0.0", "yes"),
        (r#""NumericLessThanEquals":1"#, "2", "no"),
        (r#""NumericGreaterThanPath":"$.n""#, "6", "yes"),
        (r#""NumericEquals":1"#, r#""1""#, "no"),
        (r#""BooleanEquals":true"#, "true", "yes"),
        (r#""BooleanEquals":false"#, "0", "no"),
        (r#""TimestampLessThan":"2020-01-02T00:00:00Z""#, r#""2020-01-01T00:00:00Z""#, "yes"),
        (r#""TimestampEquals":"2020-01-01T00:00:00Z""#, r#""2020-01-01T01:00:00+01:00""#, "yes"),
        (r#""IsNull":true"#, "null", "yes"),
        (r#""IsNull":false"#, "null", "no"),
        (r#""IsPresent":true"#, "null", "yes"),
        (r#""IsNumeric":true"#, "1.5", "yes"),
        (r#""IsString":false"#, "1", "yes"),
        (r#""IsBoolean":true"#, "false", "yes"),
        (r#""IsTimestamp":true"#, r#""2020-01-01T00:00:00Z""#, "yes"),
        (r#""IsTimestamp":true"#, r#""2020-01-01""#, "no"),
    ] {
        let ran = choose(
            &format!(r#"{{"Variable":"$.x",{rule},"Next":"Yes"}}"#),
            &format!(r#"{{"x":{input},"y":"a","n":5}}"#),
        );
        assert_eq!(
            ran.output_of(if expected == "yes" { "Yes" } else { "No" }),
            format!("\"{expected}\""),
            "{rule}"
        );
    }
}

#[test]
fn and_or_and_not_look_no_further_than_they_must() {
    let guard =
        r#"{"And":[{"Variable":"$.x","IsPresent":true},{"Variable":"$.x","NumericEquals":1}],"Next":"Yes"}"#;
    choose(guard, r#"{"x":1}"#).check_output("\"yes\"");
    choose(guard, "{}").check_output("\"no\"");
    let or =
        r#"{"Or":[{"Variable":"$.x","IsPresent":false},{"Variable":"$.x","NumericEquals":1}],"Next":"Yes"}"#;
    choose(or, "{}").check_output("\"yes\"");
    let not = r#"{"Not":{"Variable":"$.x","IsPresent":true},"Next":"Yes"}"#;
    choose(not, "{}").check_output("\"yes\"");
}

#[test]
fn a_choice_without_a_way_out_fails() {
    let definition = r#"{"StartAt":"C","States":{
        "C":{"Type":"Choice","Choices":[{"Variable":"$.x","NumericEquals":1,"Next":"P"}]},
        "P":{"Type":"Pass","End":true}}}"#;
    let prefix = "An error occurred while executing the state 'C' (entered at the event id #2). ";
    run(definition, r#"{"x":2}"#, |_| Answer::Never).check_failure(
        "States.Runtime",
        &format!("{prefix}Failed to transition out of the state. The state does not point to a next state."),
    );
    run(definition, "{}", |_| Answer::Never).check_failure(
        "States.Runtime",
        &format!(
            "{prefix}Invalid path '$.x': The choice state's condition path references an invalid value."
        ),
    );
}
