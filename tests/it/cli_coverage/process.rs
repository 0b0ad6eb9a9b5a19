//! Processes that run mocks, as the test binaries of a workspace do.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use sfn_testkit::prelude::*;
use tokio::runtime::Builder;

pub(super) const ONBOARDING: &str = include_str!("../../../examples/onboarding.asl.json");
pub(super) const WORKSHOP: &str = include_str!("../../../examples/parallel_workshop.asl.json");

/// This very binary, which shall run one of the scenarios below.
pub(super) fn command(scenario: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", "cli_coverage::process::a_process_of_its_own"])
        .env("SFN_TESTKIT_SCENARIO", scenario)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Starts one that counts into `counts` of a folder.
pub(super) fn start(folder: &Path, scenario: &str) -> Child {
    command(scenario).env("SFN_TESTKIT_COVERAGE", folder.join("counts")).spawn().unwrap()
}

/// Runs them all at once, and waits for their ends.
pub(super) fn run(folder: &Path, scenarios: &[&str]) {
    let processes: Vec<_> = scenarios.iter().map(|scenario| start(folder, scenario)).collect();
    for mut process in processes {
        process.wait().unwrap();
    }
}

#[test]
#[ignore = "other tests run it as a process of its own"]
fn a_process_of_its_own() {
    let Some(scenario) = std::env::var_os("SFN_TESTKIT_SCENARIO") else { return };
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    match scenario.to_str().unwrap() {
        "workshop" => runtime.block_on(workshop()),
        "failing test" => {
            runtime.block_on(onboard("happy"));
            panic!("a test that fails");
        }
        "abort" => {
            runtime.block_on(onboard("happy"));
            std::process::abort();
        }
        "never dropped" => runtime.block_on(async {
            let sfn: &'static MockSfn = Box::leak(Box::new(MockSfn::new()));
            onboard_with(sfn, "user-onboarding", "happy").await;
        }),
        "nothing" => {}
        scenario => runtime.block_on(onboard(scenario)),
    }
}

async fn onboard(scenario: &str) {
    let sfn = MockSfn::new();
    let machine = if scenario.starts_with("express") { "user-onboarding-express" } else { "user-onboarding" };
    onboard_with(&sfn, machine, scenario).await;
}

/// What the tests of the example do, without the code that they test.
async fn onboard_with(sfn: &MockSfn, name: &str, scenario: &str) {
    let machine = sfn.state_machine(name).definition(ONBOARDING).create();
    match scenario {
        "throttled" => {
            let save = sfn.on_state("SaveUser").fails("DynamoDB.ThrottlingException", "slow down").times(2);
            save.then().returns(json!({}));
        }
        _ => drop(sfn.on_state("SaveUser").returns(json!({}))),
    }
    match scenario {
        "failing" => drop(sfn.on_state("CreateProfile").fails("ProfileExists", "")),
        "express" => {
            let create = sfn.on_state("CreateProfile").fails("ProfileExists", "").times(1);
            create.then().returns(json!({"Payload": {"profileId": "p"}}));
        }
        _ => drop(sfn.on_state("CreateProfile").returns(json!({"Payload": {"profileId": "p"}}))),
    }
    sfn.on_state("SendWelcome").returns(json!({"MessageId": "m"}));
    let user = json!({"userId": "u", "email": "e", "name": "n", "signupDate": "d"});
    for _ in 0..if scenario == "express" { 2 } else { 1 } {
        let arn = sfn.start_execution(&machine, json!({ "user": user }));
        sfn.execution(&arn).finished().await;
    }
}

async fn workshop() {
    let sfn = MockSfn::builder().auto_answers().build();
    let machine = sfn.state_machine("ParallelProcessing-sm").express().definition(WORKSHOP).create();
    for (state, payload) in [
        ("SumValues", json!({"sum": 1})),
        ("AverageValues", json!({"avg": 1})),
        ("MaxMinValues", json!({"max": 1, "min": 1})),
    ] {
        sfn.on_state(state).returns(json!({ "Payload": payload }));
    }
    let arn = sfn.start_execution(&machine, json!({"values": [1]}));
    sfn.execution(&arn).finished().await.assert().succeeded();
}
