//! What executions take of their definitions is counted exactly, and changes nothing in their histories.

use std::sync::Arc;

use super::harness::{Answer, START, about, drive, run};
use crate::asl;
use crate::interpreter::interpret::Interpreter;
use crate::interpreter::tally::{Taken, Tally};
use crate::model::StateMachineType;

/// What the executions with these inputs take together, each task answered with what `answer` says of its state.
fn taken(definition: &str, inputs: &[&str], answer: fn(&str, u64) -> Answer) -> Taken {
    let kind = StateMachineType::Standard;
    let read = asl::read_definition(definition, kind).expect("a valid definition");
    let tally = Arc::new(Tally::new(&read));
    for input in inputs {
        let mut counted = about(kind, input);
        counted.tally = Some(Arc::clone(&tally));
        let ran = drive(Interpreter::start(&read, counted, START), START, |task| {
            answer(&task.state, task.retry_count)
        });
        let uncounted = run(definition, input, |task| answer(&task.state, task.retry_count));
        assert_eq!(ran.interpreter.events(), uncounted.interpreter.events(), "counting is not seen");
    }
    tally.take()
}

#[track_caller]
fn check(taken: &Taken, expected: &[(&str, &[u64])]) {
    let found: Vec<(&str, &[u64])> =
        taken.states.iter().map(|(name, counts)| (&**name, &counts[..])).collect();
    assert_eq!(found, expected);
}

const CHOICE: &str = r#"{"StartAt":"C","States":{
    "C":{"Type":"Choice","Default":"Same","Choices":[
        {"Variable":"$.n","NumericEquals":1,"Next":"Same"},{"Variable":"$.n","NumericEquals":2,"Next":"Same"}]},
    "Same":{"Type":"Succeed"}}}"#;

#[test]
fn rules_that_lead_to_the_same_state_are_told_apart() {
    let taken = taken(CHOICE, &[r#"{"n":2}"#, r#"{"n":2}"#, r#"{"n":3}"#], |_, _| Answer::Never);
    check(&taken, &[("C", &[3, 1, 0, 0, 0, 0, 2]), ("Same", &[3, 3, 0, 0, 0])]);
}

#[test]
fn a_rule_whose_execution_fails_on_it_is_not_taken() {
    let missing = taken(CHOICE, &["{}"], |_, _| Answer::Never);
    check(&missing, &[("C", &[1, 0, 1, 0, 0, 0, 0])]);
}

const TASK: &str = r#"{"StartAt":"T","TimeoutSeconds":1000,"States":{
    "T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":10,
        "Parameters":{"QueueUrl":"q","MessageBody":{"t.$":"$$.Task.Token"}},
        "HeartbeatSecondsPath":"$.beat",
        "Retry":[{"ErrorEquals":["Never"],"MaxAttempts":0},
                 {"ErrorEquals":["A","B"],"MaxAttempts":2},{"ErrorEquals":["States.Timeout"],"MaxAttempts":1}],
        "Catch":[{"ErrorEquals":["A"],"Next":"F"},{"ErrorEquals":["X","B","Never","States.Timeout"],"Next":"F"}],"End":true},
    "F":{"Type":"Fail"}}}"#;

#[test]
fn retriers_and_catchers_are_counted_by_the_error_they_took() {
    // B is retried twice and then caught.
    let b = taken(TASK, &[r#"{"beat":5}"#], |_, _| Answer::Fails("B", ""));
    check(&b, &[("T", &[1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0]), ("F", &[1, 0, 1, 0, 0])]);
    let a = taken(TASK, &[r#"{"beat":5}"#], |_, retries| match retries {
        0 => Answer::Fails("A", ""),
        _ => Answer::Gives("{}"),
    });
    check(&a, &[("T", &[1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])]);
    // A retrier without attempts keeps the error from those behind it.
    let never = taken(TASK, &[r#"{"beat":5}"#], |_, _| Answer::Fails("Never", ""));
    check(&never, &[("T", &[1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]), ("F", &[1, 0, 1, 0, 0])]);
}

#[test]
fn timeouts_and_heartbeats_are_told_apart() {
    let beat = taken(TASK, &[r#"{"beat":5}"#], |_, _| Answer::Never);
    check(&beat, &[("T", &[1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 1]), ("F", &[1, 0, 1, 0, 0])]);
    let whole = taken(TASK, &[r#"{"beat":50}"#], |_, _| Answer::Never);
    check(&whole, &[("T", &[1, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]), ("F", &[1, 0, 1, 0, 0])]);
}

#[test]
fn the_time_limit_of_the_execution_is_counted_by_itself() {
    let slow =
        r#"{"StartAt":"W","TimeoutSeconds":10,"States":{"W":{"Type":"Wait","Seconds":11,"End":true}}}"#;
    let taken = taken(slow, &["{}"], |_, _| Answer::Never);
    assert_eq!(taken.timed_out, 1);
    check(&taken, &[("W", &[1, 0, 0, 0, 0])]);
}

#[test]
fn branches_and_iterations_count_for_the_states_in_them() {
    let nested = r#"{"StartAt":"P","States":{
        "P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{
                "StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}}},
            {"StartAt":"B","States":{"B":{"Type":"Pass","Result":1,"End":true}}}],
            "Catch":[{"ErrorEquals":["States.ALL"],"Next":"F"}]},
        "F":{"Type":"Fail"}}}"#;
    let taken = taken(nested, &["[1,2,3]"], |_, _| Answer::Never);
    check(
        &taken,
        &[
            ("P", &[1, 1, 0, 0, 0, 0]),
            ("M", &[1, 1, 0, 0, 0]),
            ("I", &[3, 3, 0, 0, 0]),
            ("B", &[1, 1, 0, 0, 0]),
        ],
    );
}

#[test]
fn what_was_told_once_is_forgotten() {
    let read = asl::read_definition(CHOICE, StateMachineType::Standard).expect("a valid definition");
    let tally = Tally::new(&read);
    tally.note_execution();
    assert_eq!(tally.take().executions, 1);
    assert!(tally.take().is_nothing());
}
