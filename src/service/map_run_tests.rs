//! What Map Runs mean to the rest of the service: limits, deletion, pages, what callers may ask of them.

use std::time::Duration;

use crate::model::Json;
use crate::model::Operation::{
    CreateStateMachine, DeleteStateMachine, DescribeExecution, DescribeMapRun, DescribeStateMachine,
    ListExecutions, ListMapRuns, UpdateMapRun,
};
use crate::service::fixture::{Fixture, MACHINE, create_input};

/// A Distributed Map with the label `L`, whose executions are in this state.
fn map(state: &str) -> String {
    format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","Label":"L","End":true,"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"S","States":{{"S":{state}}}}}}}}}}}"#
    )
}

const WAIT: &str = r#"{"Type":"Wait","Seconds":60,"End":true}"#;
const PASS: &str = r#"{"Type":"Pass","End":true}"#;

/// With the machine `m` and its execution `x`, which maps over these items.
fn mapping(state: &str, items: &str) -> (Fixture, String) {
    let mut fixture = Fixture::new();
    fixture.ok(CreateStateMachine, &create_input("m", &map(state), ""));
    let execution = start(&mut fixture, items);
    (fixture, execution)
}

fn start(fixture: &mut Fixture, items: &str) -> String {
    let items = Json::from(items).to_text();
    let input = format!(r#"{{"stateMachineArn":"{MACHINE}","name":"x","input":{items}}}"#);
    fixture.text(crate::model::Operation::StartExecution, &input, "executionArn")
}

fn run_arn(fixture: &Fixture, execution: &str) -> String {
    fixture.account.map_runs_of(execution).last().unwrap().arn.to_string()
}

fn status(fixture: &mut Fixture, execution: &str) -> String {
    fixture.text(DescribeExecution, &format!(r#"{{"executionArn":"{execution}"}}"#), "status")
}

#[test]
fn a_map_run_that_never_ends_starting_executions_is_stopped() {
    let mut fixture = Fixture::new();
    fixture.ok(CreateStateMachine, &create_input("m", &map(PASS), ""));
    fixture.account.limits.descendants = 3;
    let execution = start(&mut fixture, "[1,2,3,4]");
    let input = format!(r#"{{"executionArn":"{execution}"}}"#);
    assert_eq!(fixture.text(DescribeExecution, &input, "error"), "SfnTestkit.RunawayExecution");
    assert_eq!(
        fixture.text(DescribeExecution, &input, "cause"),
        "The Map Runs of the execution start more than 3 executions; sfn-testkit stops them here. On AWS they would go on."
    );
}

#[test]
fn map_runs_that_fill_the_memory_are_stopped() {
    let mut fixture = Fixture::new();
    fixture.ok(CreateStateMachine, &create_input("m", &map(PASS), ""));
    fixture.account.limits.descendant_bytes = 10_000;
    let items = format!(r#"["{0}","{0}","{0}"]"#, "x".repeat(2000));
    let execution = start(&mut fixture, &items);
    assert_eq!(
        fixture.text(DescribeExecution, &format!(r#"{{"executionArn":"{execution}"}}"#), "cause"),
        "The histories of the executions that Map Runs have started hold more than 10000 bytes of payloads; sfn-testkit stops them here. On AWS they would go on."
    );
}

#[test]
fn the_deletion_of_the_machine_aborts_the_children_and_then_their_parent() {
    let (mut fixture, execution) = mapping(WAIT, "[1,2]");
    let child = fixture.account.map_runs_of(&execution)[0].children[0].to_string();
    fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
    assert_eq!(status(&mut fixture, &child), "RUNNING");
    fixture.advance(Duration::from_secs(60));
    while fixture.account.fire_due(fixture.now) {}
    assert_eq!(status(&mut fixture, &child), "ABORTED");
    assert_eq!(status(&mut fixture, &execution), "ABORTED");
    assert!(fixture.account.machines.is_empty());
}

#[test]
fn no_further_child_starts_while_the_machine_is_being_deleted() {
    let mut fixture = Fixture::new();
    let limits = r#""MaxConcurrency":1,"ToleratedFailurePercentage":100,"Label""#;
    let definition = map(WAIT).replacen(r#""Label""#, limits, 1);
    fixture.ok(CreateStateMachine, &create_input("m", &definition, ""));
    let execution = start(&mut fixture, "[1,2]");
    fixture.ok(DeleteStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#));
    fixture.advance(Duration::from_secs(60));
    while fixture.account.fire_due(fixture.now) {}
    assert_eq!(status(&mut fixture, &execution), "ABORTED");
    let run = &fixture.account.map_runs_of(&execution)[0];
    assert_eq!((run.children.len(), run.status), (1, crate::model::MapRunStatus::Aborted));
}

#[test]
fn map_runs_are_listed_newest_first_in_pages() {
    let two = r#"{"StartAt":"A","States":{
        "A":{"Type":"Map","Label":"A","Next":"B","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED",
            "ExecutionType":"STANDARD"},"StartAt":"S","States":{"S":{"Type":"Pass","End":true}}}},
        "B":{"Type":"Map","Label":"B","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED",
            "ExecutionType":"STANDARD"},"StartAt":"T","States":{"T":{"Type":"Pass","End":true}}}}}}"#;
    let mut fixture = Fixture::new();
    fixture.ok(CreateStateMachine, &create_input("m", two, ""));
    let execution = start(&mut fixture, "[]");
    let first = fixture.ok(ListMapRuns, &format!(r#"{{"executionArn":"{execution}","maxResults":1}}"#));
    let machine = |answer: &Json| {
        let runs = answer.get("mapRuns").and_then(Json::as_array).unwrap();
        runs.iter()
            .map(|run| run.get("stateMachineArn").unwrap().as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(machine(&first), [format!("{MACHINE}/B")]);
    let token = first.get("nextToken").and_then(Json::as_str).unwrap();
    let rest = fixture.ok(
        ListMapRuns,
        &format!(r#"{{"executionArn":"{execution}","maxResults":1,"nextToken":"{token}"}}"#),
    );
    assert_eq!((machine(&rest), rest.get("nextToken")), (vec![format!("{MACHINE}/A")], None));
}

#[test]
fn a_map_run_is_described_word_for_word() {
    let (mut fixture, execution) = mapping(PASS, "[1]");
    let arn = run_arn(&fixture, &execution);
    let counts = r#"{"pending":0,"running":0,"succeeded":1,"failed":0,"timedOut":0,"aborted":0,"total":1,"resultsWritten":1,"failuresNotRedrivable":0,"pendingRedrive":0}"#;
    fixture.check(
        DescribeMapRun,
        &format!(r#"{{"mapRunArn":"{arn}"}}"#),
        &format!(
            r#"{{"mapRunArn":"{arn}","executionArn":"{execution}","status":"SUCCEEDED","startDate":1700000000,"stopDate":1700000000,"maxConcurrency":0,"toleratedFailurePercentage":0.0,"toleratedFailureCount":0,"itemCounts":{counts},"executionCounts":{counts},"redriveCount":0}}"#
        ),
    );
}

#[test]
fn map_runs_are_forgotten_with_their_execution_and_are_not_those_of_others() {
    let (mut fixture, execution) = mapping(PASS, "[1]");
    let arn = run_arn(&fixture, &execution);
    let input = format!(r#"{{"mapRunArn":"{arn}"}}"#);
    let missing = format!("ResourceNotFound: Resource not found: '{arn}'");
    fixture.ok(ListExecutions, &input);
    fixture.advance_days(90);
    for operation in [DescribeMapRun, ListExecutions, UpdateMapRun] {
        fixture.check(operation, &input, &missing);
    }
    fixture.check(
        DescribeMapRun,
        &format!(r#"{{"mapRunArn":"{execution}"}}"#),
        "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
    );
}

#[test]
fn what_an_update_allows_is_looked_at_once() {
    let fail = r#"{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":1,"Next":"F"}],"Default":"W"},
        "F":{"Type":"Fail"},"W":{"Type":"Wait","Seconds":60,"End":true}"#;
    let mut fixture = Fixture::new();
    let definition = map(fail).replacen(r#""Label""#, r#""ToleratedFailureCount":1,"Label""#, 1);
    fixture.ok(CreateStateMachine, &create_input("m", &definition, ""));
    let execution = start(&mut fixture, "[1,2,3]");
    let arn = run_arn(&fixture, &execution);
    assert_eq!(status(&mut fixture, &execution), "RUNNING");
    fixture.ok(UpdateMapRun, &format!(r#"{{"mapRunArn":"{arn}","toleratedFailureCount":0}}"#));
    assert_eq!(status(&mut fixture, &execution), "FAILED");
}

#[test]
fn a_label_that_was_made_up_leads_to_its_map_too() {
    let mut fixture = Fixture::new();
    let definition = map(PASS).replace(r#""Label":"L","#, "");
    fixture.ok(CreateStateMachine, &create_input("m", &definition, ""));
    let execution = start(&mut fixture, "[1]");
    let run = &fixture.account.map_runs_of(&execution)[0];
    let label = run.label.to_string();
    assert_eq!(label.len(), 36);
    let input = format!(r#"{{"stateMachineArn":"{MACHINE}/{label}"}}"#);
    assert_eq!(fixture.text(DescribeStateMachine, &input, "label"), label);
}

#[test]
fn the_failed_child_of_a_map_run_can_be_redriven_with_it() {
    let (mut fixture, execution) = mapping(r#"{"Type":"Fail"}"#, "[1]");
    let child = fixture.account.map_runs_of(&execution)[0].children[0].to_string();
    let input = format!(r#"{{"executionArn":"{child}"}}"#);
    assert_eq!(fixture.text(DescribeExecution, &input, "redriveStatus"), "REDRIVABLE_BY_MAP_RUN");
}
