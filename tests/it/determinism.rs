//! The same test twice gives the same history, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sfn_testkit::prelude::*;

use super::raw;

/// Runs a definition with a mock that answers every task, and returns all that `GetExecutionHistory` says.
/// `None` if the definition is not accepted: that is another test's business.
async fn history_of(definition: &str, input: &str, express: bool) -> Option<String> {
    let sfn = MockSfn::builder().unverified().build();
    // No service answers like this, but all that a task was given comes back, and is seen in the history.
    sfn.on_resource("*").answers(|call| json!({ "state": call.state, "input": call.input })).unchecked();
    let arn = start(&sfn, definition, input, express).await?;
    let finished = sfn.execution(&arn).finished().await;
    let mut told = vec![finished.narrative()];
    for run in sfn.execution(&arn).map_runs() {
        told.push(raw::call(&sfn, "DescribeMapRun", &json!({"mapRunArn": run.arn()})).await);
        for child in run.children() {
            told.push(format!("{} {}", child.arn(), child.now().narrative()));
            if child.arn().contains(":execution:") {
                told.extend(raw::history(&sfn, child.arn()).await);
            }
        }
    }
    if !express {
        told.extend(raw::history(&sfn, &arn).await);
    }
    Some(told.join("\n"))
}

/// `None` if the definition or the input is refused.
pub(crate) async fn start(sfn: &MockSfn, definition: &str, input: &str, express: bool) -> Option<String> {
    let client = sfn.client();
    let machine = client
        .create_state_machine()
        .name("m")
        .definition(definition)
        .role_arn("arn:aws:iam::123456789012:role/r")
        .r#type(if express { "EXPRESS".into() } else { "STANDARD".into() })
        .send()
        .await
        .ok()?;
    let started = client.start_execution().state_machine_arn(machine.state_machine_arn).input(input).send();
    Some(started.await.ok()?.execution_arn)
}

async fn check(definition: &str, input: &str, express: bool) -> bool {
    let first = history_of(definition, input, express).await;
    let second = history_of(definition, input, express).await;
    assert_eq!(first, second, "two runs differ:\n{definition}");
    first.is_some()
}

#[tokio::test(start_paused = true)]
async fn ids_tokens_jitter_and_random_numbers_come_out_the_same() {
    let definition = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{
        "T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters":{"QueueUrl":"q","MessageBody":{"token.$":"$$.Task.Token","uuid.$":"States.UUID()",
                "dice.$":"States.MathRandom(1, 1000000)"}},
            "Retry":[{"ErrorEquals":["States.ALL"],"JitterStrategy":"FULL"}],"End":true}}},"End":true}}}"#;
    assert!(check(definition, "[1, 2, 3]", false).await);
}

#[tokio::test(start_paused = true)]
async fn map_runs_and_their_executions_come_out_the_same() {
    let definition = r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ToleratedFailurePercentage":100,
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"T","States":{
        "T":{"Type":"Pass","Parameters":{"uuid.$":"States.UUID()"},"End":true}}},"End":true}}}"#;
    assert!(check(definition, "[1, 2, 3]", false).await);
}

/// What AWS was recorded with: definition, input, and whether it is EXPRESS.
pub(crate) fn recorded_definitions() -> Vec<(String, String, bool)> {
    let read = |case: &Value| {
        let machine = case.get("state_machine")?;
        let definition = machine.get("definition")?.as_str()?.to_owned();
        let express = machine.get("type").is_some_and(|kind| kind == "EXPRESS");
        Some((definition, case.get("input")?.as_str()?.to_owned(), express))
    };
    recorded_cases().iter().filter_map(read).collect()
}

/// The cases in which AWS was recorded. They are there for who develops the kit.
pub(crate) fn recorded_cases() -> Vec<Value> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/cases");
    let read = |file: PathBuf| serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    json_files(&cases).into_iter().map(read).collect()
}

#[tokio::test(start_paused = true)]
async fn every_definition_that_aws_was_recorded_with_runs_the_same_twice() {
    let definitions = recorded_definitions();
    let mut ran = 0;
    for (definition, input, express) in &definitions {
        ran += usize::from(check(definition, input, *express).await);
    }
    assert!(ran > 300 || definitions.is_empty(), "only {ran} definitions ran");
}

pub(crate) fn json_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(json_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    files
}
