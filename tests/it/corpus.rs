//! Definitions that other people wrote run to an end without mocks. They stay outside the repository: without them
//! there is nothing to run.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};
use sfn_testkit::prelude::*;

/// AWS lets an execution run for a year.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// The texts of the open valid definitions that two linters do not object to, with their names.
fn definitions() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/definitions");
    let Ok(index) = fs::read_to_string(folder.join("index.json")) else {
        return Vec::new();
    };
    let index: Value = serde_json::from_str(&index).unwrap();
    let listed = index.get("valid").and_then(Value::as_array).unwrap().iter();
    let chosen = listed.filter(|entry| entry["confidence"] == "high" && entry["split"] == "open");
    let files = chosen.map(|entry| entry["file"].as_str().unwrap().to_owned());
    files
        .map(|file| (fs::read_to_string(folder.join(&file)).unwrap(), file))
        .map(|(text, file)| (file, text))
        .collect()
}

/// An input that has something at every simple path of the definition, so that it comes further than with `{}`.
fn input_for(definition: &Value) -> Value {
    let mut input = Map::new();
    put_paths(definition, "", &mut input);
    Value::Object(input)
}

fn put_paths(part: &Value, field: &str, input: &mut Map<String, Value>) {
    match part {
        Value::String(text) => {
            if let Some(path) = text.strip_prefix("$.") {
                let leaf = if field == "ItemsPath" { json!([1, 2]) } else { json!("1") };
                put(path, leaf, input);
            }
        }
        Value::Array(parts) => parts.iter().for_each(|part| put_paths(part, field, input)),
        Value::Object(fields) => fields.iter().for_each(|(name, part)| put_paths(part, name, input)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn put(path: &str, leaf: Value, into: &mut Map<String, Value>) {
    let is_simple = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    match path.split_once('.') {
        Some((name, rest)) if is_simple(name) => {
            let below = into.entry(name).or_insert_with(|| json!({}));
            if let Value::Object(below) = below {
                put(rest, leaf, below);
            }
        }
        None if is_simple(path) => drop(into.entry(path).or_insert(leaf)),
        Some(_) | None => {}
    }
}

/// What must not have happened to an execution; `None` if the definition is refused, which is another test's business.
async fn complaint(definition: &str, input: &Value) -> Option<Result<(), String>> {
    let sfn = MockSfn::builder().auto_answers().build();
    let client = sfn.client();
    let role = "arn:aws:iam::123456789012:role/r";
    let created = client.create_state_machine().name("m").definition(definition).role_arn(role).send().await;
    let machine = created.ok()?.state_machine_arn;
    let start = sfn.now();
    let arn = sfn.start_execution(machine, input.clone());
    if tokio::time::timeout(LONGEST, sfn.execution(&arn).finished()).await.is_err() {
        return Some(Err("it has not ended after a year".to_owned()));
    }
    assert!(sfn.now().since(start) <= LONGEST);
    let described = client.describe_execution().execution_arn(&arn).send().await.unwrap();
    let error = described.error().unwrap_or_default();
    Some(match error.starts_with("SfnTestkit.") {
        true => Err(format!("{error}: {}", described.cause().unwrap_or_default())),
        false => Ok(()),
    })
}

#[tokio::test(start_paused = true)]
async fn real_definitions_run_to_an_end_with_automatic_answers() {
    let definitions = definitions();
    let (mut run, mut complaints) = (0, Vec::new());
    for (file, text) in &definitions {
        let input = serde_json::from_str(text).map_or(json!({}), |definition| input_for(&definition));
        for input in [json!({}), input] {
            if let Some(ended) = complaint(text, &input).await {
                run += 1;
                complaints.extend(ended.err().map(|why| format!("{file}: {why}")));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(run * 10 >= definitions.len() * 19, "only {run} runs of {} definitions", definitions.len());
}

#[test]
fn an_input_is_made_of_the_simple_paths_of_a_definition() {
    let definition =
        json!({"A": {"InputPath": "$.a.b", "ItemsPath": "$.list"}, "B": ["$.a.c", "$.x[0].y", "$$.z"]});
    assert_eq!(input_for(&definition), json!({"a": {"b": "1", "c": "1"}, "list": [1, 2]}));
}
