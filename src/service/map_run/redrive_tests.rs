//! What a redrive can no longer reach, and how often it is possible.

use std::time::Duration;

use crate::model::Json;
use crate::model::Operation::{
    CreateStateMachine, DescribeExecution, DescribeMapRun, GetExecutionHistory, ListExecutions, ListMapRuns,
    RedriveExecution, StartExecution,
};
use crate::service::fixture::{Fixture, MACHINE, create_input};

const DAY: Duration = Duration::from_secs(86_400);

/// An execution whose Distributed Map has children in these states; the first is `S`.
fn mapping(settings: &str, child_type: &str, states: &str, items: &str) -> (Fixture, String) {
    let mut fixture = Fixture::new();
    let definition = format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","Label":"L",{settings}"End":true,"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"{child_type}"}},"StartAt":"S",
            "States":{{{states}}}}}}}}}}}"#
    );
    fixture.ok(CreateStateMachine, &create_input("m", &definition, ""));
    let input = Json::from(items).to_text();
    let start = format!(r#"{{"stateMachineArn":"{MACHINE}","name":"x","input":{input}}}"#);
    let execution = fixture.text(StartExecution, &start, "executionArn");
    (fixture, execution)
}

/// Items are days to wait before failing; 0 fails at once.
const FAIL_AFTER_DAYS: &str =
    r#""S":{"Type":"Wait","SecondsPath":"$","Next":"F"},"F":{"Type":"Fail","Error":"E"}"#;

fn pass_days(fixture: &mut Fixture, days: u32) {
    for _ in 0..days {
        fixture.advance(DAY);
        while fixture.account.fire_due(fixture.now) {}
    }
}

