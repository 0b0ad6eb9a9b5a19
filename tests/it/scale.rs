//! Long waits, long chains and large Maps: virtual time costs nothing, and nothing recurses deeply.

use std::fmt::Write;

use serde_json::{Value, json};
use sfn_testkit::prelude::*;

#[tokio::test(start_paused = true)]
async fn a_wait_of_365_days_ends_on_the_virtual_clock() {
    let sfn = MockSfn::new();
    let machine = sfn
        .state_machine("patient")
        .definition(r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":31536000,"End":true}}}"#)
        .create();
    let before = tokio::time::Instant::now();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().succeeded();
    assert_eq!(before.elapsed().as_secs(), 365 * 24 * 60 * 60);
}

fn chain(states: usize) -> String {
    let mut text = String::from(r#"{"StartAt":"S0","States":{"#);
    for index in 0..states {
        write!(text, r#""S{index}":{{"Type":"Pass","Next":"S{}"}},"#, index + 1).unwrap();
    }
    write!(text, r#""S{states}":{{"Type":"Succeed"}}}}}}"#).unwrap();
    text
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_5000_states_runs() {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("chain").definition(chain(5000)).create();
    let arn = sfn.start_execution(&machine, json!({ "carried": true }));
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!({ "carried": true }));
}

async fn map_over(items: usize) -> Value {
    let sfn = MockSfn::new();
    let machine = sfn
        .state_machine("map")
        .express()
        .definition(
            r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{
                "T":{"Type":"Pass","End":true}}},"End":true}}}"#,
        )
        .create();
    let arn = sfn.start_execution(&machine, json!(vec![1; items]));
    let finished = sfn.execution(&arn).finished().await;
    finished.assert().succeeded();
    finished.output().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_inline_map_of_10000_iterations_runs() {
    assert_eq!(map_over(10_000).await.as_array().unwrap().len(), 10_000);
}

#[tokio::test(start_paused = true)]
async fn an_inline_map_of_100000_iterations_does_not_overflow_the_stack() {
    assert_eq!(map_over(100_000).await.as_array().unwrap().len(), 100_000);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_tasks_at_once_do_not_slow_each_other_down() {
    let sfn = MockSfn::new();
    let machine = sfn
        .state_machine("wide")
        .express()
        .definition(
            r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":10000,"ResultPath":null,"End":true,
                "ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","TimeoutSeconds":60,
                "Resource":"arn:aws:states:::lambda:invoke","End":true}}}}}}"#,
        )
        .create();
    sfn.on_state("T").returns(json!({"Payload": 1})).after("1s");
    let arn = sfn.start_execution(&machine, json!(vec![1; 10_000]));
    sfn.execution(&arn).finished().await.assert().succeeded();
}

/// Each line of a file is an item, each item an execution, and the results go to a file again.
async fn distributed_map_over_lines(items: usize, kind: &str, state: &str) {
    let sfn = MockSfn::new();
    let definition = r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"},
            "Parameters":{"Bucket":"in","Key":"lines"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"KIND"},
            "StartAt":"T","States":{"T":STATE}},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out"},
            "WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}}}}}"#;
    let definition = definition.replace("KIND", kind).replace("STATE", state);
    let machine = sfn.state_machine("map").definition(definition).create();
    let mut lines = String::new();
    for item in 0..items {
        writeln!(lines, "{item}").unwrap();
    }
    sfn.objects().put("in", "lines", &lines);
    sfn.on_resource("arn:aws:lambda:us-east-1:123456789012:function:f").answers(|call| call.input.clone());
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().succeeded();
    let runs = sfn.execution(&arn).map_runs();
    let run = runs.first().unwrap();
    assert_eq!((run.items().succeeded, run.executions().total), (items, items));
    let written = sfn.objects().list("out");
    let results = sfn.objects().get("out", written.first().unwrap()).unwrap();
    assert_eq!(String::from_utf8(results).unwrap(), lines.trim_end());
}

#[tokio::test(start_paused = true)]
async fn a_distributed_map_of_100000_express_executions_runs() {
    distributed_map_over_lines(100_000, "EXPRESS", r#"{"Type":"Pass","End":true}"#).await;
}

#[tokio::test(start_paused = true)]
async fn a_distributed_map_of_more_tasks_than_run_at_once_runs() {
    let task = r#"{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}"#;
    distributed_map_over_lines(12_000, "STANDARD", task).await;
}

#[tokio::test(start_paused = true)]
async fn a_loop_through_a_distributed_map_ends_with_its_history_and_can_be_told() {
    let sfn = MockSfn::new();
    let machine = sfn
        .state_machine("loop")
        .definition(
            r#"{"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"Next":"C","ItemProcessor":{
                "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T",
                "States":{"T":{"Type":"Pass","End":true}}}},
                "C":{"Type":"Choice","Choices":[{"Variable":"$.last","IsPresent":true,"Next":"E"}],"Default":"M"},
                "E":{"Type":"Succeed"}}}"#,
        )
        .create();
    let arn = sfn.start_execution(&machine, json!({"one": 1}));
    let finished = sfn.execution(&arn).finished().await;
    finished.assert().failed();
    assert_eq!(finished.history().len(), 25_000);
    let runs = sfn.execution(&arn).map_runs();
    assert!(runs.len() > 2_500, "{}", runs.len());
    let told = finished.narrative();
    assert_eq!(told.matches("succeeded, 1 item: 1 succeeded").count(), runs.len());
}

/// Children of a Map Run that all wait, in the mode in which they share the time that is jumped over.
async fn distributed_waits(items: usize, seconds: &str, lasts: &str) {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let definition = format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","ResultPath":null,"End":true,"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"W",
            "States":{{"W":{{"Type":"Wait",{seconds},"End":true}}}}}}}}}}}}"#
    );
    let machine = sfn.state_machine("map").definition(definition).create();
    let seconds: Vec<usize> = (1..=items).rev().collect();
    let arn = sfn.start_execution(&machine, json!(seconds));
    sfn.execution(&arn).finished().await.assert().succeeded().lasted(lasts);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_executions_of_a_map_run_wait_together() {
    distributed_waits(10_000, r#""Seconds":60"#, "60s").await;
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_executions_of_a_map_run_wait_each_for_its_own_time() {
    distributed_waits(10_000, r#""SecondsPath":"$""#, "10000s").await;
}
