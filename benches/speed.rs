//! How long the things take that a test does most: compared side by side in one run of `cargo bench`.

use std::fmt::Write;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;
use sfn_testkit::{MockSfn, Time};
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
    runtime.block_on(async {
        let sfn = MockSfn::new();
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

criterion_group!(benches, executions, calls);
criterion_main!(benches);
