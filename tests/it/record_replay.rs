//! `sfn-testkit record` and `replay` with boto3 and the AWS CLI, where Python has them; skipped elsewhere.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use sfn_testkit::{MockSfn, Time};

/// `sfn-testkit record` or `replay` in a process of its own, and the settings that it prints.
pub(super) struct Door {
    process: Child,
    out: BufReader<ChildStdout>,
    pub(super) settings: BTreeMap<String, String>,
}

impl Door {
    /// A command that sees no settings of whoever runs the tests, except where its home is.
    pub(super) fn open(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sfn-testkit"))
            .args(arguments)
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut settings = BTreeMap::new();
        let mut line = String::new();
        while out.read_line(&mut line).unwrap() > 0 && !line.starts_with("Ctrl-C") {
            let export = line.trim().strip_prefix("export ").and_then(|setting| setting.split_once('='));
            settings.extend(export.map(|(name, value)| (name.to_owned(), value.to_owned())));
            line.clear();
        }
        Self { process, out, settings }
    }

    /// Ends it as Ctrl-C does; its exit code, and what it printed after the settings and on standard error.
    pub(super) fn close(mut self) -> (Option<i32>, String, String) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.process.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.process.wait().unwrap().code(), out, err)
    }

    /// Ends it without asking.
    pub(super) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A test that failed leaves no process behind.
impl Drop for Door {
    fn drop(&mut self) {
        let _ended_already = self.process.kill().is_err();
        let _gone = self.process.wait().is_err();
    }
}

/// A Python that has both clients; `None` if there is none.
fn python() -> Option<&'static str> {
    let has_both = |python: &&str| {
        let tried = Command::new(python).args(["-c", "import boto3, awscli"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    ["python3", "python"].into_iter().find(has_both)
}

/// What the clients see through the door.
fn seen(python: &str, door: &Door) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/record_replay.py");
    let run = Command::new(python)
        .arg(script)
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN")
        .envs(&door.settings)
        .env("AWS_CONFIG_FILE", "none")
        .env("AWS_SHARED_CREDENTIALS_FILE", "none")
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn boto3_and_the_aws_cli_record_and_replay() {
    // Without a Python that has boto3 and awscli there is nothing to try.
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let cassette = folder.path().join("order.json");
    let path = cassette.to_str().unwrap();
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let server = sfn.serve();

    let recording = Door::open(&["record", "--upstream", server.url(), "--cassette", path]);
    let recorded = seen(python, &recording);
    let (code, out, err) = recording.close();
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("calls in "), "{out}");
    assert!(out.contains("  StartSyncExecution\n"), "{out}");
    assert!(recorded.contains(r#""cli": "SUCCEEDED""#), "{recorded}");
    drop(server);

    let replaying = Door::open(&["replay", "--cassette", path, "--strict"]);
    assert_eq!(seen(python, &replaying), recorded);
    let (code, out, err) = replaying.close();
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
}
