//! Cassettes around real SDK clients, with a mock in place of the service: what is recorded, and how it comes back.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::Credentials;
use aws_sdk_sfn::error::DisplayErrorContext;

use super::mode::RecordMode;
use super::test_stage::{Stage, cassette, humantime, panic_of, unreachable};
use crate::mock::MockSfn;
use crate::model::Operation;

#[tokio::test(start_paused = true)]
async fn the_credentials_in_use_never_reach_a_file() {
    let (id, secret, token) = (
        ["AKIA", "QWERTYUIOPASDFGH"].concat(),
        "z3cR3t/z3cR3t/z3cR3t/z3cR3t/z3cR3t/12345",
        "session-token-session-token-session-token",
    );
    for shown in [id.as_str(), secret, token] {
        let stage = Stage::new();
        let credentials = Credentials::new(id.clone(), secret, Some(token.to_owned()), None, "test");
        let config = stage.sfn.sdk_config().credentials_provider(credentials);
        let cassette = stage.cassette(RecordMode::Once);
        stage.run(&cassette.client(config), "recorded-123", &format!(r#"{{"k":"{shown}"}}"#), "8s").await;
        let panic = panic_of(|| drop(cassette));
        assert!(panic.starts_with("the cassette was not written, because it would hold the very credentials in use: call 1, StartExecution, request, $.input."), "{panic}");
        assert!(!panic.contains(shown), "{panic}");
        assert_eq!(fs::read_dir(stage.folder.path()).unwrap().count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_redacted_reaches_the_code_and_not_the_file() {
    let stage = Stage::new();
    let cassette = stage.cassette(RecordMode::Once).redact("$.input.card");
    let client = cassette.client(stage.sfn.sdk_config());
    let run = async |client: &Client, card: &str| {
        let input = format!(r#"{{"card":"{card}"}}"#);
        stage.run(client, "recorded-123", &input, "8s").await;
        let arn = stage.machine.replace(":stateMachine:", ":execution:") + ":recorded-123";
        client.describe_execution().execution_arn(arn).send().await.unwrap().input.unwrap()
    };
    assert_eq!(run(&client, "4111-1111").await, r#"{"card":"4111-1111"}"#);
    drop(cassette);
    assert!(!stage.text().contains("4111-1111"));
    // The file says what was taken out: the replay needs no `redact`.
    let cassette = stage.cassette(RecordMode::Replay);
    assert_eq!(run(&cassette.client(unreachable()), "5500-0000").await, r#"{"card":"[redacted]"}"#);
}

#[tokio::test(start_paused = true)]
async fn of_retries_the_last_attempt_is_recorded_unless_all_are_wished() {
    for (keeps, attempts) in [(false, 1), (true, 2)] {
        let stage = Stage::new();
        stage.sfn.fault(Operation::StartExecution).throttled().times(1);
        let cassette = stage.cassette(RecordMode::Once);
        let cassette = if keeps { cassette.record_retries() } else { cassette };
        stage.run(&cassette.client(stage.sfn.sdk_config()), "recorded-123", "{}", "8s").await;
        drop(cassette);
        assert_eq!(stage.text().matches("\"op\": \"StartExecution\"").count(), attempts);
        let cassette = stage.cassette(RecordMode::Replay);
        assert_eq!(stage.run(&cassette.client(unreachable()), "other-1", "{}", "8s").await, "SUCCEEDED");
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_asks_too_early_waits_for_its_task() {
    let stage = Stage::new();
    let activity = stage.sfn.client().create_activity().name("approve").send().await.unwrap().activity_arn;
    let definition =
        format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{activity}","End":true}}}}}}"#);
    let machine = stage.sfn.state_machine("approval").definition(&definition).create();
    let work = async |client: Client| {
        let polled = client.get_activity_task().activity_arn(&activity).send().await.unwrap();
        if let Some(token) = &polled.task_token {
            client.send_task_success().task_token(token).output("{}").send().await.unwrap();
        }
        polled.task_token.is_some()
    };
    let start = async |client: Client| {
        client.start_execution().state_machine_arn(machine.as_str()).send().await.unwrap();
    };
    let cassette = stage.cassette(RecordMode::Once);
    let client = cassette.client(stage.sfn.sdk_config());
    start(client.clone()).await;
    assert!(work(client).await);
    drop(cassette);

    let cassette = stage.cassette(RecordMode::Replay);
    let client = cassette.client(unreachable());
    let started = async {
        tokio::time::sleep(humantime("5s")).await;
        start(client.clone()).await;
    };
    let mut worked = false;
    let both = async { worked = work(client.clone()).await };
    let before = tokio::time::Instant::now();
    join(started, both).await;
    assert!(worked);
    assert_eq!(before.elapsed().as_secs(), 5);
    assert!(!work(client).await, "there is no second task");
    assert_eq!(before.elapsed().as_secs(), 65, "and it takes a minute to know that");
}

/// Both at the same time.
async fn join(one: impl Future<Output = ()>, other: impl Future<Output = ()>) {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    let mut is_done = (false, false);
    std::future::poll_fn(|context| {
        is_done.0 = is_done.0 || one.as_mut().poll(context).is_ready();
        is_done.1 = is_done.1 || other.as_mut().poll(context).is_ready();
        if is_done == (true, true) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_an_http_client_recording_says_what_to_do() {
    let stage = Stage::new();
    let cassette = stage.cassette(RecordMode::Once);
    let config = aws_sdk_sfn::Config::builder()
        .behavior_version(aws_sdk_sfn::config::BehaviorVersion::latest())
        .region(aws_sdk_sfn::config::Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"));
    let error = cassette.client(config).list_activities().send().await.unwrap_err();
    let error = DisplayErrorContext(error).to_string();
    assert!(
        error.contains("the configuration has no HTTP client to record through: turn on the feature `default-https-client` of aws-sdk-sfn"),
        "{error}"
    );
}

#[test]
fn a_path_that_is_none_is_refused_at_once() {
    let cassette = || cassette(Path::new("x.json"), RecordMode::Replay);
    assert!(panic_of(|| drop(cassette().redact("card"))).starts_with("`card` is no path of a redaction"));
    assert!(catch_unwind(AssertUnwindSafe(|| cassette().expires_in("soon"))).is_err());
}

#[cfg(feature = "server")]
#[tokio::test]
async fn a_recording_is_compared_with_what_an_endpoint_answers_today() {
    use super::LiveEndpoint;
    use crate::mock::Time;

    let sfn = MockSfn::builder().time(Time::skip()).build();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("activities.json");
    let recorded = cassette(&path, RecordMode::Once);
    recorded.client(sfn.sdk_config()).list_activities().send().await.unwrap();
    drop(recorded);
    let server = sfn.serve();
    let verified = cassette(&path, RecordMode::Replay);
    let endpoint = LiveEndpoint::at(server.url()).unwrap();
    assert!(!verified.verify_against(&endpoint).await.unwrap().has_drifted());
    sfn.client().create_activity().name("approve").send().await.unwrap();
    assert!(verified.verify_against(&endpoint).await.unwrap().has_drifted());
    let missing = cassette(&folder.path().join("none.json"), RecordMode::Replay);
    assert!(missing.verify_against(&endpoint).await.unwrap_err().starts_with("there is no cassette "));
}

/// What `git diff` shows of a cassette that was recorded again after a change, as docs/cassettes.md shows it.
#[tokio::test(start_paused = true)]
async fn the_diff_in_the_docs_is_a_real_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    let record = async |name: &str, input: &str, output: serde_json::Value| {
        let sfn = MockSfn::new();
        let machine = sfn.state_machine("orders").runs_for("30s").returns(output).create().to_string();
        let stage = Stage { folder: tempfile::tempdir().unwrap(), sfn, machine };
        let cassette = cassette(&path, RecordMode::All);
        stage.run(&cassette.client(stage.sfn.sdk_config()), name, input, "8s").await;
        drop(cassette);
        fs::read_to_string(&path).unwrap().replace(&super::age::today(), "2026-11-25")
    };
    let before = record("order-8f14e45f", r#"{"id":7}"#, serde_json::json!({"total": 40})).await;
    let after = record(
        "order-c9f0f895",
        r#"{"id":7,"coupon":"SPRING"}"#,
        serde_json::json!({"total": 36, "currency": "EUR"}),
    );
    let after = after.await;
    let shown = similar::TextDiff::from_lines(&before, &after);
    let shown =
        shown.unified_diff().header("a/recordings/orders.json", "b/recordings/orders.json").to_string();
    let docs = include_str!("../../docs/cassettes.md");
    let documented = docs.split_once("```diff\n").unwrap().1.split_once("```").unwrap().0;
    assert_eq!(documented, shown, "docs/cassettes.md shows another diff");
}
