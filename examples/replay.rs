//! A report over executions of AWS Step Functions, tested without AWS: the calls were recorded once and are replayed.
//!
//! Run it with `cargo run --example replay --features record`, and see `recordings/replay-example.json` beside it.
//! `SFN_TESTKIT_RECORD=all cargo run --example replay --features record` records it anew, here against a mock, in a real
//! project against an account.

use std::collections::BTreeMap;

use aws_sdk_sfn::Client;
use sfn_testkit::prelude::*;

/// The code under test: how many executions of a state machine ended how.
async fn report(client: &Client, state_machine: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let mut next = None;
    loop {
        let page = client
            .list_executions()
            .state_machine_arn(state_machine)
            .max_results(2)
            .set_next_token(next)
            .send()
            .await
            .expect("the executions are listed");
        for execution in page.executions {
            *counts.entry(execution.status.to_string()).or_default() += 1;
        }
        next = page.next_token;
        if next.is_none() {
            return counts;
        }
    }
}

/// What is recorded: in a real project the configuration comes from `aws_config::load_from_env().await`.
fn service() -> (MockSfn, StateMachineArn) {
    let service = MockSfn::new();
    let orders = service.state_machine("orders").returns(json!({ "paid": true })).create();
    for _ in 0..3 {
        let _arn = service.start_execution(&orders, json!({}));
    }
    (service, orders)
}

async fn orders_are_counted() -> BTreeMap<String, usize> {
    let (service, orders) = service();
    let cassette = Cassette::at("recordings/replay-example.json");
    let client = cassette.client(service.sdk_config());
    let counts = report(&client, orders.as_str()).await;
    assert_eq!(counts, BTreeMap::from([("SUCCEEDED".to_owned(), 3)]));
    counts
}

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("{:?}, as recorded in recordings/replay-example.json", orders_are_counted().await);
}

#[cfg(test)]
mod tests {
    #[tokio::test(start_paused = true)]
    async fn orders_are_counted() {
        super::orders_are_counted().await;
    }
}
