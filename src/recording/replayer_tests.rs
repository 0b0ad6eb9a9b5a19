//! In which order and how often a cassette answers, and what it says when it does not.

use super::Replayer;
use super::test_tape::{
    ask, describe, execution, json, poll, record, record_with, redacting, start, status, stop, succeed,
    throttled,
};
use crate::model::{Json, Operation};

const RUN: &str = "run-8f14e45f";

fn replay(exchanges: &[super::test_tape::Exchange]) -> Replayer {
    Replayer::new(record(exchanges))
}

fn order() -> [super::test_tape::Exchange; 5] {
    [
        start(RUN, r#"{"order":7}"#),
        describe(RUN, "RUNNING"),
        describe(RUN, "RUNNING"),
        describe(RUN, "WAITING"),
        describe(RUN, "SUCCEEDED"),
    ]
}

#[test]
fn another_name_is_answered_with_itself() {
    let mut replayer = replay(&order());
    let (_, started) = ask(&mut replayer, &start("another-1", r#"{"order":7}"#)).unwrap();
    let arn = started.get("executionArn").and_then(Json::as_str).unwrap();
    assert_eq!(arn, execution("another-1"));
    assert_eq!(started.get("startDate"), Some(&Json::Float(1_700_000_000.5)));
    let (_, described) = ask(&mut replayer, &describe("another-1", "")).unwrap();
    assert_eq!(described.get("name"), Some(&Json::from("another-1")));
}

#[test]
fn fewer_polls_move_on_and_more_polls_stay_at_the_end() {
    let mut replayer = replay(&order());
    ask(&mut replayer, &start(RUN, r#"{"order":7}"#)).unwrap();
    let seen: Vec<String> = (0..6).map(|_| status(&mut replayer, RUN)).collect();
    assert_eq!(seen, ["RUNNING", "WAITING", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
    assert_eq!(replayer.unused(), []);
}

#[test]
fn one_poll_is_enough_for_a_recording_of_many() {
    let mut replayer = replay(&order());
    ask(&mut replayer, &start(RUN, r#"{"order":7}"#)).unwrap();
    assert_eq!(replayer.unused(), [2, 3, 4].map(|number| (number, Operation::DescribeExecution)));
    status(&mut replayer, RUN);
    assert_eq!(replayer.unused(), []);
}

fn approval() -> [super::test_tape::Exchange; 5] {
    [
        start(RUN, "{}"),
        poll(Some(("AQCEAAAA-1", r#"{"x":1}"#))),
        describe(RUN, "RUNNING"),
        succeed("AQCEAAAA-1"),
        describe(RUN, "SUCCEEDED"),
    ]
}

#[test]
fn polls_never_cross_a_change() {
    let mut replayer = replay(&approval());
    ask(&mut replayer, &start(RUN, "{}")).unwrap();
    for _ in 0..9 {
        assert_eq!(status(&mut replayer, RUN), "RUNNING");
    }
    let (_, task) = ask(&mut replayer, &poll(None)).unwrap();
    let token = task.get("taskToken").and_then(Json::as_str).unwrap();
    assert_eq!(token, "task-token-1");
    ask(&mut replayer, &succeed(token)).unwrap();
    assert_eq!(status(&mut replayer, RUN), "SUCCEEDED");
}

#[test]
fn an_answer_that_a_change_has_overtaken_is_not_given() {
    let mut replayer = replay(&approval());
    ask(&mut replayer, &start(RUN, "{}")).unwrap();
    ask(&mut replayer, &succeed("from elsewhere")).unwrap();
    assert_eq!(status(&mut replayer, RUN), "SUCCEEDED");

    let mut replayer = replay(&[start(RUN, "{}"), describe(RUN, "RUNNING"), stop(RUN)]);
    ask(&mut replayer, &start(RUN, "{}")).unwrap();
    ask(&mut replayer, &stop(RUN)).unwrap();
    assert_eq!(
        ask(&mut replayer, &describe(RUN, "")).unwrap_err(),
        "the cassette has no answer for this DescribeExecution: it was recorded only before StopExecution (interaction 3), which has been replayed already"
    );
}

#[test]
fn an_answer_that_a_change_has_yet_to_bring_is_not_given() {
    let mut replayer = replay(&[start(RUN, "{}"), stop(RUN), describe(RUN, "ABORTED")]);
    assert_eq!(
        ask(&mut replayer, &describe(RUN, "")).unwrap_err(),
        "the cassette has no answer for this DescribeExecution: it was recorded only after StartExecution (interaction 1), which has not been replayed"
    );
    ask(&mut replayer, &start(RUN, "{}")).unwrap();
    assert!(
        ask(&mut replayer, &describe(RUN, "")).unwrap_err().ends_with(
            "it was recorded only after StopExecution (interaction 2), which has not been replayed"
        )
    );
    ask(&mut replayer, &stop(RUN)).unwrap();
    assert_eq!(status(&mut replayer, RUN), "ABORTED");
}

#[test]
fn flows_that_have_nothing_to_do_with_each_other_come_in_any_order() {
    let (a, b) = ("run-11111111", "run-22222222");
    let recorded = [
        start(a, r#"{"n":1}"#),
        start(b, r#"{"n":2}"#),
        describe(a, "RUNNING"),
        stop(b),
        describe(b, "ABORTED"),
        describe(a, "SUCCEEDED"),
    ];
    let mut replayer = replay(&recorded);
    ask(&mut replayer, &start("x2", r#"{"n":2}"#)).unwrap();
    ask(&mut replayer, &stop("x2")).unwrap();
    assert_eq!(status(&mut replayer, "x2"), "ABORTED");
    ask(&mut replayer, &start("x1", r#"{"n":1}"#)).unwrap();
    assert_eq!([(); 2].map(|()| status(&mut replayer, "x1")), ["RUNNING", "SUCCEEDED"]);
    assert_eq!(replayer.unused(), []);
}

#[test]
fn a_task_is_handed_out_once_and_not_before_there_is_work() {
    let mut replayer = replay(&approval());
    let early = replayer.answer(Operation::GetActivityTask, &poll(None).1).unwrap_err();
    assert!(early.is_poll_without_task());
    ask(&mut replayer, &start(RUN, "{}")).unwrap();
    ask(&mut replayer, &poll(None)).unwrap();
    let again = replayer.answer(Operation::GetActivityTask, &poll(None).1).unwrap_err();
    assert!(again.is_poll_without_task());
    assert_eq!(
        again.to_string(),
        "the cassette has no answer for this GetActivityTask: every recorded task was handed out already"
    );
}

#[test]
fn tasks_of_two_executions_are_handed_out_whichever_starts_first() {
    let (a, b) = ("run-11111111", "run-22222222");
    let mut replayer = replay(&[
        start(a, r#"{"n":1}"#),
        start(b, r#"{"n":2}"#),
        poll(None),
        poll(Some(("AQCEAAAA-1", r#"{"n":1}"#))),
        poll(Some(("AQCEAAAA-2", r#"{"n":2}"#))),
        succeed("AQCEAAAA-2"),
        succeed("AQCEAAAA-1"),
        describe(a, "SUCCEEDED"),
        describe(b, "SUCCEEDED"),
    ]);
    ask(&mut replayer, &start(a, r#"{"n":1}"#)).unwrap();
    assert_eq!(ask(&mut replayer, &poll(None)).unwrap().1.get("taskToken"), Some(&Json::Null));
    let (_, task) = ask(&mut replayer, &poll(None)).unwrap();
    assert_eq!(task.get("input"), Some(&Json::from(r#"{"n":1}"#)));
    ask(&mut replayer, &succeed("task-token-1")).unwrap();
    assert_eq!(status(&mut replayer, a), "SUCCEEDED");
    assert!(replayer.answer(Operation::GetActivityTask, &poll(None).1).unwrap_err().is_poll_without_task());
}

#[test]
fn a_change_is_replayed_as_often_as_it_was_recorded() {
    let mut replayer = replay(&[start(RUN, "{}"), stop(RUN)]);
    ask(&mut replayer, &start(RUN, "{}")).unwrap();
    ask(&mut replayer, &stop(RUN)).unwrap();
    assert_eq!(
        ask(&mut replayer, &stop(RUN)).unwrap_err(),
        "the cassette has no answer for this StopExecution: it was recorded once, and that was replayed already"
    );
    let mut twice = replay(&[start(RUN, "{}"), stop(RUN), stop(RUN)]);
    ask(&mut twice, &start(RUN, "{}")).unwrap();
    ask(&mut twice, &stop(RUN)).unwrap();
    ask(&mut twice, &stop(RUN)).unwrap();
    assert!(
        ask(&mut twice, &stop(RUN))
            .unwrap_err()
            .ends_with("it was recorded 2 times, and all of them were replayed already")
    );
}

#[test]
fn a_throttled_answer_is_given_to_every_attempt() {
    let mut replayer = replay(&[throttled(start(RUN, "{}"))]);
    for _ in 0..3 {
        assert_eq!(ask(&mut replayer, &start(RUN, "{}")).unwrap().0, 400);
    }
}

#[test]
fn recorded_attempts_are_replayed_one_by_one() {
    let keep = super::RecorderSettings { keep_retries: true, ..super::RecorderSettings::default() };
    let file = record_with(&[throttled(start(RUN, "{}")), start(RUN, "{}")], keep);
    let mut replayer = Replayer::new(file);
    let statuses = [(); 2].map(|()| ask(&mut replayer, &start("other-77", "{}")).unwrap().0);
    assert_eq!(statuses, [400, 200]);
}

#[test]
fn a_redacted_request_matches_whatever_was_taken_out() {
    let file = record_with(&[start(RUN, r#"{"card":"4111-1111","id":7}"#)], redacting(&["$.input.card"]));
    let mut replayer = Replayer::new(file);
    assert!(ask(&mut replayer, &start(RUN, r#"{"card":"5500-0000","id":8}"#)).is_err());
    assert!(ask(&mut replayer, &start(RUN, r#"{"card":"5500-0000","id":7}"#)).is_ok());
}

#[test]
fn a_miss_shows_the_nearest_call_and_what_differs() {
    let mut replayer = replay(&[
        start(RUN, r#"{"a":1,"b":2,"c":3}"#),
        start("run-22222222", r#"{"order":7}"#),
        stop("run-22222222"),
    ]);
    assert_eq!(
        ask(&mut replayer, &start("mine-1", r#"{"order":8}"#)).unwrap_err(),
        "the cassette has no answer for this StartExecution: `input` differs
the nearest recorded call is interaction 2:
--- recorded
+++ asked for
@@ -1,7 +1,7 @@
 {
   \"input\": {
     \"$json\": {
-      \"order\": 7
+      \"order\": 8
     }
   },
   \"name\": \"mine-1\","
    );
    assert_eq!(
        ask(&mut replayer, &describe("mine-1", "")).unwrap_err(),
        "the cassette has no answer for this DescribeExecution: no call of DescribeExecution was recorded at all"
    );
    ask(&mut replayer, &start("mine-1", r#"{"order":7}"#)).unwrap();
    assert_eq!(
        ask(&mut replayer, &stop("other-1")).unwrap_err(),
        "the cassette has no answer for this StopExecution: `executionArn` differs
the nearest recorded call is interaction 3:
--- recorded
+++ asked for
@@ -1,3 +1,3 @@
 {
-  \"executionArn\": \"arn:aws:states:eu-west-1:999988887777:execution:orders:mine-1\"
+  \"executionArn\": \"arn:aws:states:eu-west-1:999988887777:execution:orders:other-1\"
 }"
    );
    assert_eq!(
        ask(&mut replayer, &(Operation::ListActivities, json("{}"), 200, json("{}"))).unwrap_err(),
        "the cassette has no answer for this ListActivities: no call of ListActivities was recorded at all"
    );
}
