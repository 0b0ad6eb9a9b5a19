//! The web UI of a served mock in a real browser, used as a person does. Skipped, with a note, where there is no Chromium
//! or no Python.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use sfn_testkit::{MockSfn, Time};

use crate::browser::drive;

const ASK: &str = r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "https://queues.example/q", "MessageBody": {"token.$": "$$.Task.Token", "order.$": "$"}}}}}"#;

#[test]
fn executions_are_started_followed_answered_and_stopped_in_a_real_browser() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.state_machine("ask").definition(ASK).create();
    sfn.on_state("Ask").waits_for_token();
    let server = sfn.serve_with_ui((Ipv4Addr::LOCALHOST, 0)).unwrap();

    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check_ui.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(script).arg(server.url());
    if let Some(screenshots) = std::env::var_os("SFN_TESTKIT_SCREENSHOTS").map(PathBuf::from) {
        std::fs::create_dir_all(&screenshots).unwrap();
        command.arg("--screenshots").arg(screenshots);
    }
    drive(&mut command);
}
