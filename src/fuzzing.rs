//! What the fuzz targets in `fuzz/` call. Whatever the input, nothing here may panic, take long or take much memory.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::asl::diagnose;
use crate::assertion::{Execution, Style};
use crate::mock::core::{Core, CoreConfig};
use crate::mock::{Reports, Time};
use crate::model::{ExecutionStatus, Failure, Json, Quotas, StateMachineType, Timestamp};
use crate::service::task_call::{TaskAnswer, TaskCall, TaskOutcome};
use crate::wire::Request;

/// Judges a definition, and runs it if it is a good one. The text of what became of it.
///
/// # Panics
/// If the judgement and the execution disagree, or if something that must always hold does not.
pub fn execute(definition: &str, input: &str) -> Option<String> {
    for machine_type in [StateMachineType::Express, StateMachineType::Standard] {
        let _judged = diagnose(definition, machine_type).is_ok();
    }
    let is_good =
        matches!(diagnose(definition, StateMachineType::Standard), Ok(said) if said.errors.is_empty());
    let core = core();
    core.answer_tasks_with(Box::new(answer));
    let machine = Json::from_members([
        ("name", Json::from("m")),
        ("definition", Json::from(definition)),
        ("roleArn", Json::from("arn:aws:iam::123456789012:role/r")),
    ]);
    let record = core.run_unattended(&machine, None, input).ok()?;
    assert!(is_good, "a definition with errors was run");
    assert_ne!(record.status, ExecutionStatus::Running, "it does not end");
    let ids: Vec<_> = record.events.iter().map(|event| event.id).collect();
    assert!(ids.iter().copied().eq(1..=record.events.len() as u64), "events are not numbered in order");
    Some(Execution::new(record).narrative())
}

/// Runs a Pass state whose one field, named and valued like this, is evaluated.
pub fn evaluate(key: &str, value: &str, query_language: &str, input: &str) -> Option<String> {
    let template = Json::from_members([("value.$", Json::from(value))]);
    let field = match key {
        "Parameters" => template,
        _ => Json::from(value),
    };
    let state = Json::from_members([("Type", Json::from("Pass")), (key, field), ("End", Json::from(true))]);
    let definition = Json::from_members([
        ("QueryLanguage", Json::from(query_language)),
        ("StartAt", Json::from("P")),
        ("States", Json::from_members([("P", state)])),
    ]);
    execute(&definition.to_text(), input)
}

/// Sends requests one after another: `Operation body`, a line each.
///
/// # Panics
/// If an answer is not JSON or is an error of ours.
pub fn exchange(requests: &[u8]) {
    let core = core();
    core.answer_tasks_with(Box::new(answer));
    for line in requests.split(|byte| *byte == b'\n').take(64) {
        let mut parts = line.splitn(2, |byte| *byte == b' ');
        let operation = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let target = format!("AWSStepFunctions.{operation}");
        let body = parts.next().unwrap_or_default();
        let request = Request {
            target: Some(&target),
            authorization: Some(&operation),
            trace_id: Some(&operation),
            body,
        };
        // Some answers have to be waited for: such a caller goes away.
        let answer = pin!(core.answer(request)).poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(Some(response)) = answer {
            assert!(matches!(response.status, 200 | 400 | 404 | 413 | 501), "{target}: {response:?}");
            assert!(Json::parse(&response.body).is_ok(), "{target}: {response:?}");
        }
    }
}

/// Reads a file as `sfn-testkit lint` does, and shows what is wrong with it.
#[cfg(feature = "cli")]
#[must_use]
pub fn lint(text: &str, is_yaml: bool) -> String {
    crate::cli::lint_text(text, is_yaml)
}

fn core() -> Core {
    let core = Core::new(&CoreConfig {
        account_id: "123456789012".into(),
        region: "us-east-1".into(),
        seed: 1,
        starts_at: Timestamp::from_millis(0),
        time: Time::Manual,
        quotas: Quotas::default(),
        mock_validation: None,
        style: Style::plain(),
        reports: Some(Reports::off()),
        auto_answers: false,
        coverage: None,
    });
    core.end_runaways_early();
    core
}

/// Tasks succeed with their input, fail, or are never answered, by turns of their names' lengths and their attempts.
fn answer(call: &TaskCall) -> Option<TaskAnswer> {
    let turn = call.request.state.len() as u64 + call.request.retry_count;
    let outcome = match turn % 4 {
        0 => TaskOutcome::Failed(Failure::new("Lambda.TooManyRequestsException", "slow down")),
        1 if call.request.token.is_some() => return Some(TaskAnswer::Later),
        _ => TaskOutcome::Succeeded(call.request.input.clone()),
    };
    Some(TaskAnswer::Outcome { after: Duration::from_secs(turn % 3), outcome })
}
