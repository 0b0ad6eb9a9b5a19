//! Pages and pictures in a real browser: nothing overlaps where it is really drawn, everything can be reached by mouse
//! and keyboard, nothing is asked of the network. Skipped, with a note, where there is no Chromium or no Python.

use std::fmt::Write;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;

use sfn_testkit::prelude::*;
use sfn_testkit::{Diagram, Reports, Style};
use tempfile::tempdir;

const ONBOARDING: &str = include_str!("../../examples/onboarding.asl.json");
const WORKSHOP: &str = include_str!("../../examples/parallel_workshop.asl.json");

#[test]
fn pages_and_pictures_hold_in_a_real_browser() {
    let folder = tempdir().unwrap();
    write_files(folder.path());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(script).arg(folder.path());
    if let Some(screenshots) = std::env::var_os("SFN_TESTKIT_SCREENSHOTS").map(PathBuf::from) {
        fs::create_dir_all(screenshots.join("pages")).unwrap();
        write_files(&screenshots.join("pages"));
        command.arg("--screenshots").arg(screenshots);
    }
    drive(&mut command);
}

/// Runs a script that drives a browser. It is skipped, with a note, where there is no Chromium or no Python.
#[expect(clippy::print_stderr, reason = "whoever reads the log is to see that nothing was checked")]
pub(crate) fn drive(command: &mut Command) {
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no python3 to drive a browser with");
        return;
    };
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(0) => {}
        Some(77) => eprintln!("skipped: {told}"),
        _ => panic!("{told}"),
    }
}

fn write_files(folder: &Path) {
    let save = |name: &str, content: &str| fs::write(folder.join(name), content).unwrap();
    save("onboarding.svg", &Diagram::of_definition(ONBOARDING).unwrap().svg());
    save("workshop.svg", &Diagram::of_definition(WORKSHOP).unwrap().svg());
    save("tangled.svg", &Diagram::of_definition(&tangled()).unwrap().svg());
    save("failed.html", &failed());
    save("items.html", &items().to_html());
    save("hostile.html", &hostile().to_html());
    save("long.html", &long());
    save("no-definition.html", &Execution::from_history_json(&history_of(2)).unwrap().to_html());
    if let Some(largest) = largest_of_corpus() {
        save("largest.svg", &Diagram::of_definition(&largest).unwrap().svg());
    }
}

fn mock() -> MockSfn {
    MockSfn::builder().time(Time::Manual).style(Style::plain()).unverified().build()
}

/// Two retries, a catcher, a failure; and an assertion that does not hold.
fn failed() -> String {
    let folder = tempdir().unwrap();
    let reports = Reports::of_failures().within(folder.path());
    let sfn =
        MockSfn::builder().time(Time::Manual).reports(reports).style(Style::plain()).unverified().build();
    let machine = sfn.state_machine("onboarding").definition(ONBOARDING).create();
    sfn.on_state("SaveUser")
        .fails("DynamoDB.ThrottlingException", "slow down")
        .times(2)
        .then()
        .returns(json!({}));
    sfn.on_state("CreateProfile").fails("Lambda.Unknown", "profile service is down");
    let user =
        json!({"userId": "u-1", "name": "Ada", "email": "ada@example.org", "signupDate": "2024-01-01"});
    let arn = sfn.start_execution(&machine, json!({"user": user}));
    sfn.advance("1h");
    let execution = sfn.execution(&arn).now();
    assert!(catch_unwind(AssertUnwindSafe(|| execution.assert().succeeded())).is_err());
    let page = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap();
    fs::read_to_string(page.path()).unwrap()
}

/// A Map over twelve items, each shipped after a while.
fn items() -> Execution {
    let sfn = mock();
    let machine = sfn
        .state_machine("orders")
        .definition(
            r#"{"StartAt": "Each order", "States": {
                "Each order": {"Type": "Map", "Next": "Done", "MaxConcurrency": 4, "ItemProcessor": {
                    "StartAt": "Ship",
                    "States": {"Ship": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
                        "Parameters": {"FunctionName": "ship", "Payload.$": "$"}}}}},
                "Done": {"Type": "Pass", "End": true}}}"#,
        )
        .create();
    sfn.on_state("Ship").returns(json!({"Payload": {"shipped": true}})).unchecked().after("3s");
    let items: Vec<_> = (0..12).map(|n| json!({"order": n})).collect();
    let arn = sfn.start_execution(&machine, json!(items));
    sfn.advance("1h");
    sfn.execution(&arn).now()
}

