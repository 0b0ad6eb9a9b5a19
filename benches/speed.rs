//! How long the things take that a test does most: compared side by side in one run of `cargo bench`.

use std::fmt::Write;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;
use sfn_testkit::{MockSfn, MockSfnBuilder, Time};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
}

/// A definition whose execution only passes through `states` Pass states.
fn chain(states: usize) -> String {
    let mut text = String::from(r#"{"StartAt":"S0","States":{"#);
    for index in 0..states {
        write!(text, r#""S{index}":{{"Type":"Pass","Next":"S{}"}},"#, index + 1).expect("a string");
    }
    text + &format!(r#""S{states}":{{"Type":"Succeed"}}}}}}"#)
}

const MAP: &str = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{
    "T":{"Type":"Pass","End":true}}},"End":true}}}"#;

/// Starts and finishes one EXPRESS execution.
fn run(runtime: &Runtime, definition: &str, input: &serde_json::Value) {
    run_in(runtime, MockSfn::builder(), definition, input);
}

fn run_in(runtime: &Runtime, builder: MockSfnBuilder, definition: &str, input: &serde_json::Value) {
    runtime.block_on(async {
        let sfn = builder.build();
        let machine = sfn.state_machine("m").express().definition(definition).create();
        let arn = sfn.start_execution(&machine, input.clone());
        sfn.execution(&arn).finished().await.assert().succeeded();
    });
}

fn executions(criterion: &mut Criterion) {
    let runtime = runtime();
    let mut group = criterion.benchmark_group("one execution");
    group.sample_size(20);
    let (short, long, items) = (chain(1), chain(5000), json!(vec![1; 10_000]));
    group.bench_function("of one state", |bench| bench.iter(|| run(&runtime, &short, &json!({}))));
    group.bench_function("of 5,000 states", |bench| bench.iter(|| run(&runtime, &long, &json!({}))));
    group.bench_function("of a Map over 10,000 items", |bench| bench.iter(|| run(&runtime, MAP, &items)));
    group.finish();
}

fn calls(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut group = criterion.benchmark_group("one call of the SDK");
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let in_process = sfn.client();
    group.bench_function("in-process", |bench| {
        bench.iter(|| runtime.block_on(in_process.list_state_machines().send()).expect("an answer"));
    });
    let server = sfn.serve();
    let over_http = aws_sdk_sfn::Client::from_conf(server.endpoint_config().build());
    group.bench_function("over a socket", |bench| {
        bench.iter(|| runtime.block_on(over_http.list_state_machines().send()).expect("an answer"));
    });
    group.finish();
}

const ONBOARDING: &str = include_str!("../examples/onboarding.asl.json");

/// What a test of a workflow does, through the SDK, as in the example of that name.
fn test_onboarding(runtime: &Runtime, builder: MockSfnBuilder) {
    runtime.block_on(async {
        let sfn = builder.build();
        let machine = sfn.state_machine("onboarding").definition(ONBOARDING).create();
        sfn.on_state("SaveUser").returns(json!({}));
        sfn.on_state("CreateProfile").returns(json!({ "Payload": { "profileId": "p" } }));
        sfn.on_state("SendWelcome").returns(json!({ "MessageId": "m" }));
        let user = json!({ "user": { "userId": "u", "email": "e", "name": "n", "signupDate": "d" } });
        let started = sfn.client().start_execution().state_machine_arn(machine.as_str());
        let started = started.input(user.to_string()).send().await.expect("it starts");
        sfn.execution(started.execution_arn()).finished().await.assert().succeeded();
    });
}

/// The same with coverage and without: it should cost less than 2 %.
fn coverage(criterion: &mut Criterion) {
    let runtime = runtime();
    let folder = tempfile::tempdir().expect("a folder");
    let covered = || MockSfn::builder().coverage(folder.path());
    let mut group = criterion.benchmark_group("coverage");
    group.sample_size(50);
    group.bench_function("off: a test of onboarding", |bench| {
        bench.iter(|| test_onboarding(&runtime, MockSfn::builder()));
    });
    group.bench_function("on: a test of onboarding", |bench| {
        bench.iter(|| test_onboarding(&runtime, covered()));
    });
    let items = json!(vec![1; 10_000]);
    group.sample_size(20);
    for (name, definition, input) in
        [("5,000 states", &chain(5000), &json!({})), ("a Map over 10,000 items", &MAP.to_owned(), &items)]
    {
        group.bench_function(format!("off: {name}"), |bench| {
            bench.iter(|| run_in(&runtime, MockSfn::builder(), definition, input));
        });
        group.bench_function(format!("on: {name}"), |bench| {
            bench.iter(|| run_in(&runtime, covered(), definition, input));
        });
    }
    group.finish();
}

criterion_group!(benches, executions, calls, coverage);
criterion_main!(benches);
