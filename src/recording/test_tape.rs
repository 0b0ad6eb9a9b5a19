//! Recordings for the tests of recorder and replayer, written as calls of a few words.

use super::recorder::Recorder;
use super::{CassetteFile, RecorderSettings, Redaction, Replayer};
use crate::model::{Json, Operation};

pub(super) const MACHINE: &str = "arn:aws:states:eu-west-1:999988887777:stateMachine:orders";
pub(super) const ACTIVITY: &str = "arn:aws:states:eu-west-1:999988887777:activity:approve";

pub(super) fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}

pub(super) fn execution(name: &str) -> String {
    format!("arn:aws:states:eu-west-1:999988887777:execution:orders:{name}")
}

/// A call and its answer.
pub(super) type Exchange = (Operation, Json, u16, Json);

pub(super) fn start(name: &str, input: &str) -> Exchange {
    let request = Json::from_members([
        ("stateMachineArn", Json::from(MACHINE)),
        ("name", Json::from(name)),
        ("input", Json::from(input)),
    ]);
    let response = Json::from_members([
        ("executionArn", Json::from(execution(name))),
        ("startDate", Json::Float(1_700_000_000.5)),
    ]);
    (Operation::StartExecution, request, 200, response)
}

pub(super) fn describe(name: &str, status: &str) -> Exchange {
    let request =
        Json::from_members([("executionArn", execution(name))].map(|(key, arn)| (key, Json::from(arn))));
    let response = Json::from_members([
        ("executionArn", Json::from(execution(name))),
        ("name", Json::from(name)),
        ("status", Json::from(status)),
        ("startDate", Json::Float(1_700_000_000.5)),
    ]);
    (Operation::DescribeExecution, request, 200, response)
}

pub(super) fn stop(name: &str) -> Exchange {
    let request = Json::from_members([("executionArn", Json::from(execution(name)))]);
    (Operation::StopExecution, request, 200, json(r#"{"stopDate":1700000009}"#))
}

/// A worker is given this task, or none.
pub(super) fn poll(task: Option<(&str, &str)>) -> Exchange {
    let response = match task {
        Some((token, input)) => {
            Json::from_members([("taskToken", Json::from(token)), ("input", Json::from(input))])
        }
        None => json(r#"{"taskToken":null}"#),
    };
    (Operation::GetActivityTask, Json::from_members([("activityArn", Json::from(ACTIVITY))]), 200, response)
}

pub(super) fn succeed(token: &str) -> Exchange {
    let request = Json::from_members([("taskToken", Json::from(token)), ("output", Json::from("{}"))]);
    (Operation::SendTaskSuccess, request, 200, Json::empty_object())
}

pub(super) fn throttled(exchange: Exchange) -> Exchange {
    let (operation, request, ..) = exchange;
    (operation, request, 400, json(r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#))
}

pub(super) fn recorder(exchanges: &[Exchange], settings: RecorderSettings) -> Recorder {
    let mut recorder = Recorder::new(settings);
    for (operation, request, status, response) in exchanges {
        recorder.observe(*operation, request, *status, response);
    }
    recorder
}

/// The cassette, written and read.
pub(super) fn record(exchanges: &[Exchange]) -> CassetteFile {
    record_with(exchanges, RecorderSettings::default())
}

pub(super) fn record_with(exchanges: &[Exchange], settings: RecorderSettings) -> CassetteFile {
    let text = recorder(exchanges, settings).finish(Some("2026-11-25")).unwrap().to_text();
    CassetteFile::read(&text).unwrap()
}

pub(super) fn redacting(paths: &[&str]) -> RecorderSettings {
    let redactions = paths.iter().map(|path| Redaction::parse(path).unwrap()).collect();
    RecorderSettings { redactions, ..RecorderSettings::default() }
}

/// What the cassette answers to the request of an exchange: status and body, or why there is none.
pub(super) fn ask(replayer: &mut Replayer, exchange: &Exchange) -> Result<(u16, Json), String> {
    let (operation, request, ..) = exchange;
    match replayer.answer(*operation, request) {
        Ok(answer) => Ok((answer.status, answer.body)),
        Err(miss) => Err(miss.to_string()),
    }
}

/// The member `status` of what the cassette answers to `DescribeExecution`.
#[track_caller]
pub(super) fn status(replayer: &mut Replayer, name: &str) -> String {
    let (_, body) = ask(replayer, &describe(name, "")).unwrap_or_else(|miss| panic!("{miss}"));
    body.get("status").and_then(Json::as_str).unwrap().to_owned()
}
