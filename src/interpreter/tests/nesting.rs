//! Parallel and Map: order of events, concurrency, failures of siblings.

use super::harness::{Answer, Ran, run};
use crate::model::EventDetails;

const LAMBDA: &str = "arn:aws:states:::lambda:invoke";

/// One Parallel with more fields; `more` are other states it leads to.
fn parallel(branches: &str, fields: &str, more: &str) -> String {
    format!(
        r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","Branches":[{branches}]{fields},"End":true}}{more}}}}}"#
    )
}

fn branch(name: &str, state: &str) -> String {
    format!(r#"{{"StartAt":"{name}","States":{{"{name}":{state}}}}}"#)
}

fn map(processor: &str, fields: &str) -> String {
    format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","ItemProcessor":{processor}{fields},"End":true}}}}}}"#
    )
}

#[test]
fn branches_run_side_by_side_and_their_outputs_keep_branch_order_and_text() {
    let pass = r#"{"Type":"Pass","End":true}"#;
    let wait = r#"{"Type":"Wait","Seconds":1,"End":true}"#;
    let ran =
        run(&parallel(&format!("{},{}", branch("A", wait), branch("B", pass)), "", ""), "[1, 2]", |_| {
            Answer::Never
        });
    ran.check_output("[[1, 2],[1, 2]]");
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 ParallelStateEntered
        3<2 ParallelStateStarted
        4<3 WaitStateEntered
        5<3 PassStateEntered
        6<5 PassStateExited
        7<4 WaitStateExited
        8<7 ParallelStateSucceeded
        9<7 ParallelStateExited
        10<9 ExecutionSucceeded",
    );
}

