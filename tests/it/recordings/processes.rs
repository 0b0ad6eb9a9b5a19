//! Several processes and one file: this test program runs itself as its children.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use sfn_testkit::RecordMode;
use sfn_testkit::prelude::*;

/// Says to a child what to record, and where.
const NUMBER: &str = "SFN_TESTKIT_CHILD_NUMBER";
const FILE: &str = "SFN_TESTKIT_CHILD_FILE";

fn child(test: &str, file: &Path, number: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("recordings::processes::{test}"), "--nocapture"])
        .env(FILE, file)
        .env(NUMBER, number.to_string())
        .env_remove("CI")
        .env_remove("SFN_TESTKIT_RECORD")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Starts an execution with this number as its input.
async fn start(cassette: &Cassette, number: usize) {
    let service = MockSfn::new();
    let machine = service.state_machine("orders").returns(json!({})).create();
    let client = cassette.client(service.sdk_config());
    let start = client.start_execution().state_machine_arn(machine.as_str());
    start.input(json!({"number": number, "weight": "x".repeat(20_000)}).to_string()).send().await.unwrap();
}

fn told() -> Option<(PathBuf, usize)> {
    let file = std::env::var_os(FILE)?;
    Some((file.into(), std::env::var_os(NUMBER)?.to_str()?.parse().ok()?))
}

/// Only as a child: adds one call to the file.
#[tokio::test(start_paused = true)]
async fn child_that_adds() {
    let Some((file, number)) = told() else { return };
    start(&Cassette::at(file).mode(RecordMode::New), number).await;
}

/// Only as a child: writes the file again and again, and tells each time.
#[tokio::test(start_paused = true)]
async fn child_that_never_stops_writing() {
    let Some((file, _)) = told() else { return };
    for number in 0.. {
        start(&Cassette::at(&file).mode(RecordMode::All), number).await;
        #[expect(clippy::print_stdout, reason = "the parent listens")]
        {
            println!("written {number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn processes_that_record_into_one_file_do_not_lose_each_others_calls() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shared.json");
    let numbers = 0..6;
    let children: Vec<_> = numbers.clone().map(|number| child("child_that_adds", &file, number)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let cassette = Cassette::at(&file);
    for number in numbers.rev() {
        start(&cassette, number).await;
    }
    drop(cassette);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "only the file is left");
}

#[tokio::test(start_paused = true)]
async fn a_killed_process_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("killed.json");
    for lines in 1..=8 {
        let mut child = child("child_that_never_stops_writing", &file, 0);
        let told = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let written = told.filter(|line| line.starts_with("written")).nth(lines).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let last: usize = written.rsplit(' ').next().unwrap().parse().unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let number: usize =
            text.split_once("\"number\": ").unwrap().1.split(',').next().unwrap().parse().unwrap();
        assert!(number >= last, "{number} was written before {last}");
        start(&Cassette::at(&file), number).await;
    }
}
