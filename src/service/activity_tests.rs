//! Workers and their activities, whole: tasks queued, polled for, answered and lost.

use std::time::Duration;

use super::activity_tasks::PollId;
use super::fixture::{Fixture, MACHINE, create_input};
use super::task_call::{TaskAnswer, TaskKey};
use crate::model::Operation::{
    CreateActivity, CreateStateMachine, DeleteActivity, DeleteStateMachine, GetActivityTask, SendTaskFailure,
    SendTaskHeartbeat, SendTaskSuccess, StopExecution,
};
use crate::model::{Json, Timestamp};

const SECOND: Duration = Duration::from_secs(1);

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:a";

const POLL: &str = r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a","workerName":"w"}"#;

const GONE: &str = "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'";

const UNKNOWN: &str = "InvalidToken: Invalid Token: 'Invalid token'";

/// With the activity `a` and the machine `m`, whose only state is its task; `fields` are those of the state.
fn fixture(fields: &str) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.ok(CreateActivity, r#"{"name":"a"}"#);
    let definition = format!(
        r#"{{"StartAt":"T","States":{{"T":{{"Type":"Task","Resource":"{ACTIVITY}"{fields},"End":true}}}}}}"#
    );
    fixture.ok(CreateStateMachine, &create_input("m", &definition, ""));
    fixture
}

/// Leaves every open task to the workers, as a mock does that nobody told otherwise.
fn leave_to_workers(fixture: &mut Fixture) {
    let tasks = fixture.account.take_tasks().into_iter();
    let answers: Vec<(TaskKey, TaskAnswer)> = tasks.map(|task| (task.key, TaskAnswer::ForWorkers)).collect();
    fixture.account.answer_tasks(answers, fixture.now);
}

fn start(fixture: &mut Fixture, name: &str) -> String {
    let arn = fixture.start(MACHINE, name);
    leave_to_workers(fixture);
    arn
}

/// Lets time pass, and everything happen that is due meanwhile.
fn pass(fixture: &mut Fixture, time: Duration) {
    let end = fixture.now.plus(time);
    while let Some(due) = fixture.account.next_deadline().filter(|due| *due <= end) {
        assert!(fixture.account.fire_due(due));
        fixture.now = due;
        leave_to_workers(fixture);
    }
    fixture.now = end;
}

/// What a worker that polls is given at once: the token.
#[track_caller]
fn take(fixture: &mut Fixture) -> String {
    fixture.text(GetActivityTask, POLL, "taskToken")
}

