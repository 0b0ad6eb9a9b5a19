//! Expressions that fail: causes, the event that tells of it, and who may still handle it.

use super::harness::{Answer, Ran, run};
use crate::model::EventDetails;

fn run_states(states: &str, input: &str) -> Ran {
    let definition = format!(r#"{{"QueryLanguage":"JSONata","StartAt":"S","States":{{{states}}}}}"#);
    run(&definition, input, |_| Answer::Gives(r#"{"got":1}"#))
}

fn run_state(state: &str) -> Ran {
    run_states(&format!(r#""S":{state}"#), r#"{"n":1,"s":"x"}"#)
}

/// Where the history says that an expression failed: the location and the id it follows from.
fn failed_at(ran: &Ran) -> (Option<&str>, u64) {
    let failed = ran.interpreter.events().iter().find_map(|event| {
        let EventDetails::EvaluationFailed { location, .. } = &event.details else { return None };
        Some((location.as_deref(), event.previous_event_id))
    });
    failed.expect("an evaluation fails")
}

/// The state `S` fails with the cause that `what` ends, at a field.
#[track_caller]
fn check(state: &str, location: &str, what: &str) {
    let ran = run_state(state);
    assert_eq!(failed_at(&ran).0, Some(location), "{state}");
    ran.check_failure(
        "States.QueryEvaluationError",
        &format!("An error occurred while executing the state 'S' (entered at the event id #2). {what}"),
    );
}

const TASK: &str = r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true"#;

#[test]
fn nothing_is_no_value() {
    for (state, field) in [
        (r#"{"Type":"Pass","Output":"{% $gone %}","End":true}"#.to_owned(), "Output"),
        (r#"{"Type":"Pass","Output":{"a":{"b":"{% $gone %}"}},"End":true}"#.to_owned(), "Output/a/b"),
        (r#"{"Type":"Pass","Output":{"a":[0,"{% $gone %}"]},"End":true}"#.to_owned(), "Output/a[1]"),
        (r#"{"Type":"Pass","Assign":{"x":"{% $gone %}"},"End":true}"#.to_owned(), "Assign/x"),
        (r#"{"Type":"Succeed","Output":"{% $gone %}"}"#.to_owned(), "Output"),
        (r#"{"Type":"Fail","Cause":"{% $gone %}"}"#.to_owned(), "Cause"),
        (r#"{"Type":"Wait","Seconds":"{% $gone %}","End":true}"#.to_owned(), "Seconds"),
        (format!(r#"{{{TASK},"Arguments":{{"f":"{{% $gone %}}"}}}}"#), "Arguments/f"),
        (format!(r#"{{{TASK},"TimeoutSeconds":"{{% $gone %}}"}}"#), "TimeoutSeconds"),
        (format!(r#"{{{TASK},"Credentials":{{"RoleArn":"{{% $gone %}}"}}}}"#), "Credentials/RoleArn"),
        (format!(r#"{{{TASK},"Output":"{{% $gone %}}"}}"#), "Output"),
    ] {
        let what = format!(
            "The JSONata expression '$gone' specified for the field '{field}' returned nothing (undefined)."
        );
        check(&state, field, &what);
    }
}

#[test]
fn errors_are_told_with_code_and_words() {
    for (expression, why) in [
        ("$states.input.n()", "T1006: Attempted to invoke a non-function"),
        ("$eval('1')", "T1006: Attempted to invoke a non-function"),
        ("$states.input.s + 1", "T2001: The left side of the \\\"+\\\" operator must evaluate to a number"),
        ("$number('a')", "D3030: Unable to cast value to a number: \\\"a\\\""),
        ("$error('no good')", "D3137: no good"),
        (
            "$uppercase(1)",
            "T0410: Argument 1 of function \\\"uppercase\\\" does not match function signature",
        ),
    ] {
        check(
            &format!(r#"{{"Type":"Pass","Output":"{{% {expression} %}}","End":true}}"#),
            "Output",
            &format!(
                "The JSONata expression '{expression}' specified for the field 'Output' threw an error during evaluation. {}",
                why.replace("\\\"", "\"")
            ),
        );
    }
}

#[test]
fn fields_take_values_of_their_type() {
    let map = r#"{"Type":"Map","Items":"{% $states.input %}","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"End":true}"#;
    for (state, field, expression, expected, found) in [
        (map.to_owned(), "Items", "$states.input", "array", r#"'object' for value: {"n":1,"s":"x"}"#),
        (
            r#"{"Type":"Fail","Error":"{% $states.input.n %}"}"#.to_owned(),
            "Error",
            "$states.input.n",
            "string",
            "'number' for value: 1",
        ),
        (
            r#"{"Type":"Wait","Seconds":"{% $states.input.s %}","End":true}"#.to_owned(),
            "Seconds",
            "$states.input.s",
            "number",
            r#"'string' for value: "x""#,
        ),
        (
            r#"{"Type":"Wait","Seconds":"{% -1 %}","End":true}"#.to_owned(),
            "Seconds",
            "-1",
            "non-negative integer",
            "'number' for value: -1",
        ),
        (
            r#"{"Type":"Wait","Timestamp":"{% null %}","End":true}"#.to_owned(),
            "Timestamp",
            "null",
            "string",
            "'null' for value: null",
        ),
        (
            format!(r#"{{{TASK},"HeartbeatSeconds":"{{% 1.5 %}}"}}"#),
            "HeartbeatSeconds",
            "1.5",
            "positive integer",
            "'number' for value: 1.5",
        ),
        (
            format!(r#"{{{TASK},"TimeoutSeconds":"{{% 0 %}}"}}"#),
            "TimeoutSeconds",
            "0",
            "positive integer",
            "'number' for value: 0",
        ),
    ] {
        let what = format!(
            "The JSONata expression '{expression}' specified for the field '{field}' returned an unexpected result type. Expected '{expected}', but was {found}"
        );
        check(&state, field, &what);
    }
}

#[test]
fn conditions_are_true_or_false() {
    let states = r#""S":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.s %}","Next":"T"}],"Default":"T"},"T":{"Type":"Succeed"}"#;
    let ran = run_states(states, r#"{"s":"x"}"#);
    ran.check_failure(
        "States.QueryEvaluationError",
        r#"An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$states.input.s' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: "x""#,
    );
}

#[test]
fn functions_are_no_values() {
    for expression in ["$sum", "function($x) { $x }", "{'f': $sum}", "1 / 0"] {
        check(
            &format!(r#"{{"Type":"Pass","Output":"{{% {expression} %}}","End":true}}"#),
            "Output",
            &format!(
                "The JSONata expression '{expression}' specified for the field 'Output' returned an unsupported result type."
            ),
        );
    }
}

#[test]
fn an_evaluation_at_entry_follows_from_what_came_before_the_state() {
    run_state(r#"{"Type":"Pass","Output":"{% $gone %}","End":true}"#).check_events(
        "1<0 ExecutionStarted
         2<0 PassStateEntered
         3<0 EvaluationFailed
         4<3 ExecutionFailed",
    );
    run_state(&format!(r#"{{{TASK},"Output":"{{% $gone %}}"}}"#)).check_events(
        "1<0 ExecutionStarted
         2<0 TaskStateEntered
         3<2 TaskScheduled
         4<3 TaskStarted
         5<4 TaskSucceeded
         6<5 EvaluationFailed
         7<6 ExecutionFailed",
    );
}

#[test]
fn a_timestamp_that_is_none_fails_after_the_evaluation() {
    let ran = run_state(r#"{"Type":"Wait","Timestamp":"{% $states.input.s %}","End":true}"#);
    ran.check_events(
        "1<0 ExecutionStarted
         2<0 WaitStateEntered
         3<2 EvaluationFailed
         4<3 ExecutionFailed",
    );
    ran.check_failure(
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'S' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: x",
    );
    assert_eq!(failed_at(&ran), (Some("Timestamp"), 2));
}

#[test]
fn a_map_whose_items_fail_is_recorded_as_failed_though_it_never_started() {
    let processor = r#""ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}}"#;
    let events = "1<0 ExecutionStarted
        2<0 MapStateEntered
        3<0 EvaluationFailed
        4<3 MapStateFailed
        5<4 ExecutionFailed";
    run_state(&format!(r#"{{"Type":"Map","Items":"{{% $gone %}}",{processor},"End":true}}"#))
        .check_events(events);
    let ran = run_state(&format!(r#"{{"Type":"Map",{processor},"End":true}}"#));
    ran.check_events(events);
    assert_eq!(failed_at(&ran), (None, 0));
    ran.check_failure(
        "States.QueryEvaluationError",
        r#"An error occurred while executing the state 'S' (entered at the event id #2). Map state input must be an array but was: {"n":1,"s":"x"}"#,
    );
}

#[test]
fn a_failed_evaluation_is_retried_and_caught_like_any_error() {
    let states = format!(
        r#""S":{{{TASK},"Arguments":"{{% $gone %}}","Retry":[{{"ErrorEquals":["States.QueryEvaluationError"],"MaxAttempts":1}}],
            "Catch":[{{"ErrorEquals":["States.TaskFailed"],"Output":"{{% $states.errorOutput.Error %}}","Next":"T"}}]}},
           "T":{{"Type":"Succeed"}}"#
    );
    let ran = run_states(&states, "{}");
    ran.check_output(r#""States.QueryEvaluationError""#);
    ran.check_events(
        "1<0 ExecutionStarted
         2<0 TaskStateEntered
         3<0 EvaluationFailed
         4<3 EvaluationFailed
         5<4 TaskStateExited
         6<5 SucceedStateEntered
         7<6 SucceedStateExited
         8<7 ExecutionSucceeded",
    );
    assert_eq!(ran.elapsed_seconds(), 1);
}

#[test]
fn a_catcher_whose_output_fails_fails_the_state() {
    let states = format!(
        r#""S":{{{TASK},"Output":"{{% $gone %}}","Catch":[{{"ErrorEquals":["States.ALL"],"Output":"{{% $gone %}}","Next":"T"}}]}},
           "T":{{"Type":"Succeed"}}"#
    );
    let ran = run_states(&states, "{}");
    let count = ran.transcript().matches("EvaluationFailed").count();
    assert_eq!(count, 2);
    ran.check_failure(
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression '$gone' specified for the field 'Catch[0]/Output' returned nothing (undefined).",
    );
}

#[test]
fn a_failure_in_an_iteration_is_recorded_once() {
    let states = r#""S":{"Type":"Map","Items":[1],"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Output":"{% $gone %}","End":true}}},"End":true}"#;
    run_states(states, "{}").check_events(
        "1<0 ExecutionStarted
         2<0 MapStateEntered
         3<2 MapStateStarted
         4<3 MapIterationStarted
         5<4 PassStateEntered
         6<4 EvaluationFailed
         7<6 MapIterationFailed
         8<6 MapStateFailed
         9<8 ExecutionFailed",
    );
}

#[test]
fn endless_expressions_end_the_execution_and_nobody_catches_that() {
    let states = format!(
        r#""S":{{{TASK},"Arguments":"{{% $count([1..9000000]) %}}","Catch":[{{"ErrorEquals":["States.ALL"],"Next":"T"}}]}},"T":{{"Type":"Succeed"}}"#
    );
    run_states(&states, "{}").check_failure(
        "SfnTestkit.RunawayExecution",
        "The expressions of the state 'S' read too much data; sfn-testkit stops the execution here.",
    );
}
