//! Whole executions through the account: how calls, tasks, timers and the three kinds of time play together.

use std::time::Duration;

use super::fixture::{Fixture, MACHINE, create_input};
use super::task_call::{TaskAnswer, TaskKey, TaskOutcome};
use crate::model::Operation::{
    CreateStateMachine, DeleteStateMachine, DescribeExecution, GetExecutionHistory, RedriveExecution,
    StartExecution, StartSyncExecution, StopExecution,
};
use crate::model::{Failure, Json, Timestamp};

const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:m:x";
const SETTLING: Duration = Duration::from_millis(100);
const SECOND: Duration = Duration::from_secs(1);

const TASK: &str = r#"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","TimeoutSeconds":60,"End":true}}}"#;
const PARALLEL: &str = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
  {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}},
  {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}]}}}"#;

/// A machine `m` whose states wait so many seconds, one after the other.
fn waits(seconds: &[u64], more: &str) -> String {
    let last = seconds.len();
    let state = |(position, seconds): (usize, &u64)| {
        let next = if position + 1 == last {
            r#""End":true"#.into()
        } else {
            format!(r#""Next":"W{}""#, position + 1)
        };
        format!(r#""W{position}":{{"Type":"Wait","Seconds":{seconds},{next}}}"#)
    };
    let states: Vec<String> = seconds.iter().enumerate().map(state).collect();
    format!(r#"{{"StartAt":"W0"{more},"States":{{{}}}}}"#, states.join(","))
}

/// An account with the machine `m` and its execution `x`.
fn started(definition: &str, skip_after: Option<Duration>) -> Fixture {
    let mut fixture = Fixture::skipping(skip_after);
    fixture.ok(CreateStateMachine, &create_input("m", definition, ""));
    fixture.start(MACHINE, "x");
    fixture
}

/// Lets happen what happens by itself until then; afterwards it is then.
fn pass(fixture: &mut Fixture, until: Timestamp) {
    while let Some(due) = fixture.account.next_deadline().filter(|due| *due <= until) {
        assert!(fixture.account.fire_due(due));
    }
    fixture.now = until;
}

fn pass_for(fixture: &mut Fixture, duration: Duration) {
    let until = fixture.now.plus(duration);
    pass(fixture, until);
}

fn outcome(answer: &str, after: Duration) -> TaskAnswer {
    TaskAnswer::Outcome { after, outcome: TaskOutcome::Succeeded(Json::parse(answer).unwrap()) }
}

/// Answers every task that waits.
fn answer(fixture: &mut Fixture, answer: &TaskAnswer) -> Vec<TaskKey> {
    let keys: Vec<TaskKey> = fixture.account.take_tasks().into_iter().map(|call| call.key).collect();
    let answers = keys.iter().map(|key| (key.clone(), answer.clone())).collect();
    fixture.account.answer_tasks(answers, fixture.now);
    keys
}

/// `STATUS`, and the seconds from start to stop in the execution's own time.
fn ended(fixture: &Fixture, arn: &str) -> String {
    let record = fixture.account.execution(arn).unwrap();
    let ran = record.stop_date.map(|stop| stop.since(record.start_date).as_secs_f64());
    format!("{} {ran:?}", record.status)
}

#[track_caller]
fn check(fixture: &Fixture, expected: &str) {
    assert_eq!(ended(fixture, EXECUTION), expected);
}

#[test]
fn a_wait_ends_at_its_second() {
    let mut fixture = started(&waits(&[10, 5], ""), None);
    pass_for(&mut fixture, Duration::from_millis(14_999));
    check(&fixture, "RUNNING None");
    pass_for(&mut fixture, Duration::from_millis(1));
    check(&fixture, "SUCCEEDED Some(15.0)");
}

#[test]
fn a_late_driver_makes_no_execution_late() {
    let mut fixture = started(&waits(&[10, 5], ""), None);
    let late = fixture.now.plus(SECOND * 500);
    while fixture.account.fire_due(late) {}
    check(&fixture, "SUCCEEDED Some(15.0)");
}

#[test]
fn skipping_ends_a_month_once_the_execution_has_settled() {
    let mut fixture = started(&waits(&[2_592_000, 5], ""), Some(SETTLING));
    pass_for(&mut fixture, SETTLING - Duration::from_millis(1));
    check(&fixture, "RUNNING None");
    pass_for(&mut fixture, Duration::from_millis(1));
    check(&fixture, "SUCCEEDED Some(2592005.0)");
}

#[test]
fn an_execution_that_skips_can_be_seen_running_and_be_stopped() {
    let mut fixture = started(&waits(&[2_592_000], ""), Some(SETTLING));
    fixture.advance(Duration::from_millis(50));
    fixture.ok(StopExecution, &format!(r#"{{"executionArn":"{EXECUTION}","error":"Why"}}"#));
    check(&fixture, "ABORTED Some(0.05)");
}

#[test]
fn a_synchronous_execution_skips_at_once_and_is_billed_its_own_time() {
    let mut fixture = Fixture::skipping(Some(SETTLING));
    fixture.ok(CreateStateMachine, &create_input("e", &waits(&[120], ""), r#","type":"EXPRESS""#));
    let express = MACHINE.replace("stateMachine:m", "stateMachine:e");
    let arn = fixture.text(StartSyncExecution, &format!(r#"{{"stateMachineArn":"{express}"}}"#), "awaiting");
    assert_eq!(fixture.account.next_deadline(), Some(fixture.now));
    pass_for(&mut fixture, Duration::ZERO);
    let bill = fixture.account.sync_answer(&arn).unwrap().get("billingDetails").unwrap().to_text();
    assert_eq!(bill, r#"{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":120000}"#);
}

#[test]
fn an_express_execution_times_out_after_five_minutes() {
    let mut fixture = Fixture::new();
    fixture.ok(CreateStateMachine, &create_input("e", &waits(&[400], ""), r#","type":"EXPRESS""#));
    let express = MACHINE.replace("stateMachine:m", "stateMachine:e");
    let arn = fixture.text(StartSyncExecution, &format!(r#"{{"stateMachineArn":"{express}"}}"#), "awaiting");
    pass_for(&mut fixture, SECOND * 300);
    let answer = fixture.account.sync_answer(&arn).unwrap();
    assert_eq!(answer.get("status").unwrap().as_str(), Some("TIMED_OUT"));
    assert_eq!(answer.get("error").unwrap().as_str(), Some("States.Timeout"));
}

#[test]
fn the_execution_timeout_comes_last_of_its_instant() {
    for skip_after in [None, Some(SETTLING)] {
        let mut fixture = started(&waits(&[5, 0], r#","TimeoutSeconds":5"#), skip_after);
        pass_for(&mut fixture, SECOND * 5);
        check(&fixture, "SUCCEEDED Some(5.0)");
        let mut fixture = started(&waits(&[5, 1], r#","TimeoutSeconds":5"#), skip_after);
        pass_for(&mut fixture, SECOND * 5);
        check(&fixture, "TIMED_OUT Some(5.0)");
    }
}

#[test]
fn a_mocked_duration_takes_the_executions_time() {
    for skip_after in [None, Some(SETTLING)] {
        let mut fixture = started(TASK, skip_after);
        answer(&mut fixture, &outcome("1", SECOND * 59));
        pass_for(&mut fixture, SECOND * 59);
        check(&fixture, "SUCCEEDED Some(59.0)");
        let mut fixture = started(TASK, skip_after);
        answer(&mut fixture, &outcome("1", SECOND * 61));
        pass_for(&mut fixture, SECOND * 61);
        check(&fixture, "FAILED Some(60.0)");
    }
}

#[test]
fn work_outside_has_real_time_even_when_the_account_skips() {
    for skip_after in [None, Some(SETTLING)] {
        let mut fixture = started(TASK, skip_after);
        let keys = answer(&mut fixture, &TaskAnswer::Later);
        pass_for(&mut fixture, SECOND * 59);
        check(&fixture, "RUNNING None");
        fixture.account.finish_task(&keys[0], TaskOutcome::Succeeded(Json::Null), fixture.now);
        check(&fixture, "SUCCEEDED Some(59.0)");

        let mut fixture = started(TASK, skip_after);
        answer(&mut fixture, &TaskAnswer::Later);
        pass_for(&mut fixture, SECOND * 60);
        check(&fixture, "FAILED Some(60.0)");
    }
}

#[test]
fn work_taken_on_outside_is_submitted_if_it_ends_by_a_token() {
    for (suffix, expected) in [(".waitForTaskToken", "TaskSubmitted"), ("", "TaskStarted")] {
        let definition = TASK.replace("sendMessage", &format!("sendMessage{suffix}"));
        let mut fixture = started(&definition, None);
        answer(&mut fixture, &TaskAnswer::Later);
        let last = fixture.account.execution(EXECUTION).unwrap().events.pop().unwrap();
        assert_eq!(last.event_type.as_str(), expected);
    }
}

#[test]
fn answers_of_one_instant_are_all_recorded_before_what_follows_from_them() {
    let mut fixture = started(PARALLEL, None);
    answer(&mut fixture, &outcome("1", Duration::ZERO));
    let types: Vec<&str> = fixture
        .account
        .execution(EXECUTION)
        .unwrap()
        .events
        .iter()
        .map(|event| event.event_type.as_str())
        .collect();
    let from = types.iter().position(|name| *name == "TaskSucceeded").unwrap();
    assert_eq!(types[from..from + 3], ["TaskSucceeded", "TaskSucceeded", "TaskStateExited"]);
    check(&fixture, "SUCCEEDED Some(0.0)");
}

#[test]
fn a_task_that_nobody_mocked_fails_the_execution() {
    let mut fixture = started(TASK, None);
    let failure = TaskOutcome::Unanswerable(Failure::new("SfnTestkit.Unmocked", "nobody mocked T"));
    answer(&mut fixture, &TaskAnswer::Outcome { after: Duration::ZERO, outcome: failure });
    check(&fixture, "FAILED Some(0.0)");
}

#[test]
fn a_stopped_execution_says_why() {
    let mut fixture = started(TASK, None);
    let stop = format!(r#"{{"executionArn":"{EXECUTION}","error":"Why","cause":"because"}}"#);
    fixture.check(StopExecution, &stop, r#"{"stopDate":1700000000}"#);
    let described = fixture.ok(DescribeExecution, &format!(r#"{{"executionArn":"{EXECUTION}"}}"#));
    let member = |name: &str| described.get(name).and_then(Json::as_str);
    assert_eq!(
        (member("status"), member("error"), member("cause")),
        (Some("ABORTED"), Some("Why"), Some("because"))
    );
    assert!(fixture.account.take_tasks().is_empty(), "its task is no longer wanted");
    let last = format!(r#"{{"executionArn":"{EXECUTION}","reverseOrder":true,"maxResults":1}}"#);
    let events = fixture.ok(GetExecutionHistory, &last);
    let details =
        events.get("events").unwrap().as_array().unwrap()[0].get("executionAbortedEventDetails").unwrap();
    assert_eq!(details.to_text(), r#"{"error":"Why","cause":"because"}"#);
}

#[test]
fn the_executions_of_a_deleted_machine_are_aborted_at_their_next_step() {
    let mut fixture = started(&waits(&[10, 10], ""), None);
    fixture.advance(SECOND);
    fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
    check(&fixture, "RUNNING None");
    let until = fixture.now.plus(SECOND * 9);
    pass(&mut fixture, until);
    check(&fixture, "ABORTED Some(10.0)");
    assert!(fixture.account.machines.is_empty());
}

#[test]
fn a_history_can_be_had_without_its_payloads() {
    let mut fixture = started(&waits(&[1], ""), None);
    pass_for(&mut fixture, SECOND);
    let history = |fixture: &mut Fixture, more: &str| {
        fixture.ok(GetExecutionHistory, &format!(r#"{{"executionArn":"{EXECUTION}"{more}}}"#)).to_text()
    };
    assert!(history(&mut fixture, "").contains(r#""input":"{}""#));
    assert!(!history(&mut fixture, r#","includeExecutionData":false"#).contains(r#""input""#));
}

#[test]
fn the_same_script_gives_the_same_histories() {
    let script = || {
        let mut fixture = started(PARALLEL, Some(SETTLING));
        let other =
            fixture.text(StartExecution, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#), "executionArn");
        answer(&mut fixture, &outcome("1", SECOND * 7));
        pass_for(&mut fixture, SECOND);
        [EXECUTION, &other].map(|arn| format!("{:?}", fixture.account.execution(arn).unwrap()))
    };
    assert_eq!(script(), script());
}

#[test]
fn a_redrive_after_jumps_is_later_than_the_end_and_its_waits_are_jumped_over_too() {
    let mut fixture = started(&waits(&[60], r#","TimeoutSeconds":50"#), Some(SETTLING));
    pass_for(&mut fixture, SECOND);
    let described = |fixture: &mut Fixture| {
        let described = fixture.ok(DescribeExecution, &format!(r#"{{"executionArn":"{EXECUTION}"}}"#));
        let member = |name: &str| described.get(name).map(Json::to_text).unwrap_or_default();
        [member("status"), member("stopDate"), member("redriveDate")]
    };
    assert_eq!(described(&mut fixture), [r#""TIMED_OUT""#, "1700000050", ""]);
    fixture.ok(RedriveExecution, &format!(r#"{{"executionArn":"{EXECUTION}"}}"#));
    // The second since the start has passed for the execution as well, 49.9 s of it by a jump.
    assert_eq!(described(&mut fixture), [r#""RUNNING""#, "", "1.7000000509E9"]);
    pass_for(&mut fixture, SECOND);
    assert_eq!(described(&mut fixture), [r#""TIMED_OUT""#, "1.7000001009E9", "1.7000000509E9"]);
}
