//! `sfn-testkit replay-history` as a shell sees it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::cli::command;

const HISTORY: &str = include_str!("../goldens/paid.history.json");

const ORDERS: &str = r#"{
  "StartAt": "Pay",
  "States": {
    "Pay": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": true }
  }
}
"#;

/// A folder with a definition, one that is other, and three histories.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("histories")).unwrap();
    write("orders.asl.json", ORDERS);
    write(
        "changed.asl.json",
        &ORDERS.replace("\"End\"", "\"Parameters\": { \"id.$\": \"$.order\" }, \"End\""),
    );
    write("histories/a.json", HISTORY);
    let mut history: Value = serde_json::from_str(HISTORY).unwrap();
    let plain = history.to_string();
    let arn = "arn:aws:states:us-east-1:123456789012:execution:orders:e-1";
    history.as_object_mut().unwrap().insert("executionArn".to_owned(), json!(arn));
    write("histories/b.jsonl", &format!("{plain}\n{history}\n"));
    folder
}

/// Exit code, standard output and standard error.
fn replay(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    finished(command(&["replay-history"]).args(arguments).current_dir(folder), "")
}

fn finished(command: &mut Command, input: &str) -> (Option<i32>, String, String) {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn executions_that_go_as_recorded_end_with_code_0() {
    let folder = folder();
    let (code, out, err) = replay(folder.path(), &["histories", "--definition", "orders.asl.json"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "3 executions run against orders.asl.json: 3 as recorded, 0 otherwise\n");
}

#[test]
fn executions_that_differ_are_told_with_the_reason_and_end_with_code_1() {
    let folder = folder();
    let (code, out, err) =
        replay(folder.path(), &["histories", "--definition", "changed.asl.json", "--limit", "2"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    assert_eq!(
        out,
        r#"3 executions run against changed.asl.json: 0 as recorded, 3 otherwise
    3 × `Pay` calls its task with another input at $

histories/a.json
    `Pay` calls its task with {"id":7} instead of {"order":7} at $
histories/b.jsonl:1
    `Pay` calls its task with {"id":7} instead of {"order":7} at $
… and 1 more: --limit 0 shows all
"#
    );
    let ignoring = ["histories", "--definition", "changed.asl.json", "--ignore", "task-input,path"];
    assert_eq!(replay(folder.path(), &ignoring).0, Some(0));
}

#[test]
fn partitions_share_the_histories_out() {
    let folder = folder();
    let part = |partition: &str| {
        let arguments =
            ["histories", "--definition", "changed.asl.json", "--partition", partition, "--format", "jsonl"];
        replay(folder.path(), &arguments).1.lines().count()
    };
    assert_eq!((part("1/2"), part("2/2"), part("4/4")), (2, 1, 0));
}

#[test]
fn json_lines_go_in_and_out() {
    let folder = folder();
    let lines = fs::read_to_string(folder.path().join("histories/b.jsonl")).unwrap();
    let arguments =
        ["replay-history", "-", "--definition", "changed.asl.json", "--format", "jsonl", "--jobs", "2"];
    let (code, out, _) = finished(command(&arguments).current_dir(folder.path()), &lines);
    assert_eq!(code, Some(1));
    let verdicts: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        verdicts[1],
        json!({
            "history": "standard input:2",
            "executionArn": "arn:aws:states:us-east-1:123456789012:execution:orders:e-1",
            "verdict": "different",
            "differences": [{
                "kind": "task-input", "state": "Pay", "at": "$", "recorded": "{\"order\":7}", "now": "{\"id\":7}",
                "text": "`Pay` calls its task with {\"id\":7} instead of {\"order\":7} at $"
            }]
        })
    );
    assert_eq!((&verdicts[0]["history"], verdicts.len()), (&json!("standard input:1"), 2));
}

#[test]
fn reports_for_programs_have_every_execution() {
    let folder = folder();
    fs::write(folder.path().join("histories/c.json"), "[1").unwrap();
    let report = |format: &str| {
        let (code, out, _) =
            replay(folder.path(), &["histories", "--definition", "changed.asl.json", "--format", format]);
        assert_eq!(code, Some(2));
        out
    };
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    assert_eq!((&json["same"], &json["different"], &json["unreadable"]), (&json!(0), &json!(3), &json!(1)));
    assert_eq!(json["interrupted"], false);
    assert_eq!(json["executions"].as_array().unwrap().len(), 4);
    assert!(json["executions"][3]["error"].as_str().unwrap().starts_with("the history is not JSON: "));
    let xml = report("junit");
    assert!(xml.contains("<testsuite name=\"sfn-testkit replay-history changed.asl.json\" tests=\"4\" failures=\"3\" errors=\"1\">"), "{xml}");
    assert!(xml.contains("  <testcase classname=\"recorded executions\" name=\"histories/a.json\">\n    <failure message=\"`Pay` calls its task with {&quot;id&quot;:7} "), "{xml}");
    assert!(xml.contains("<error message=\"the history is not JSON: "), "{xml}");
}

#[test]
fn histories_and_definitions_that_cannot_be_read_end_with_code_2() {
    let folder = folder();
    let check = |arguments: &[&str], expected: &str| {
        let (code, out, err) = replay(folder.path(), arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.starts_with(&format!("error: {expected}")), "{err}");
    };
    check(&["none.json", "--definition", "orders.asl.json"], "there is no file none.json\n");
    check(&["histories", "--definition", "none.asl.json"], "cannot read none.asl.json: ");
    fs::write(folder.path().join("bad.asl.json"), "{}").unwrap();
    check(&["histories", "--definition", "bad.asl.json"], "bad.asl.json is not a valid definition\n");
    check(
        &["histories", "--definition", "orders.asl.json", "--ignore", "all"],
        "invalid value 'all' for '--ignore <KIND>': write one of unanswered-task, path, attempts, task-input, end, output, cause\n",
    );
    check(
        &["histories", "--definition", "orders.asl.json", "--partition", "5/4"],
        "invalid value '5/4' for '--partition <PART/PARTS>': the part is one of 1 to 4\n",
    );
}

#[test]
fn a_history_that_cannot_be_read_does_not_stop_the_others() {
    let folder = folder();
    fs::write(folder.path().join("histories/0.json"), r#"{"events": []}"#).unwrap();
    let (code, out, _) = replay(folder.path(), &["histories", "--definition", "orders.asl.json"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        out,
        "4 executions run against orders.asl.json: 3 as recorded, 0 otherwise, 1 cannot be read\n\
         histories/0.json\n    it cannot be read: there are no events; give what `aws stepfunctions \
         get-execution-history` prints\n"
    );
}

#[test]
fn an_interrupt_ends_it_with_what_was_found_until_then() {
    const MANY: usize = 4000;
    let folder = folder();
    let history: Value = serde_json::from_str(HISTORY).unwrap();
    fs::write(folder.path().join("many.jsonl"), format!("{history}\n").repeat(MANY)).unwrap();
    let arguments = [
        "replay-history",
        "many.jsonl",
        "--definition",
        "orders.asl.json",
        "--format",
        "jsonl",
        "--jobs",
        "1",
    ];
    let mut child = command(&arguments).current_dir(folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("\"verdict\":\"same\""));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
    let rest =
        lines.map(Result::unwrap).inspect(|line| drop(serde_json::from_str::<Value>(line).unwrap())).count();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(rest < MANY - 1, "it was done before anybody interrupted it");
}
