//! The calls that AWS was recorded with, made anew: twice from the start, and each of them twice in a row.
//!
//! They stay outside the repository: without them there is nothing to run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use sfn_testkit::prelude::*;

use super::determinism::json_files;
use super::raw::{self, Answer};

/// AWS lets an execution run for a year.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

fn cases() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/cases");
    let read = |file| serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    json_files(&folder).into_iter().map(read).collect()
}

/// One case at a mock of its own.
struct Replay {
    sfn: MockSfn,
    /// By the ids of their steps.
    answers: BTreeMap<String, Value>,
    workers: Vec<Value>,
    /// What was called, and what was answered, with every byte.
    told: Vec<String>,
    /// Calls that were made again and answered alike.
    repeated: usize,
}

impl Replay {
    fn new(case: &Value) -> Self {
        let sfn = MockSfn::builder().account_id("111111111111").unverified().build();
        match case.get("mocks").filter(|mocks| !mocks.is_null()) {
            Some(mocks) => sfn.mock_config_text(&mocks.to_string()),
            None => {
                let tasks = sfn.on_resource("*");
                tasks.answers(|call| json!({"state": call.state, "input": call.input})).unchecked();
            }
        }
        Self { sfn, answers: BTreeMap::new(), workers: vec![], told: vec![], repeated: 0 }
    }

    /// Makes all calls of the case; with `again`, each is made twice where a repetition means nothing to AWS.
    async fn run(mut self, case: &Value, again: bool) -> Self {
        for step in case.get("steps").and_then(Value::as_array).unwrap() {
            if let Some(operation) = step.get("op").and_then(Value::as_str) {
                let input = self.substituted(step.get("params").unwrap());
                let answer = raw::exchange(&self.sfn, operation, &input).await;
                if again {
                    self.repeat(operation, &input, &answer).await;
                }
                let id = step.get("id").and_then(Value::as_str).unwrap().to_owned();
                self.answers.insert(id, serde_json::from_str(&answer.body).unwrap());
                self.told.push(format!("{operation} {input}: {answer:?}"));
            } else if let Some(worker) = step.get("worker") {
                let worker = self.substituted(worker);
                self.workers.push(worker);
            } else if step.get("await").is_some_and(|what| what == "execution_terminated") {
                let execution = self.substituted(step.get("args").unwrap());
                self.finish(execution.get("execution_arn").and_then(Value::as_str).unwrap()).await;
            }
        }
        self
    }

    async fn repeat(&mut self, operation: &str, input: &Value, first: &Answer) {
        let is_named = input.get("name").is_some();
        let is_read = ["Describe", "List", "Get", "Validate"].iter().any(|verb| operation.starts_with(verb));
        let is_idempotent = match operation {
            "GetActivityTask" | "StopExecution" | "StartSyncExecution" | "TestState" => false,
            "StartExecution" => is_named,
            _ => true,
        };
        if !is_read && !is_idempotent {
            return;
        }
        let second = raw::exchange(&self.sfn, operation, input).await;
        self.repeated += 1;
        if operation == "StartExecution" && second.status == 400 {
            // The first one is over already.
            assert!(second.body.contains("ExecutionAlreadyExists") || first.status == 400, "{second:?}");
            return;
        }
        assert_eq!(first, &second, "another answer to the same call: {operation} {input}");
    }

    /// Puts in what earlier calls were answered.
    fn substituted(&self, part: &Value) -> Value {
        match part {
            Value::String(text) => self.filled_in(text),
            Value::Array(parts) => parts.iter().map(|part| self.substituted(part)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, part)| (name.clone(), self.substituted(part))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => part.clone(),
        }
    }

