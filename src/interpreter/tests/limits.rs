//! Sizes, lengths and times: what the service allows, and what we promise about speed and depth.

use std::fmt::Write;

use super::harness::{Answer, run, run_as};
use crate::interpreter::command::Outcome;
use crate::model::{HistoryEventType, StateMachineType, quota};

#[test]
fn a_loop_ends_with_event_25000() {
    let definition = r#"{"StartAt":"A","States":{
        "A":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"Z"}],"Default":"A2"},
        "A2":{"Type":"Pass","Next":"A"},"Z":{"Type":"Succeed"}}}"#;
    let ran = run(definition, "{}", |_| Answer::Never);
    ran.check_failure(
        "States.Runtime",
        "The execution reached the maximum number of history events (25000).",
    );
    assert_eq!(ran.interpreter.events().len(), 25_000);
}

#[test]
fn a_result_of_more_than_256_kib_fails_the_task_and_can_be_caught() {
    let definition = r#"{"StartAt":"T","States":{
        "T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
             "Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]},
        "C":{"Type":"Pass","End":true}}}"#;
    let large: &'static str =
        Box::leak(format!("\"{}\"", "é".repeat(quota::PAYLOAD_BYTES / 2)).into_boxed_str());
    let ran = run(definition, "{}", |_| Answer::Gives(large));
    ran.check_output(
        r#"{"Error":"States.DataLimitExceeded","Cause":"The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit."}"#,
    );
    let just_right: &'static str =
        Box::leak(format!("\"{}\"", "x".repeat(quota::PAYLOAD_BYTES - 2)).into_boxed_str());
    let ran = run(definition, "{}", |_| Answer::Gives(just_right));
    assert_eq!(ran.interpreter.events().last().unwrap().event_type, HistoryEventType::ExecutionSucceeded);
}

#[test]
fn an_output_of_more_than_256_kib_fails_the_execution_without_an_exit() {
    let result = "x".repeat(quota::PAYLOAD_BYTES);
    let definition =
        format!(r#"{{"StartAt":"P","States":{{"P":{{"Type":"Pass","Result":"{result}","End":true}}}}}}"#);
    let ran = run(&definition, "{}", |_| Answer::Never);
    ran.check_failure(
        "States.DataLimitExceeded",
        "The state/task 'P' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
    ran.check_events("1<0 ExecutionStarted\n2<0 PassStateEntered\n3<2 ExecutionFailed");
}

#[test]
fn the_timeout_of_the_machine_ends_it_as_timed_out() {
    let definition =
        r#"{"TimeoutSeconds":5,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":6,"End":true}}}"#;
    let ran = run(definition, "{}", |_| Answer::Never);
    assert_eq!(ran.elapsed_seconds(), 5);
    ran.check_events("1<0 ExecutionStarted\n2<0 WaitStateEntered\n3<0 ExecutionTimedOut");
}

#[test]
fn an_express_execution_ends_after_five_minutes() {
    let definition = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":301,"End":true}}}"#;
    let ran = run_as(StateMachineType::Express, definition, "{}", |_| Answer::Never);
    assert_eq!(ran.elapsed_seconds(), 300);
}

#[test]
fn a_chain_of_50000_states_runs_without_deep_recursion() {
    let mut states = String::new();
    for index in 0..50_000 {
        write!(states, r#""S{index}":{{"Type":"Pass","Next":"S{}"}},"#, index + 1).unwrap();
    }
    let definition = format!(r#"{{"StartAt":"S0","States":{{{states}"S50000":{{"Type":"Succeed"}}}}}}"#);
    let ran = run_as(StateMachineType::Express, &definition, "{}", |_| Answer::Never);
    ran.check_output("{}");
}

#[test]
fn a_map_over_100000_items_runs_without_deep_recursion() {
    let definition = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{
        "I":{"Type":"Pass","End":true}}},"ResultPath":null,"End":true}}}"#;
    let items = format!("[{}1]", "1,".repeat(99_999));
    let ran = run_as(StateMachineType::Express, definition, &items, |_| Answer::Never);
    assert_eq!(ran.interpreter.events().last().unwrap().event_type, HistoryEventType::ExecutionSucceeded);
}

/// A loop of one Pass state with these fields.
fn looping(fields: &str) -> String {
    format!(
        r#"{{"StartAt":"C","States":{{
            "C":{{"Type":"Choice","Choices":[{{"Variable":"$$.State.No","IsPresent":true,"Next":"Z"}}],"Default":"P"}},
            "P":{{"Type":"Pass",{fields}"Next":"P"}},"Z":{{"Type":"Succeed"}}}}}}"#
    )
}