/// Names, payloads and errors that would like to be markup.
fn hostile() -> Execution {
    let bad = r##"</script></style><img src=x onerror="hacked=1"><script>hacked=1//"##;
    let sfn = mock();
    let states = json!({
        bad: {"Type": "Choice", "Default": "Wait", "Choices": [
            {"Variable": "$.a", "StringEquals": bad, "Next": "Fail", "Comment": bad}]},
        "Wait": {"Type": "Pass", "Result": {bad: bad}, "Next": "Fail"},
        "Fail": {"Type": "Fail", "Error": bad, "Cause": bad},
    });
    let definition = json!({"StartAt": bad, "States": states, "Comment": bad}).to_string();
    let machine = sfn.state_machine("hostile").definition(definition).create();
    let arn = sfn.start_execution(&machine, json!({"a": bad, bad: [bad]}));
    sfn.execution(&arn).now()
}

/// A history as AWS gives it, which enters so many states.
fn history_of(states: usize) -> String {
    let mut events = String::new();
    let role = "arn:aws:iam::123456789012:role/r";
    write!(
        events,
        r#"{{"id":1,"previousEventId":0,"timestamp":1,"type":"ExecutionStarted","executionStartedEventDetails":{{"input":"{{}}","roleArn":"{role}"}}}}"#
    )
    .unwrap();
    for n in 0..states {
        let (id, previous) = (2 * n + 2, if n == 0 { 0 } else { 2 * n + 1 });
        let payload = format!(r#"{{\"round\":{n}}}"#);
        write!(
            events,
            r#",{{"id":{id},"previousEventId":{previous},"timestamp":{n},"type":"PassStateEntered","stateEnteredEventDetails":{{"name":"Loop","input":"{payload}"}}}},{{"id":{},"previousEventId":{id},"timestamp":{n},"type":"PassStateExited","stateExitedEventDetails":{{"name":"Loop","output":"{payload}"}}}}"#,
            id + 1
        )
        .unwrap();
    }
    let id = 2 * states + 2;
    format!(
        r#"{{"events":[{events},{{"id":{id},"previousEventId":{},"timestamp":{states},"type":"ExecutionSucceeded","executionSucceededEventDetails":{{"output":"{{}}"}}}}]}}"#,
        id - 1
    )
}

/// As many events as an execution may have.
fn long() -> String {
    let execution = Execution::from_history_json(&history_of(12_499)).unwrap();
    let definition = r#"{"StartAt":"Loop","States":{"Loop":{"Type":"Pass","Next":"Loop"}}}"#;
    assert_eq!(execution.history().len(), 25_000);
    execution.with_definition(definition).to_html()
}

/// Many ways, of which some lead back, and some to where they are from.
fn tangled() -> String {
    let n = 40;
    let mut states = String::new();
    for at in 0..n {
        let targets = [(at + 1) % n, (at * 7 + 3) % n, (at * 5 + 11) % n, at];
        let rules: Vec<_> = targets
            .iter()
            .map(|to| {
                format!(
                    r#"{{"Variable":"$.step","StringEquals":"from {at} to {to}","Next":"Step number {to}"}}"#
                )
            })
            .collect();
        let rules = rules.into_iter().take(1 + at % 4).collect::<Vec<_>>().join(",");
        write!(states, r#""Step number {at}":{{"Type":"Choice","Choices":[{rules}],"Default":"Stop"}},"#)
            .unwrap();
    }
    format!(r#"{{"StartAt":"Step number 0","States":{{{states}"Stop":{{"Type":"Succeed"}}}}}}"#)
}

/// The definition with the most states that other people wrote, where their folder lies beside the repository.
fn largest_of_corpus() -> Option<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/definitions/valid");
    let texts = fs::read_dir(folder).ok()?.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    texts.max_by_key(|text| (text.matches("\"Type\"").count(), text.len()))
}
