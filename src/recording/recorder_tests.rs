//! What of calls and answers a cassette keeps, and what not.

use super::recorder::Recorder;
use super::test_tape::{
    describe, json, poll, record, record_with, recorder, redacting, start, stop, succeed, throttled,
};
use super::{CassetteFile, RecorderSettings};
use crate::model::{Json, Operation};

fn outline(file: &CassetteFile) -> Vec<String> {
    let line = |one: &super::interaction::Interaction| {
        let status = one.response.get("status").and_then(Json::as_str).unwrap_or_default();
        let error = one.error.as_deref().unwrap_or_default();
        format!("{} {status}{error} x{}", one.operation, one.times)
    };
    file.interactions.iter().map(line).collect()
}

const CONVERSATION: &str = r#"{
  "format": "sfn-cassette/1",
  "recorded": "2026-11-25",
  "vars": {
    "account-1": "123456789012",
    "name-1": "run-8f14e45f",
    "date-1": "2023-11-14T22:13:20.5Z"
  },
  "interactions": [
    {
      "op": "StartExecution",
      "request": {
        "stateMachineArn": "arn:aws:states:eu-west-1:${account-1}:stateMachine:orders",
        "name": "${name-1}",
        "input": {
          "$json": {
            "order": {
              "id": 7
            }
          }
        }
      },
      "status": 200,
      "response": {
        "executionArn": "arn:aws:states:eu-west-1:${account-1}:execution:orders:${name-1}",
        "startDate": "${date-1}"
      }
    },
    {
      "op": "DescribeExecution",
      "request": {
        "executionArn": "arn:aws:states:eu-west-1:${account-1}:execution:orders:${name-1}"
      },
      "status": 200,
      "response": {
        "executionArn": "arn:aws:states:eu-west-1:${account-1}:execution:orders:${name-1}",
        "name": "${name-1}",
        "status": "RUNNING",
        "startDate": "${date-1}"
      },
      "times": 2
    },
    {
      "op": "DescribeExecution",
      "request": {
        "executionArn": "arn:aws:states:eu-west-1:${account-1}:execution:orders:${name-1}"
      },
      "status": 200,
      "response": {
        "executionArn": "arn:aws:states:eu-west-1:${account-1}:execution:orders:${name-1}",
        "name": "${name-1}",
        "status": "SUCCEEDED",
        "startDate": "${date-1}"
      }
    }
  ]
}
"#;

#[test]
fn the_file_reads_like_the_conversation() {
    let file = record(&[
        start("run-8f14e45f", r#"{"order":{"id":7}}"#),
        describe("run-8f14e45f", "RUNNING"),
        describe("run-8f14e45f", "RUNNING"),
        describe("run-8f14e45f", "SUCCEEDED"),
    ]);
    assert_eq!(file.to_text(), CONVERSATION);
}

#[test]
fn polls_fold_across_what_does_not_concern_them_and_never_across_a_change() {
    let (a, b) = ("run-11111111", "run-22222222");
    let file = record(&[
        start(a, r#"{"n":1}"#),
        start(b, r#"{"n":2}"#),
        describe(a, "RUNNING"),
        describe(b, "RUNNING"),
        describe(a, "RUNNING"),
        describe(b, "RUNNING"),
        stop(a),
        describe(a, "RUNNING"),
        describe(b, "RUNNING"),
    ]);
    assert_eq!(
        outline(&file),
        [
            "StartExecution  x1",
            "StartExecution  x1",
            "DescribeExecution RUNNING x2",
            "DescribeExecution RUNNING x3",
            "StopExecution  x1",
            "DescribeExecution RUNNING x1",
        ]
    );
}

#[test]
fn answers_that_went_back_and_forth_keep_their_order() {
    let states = ["RUNNING", "PENDING_REDRIVE", "RUNNING", "RUNNING"];
    let file = record(&states.map(|status| describe("run-11111111", status)));
    assert_eq!(
        outline(&file),
        [
            "DescribeExecution RUNNING x1",
            "DescribeExecution PENDING_REDRIVE x1",
            "DescribeExecution RUNNING x2"
        ]
    );
}

#[test]
fn empty_polls_fold_and_tasks_do_not_become_one() {
    let file = record(&[
        poll(None),
        poll(None),
        poll(Some(("AQCEAAAA-1", "{}"))),
        poll(Some(("AQCEAAAA-2", "{}"))),
        succeed("AQCEAAAA-1"),
        succeed("AQCEAAAA-2"),
    ]);
    assert_eq!(outline(&file).len(), 5);
    assert_eq!(file.vars.get("token-1").map(String::as_str), Some("task-token-1"));
    assert!(!file.to_text().contains("AQCEAAAA"), "a token is nobody else's business");
}

#[test]
fn of_an_attempt_that_was_tried_again_only_the_last_is_kept() {
    let attempts = [
        throttled(start("run-11111111", "{}")),
        throttled(start("run-11111111", "{}")),
        start("run-11111111", "{}"),
        throttled(describe("run-11111111", "")),
    ];
    assert_eq!(
        outline(&record(&attempts)),
        ["StartExecution  x1", "DescribeExecution ThrottlingException x1"]
    );
    let keep = RecorderSettings { keep_retries: true, ..RecorderSettings::default() };
    assert_eq!(
        outline(&record_with(&attempts, keep)),
        [
            "StartExecution ThrottlingException x2",
            "StartExecution  x1",
            "DescribeExecution ThrottlingException x1"
        ]
    );
}

#[test]
fn what_is_redacted_is_in_no_byte_of_the_file() {
    let exchanges = [
        start("run-11111111", r#"{"card":"4111-1111-1111-1111","id":7}"#),
        describe("run-11111111", "paid with 4111-1111-1111-1111"),
    ];
    let text = record_with(&exchanges, redacting(&["$.input.card"])).to_text();
    assert!(!text.contains("4111-"), "{text}");
    assert!(text.contains(r#""card": "[redacted]""#), "{text}");
    assert!(text.contains(r#""status": "paid with [redacted]""#), "{text}");
    assert!(text.contains("\"redacted\": [\n    \"$.input.card\"\n  ]"), "{text}");
}

#[test]
fn a_credential_in_a_call_stops_the_file_and_says_where() {
    let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    let exchanges =
        [describe("run-11111111", "RUNNING"), start("run-11111111", &format!(r#"{{"key":"{key}"}}"#))];
    let refused = recorder(&exchanges, RecorderSettings::default()).finish(None).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the cassette was not written, because it would hold an access key of AWS: call 2, StartExecution, request, $.input. Keep it out of the call, or take it out with `redact(\"$.…\")`"
    );
    assert!(recorder(&exchanges, redacting(&["$.input.key"])).finish(None).is_ok());
}

#[test]
fn the_credentials_in_use_stop_the_file() {
    let mut recorder = Recorder::new(RecorderSettings::default());
    recorder.guard("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let request = json(r#"{"definition":"{\"k\": \"wJalrXUtnFEMI\\/K7MDENG\\/bPxRfiCYEXAMPLEKEY\"}"}"#);
    recorder.observe(Operation::ValidateStateMachineDefinition, &request, 200, &json("{}"));
    assert_eq!(recorder.finish(None).unwrap_err().what, "the very credentials in use");
}

#[test]
fn bodies_that_are_no_json_are_kept() {
    let file =
        record(&[(Operation::ListActivities, json("{}"), 502, Json::from("<html>bad gateway</html>"))]);
    assert_eq!(file.interactions[0].response, Json::from("<html>bad gateway</html>"));
    assert_eq!(file.interactions[0].error, None);
}