/// An object whose text is as large as a payload may be.
fn largest_object() -> String {
    format!(r#"{{"a":"{}"}}"#, "x".repeat(quota::PAYLOAD_BYTES - 8))
}

#[test]
fn a_loop_that_hands_a_large_payload_on_keeps_one_copy_of_it() {
    let ran = run(&looping(""), &largest_object(), |_| Answer::Never);
    ran.check_failure(
        "States.Runtime",
        "The execution reached the maximum number of history events (25000).",
    );
}

#[test]
fn a_template_that_multiplies_its_input_is_stopped() {
    let stopped =
        "The expressions of the state 'P' read too much data; sfn-testkit stops the execution here.";
    let times = |count: usize, what: &str| vec![what; count].join(",");
    let nested = format!("States.Array({})", times(9, &format!("States.Array({})", times(9, "$"))));
    for call in [
        format!("States.Array({})", times(5000, "$")),
        nested,
        format!("States.Format('{}',{})", "{}".repeat(500), times(500, "$.a")),
    ] {
        let definition = format!(
            r#"{{"StartAt":"P","States":{{"P":{{"Type":"Pass","Parameters":{{"x.$":"{call}"}},"End":true}}}}}}"#
        );
        let ran = run(&definition, &largest_object(), |_| Answer::Never);
        ran.check_failure("SfnTestkit.RunawayExecution", stopped);
    }
}

#[test]
fn a_value_of_small_parts_with_an_endless_text_is_too_large() {
    let mut definition = String::from(r#"{"StartAt":"S0","States":{"#);
    for index in 0..8 {
        let next = index + 1;
        write!(
            definition,
            r#""S{index}":{{"Type":"Parallel","Next":"S{next}","Branches":[{}]}},"#,
            (0..8)
                .map(|branch| format!(
                    r#"{{"StartAt":"B{index}{branch}","States":{{"B{index}{branch}":{{"Type":"Pass","End":true}}}}}}"#
                ))
                .collect::<Vec<_>>()
                .join(",")
        )
        .unwrap();
    }
    definition.push_str(r#""S8":{"Type":"Succeed"}}}"#);
    let ran = run(&definition, &largest_object(), |_| Answer::Never);
    ran.check_failure(
        "States.DataLimitExceeded",
        "The state/task 'S0' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
}

#[test]
fn a_loop_that_wraps_its_payload_ends_at_a_thousand_levels() {
    let parallel = r#"{"StartAt":"C","States":{
        "C":{"Type":"Choice","Choices":[{"Variable":"$$.State.No","IsPresent":true,"Next":"Z"}],"Default":"P"},
        "P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}],"Next":"P"},
        "Z":{"Type":"Succeed"}}}"#;
    for definition in [parallel, &looping(r#""ResultPath":"$.a","#)] {
        let ran = run_as(StateMachineType::Express, definition, "{}", |_| Answer::Never);
        let Some(Outcome::Failed(failure)) = ran.interpreter.outcome() else { panic!("it runs on") };
        let cause = failure.cause.as_deref().unwrap();
        assert!(
            cause.ends_with(" Document nesting depth (1001) exceeds the maximum allowed (1000)"),
            "{cause}"
        );
    }
}

#[test]
fn what_a_parallel_or_a_map_hands_on_may_not_be_too_large_either() {
    let branch = r#"{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}"#;
    let catch = r#""Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"Next":"C"}],"End":true"#;
    let doubled = r#"{"a.$":"$[0]","b.$":"$[0]"}"#;
    for state in [
        format!(r#"{{"Type":"Parallel","Branches":[{branch}],"Parameters":{doubled},{catch}}}"#),
        format!(r#"{{"Type":"Map","ItemProcessor":{branch},"ItemSelector":{doubled},{catch}}}"#),
    ] {
        let definition =
            format!(r#"{{"StartAt":"S","States":{{"S":{state},"C":{{"Type":"Pass","End":true}}}}}}"#);
        let input = format!(r#"["{}"]"#, "x".repeat(quota::PAYLOAD_BYTES / 2));
        run(&definition, &input, |_| Answer::Never).check_output(
            r#"{"Error":"States.DataLimitExceeded","Cause":"The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit."}"#,
        );
    }
}