fn named(execution: &str) -> String {
    format!(r#"{{"executionArn":"{execution}"}}"#)
}

/// Of the last Map Run: its counts of executions, or of items.
fn counts(fixture: &mut Fixture, execution: &str, of: &str) -> String {
    let runs = fixture.ok(ListMapRuns, &named(execution));
    let run = runs.get("mapRuns").and_then(Json::as_array).unwrap().first().unwrap();
    let arn = run.get("mapRunArn").and_then(Json::as_str).unwrap();
    let described = fixture.ok(DescribeMapRun, &format!(r#"{{"mapRunArn":"{arn}"}}"#));
    described.get(of).unwrap().to_text()
}

#[test]
fn failures_of_more_than_14_days_ago_are_counted_as_not_redrivable() {
    let days = format!("[0,{},{}]", 10 * 86_400, 20 * 86_400);
    let tolerant = r#""ToleratedFailureCount":3,"#;
    let (mut fixture, execution) = mapping(tolerant, "STANDARD", FAIL_AFTER_DAYS, &days);
    let after = |fixture: &mut Fixture, days| {
        pass_days(fixture, days);
        counts(fixture, &execution, "executionCounts")
    };
    assert_eq!(
        after(&mut fixture, 13),
        r#"{"pending":0,"running":1,"succeeded":0,"failed":2,"timedOut":0,"aborted":0,"total":3,"resultsWritten":0,"failuresNotRedrivable":0,"pendingRedrive":0}"#
    );
    assert_eq!(
        after(&mut fixture, 1),
        r#"{"pending":0,"running":1,"succeeded":0,"failed":2,"timedOut":0,"aborted":0,"total":3,"resultsWritten":0,"failuresNotRedrivable":1,"pendingRedrive":0}"#
    );
    assert_eq!(
        after(&mut fixture, 10),
        r#"{"pending":0,"running":0,"succeeded":0,"failed":3,"timedOut":0,"aborted":0,"total":3,"resultsWritten":0,"failuresNotRedrivable":2,"pendingRedrive":0}"#
    );
}

#[test]
fn the_items_of_a_batch_that_cannot_be_redriven_are_counted() {
    let batches = r#""ItemBatcher":{"MaxItemsPerBatch":2},"ToleratedFailurePercentage":100,"#;
    let fail = r#""S":{"Type":"Fail","Error":"E"}"#;
    let (mut fixture, execution) = mapping(batches, "STANDARD", fail, "[1,2,3]");
    pass_days(&mut fixture, 15);
    let not_redrivable = |fixture: &mut Fixture, of| {
        let counts = Json::parse(&counts(fixture, &execution, of)).unwrap();
        counts.get("failuresNotRedrivable").and_then(Json::as_i64)
    };
    assert_eq!(not_redrivable(&mut fixture, "executionCounts"), Some(2));
    assert_eq!(not_redrivable(&mut fixture, "itemCounts"), Some(3));
}

#[test]
fn express_executions_are_redrivable_whenever_they_failed() {
    let tolerant = r#""ToleratedFailurePercentage":100,"#;
    let (mut fixture, execution) = mapping(tolerant, "EXPRESS", r#""S":{"Type":"Fail","Error":"E"}"#, "[1]");
    pass_days(&mut fixture, 15);
    let counts = counts(&mut fixture, &execution, "itemCounts");
    assert!(counts.contains(r#""failed":1,"#) && counts.contains(r#""failuresNotRedrivable":0"#), "{counts}");
}

#[test]
fn a_redrive_leaves_the_failures_that_it_cannot_reach_as_they_are() {
    let days = format!("[0,{}]", 15 * 86_400);
    let tolerant = r#""ToleratedFailureCount":1,"#;
    let (mut fixture, execution) = mapping(tolerant, "STANDARD", FAIL_AFTER_DAYS, &days);
    pass_days(&mut fixture, 15);
    assert_eq!(fixture.text(DescribeExecution, &named(&execution), "status"), "FAILED");
    let of = "executionCounts";
    let failed = r#"{"pending":0,"running":0,"succeeded":0,"failed":2,"timedOut":0,"aborted":0,"total":2,"resultsWritten":0,"failuresNotRedrivable":1,"pendingRedrive":0}"#;
    assert_eq!(counts(&mut fixture, &execution, of), failed);
    fixture.ok(RedriveExecution, &named(&execution));
    // The one that failed today has failed again. The other was left alone.
    assert_eq!(counts(&mut fixture, &execution, of), failed);
    let run = fixture.account.map_runs_of(&execution).last().unwrap().arn.to_string();
    let redriven = format!(r#"{{"mapRunArn":"{run}","redriveFilter":"REDRIVEN"}}"#);
    let listed = fixture.ok(ListExecutions, &redriven);
    assert_eq!(listed.get("executions").and_then(Json::as_array).unwrap().len(), 1);
}

#[test]
fn a_map_run_is_redriven_a_thousand_times_and_no_more() {
    let (mut fixture, execution) = mapping("", "EXPRESS", r#""S":{"Type":"Fail","Error":"E"}"#, "[1]");
    for _ in 0..1000 {
        fixture.ok(RedriveExecution, &named(&execution));
    }
    let described = fixture.ok(DescribeExecution, &named(&execution));
    let told =
        |described: &Json, member: &str| described.get(member).and_then(Json::as_str).map(str::to_owned);
    assert_eq!(told(&described, "error").as_deref(), Some("States.ExceedToleratedFailureThreshold"));
    let runs = fixture.account.map_runs_of(&execution);
    assert_eq!((runs.len(), runs.last().unwrap().redrive_count), (1, 1000));

    fixture.ok(RedriveExecution, &named(&execution));
    let described = fixture.ok(DescribeExecution, &named(&execution));
    assert_eq!(told(&described, "status").as_deref(), Some("FAILED"));
    assert_eq!(told(&described, "error").as_deref(), Some("States.Runtime"));
    assert_eq!(
        told(&described, "cause").unwrap(),
        "An error occurred while executing the state 'M' (entered at the event id #2). The Map Run was redriven 1000 times, which is as often as it can be."
    );
    assert_eq!(described.get("redriveCount").and_then(Json::as_i64), Some(1001));
    let last = format!(r#"{{"executionArn":"{execution}","reverseOrder":true,"maxResults":3}}"#);
    let history = fixture.ok(GetExecutionHistory, &last);
    let events = history.get("events").and_then(Json::as_array).unwrap();
    let types: Vec<_> = events.iter().filter_map(|event| event.get("type").and_then(Json::as_str)).collect();
    assert_eq!(types, ["ExecutionFailed", "MapStateFailed", "ExecutionRedriven"]);
    assert_eq!(fixture.account.map_runs_of(&execution).last().unwrap().redrive_count, 1000);
    // States.Runtime lets the next redrive begin anew.
    fixture.ok(RedriveExecution, &named(&execution));
    let runs = fixture.account.map_runs_of(&execution);
    assert_eq!(runs.iter().map(|run| run.redrive_count).collect::<Vec<_>>(), [1000, 0]);
}
