//! `sfn-testkit record`, `replay` and `drift` as a shell sees them.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use sfn_testkit::{MockSfn, Server, Time};

use super::record_replay::Door;

/// A folder with a cassette in it, and a server with the machine `orders`, which answers with this total.
struct Stand {
    _folder: tempfile::TempDir,
    cassette: PathBuf,
    server: Server,
}

fn serve(total: u32) -> Server {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let definition = format!(
        r#"{{"StartAt":"Pay","States":{{"Pay":{{"Type":"Pass","Result":{{"total":{total}}},"End":true}}}}}}"#
    );
    let _machine = sfn.state_machine("orders").definition(definition).create();
    sfn.serve()
}

impl Stand {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { cassette: folder.path().join("orders.json"), _folder: folder, server: serve(7) }
    }

    fn path(&self) -> &str {
        self.cassette.to_str().unwrap()
    }

    fn record(&self, options: &[&str]) -> Door {
        let start = ["record", "--upstream", self.server.url(), "--cassette", self.path()];
        Door::open(&[&start, options].concat())
    }

    fn replay(&self, options: &[&str]) -> Door {
        Door::open(&[&["replay", "--cassette", self.path()], options].concat())
    }

    /// Records an execution and what became of it.
    fn recorded(&self) {
        let door = self.record(&[]);
        door.order("run-8f14e45f");
        assert_eq!(door.close().0, Some(0));
    }

    fn drift(&self, url: &str, options: &[&str]) -> (Option<i32>, String, String) {
        finished(&[&["drift", self.path(), "--endpoint", url], options].concat())
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.cassette).unwrap()
    }
}

/// Runs a command that ends by itself: its exit code, what it printed, and what it printed on standard error.
fn finished(arguments: &[&str]) -> (Option<i32>, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_sfn-testkit")).args(arguments).env_clear().output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code(), text(run.stdout), text(run.stderr))
}

const ORDERS: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

impl Door {
    /// What was printed for this variable.
    fn setting(&self, name: &str) -> &str {
        self.settings.get(name).unwrap()
    }

    /// Calls as an SDK with the printed settings does; the whole answer.
    fn call(&self, operation: &str, input: &str) -> String {
        self.call_as(self.setting("AWS_ACCESS_KEY_ID"), operation, input)
    }

