//! `sfn-testkit run` as a shell sees it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::cli::command;

const ORDERS: &str = r#"{
  "StartAt": "Charge",
  "States": {
    "Charge": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "charge", "Payload.$": "$" },
      "Retry": [{ "ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 2 }],
      "ResultSelector": { "receipt.$": "$.Payload.receipt" },
      "ResultPath": "$.charge",
      "Next": "CoolDown"
    },
    "CoolDown": { "Type": "Wait", "Seconds": 2592000, "End": true }
  }
}
"#;

const MOCKS: &str = r#"{
  "StateMachines": { "orders": { "TestCases": { "Busy": { "Charge": "Charged" }, "Bare": {} } } },
  "MockedResponses": {
    "Charged": {
      "0": { "Throw": { "Error": "Lambda.TooManyRequestsException", "Cause": "slow down" } },
      "1": { "Return": { "Payload": { "receipt": 7 } } }
    }
  }
}
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Exit code, standard output and standard error of a run in a folder.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    finished(command(&["run"]).args(arguments).current_dir(folder))
}

fn finished(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_page_about_the_execution_is_written_whatever_its_end() {
    let folder = folder(&[("orders.asl.json", ORDERS), ("mocks.json", MOCKS)]);
    for case in ["Busy", "Bare"] {
        let arguments =
            ["orders.asl.json", "--mock-config", "mocks.json", "--case", case, "--html", "page.html"];
        run(folder.path(), &arguments);
        let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
        assert!(page.contains(r#"<g class="state task leaf taken"#), "{page}");
        fs::remove_file(folder.path().join("page.html")).unwrap();
    }
    let (code, _, told) = run(folder.path(), &["orders.asl.json", "--html", "no/page.html"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("error: cannot write no/page.html: "), "{told}");
}

#[test]
fn an_execution_that_succeeds_is_told_and_ends_with_code_0() {
    let folder = folder(&[("orders.asl.json", ORDERS), ("mocks.json", MOCKS)]);
    let options =
        ["orders.asl.json", "--mock-config", "mocks.json", "--case", "Busy", "--input", r#"{"id":"o-1"}"#];
    let (code, out, err) = run(folder.path(), &options);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(
        out,
        r#"orders (STANDARD) from 2024-01-01T00:00:00Z
  +0s     started with {"id":"o-1"}
  +0s     Charge (Task) {"id":"o-1"}
  +0s       attempt 1: calls lambda:invoke with {"FunctionName":"charge","Payload":{"id":"o-1"}}
  +0s       attempt 1 failed: Lambda.TooManyRequestsException: slow down
  +2s       attempt 2, 2s later: calls lambda:invoke with {"FunctionName":"charge","Payload":{"id":"o-1"}}
  +2s       attempt 2 returned {"Payload":{"receipt":7}}
  +2s     Charge left with {"id":"o-1","charge":{"receipt":7}}
  +2s     CoolDown (Wait) {"id":"o-1","charge":{"receipt":7}}
  +30d2s  CoolDown left
  +30d2s  SUCCEEDED with {"id":"o-1","charge":{"receipt":7}}

output:
{
  "id": "o-1",
  "charge": {
    "receipt": 7
  }
}
"#
    );
}

#[test]
fn the_readme_shows_what_is_printed() {
    let folder = folder(&[("orders.asl.json", ORDERS), ("mocks.json", MOCKS)]);
    let readme = include_str!("../../README.md");
    let (_, shown) = readme.split_once("$ sfn-testkit run orders.asl.json --input '").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let (options, out) = shown.split_once('\n').unwrap();
    let (input, options) = options.split_once("' ").unwrap();
    let options: Vec<_> =
        ["orders.asl.json", "--input", input].into_iter().chain(options.split(' ')).collect();
    assert_eq!(run(folder.path(), &options).1, out);
}

#[test]
fn json_has_status_output_error_cause_and_history() {
    let folder = folder(&[("orders.asl.json", ORDERS), ("mocks.json", MOCKS)]);
    let options = ["orders.asl.json", "--mock-config", "mocks.json", "--case", "Busy", "--format", "json"];
    let (code, out, err) =
        run(folder.path(), &[&options[..], &["--start-at-time", "2030-01-01T00:00:00Z"]].concat());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(out["status"], "SUCCEEDED");
    assert_eq!(out["output"], json!({ "charge": { "receipt": 7 } }));
    assert_eq!((&out["error"], &out["cause"]), (&Value::Null, &Value::Null));
    let first = &out["history"][0];
    assert_eq!((&first["id"], &first["type"]), (&json!(1), &json!("ExecutionStarted")));
    assert_eq!(first["timestamp"], 1_893_456_000);
}

#[test]
fn an_execution_that_fails_ends_with_code_1() {
    let fail = "StartAt: No\nStates:\n  No: {Type: Fail, Error: No.Stock, Cause: none left}\n";
    let folder = folder(&[("stock.express.asl.yaml", fail)]);
    let (code, out, err) = run(folder.path(), &["stock.express.asl.yaml"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    assert_eq!(
        out,
        "stock (EXPRESS) from 2024-01-01T00:00:00Z\n  \
           +0s  started with {}\n  \
           +0s  No (Fail) {} fails: No.Stock: none left\n  \
           +0s  FAILED: No.Stock: none left\n\
         \n\
         error: No.Stock\n\
         cause: none left\n"
    );
    let (code, out, _) =
        run(folder.path(), &["stock.express.asl.yaml", "--format", "json", "--type", "standard"]);
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(1));
    assert_eq!((&out["status"], &out["error"]), (&json!("FAILED"), &json!("No.Stock")));
    assert_eq!((&out["cause"], &out["output"]), (&json!("none left"), &Value::Null));
}

#[test]
fn what_nobody_ends_times_out_on_virtual_time() {
    let wait = r#"{"StartAt": "W", "TimeoutSeconds": 5, "States": {"W": {"Type": "Wait", "Seconds": 9, "End": true}}}"#;
    let folder = folder(&[("slow.asl.json", wait)]);
    let (code, out, _) = run(folder.path(), &["slow.asl.json"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("\n  +5s  TIMED_OUT"), "{out}");
}

#[test]
fn a_task_that_nobody_mocked_is_told_with_what_to_add() {
    let folder = folder(&[("orders.asl.json", ORDERS), ("mocks.json", MOCKS)]);
    let (code, out, err) = run(folder.path(), &["orders.asl.json"]);
    assert_eq!(code, Some(1));
    let cause = "nothing answers the task of state `Charge` (arn:aws:states:::lambda:invoke)";
    assert!(out.ends_with(&format!("\nerror: SfnTestkit.TaskNotMocked\ncause: {cause}\n")), "{out}");
    let mocks = |case: &str| {
        format!(
            r#"{{
  "StateMachines": {{
    "orders": {{
      "TestCases": {{
        "{case}": {{
          "Charge": "Charge answer"
        }}
      }}
    }}
  }},
  "MockedResponses": {{
    "Charge answer": {{
      "0": {{
        "Return": {{}}
      }}
    }}
  }}
}}
"#
        )
    };
    let called = "which was called with {\"FunctionName\":\"charge\",\"Payload\":{}}";
    assert_eq!(
        err,
        format!(
            "warning: {cause}, {called}\nwrite mocks.json, with the answers that you want:\n{}\
             and run again with --mock-config mocks.json --case Case\n",
            mocks("Case")
        )
    );

    let (code, _, err) =
        run(folder.path(), &["orders.asl.json", "--mock-config", "mocks.json", "--case", "Bare"]);
    assert_eq!(code, Some(1));
    let expected =
        format!("warning: {cause}, {called}\nadd to mocks.json, with the answers that you want:\n");
    assert_eq!(err, format!("{expected}{}", mocks("Bare")));

    // What was written is a mock config file.
    fs::write(folder.path().join("new.json"), mocks("Case")).unwrap();
    let (_, out, err) = run(folder.path(), &["orders.asl.json", "--mock-config", "new.json"]);
    assert_eq!(err, "");
    assert!(out.contains("\n  +0s    returned {}\n"), "{out}");
}

#[test]
fn an_invalid_definition_ends_with_code_2_and_shows_the_places() {
    let bad = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"Next\": \"Gone\" },\n    \
               \"B\": { \"Type\": \"Succeed\" }\n  }\n}\n";
    let folder = folder(&[("bad.asl.json", bad)]);
    let (code, out, err) = run(folder.path(), &["bad.asl.json"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(
        err,
        r#"error: bad.asl.json is not a valid definition

error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Gone
 --> bad.asl.json:4:36
  |
4 |     "A": { "Type": "Pass", "Next": "Gone" },
  |                                    ^^^^^^
  = /States/A/Next

error[MISSING_TRANSITION_TARGET]: State "B" is not reachable.
 --> bad.asl.json:5:5
  |
5 |     "B": { "Type": "Succeed" }
  |     ^^^
  = /States/B
"#
    );
}

#[test]
fn what_cannot_be_run_ends_with_code_2() {
    let folder = folder(&[("orders.asl.json", ORDERS), ("mocks.json", MOCKS)]);
    let check = |options: &[&str], expected: &str| {
        let (code, out, err) = run(folder.path(), options);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{options:?}");
        assert!(err.starts_with(expected), "{options:?}: {err}");
    };
    check(&[], "error: the following required arguments were not provided:");
    check(&["orders.asl.json", "--case", "A"], "error: the following required arguments were not provided:");
    check(&["gone.asl.json"], "error: cannot read gone.asl.json: ");
    check(&["orders.asl.json", "--input", "gone.json"], "error: cannot read gone.json: ");
    check(&["orders.asl.json", "--input", "{"], "error: the input is not JSON: Unexpected end-of-input");
    check(&["orders.asl.json", "--mock-config", "gone.json"], "error: cannot read gone.json: ");
    check(
        &["orders.asl.json", "--mock-config", "mocks.json"],
        "error: mocks.json has several test cases of `orders`: choose with --case one of `Bare`, `Busy`\n",
    );
    check(
        &["orders.asl.json", "--mock-config", "mocks.json", "--name", "pay"],
        "error: mocks.json has no state machine `pay`, only `orders`; --name NAME says which one is run\n",
    );
    check(&["orders.asl.json", "--name", "a b"], "error: InvalidName: ");
}

#[test]
fn the_input_may_come_from_standard_input_or_a_file() {
    let pass = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
    let folder = folder(&[("a.asl.json", pass), ("input.json", "[2]")]);
    let mut process = command(&["run", "a.asl.json", "--input", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(b"[1]").unwrap();
    let out = process.wait_with_output().unwrap();
    assert!(String::from_utf8(out.stdout).unwrap().contains("SUCCEEDED with [1]\n"));
    let (_, out, _) = run(folder.path(), &["a.asl.json", "--input", "input.json"]);
    assert!(out.contains("SUCCEEDED with [2]\n"), "{out}");
}

#[test]
fn colours_reach_terminals_only_and_not_with_no_color() {
    let folder = folder(&[("bad.asl.json", "{}")]);
    let err = |variables: &[(&str, &str)]| {
        let mut command = command(&["run", "bad.asl.json"]);
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").envs(variables.iter().copied());
        finished(command.current_dir(folder.path())).2
    };
    assert!(!err(&[]).contains('\u{1b}'));
    assert!(err(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!err(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn a_watched_definition_runs_again_when_it_changes_until_ctrl_c() {
    let machine =
        |state: &str| format!(r#"{{"StartAt":"{state}","States":{{"{state}":{{"Type":"Succeed"}}}}}}"#);
    let folder = folder(&[("a.asl.json", &machine("Old"))]);
    let mut process = command(&["run", "a.asl.json", "--watch"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut until = |wanted: &str| lines.find(|line| line.contains(wanted)).is_some();
    assert!(until("Old (Succeed)") && until("output:"));
    fs::write(folder.path().join("new.json"), machine("New")).unwrap();
    fs::rename(folder.path().join("new.json"), folder.path().join("a.asl.json")).unwrap();
    assert!(until("--- a.asl.json changed") && until("New (Succeed)"));
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
    let ended = process.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}