#[test]
fn a_failing_branch_aborts_its_siblings() {
    let fail = r#"{"Type":"Fail","Error":"E"}"#;
    let wait = r#"{"Type":"Wait","Seconds":60,"End":true}"#;
    let task = format!(r#"{{"Type":"Task","Resource":"{LAMBDA}","End":true}}"#);
    let nested =
        branch("N", &format!(r#"{{"Type":"Parallel","Branches":[{}],"End":true}}"#, branch("NW", wait)));
    let branches = format!("{},{},{nested},{}", branch("W", wait), branch("T", &task), branch("F", fail));
    let ran = run(&parallel(&branches, "", ""), "{}", |_| Answer::Never);
    ran.check_failure("E", "");
    assert_eq!(ran.elapsed_seconds(), 0);
    let transcript = ran.transcript();
    assert!(
        transcript.contains("WaitStateAborted") && transcript.contains("ParallelStateFailed"),
        "{transcript}"
    );
}

#[test]
fn a_failing_task_in_a_branch_is_itself_recorded_as_aborted() {
    let task = format!(r#"{{"Type":"Task","Resource":"{LAMBDA}","End":true}}"#);
    let catch = r#","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Caught"}]"#;
    let caught = r#","Caught":{"Type":"Pass","End":true}"#;
    let ran = run(&parallel(&branch("T", &task), catch, caught), "{}", |_| Answer::Fails("E", "c"));
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 ParallelStateEntered
        3<2 ParallelStateStarted
        4<3 TaskStateEntered
        5<4 TaskScheduled
        6<5 TaskStarted
        7<6 TaskFailed
        8<7 TaskStateAborted
        9<7 ParallelStateFailed
        10<9 ParallelStateExited
        11<10 PassStateEntered
        12<11 PassStateExited
        13<12 ExecutionSucceeded",
    );
}

#[test]
fn iterations_start_together_and_the_output_keeps_item_order() {
    let pass = branch("I", r#"{"Type":"Pass","Parameters":{"v.$":"$.x"},"End":true}"#);
    let selector =
        r#","ItemSelector":{"x.$":"States.Format('{}:{}', $$.Map.Item.Index, $$.Map.Item.Value)"}"#;
    let ran = run(&map(&pass, selector), r#"["a", "b"]"#, |_| Answer::Never);
    ran.check_output(r#"[{"v":"0:a"},{"v":"1:b"}]"#);
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 MapStateEntered
        3<2 MapStateStarted
        4<3 MapIterationStarted
        5<3 MapIterationStarted
        6<4 PassStateEntered
        7<5 PassStateEntered
        8<6 PassStateExited
        9<8 MapIterationSucceeded
        10<7 PassStateExited
        11<10 MapIterationSucceeded
        12<11 MapStateSucceeded
        13<11 MapStateExited
        14<13 ExecutionSucceeded",
    );
}

#[test]
fn with_a_concurrency_of_one_iterations_follow_each_other_as_siblings() {
    let pass = branch("I", r#"{"Type":"Pass","End":true}"#);
    let ran = run(&map(&pass, r#","MaxConcurrencyPath":"$[0]""#), "[1, 5]", |_| Answer::Never);
    assert!(
        ran.transcript().contains("7<6 MapIterationSucceeded\n8<6 MapIterationStarted"),
        "{}",
        ran.transcript()
    );
}

#[test]
fn an_empty_array_succeeds_at_once() {
    let ran = run(&map(&branch("I", r#"{"Type":"Pass","End":true}"#), ""), "[]", |_| Answer::Never);
    ran.check_output("[]");
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 MapStateEntered
        3<2 MapStateStarted
        4<3 MapStateSucceeded
        5<3 MapStateExited
        6<5 ExecutionSucceeded",
    );
}

#[test]
fn a_map_over_something_else_than_an_array_fails() {
    let ran = run(&map(&branch("I", r#"{"Type":"Pass","End":true}"#), ""), "{}", |_| Answer::Never);
    ran.check_failure(
        "States.Runtime",
        "An error occurred while executing the state 'M' (entered at the event id #2). Reference path \"$\" must point to array.",
    );
    ran.check_events("1<0 ExecutionStarted\n2<0 MapStateEntered\n3<2 ExecutionFailed");
}

#[test]
fn a_retried_map_runs_all_its_items_again() {
    let fail = branch("F", r#"{"Type":"Fail","Error":"E"}"#);
    let ran =
        run(&map(&fail, r#","Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}]"#), "[1]", |_| Answer::Never);
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 MapStateEntered
        3<2 MapStateStarted
        4<3 MapIterationStarted
        5<4 FailStateEntered
        6<5 MapIterationFailed
        7<5 MapStateStarted
        8<7 MapIterationStarted
        9<8 FailStateEntered
        10<9 MapIterationFailed
        11<9 MapStateFailed
        12<11 ExecutionFailed",
    );
}

#[test]
fn timeouts_of_one_instant_are_all_recorded_before_the_first_aborts_the_rest() {
    let task =
        branch("T", &format!(r#"{{"Type":"Task","Resource":"{LAMBDA}","TimeoutSeconds":5,"End":true}}"#));
    let ran = run(&map(&task, ""), "[1, 2]", |_| Answer::Never);
    let transcript = ran.transcript();
    let tail: Vec<_> = transcript.lines().skip(11).collect();
    assert_eq!(
        tail,
        [
            "12<10 TaskTimedOut",
            "13<11 TaskTimedOut",
            "14<12 MapIterationFailed",
            "15<12 TaskStateAborted",
            "16<12 MapIterationAborted",
            "17<12 TaskStateAborted",
            "18<12 MapStateFailed",
            "19<18 ExecutionFailed"
        ]
    );
}

#[test]
fn a_bad_item_selector_fails_the_map() {
    let ran: Ran = run(
        &map(&branch("I", r#"{"Type":"Pass","End":true}"#), r#","ItemSelector":{"x.$":"$.no"}"#),
        "[1]",
        |_| Answer::Never,
    );
    ran.check_failure(
        "States.Runtime",
        "An error occurred while executing the state 'M' (entered at the event id #2). The JSONPath '$.no' specified for the field 'x.$' could not be found in the input '[1]'",
    );
}

#[test]
fn iterations_know_their_index() {
    let task = branch("T", &format!(r#"{{"Type":"Task","Resource":"{LAMBDA}","End":true}}"#));
    let mut seen = Vec::new();
    let ran = run(&map(&task, ""), "[7, 8, 9]", |call| {
        seen.push(call.iteration);
        Answer::Gives("0")
    });
    assert_eq!(seen, [Some(0), Some(1), Some(2)]);
    let started = ran
        .interpreter
        .events()
        .iter()
        .filter(|event| matches!(event.details, EventDetails::MapIteration { .. }));
    assert_eq!(started.count(), 6);
}

#[test]
fn a_map_that_succeeded_does_not_fail_too_when_its_result_cannot_be_selected() {
    let processor = branch("I", r#"{"Type":"Pass","End":true}"#);
    let ran = run(&map(&processor, r#","ResultSelector":{"x.$":"$.no"}"#), "[1]", |_| Answer::Never);
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 MapStateEntered
        3<2 MapStateStarted
        4<3 MapIterationStarted
        5<4 PassStateEntered
        6<5 PassStateExited
        7<6 MapIterationSucceeded
        8<7 MapStateSucceeded
        9<7 ExecutionFailed",
    );
}