    /// A reference that is the whole text gives any value, one among other text a string.
    fn filled_in(&self, text: &str) -> Value {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, reference, after)) = split_reference(rest) {
            let (id, path) = reference.split_once('.').unwrap_or((reference, ""));
            let pointer = path.split('.').map(|name| format!("/{name}")).collect::<String>();
            let found = self.answers.get(id).and_then(|answer| answer.pointer(&pointer));
            if before.is_empty() && after.is_empty() && filled.is_empty() {
                return found.cloned().unwrap_or_else(|| json!("unresolved"));
            }
            filled += before;
            filled += found.and_then(Value::as_str).unwrap_or("unresolved");
            rest = after;
        }
        json!(filled + rest)
    }

    async fn finish(&mut self, execution: &str) {
        if !self.told.iter().any(|told| told.contains(&format!(r#""executionArn":"{execution}""#))) {
            return; // It was refused.
        }
        for worker in std::mem::take(&mut self.workers) {
            self.work(&worker).await;
        }
        let ended = tokio::time::timeout(LONGEST, self.sfn.execution(execution).finished()).await;
        self.told.extend(ended.ok().map(|ended| ended.narrative()));
    }

    async fn work(&self, worker: &Value) {
        let text = |name: &str| worker.get(name).and_then(Value::as_str).unwrap();
        let poll = json!({"activityArn": text("activityArn"), "workerName": text("workerName")});
        let task = raw::exchange(&self.sfn, "GetActivityTask", &poll).await;
        let task: Value = serde_json::from_str(&task.body).unwrap();
        let Some(token) = task.get("taskToken") else { return };
        let (operation, answer) = match text("behaviour") {
            "none" => return,
            "fail" => ("SendTaskFailure", json!({"taskToken": token, "error": text("error")})),
            _ => ("SendTaskSuccess", json!({"taskToken": token, "output": task.get("input")})),
        };
        raw::exchange(&self.sfn, operation, &answer).await;
    }
}

/// What is before, in and behind the first `{{…}}` that refers to an answer.
fn split_reference(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{s")?;
    let (_, after) = rest.split_once("}}")?;
    let reference = &text[before.len() + 2..text.len() - after.len() - 2];
    Some((before, reference, after))
}

#[tokio::test(start_paused = true)]
async fn recorded_calls_are_answered_alike_at_two_mocks_byte_by_byte() {
    let cases = cases();
    let mut calls = 0;
    for case in &cases {
        let first = Replay::new(case).run(case, false).await;
        let second = Replay::new(case).run(case, false).await;
        assert_eq!(first.told, second.told, "{}", case.get("id").unwrap());
        calls += first.told.len();
    }
    assert!(calls > 2_000 || cases.is_empty(), "only {calls} calls");
}

#[tokio::test(start_paused = true)]
async fn recorded_calls_that_are_made_again_change_nothing() {
    let cases = cases();
    let mut repeated = 0;
    for case in &cases {
        let once = Replay::new(case).run(case, false).await;
        let each_twice = Replay::new(case).run(case, true).await;
        assert_eq!(once.told, each_twice.told, "{}", case.get("id").unwrap());
        repeated += each_twice.repeated;
    }
    assert!(repeated > 1_500 || cases.is_empty(), "only {repeated} calls were repeated");
}

/// While it runs, an execution is started once, however often it is asked for under its name.
#[tokio::test(start_paused = true)]
async fn a_recorded_execution_is_started_once_under_its_name() {
    let cases = cases();
    let mut started = 0;
    for case in &cases {
        let sfn = MockSfn::builder().unverified().build();
        let Some(machine) = case.get("state_machine").and_then(|machine| machine.get("definition")) else {
            continue;
        };
        let role = "arn:aws:iam::123456789012:role/r";
        let create = json!({"name": "m", "definition": machine, "roleArn": role});
        let created = raw::exchange(&sfn, "CreateStateMachine", &create).await;
        let created: Value = serde_json::from_str(&created.body).unwrap();
        let Some(arn) = created.get("stateMachineArn") else { continue };
        // A task that nobody has answered, or a Wait, holds the execution open.
        sfn.on_resource("*").answers_async(|_| std::future::pending::<Value>()).unchecked();
        let start = json!({"stateMachineArn": arn, "name": "x", "input": case.get("input")});
        let first = raw::exchange(&sfn, "StartExecution", &start).await;
        let second = raw::exchange(&sfn, "StartExecution", &start).await;
        let is_open = json!({"stateMachineArn": arn, "statusFilter": "RUNNING"});
        let open = raw::call(&sfn, "ListExecutions", &is_open).await.matches("executionArn").count();
        let all = raw::call(&sfn, "ListExecutions", &json!({"stateMachineArn": arn})).await;
        assert_eq!(all.matches("executionArn").count(), usize::from(first.status == 200), "{start}");
        if open == 1 {
            assert_eq!(first, second, "{start}");
            started += 1;
        } else {
            assert_eq!(second.status, 400, "{start}: {second:?}");
        }
    }
    assert!(started > 100 || cases.is_empty(), "only {started} executions were open");
}