    fn call_as(&self, key: &str, operation: &str, input: &str) -> String {
        let address = self.setting("AWS_ENDPOINT_URL_SFN").strip_prefix("http://").unwrap();
        let mut connection = TcpStream::connect(address).unwrap();
        let length = input.len();
        let request = format!(
            "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\nx-amz-target: AWSStepFunctions.{operation}\r\n\
             authorization: AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/states/aws4_request\r\n\
             content-length: {length}\r\n\r\n{input}"
        );
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Starts an execution and describes it.
    fn order(&self, name: &str) -> String {
        let start = format!(r#"{{"stateMachineArn":"{ORDERS}","name":"{name}","input":"{{\"id\":1}}"}}"#);
        let started = self.call("StartExecution", &start);
        assert!(started.contains(&format!(":execution:orders:{name}")), "{started}");
        self.describe(name)
    }

    fn describe(&self, name: &str) -> String {
        let arn = ORDERS.replace(":stateMachine:", ":execution:");
        self.call("DescribeExecution", &format!(r#"{{"executionArn":"{arn}:{name}"}}"#))
    }
}

#[test]
fn a_recording_is_written_when_it_is_ended_and_replayed_without_the_upstream() {
    let stand = Stand::new();
    let door = stand.record(&["--region", "us-east-1"]);
    assert!(door.order("run-8f14e45f").contains(r#""output":"{\"total\":7}""#));
    door.describe("run-8f14e45f");
    assert!(!stand.cassette.exists(), "it is not written before the end");
    let (code, out, err) = door.close();
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let expected = format!(
        "\nRecorded 3 calls in {}:\n      2  DescribeExecution\n      1  StartExecution\n",
        stand.path()
    );
    assert_eq!(out, expected);
    let text = stand.text();
    assert!(text.starts_with("{\n  \"format\": \"sfn-cassette/1\",\n"), "{text}");
    assert!(!stand.cassette.with_extension("json.partial").exists());

    let stand = Stand { server: serve(0), ..stand };
    let door = stand.replay(&["--strict"]);
    assert!(door.order("run-of-today-1").contains(r#"execution:orders:run-of-today-1""#));
    let (code, out, err) = door.close();
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (Some(0), "\nEverything that was recorded was asked for.\n", "")
    );
    assert_eq!(stand.text(), text);
}

#[test]
fn only_who_has_the_key_may_call_and_only_what_is_allowed() {
    let stand = Stand::new();
    let door = stand.record(&["--read-only"]);
    let refused = door.call_as("test", "ListStateMachines", "{}");
    assert!(refused.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{refused}");
    let refused = door.call("StartExecution", &format!(r#"{{"stateMachineArn":"{ORDERS}"}}"#));
    assert!(refused.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{refused}");
    assert!(refused.contains("\r\nx-amzn-errortype: AccessDeniedException\r\n"), "{refused}");
    assert!(door.call("ListStateMachines", "{}").contains(ORDERS));
    let (_, out, _) = door.close();
    assert!(out.starts_with("\nRecorded 1 call in "), "{out}");
    assert!(!stand.text().contains("StartExecution"), "what was refused is not recorded");
}

#[test]
fn nothing_is_written_if_nothing_was_called() {
    let stand = Stand::new();
    fs::write(&stand.cassette, "as it was").unwrap();
    let (code, out, _) = stand.record(&[]).close();
    assert_eq!(code, Some(0));
    assert_eq!(out, format!("\nNothing was recorded; {} was not written.\n", stand.path()));
    assert_eq!(stand.text(), "as it was");
}

#[test]
fn a_process_that_is_killed_leaves_the_old_file_and_what_it_had_recorded_beside_it() {
    let stand = Stand::new();
    stand.recorded();
    let before = stand.text();
    let door = stand.record(&[]);
    door.describe("of-the-killed-1");
    let partial = stand.cassette.with_extension("json.partial");
    while !partial.exists() {
        std::thread::yield_now();
    }
    door.kill();
    assert_eq!(stand.text(), before);
    assert!(fs::read_to_string(&partial).unwrap().contains("of-the-killed-1"));

    let options = ["record", "--upstream", stand.server.url(), "--cassette", stand.path()];
    let (code, out, err) = finished(&options);
    let (partial, path) = (partial.display(), stand.path());
    let told = format!(
        "error: {partial} holds a recording that was cut short: rename it to {path} to keep it, or delete it\n"
    );
    assert_eq!((code, out.as_str(), err), (Some(2), "", told));
}

#[test]
fn with_mode_new_the_file_answers_what_it_can_and_the_rest_is_added() {
    let stand = Stand::new();
    stand.recorded();
    let before = stand.text();
    let door = stand.record(&["--mode", "new"]);
    door.order("run-of-today-1");
    assert!(door.call("ListStateMachines", "{}").contains(ORDERS));
    let (code, out, _) = door.close();
    assert_eq!(code, Some(0));
    assert!(out.ends_with("      1  ListStateMachines\n"), "{out}");
    let after = stand.text();
    assert!(after.contains("\"op\": \"ListStateMachines\""), "{after}");
    let count = |text: &str| text.matches("\"op\": ").count();
    assert_eq!(count(&after), count(&before) + 1);
}

#[test]
fn with_mode_once_a_file_that_is_there_is_replayed_and_nobody_else_is_asked() {
    let stand = Stand::new();
    stand.recorded();
    let before = stand.text();
    let door = stand.record(&["--mode", "once"]);
    door.order("run-of-today-1");
    let refused = door.call("ListStateMachines", "{}");
    assert!(refused.contains("NoRecordedAnswerException"), "{refused}");
    let (code, _, _) = door.close();
    assert_eq!(code, Some(0));
    assert_eq!(stand.text(), before);
}

#[test]
fn what_is_redacted_or_secret_does_not_get_into_the_file() {
    let stand = Stand::new();
    let door = stand.record(&["--redact", "$.input.card"]);
    let start = |input: &str| format!(r#"{{"stateMachineArn":"{ORDERS}","input":"{input}"}}"#);
    door.call("StartExecution", &start(r#"{\"card\":\"4111111111111111\"}"#));
    assert_eq!(door.close().0, Some(0));
    assert!(!stand.text().contains("4111111111111111"));
    assert!(stand.text().contains("\"card\": \"[redacted]\""), "{}", stand.text());

    let before = stand.text();
    let door = stand.record(&[]);
    let access_key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    door.call("StartExecution", &start(&format!(r#"{{\"k\":\"{access_key}\"}}"#)));
    let (code, _, err) = door.close();
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("the cassette was not written, because it would hold an access key of AWS"),
        "{err}"
    );
    assert!(!err.contains(&access_key));
    assert_eq!(stand.text(), before);
}

#[test]
fn in_ci_nothing_is_recorded_unless_that_is_meant() {
    let stand = Stand::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sfn-testkit"));
    command.args(["record", "--upstream", stand.server.url(), "--cassette", stand.path()]);
    let run = command.env_clear().env("CI", "true").output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(run.stderr).unwrap(),
        "error: CI is set, and a recording is made where somebody reviews it: replay it here with `sfn-testkit \
         replay`, or add --in-ci if it is the purpose of this job to record\n"
    );
}

#[test]
fn calls_that_were_not_recorded_are_told_and_fail_the_replay() {
    let stand = Stand::new();
    stand.recorded();
    let door = stand.replay(&[]);
    let missed = door.call("StopExecution", r#"{"executionArn":"x"}"#);
    assert!(missed.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{missed}");
    let (code, out, err) = door.close();
    assert_eq!(code, Some(1));
    assert_eq!(
        err,
        "warning: the cassette has no answer for this StopExecution: no call of StopExecution was recorded at all\n\
         error: 1 call had no recorded answer\n"
    );
    assert_eq!(
        out,
        "\nRecorded, but not asked for:\n  interaction 1, StartExecution\n  interaction 2, DescribeExecution\n"
    );
}

#[test]
fn what_was_not_asked_for_fails_a_strict_replay() {
    let stand = Stand::new();
    stand.recorded();
    assert_eq!(stand.replay(&[]).close().0, Some(0));
    let (code, _, err) = stand.replay(&["--strict"]).close();
    assert_eq!(code, Some(1));
    assert_eq!(err, "error: with --strict everything that was recorded must be asked for\n");
}

#[test]
fn a_file_that_is_no_cassette_is_a_mistake() {
    let stand = Stand::new();
    fs::write(&stand.cassette, r#"{"format": "sfn-cassette/9"}"#).unwrap();
    for arguments in
        [vec!["replay", "--cassette", stand.path()], vec!["drift", stand.path(), "--endpoint", "http://h"]]
    {
        let (code, out, err) = finished(&arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        let start =
            format!("error: {}: /format: this cassette has the format `sfn-cassette/9`, and", stand.path());
        assert!(err.starts_with(&start), "{err}");
    }
}

#[test]
fn drift_is_told_with_code_1_and_its_absence_with_0() {
    let stand = Stand::new();
    stand.recorded();
    let (code, out, err) = stand.drift(stand.server.url(), &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let start = format!("{} (recorded ", stand.path());
    assert!(
        out.starts_with(&start) && out.contains(", today): 1 as recorded, 0 drifted, 1 not compared\n"),
        "{out}"
    );

    let other = serve(8);
    let (code, out, _) = stand.drift(other.url(), &["--allow-writes"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("$.output.total: recorded was 7, today it is 8\n"), "{out}");
    let (code, out, _) = stand.drift(other.url(), &["--allow-writes", "--format", "junit"]);
    assert_eq!(code, Some(1));
    assert!(out.contains("tests=\"2\" failures=\"1\" skipped=\"0\">\n"), "{out}");
}

#[test]
fn what_this_repository_has_recorded_of_itself_is_still_so() {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let server = sfn.serve();
    let recording = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings/own-server.json");
    let (code, out, err) = finished(&["drift", recording, "--endpoint", server.url(), "--allow-writes"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.ends_with(" as recorded, 0 drifted, 0 not compared\n"), "{out}");
}

#[test]
fn an_update_shows_what_changes_and_writes_it_when_it_may() {
    let stand = Stand::new();
    stand.recorded();
    let other = serve(8);
    let (code, out, err) = stand.drift(other.url(), &["--allow-writes", "--update"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(
        err,
        "error: --update asks before it writes, and there is no terminal to ask at: look at the report first, and \
         then add --yes\n"
    );
    let (code, _, err) = stand.drift(other.url(), &["--allow-writes", "--update", "--yes"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains(" changes:\n--- recorded\n+++ today\n"), "{err}");
    assert!(err.ends_with(&format!("{} was updated.\n", stand.path())), "{err}");
    assert!(stand.text().contains("\"total\": 8"), "{}", stand.text());
    assert_eq!(stand.drift(other.url(), &["--allow-writes"]).0, Some(0));
}

#[test]
fn an_endpoint_that_is_not_there_is_told_with_code_2() {
    let stand = Stand::new();
    stand.recorded();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (code, _, err) = stand.drift(&format!("http://127.0.0.1:{port}"), &[]);
    assert_eq!(code, Some(2));
    assert!(
        err.starts_with(&format!("error: {}: cannot connect to 127.0.0.1:{port}: ", stand.path())),
        "{err}"
    );
}

#[test]
fn the_page_on_other_languages_shows_what_is_printed() {
    let page = include_str!("../../docs/recording-other-languages.md");
    let stand = Stand::new();
    let door = stand.record(&[]);
    door.order("run-8f14e45f");
    door.call("DescribeStateMachine", &format!(r#"{{"stateMachineArn":"{ORDERS}"}}"#));
    door.close();
    let recorded = stand.text();
    let (before, rest) = recorded.split_once("\"recorded\": \"").unwrap();
    let old = format!("{before}\"recorded\": \"2026-08-01{}", &rest[10..]);
    fs::write(&stand.cassette, old).unwrap();
    let (_, out, _) = stand.drift(serve(8).url(), &[]);
    let (start, report) = out.split_once(" days ago): ").unwrap();
    assert!(start.starts_with(&format!("{} (recorded 2026-08-01, ", stand.path())), "{start}");
    assert!(page.contains(report.trim_end()), "{report}");

    let settings = door_settings(&stand);
    let (_, shown) = page.split_once("Settings for AWS SDKs and the AWS CLI; the key").unwrap();
    for name in settings {
        assert!(shown.contains(&format!("\n  export {name}=")), "{name}");
    }
}

/// The names of the settings that are printed.
fn door_settings(stand: &Stand) -> Vec<String> {
    let door = stand.replay(&[]);
    let names = door.settings.keys().cloned().collect();
    door.close();
    names
}