/// A worker that polls and has to wait.
#[track_caller]
fn wait(fixture: &mut Fixture) -> PollId {
    fixture.check(GetActivityTask, POLL, r#"{"awaiting":"a task"}"#);
    fixture.poll.take().unwrap()
}

fn token_input(token: &str, more: &str) -> String {
    format!(r#"{{"taskToken":"{token}"{more}}}"#)
}

fn input_of(answer: Option<Json>) -> Option<String> {
    Some(answer?.get("input")?.as_str()?.to_owned())
}

/// `previous type details` of each event after the state was entered, and the status.
#[track_caller]
fn check(fixture: &Fixture, arn: &str, expected: &[&str]) {
    let record = fixture.account.execution(arn).unwrap();
    let mut lines: Vec<String> = record
        .events
        .iter()
        .skip(2)
        .map(|event| {
            let json = event.to_wire(true);
            let details = json.as_object().unwrap().iter().find(|(key, _)| key.ends_with("Details"));
            let details = details.map(|(_, details)| details.to_text()).unwrap_or_default();
            format!("{} {} {details}", event.previous_event_id, event.event_type.as_str())
        })
        .collect();
    lines.push(record.status.as_str().to_owned());
    assert_eq!(lines, expected);
}

fn types(fixture: &Fixture, arn: &str) -> Vec<&'static str> {
    let record = fixture.account.execution(arn).unwrap();
    record.events.iter().skip(2).map(|event| event.event_type.as_str()).collect()
}

const SCHEDULED: &str = r#"2 ActivityScheduled {"resource":"arn:aws:states:us-east-1:123456789012:activity:a","input":"{}","inputDetails":{"truncated":false}}"#;

const STARTED: &str = r#"3 ActivityStarted {"workerName":"w"}"#;

#[test]
fn a_task_is_scheduled_at_once_and_starts_when_a_worker_takes_it() {
    let mut fixture = fixture("");
    let arn = start(&mut fixture, "x");
    check(&fixture, &arn, &[SCHEDULED, "RUNNING"]);
    fixture.advance(SECOND * 5);
    let answer = fixture.ok(GetActivityTask, POLL);
    assert_eq!(answer.get("input").and_then(Json::as_str), Some("{}"));
    let token = answer.get("taskToken").and_then(Json::as_str).unwrap();
    fixture.check(SendTaskSuccess, &token_input(token, r#","output":"[1, 2]""#), "{}");
    check(
        &fixture,
        &arn,
        &[
            SCHEDULED,
            STARTED,
            r#"4 ActivitySucceeded {"output":"[1, 2]","outputDetails":{"truncated":false}}"#,
            r#"5 TaskStateExited {"name":"T","output":"[1, 2]","outputDetails":{"truncated":false}}"#,
            r#"6 ExecutionSucceeded {"output":"[1, 2]","outputDetails":{"truncated":false}}"#,
            "SUCCEEDED",
        ],
    );
    let started = fixture.account.execution(&arn).unwrap().events[3].timestamp;
    assert_eq!(started, fixture.now);
}

#[test]
fn a_worker_without_a_name_leaves_none() {
    let mut fixture = fixture("");
    let arn = start(&mut fixture, "x");
    fixture.ok(GetActivityTask, &format!(r#"{{"activityArn":"{ACTIVITY}"}}"#));
    check(&fixture, &arn, &[SCHEDULED, "3 ActivityStarted {}", "RUNNING"]);
}

#[test]
fn a_failure_is_recorded_as_it_was_sent() {
    let mut fixture = fixture("");
    let arn = start(&mut fixture, "x");
    let token = take(&mut fixture);
    fixture.check(SendTaskFailure, &token_input(&token, r#","error":"Broken","cause":"why""#), "{}");
    let failed = r#"4 ActivityFailed {"error":"Broken","cause":"why"}"#;
    let ended = r#"5 ExecutionFailed {"error":"Broken","cause":"why"}"#;
    check(&fixture, &arn, &[SCHEDULED, STARTED, failed, ended, "FAILED"]);
}

#[test]
fn a_failure_without_a_word_has_no_details_and_nulls_for_a_catcher() {
    let next = r#","Catch":[{"ErrorEquals":["States.ALL"],"Next":"P"}],"Next":"P"},"P":{"Type":"Pass""#;
    let mut fixture = fixture(next);
    let arn = start(&mut fixture, "x");
    let token = take(&mut fixture);
    fixture.check(SendTaskFailure, &token_input(&token, ""), "{}");
    let record = fixture.account.execution(&arn).unwrap();
    assert_eq!(record.events[4].to_wire(true).get("activityFailedEventDetails").unwrap().to_text(), "{}");
    assert_eq!(record.output.unwrap().to_text(), r#"{"Error":null,"Cause":null}"#);
}

#[test]
fn a_waiting_worker_is_given_the_task_that_comes() {
    let mut fixture = fixture("");
    let poll = wait(&mut fixture);
    assert_eq!(fixture.account.poll_answer(poll), None);
    pass(&mut fixture, SECOND * 59);
    let arn = start(&mut fixture, "x");
    check(&fixture, &arn, &[SCHEDULED, STARTED, "RUNNING"]);
    assert_eq!(input_of(fixture.account.poll_answer(poll)).as_deref(), Some("{}"));
    assert_eq!(fixture.account.poll_answer(poll), None, "an answer is given once");
}

#[test]
fn a_worker_waits_for_60_seconds() {
    let mut fixture = fixture("");
    let poll = wait(&mut fixture);
    pass(&mut fixture, Duration::from_millis(59_999));
    assert_eq!(fixture.account.poll_answer(poll), None);
    pass(&mut fixture, Duration::from_millis(1));
    assert_eq!(fixture.account.poll_answer(poll).unwrap().to_text(), r#"{"taskToken":null}"#);
    let arn = start(&mut fixture, "x");
    check(&fixture, &arn, &[SCHEDULED, "RUNNING"]);
}

#[test]
fn each_task_goes_to_one_worker_and_the_first_to_come_is_the_first_served() {
    let mut fixture = fixture("");
    let (first, second, third) = (wait(&mut fixture), wait(&mut fixture), wait(&mut fixture));
    start(&mut fixture, "x");
    start(&mut fixture, "y");
    let tokens = [second, first].map(|poll| {
        let answer = fixture.account.poll_answer(poll).unwrap();
        answer.get("taskToken").and_then(Json::as_str).unwrap().to_owned()
    });
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(fixture.account.poll_answer(third), None);
    fixture.ok(SendTaskSuccess, &token_input(&tokens[1], r#","output":"1""#));
    let x = MACHINE.replace("stateMachine", "execution") + ":x";
    assert_eq!(fixture.account.execution(&x).unwrap().status.as_str(), "SUCCEEDED");
}

#[test]
fn tasks_are_given_out_oldest_first() {
    let mut fixture = fixture("");
    start(&mut fixture, "z");
    start(&mut fixture, "a");
    let token = take(&mut fixture);
    fixture.ok(SendTaskSuccess, &token_input(&token, r#","output":"1""#));
    let z = MACHINE.replace("stateMachine", "execution") + ":z";
    assert_eq!(fixture.account.execution(&z).unwrap().status.as_str(), "SUCCEEDED");
}

#[test]
fn a_worker_who_has_gone_swallows_no_task() {
    let mut fixture = fixture("");
    let (gone, next) = (wait(&mut fixture), wait(&mut fixture));
    let now = fixture.now;
    fixture.account.leave_poll(gone, now);
    let arn = start(&mut fixture, "x");
    assert!(input_of(fixture.account.poll_answer(next)).is_some());

    // The same when the task was meant for the one who has gone; it is not started twice.
    let (gone, next) = (wait(&mut fixture), wait(&mut fixture));
    let other = start(&mut fixture, "y");
    fixture.account.leave_poll(gone, now);
    assert!(input_of(fixture.account.poll_answer(next)).is_some());
    for arn in [arn, other] {
        check(&fixture, &arn, &[SCHEDULED, STARTED, "RUNNING"]);
    }

    let gone = wait(&mut fixture);
    start(&mut fixture, "z");
    fixture.account.leave_poll(gone, now);
    take(&mut fixture);
}

#[test]
fn a_thousand_workers_may_wait_for_one_activity() {
    let mut fixture = fixture("");
    fixture.lower(crate::model::Quota::ActivityPollers, 2);
    let poll = wait(&mut fixture);
    wait(&mut fixture);
    fixture.check(
        GetActivityTask,
        POLL,
        "ActivityWorkerLimitExceeded: The maximum number of workers concurrently polling for activity tasks has been reached.",
    );
    fixture.ok(CreateActivity, r#"{"name":"b"}"#);
    fixture.check(GetActivityTask, &POLL.replace("activity:a", "activity:b"), r#"{"awaiting":"a task"}"#);
    let now = fixture.now;
    fixture.account.leave_poll(poll, now);
    wait(&mut fixture);
}

#[test]
fn timeouts_count_from_the_start_by_a_worker() {
    let mut fixture = fixture(r#","TimeoutSeconds":5"#);
    let arn = start(&mut fixture, "x");
    pass(&mut fixture, SECOND * 100);
    assert_eq!(types(&fixture, &arn), ["ActivityScheduled"]);
    let token = take(&mut fixture);
    pass(&mut fixture, SECOND * 4);
    fixture.check(SendTaskHeartbeat, &token_input(&token, ""), "{}");
    pass(&mut fixture, SECOND);
    let scheduled = SCHEDULED.replace("}}", r#"},"timeoutInSeconds":5}"#);
    let timed_out = r#"4 ActivityTimedOut {"error":"States.Timeout"}"#;
    let ended = r#"5 ExecutionFailed {"error":"States.Timeout"}"#;
    check(&fixture, &arn, &[&scheduled, STARTED, timed_out, ended, "FAILED"]);
    fixture.check(SendTaskSuccess, &token_input(&token, r#","output":"1""#), GONE);
}

#[test]
fn heartbeats_keep_a_task_alive_and_leave_no_trace() {
    let mut fixture = fixture(r#","TimeoutSeconds":100,"HeartbeatSeconds":5"#);
    let arn = start(&mut fixture, "x");
    pass(&mut fixture, SECOND * 50);
    let token = take(&mut fixture);
    for _ in 0..10 {
        pass(&mut fixture, SECOND * 4);
        fixture.check(SendTaskHeartbeat, &token_input(&token, ""), "{}");
    }
    assert_eq!(types(&fixture, &arn), ["ActivityScheduled", "ActivityStarted"]);
    pass(&mut fixture, SECOND * 5);
    assert_eq!(
        types(&fixture, &arn),
        ["ActivityScheduled", "ActivityStarted", "ActivityTimedOut", "ExecutionFailed"]
    );
    fixture.check(SendTaskHeartbeat, &token_input(&token, ""), GONE);
}

#[test]
fn a_retry_is_another_task_with_another_token() {
    let mut fixture =
        fixture(r#","Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":1,"MaxAttempts":1}]"#);
    let arn = start(&mut fixture, "x");
    let first = take(&mut fixture);
    fixture.ok(SendTaskFailure, &token_input(&first, ""));
    pass(&mut fixture, SECOND);
    let second = take(&mut fixture);
    assert_ne!(first, second);
    fixture.check(SendTaskSuccess, &token_input(&first, r#","output":"1""#), GONE);
    fixture.check(SendTaskSuccess, &token_input(&second, r#","output":"1""#), "{}");
    fixture.check(SendTaskSuccess, &token_input(&second, r#","output":"1""#), GONE);
    assert_eq!(fixture.account.execution(&arn).unwrap().status.as_str(), "SUCCEEDED");
}

#[test]
fn a_stopped_execution_ends_its_tasks() {
    let mut fixture = fixture("");
    let (x, y) = (start(&mut fixture, "x"), start(&mut fixture, "y"));
    let token = take(&mut fixture);
    for arn in [x, y] {
        fixture.ok(StopExecution, &format!(r#"{{"executionArn":"{arn}"}}"#));
    }
    for operation in [SendTaskHeartbeat, SendTaskFailure] {
        fixture.check(operation, &token_input(&token, ""), GONE);
    }
    wait(&mut fixture);
}

#[test]
fn an_execution_whose_machine_is_deleted_gives_its_worker_nothing() {
    let mut fixture = fixture("");
    let arn = start(&mut fixture, "x");
    fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
    wait(&mut fixture);
    assert_eq!(fixture.account.execution(&arn).unwrap().status.as_str(), "ABORTED");
}

#[test]
fn tokens_that_nobody_was_given_and_outputs_that_are_no_json_are_refused() {
    let mut fixture = fixture("");
    for operation in [SendTaskHeartbeat, SendTaskFailure] {
        fixture.check(operation, &token_input("x", ""), UNKNOWN);
    }
    fixture.check(SendTaskSuccess, &token_input("x", r#","output":"1""#), UNKNOWN);
    start(&mut fixture, "x");
    let unborn = fixture.account.tokens.keys().next().unwrap().to_string();
    fixture.check(SendTaskHeartbeat, &token_input(&unborn, ""), UNKNOWN);
    let token = take(&mut fixture);
    fixture.check(
        SendTaskSuccess,
        &token_input(&token, r#","output":"not json""#),
        "InvalidOutput: Invalid Output: 'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
    );
    fixture.caller.place = crate::model::arn::Place::of_region("us-west-2", "123456789012");
    fixture.check(SendTaskHeartbeat, &token_input(&token, ""), UNKNOWN);
}

#[test]
fn the_model_bounds_what_is_sent() {
    let mut fixture = fixture("");
    let long = |length: usize| "a".repeat(length);
    let error = |path: &str, limit: usize| {
        format!(
            "ValidationException: 1 validation error detected: Value at '{path}' failed to satisfy constraint: Member must have length less than or equal to {limit}"
        )
    };
    fixture.check(SendTaskHeartbeat, &token_input(&long(2049), ""), &error("taskToken", 2048));
    for (member, limit) in [("error", 256), ("cause", 32_768)] {
        let more = format!(r#","{member}":"{}""#, long(limit + 1));
        fixture.check(SendTaskFailure, &token_input("x", &more), &error(member, limit));
    }
    let output = format!(r#","output":"{}""#, long(262_145));
    fixture.check(SendTaskSuccess, &token_input("x", &output), &error("output", 262_144));
}

#[test]
fn an_activity_that_does_not_exist_fails_the_execution_and_nothing_catches_it() {
    let mut fixture = fixture(r#","Retry":[{"ErrorEquals":["States.ALL"]}]"#);
    fixture.ok(DeleteActivity, &format!(r#"{{"activityArn":"{ACTIVITY}"}}"#));
    let arn = start(&mut fixture, "x");
    check(
        &fixture,
        &arn,
        &[
            r#"2 ExecutionFailed {"error":"States.Runtime","cause":"An error occurred while executing the state 'T' (entered at the event id #2). The activity arn:aws:states:us-east-1:123456789012:activity:a does not exist."}"#,
            "FAILED",
        ],
    );
    fixture.check(
        GetActivityTask,
        POLL,
        &format!("ActivityDoesNotExist: Activity Does Not Exist: '{ACTIVITY}'"),
    );
    fixture.check(
        GetActivityTask,
        r#"{"activityArn":"no_an_activity_arn"}"#,
        "InvalidArn: Invalid Arn: 'Invalid ARN prefix: no_an_activity_arn'",
    );
}

#[test]
fn a_task_of_an_activity_that_is_gone_cannot_be_answered() {
    let mut fixture = fixture("");
    start(&mut fixture, "x");
    let token = take(&mut fixture);
    fixture.ok(DeleteActivity, &format!(r#"{{"activityArn":"{ACTIVITY}"}}"#));
    fixture.check(
        SendTaskSuccess,
        &token_input(&token, r#","output":"1""#),
        &format!("TaskDoesNotExist: Task Does Not Exist: '{ACTIVITY}'"),
    );
}

#[test]
fn a_worker_has_real_time_even_when_the_account_skips() {
    let mut fixture = fixture(r#","TimeoutSeconds":5"#);
    fixture.account.config.skip_after = Some(Duration::from_millis(100));
    let arn = start(&mut fixture, "x");
    pass(&mut fixture, SECOND * 600);
    let token = take(&mut fixture);
    pass(&mut fixture, Duration::from_millis(4900));
    assert_eq!(types(&fixture, &arn), ["ActivityScheduled", "ActivityStarted"]);
    fixture.ok(SendTaskSuccess, &token_input(&token, r#","output":"1""#));
    let ran: Option<Timestamp> = fixture.account.execution(&arn).unwrap().stop_date;
    assert_eq!(ran, Some(fixture.now));
}

#[test]
fn a_mock_that_answers_for_the_worker_starts_the_task() {
    use super::task_call::TaskOutcome;
    for (after, outcome, expected) in [
        (0, TaskOutcome::Succeeded(Json::Null), "ActivitySucceeded"),
        (9, TaskOutcome::Succeeded(Json::Null), "ActivityStarted"),
        (0, TaskOutcome::Submitted(Json::Null), "ActivityStarted"),
    ] {
        let mut fixture = fixture("");
        let arn = fixture.start(MACHINE, "x");
        let key = fixture.account.take_tasks().pop().unwrap().key;
        let answer = TaskAnswer::Outcome { after: SECOND * after, outcome };
        let now = fixture.now;
        fixture.account.answer_tasks(vec![(key, answer)], now);
        assert!(types(&fixture, &arn).starts_with(&["ActivityScheduled", "ActivityStarted"]));
        assert!(types(&fixture, &arn).contains(&expected));
    }
}
