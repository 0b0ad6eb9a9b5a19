//! Cassettes around real SDK clients, with a mock in place of the service.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::{Builder, Credentials};
use aws_sdk_sfn::error::DisplayErrorContext;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use tempfile::TempDir;

use super::Cassette;
use super::mode::{RecordMode, Surroundings};
use crate::mock::MockSfn;
use crate::model::Operation;

/// A folder with a cassette in it, and a service.
struct Stage {
    folder: TempDir,
    sfn: MockSfn,
    machine: String,
}

impl Stage {
    fn new() -> Self {
        let sfn = MockSfn::new();
        let machine =
            sfn.state_machine("orders").runs_for("30s").returns(serde_json::json!({"paid": true})).create();
        Self { folder: tempfile::tempdir().unwrap(), sfn, machine: machine.to_string() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("orders.json")
    }

    fn cassette(&self, mode: RecordMode) -> Cassette {
        cassette(&self.path(), mode)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// What code under test does: start, and ask until it has ended. The last status.
    async fn run(&self, client: &Client, name: &str, input: &str, pause: &str) -> String {
        let started =
            client.start_execution().state_machine_arn(&self.machine).name(name).input(input).send().await;
        let arn = started.unwrap_or_else(|error| panic!("{}", DisplayErrorContext(error))).execution_arn;
        assert!(arn.ends_with(name), "{arn}");
        loop {
            let described = client.describe_execution().execution_arn(&arn).send().await.unwrap();
            if described.status.as_str() != "RUNNING" {
                return described.status.to_string();
            }
            tokio::time::sleep(humantime(pause)).await;
        }
    }

    async fn record(&self, input: &str) {
        let cassette = self.cassette(RecordMode::Once);
        self.run(&cassette.client(self.sfn.sdk_config()), "recorded-123", input, "8s").await;
    }
}

fn humantime(text: &str) -> std::time::Duration {
    crate::model::human_duration::parse_duration(text).unwrap()
}

fn cassette(path: &Path, mode: RecordMode) -> Cassette {
    Cassette::within(path.to_owned(), Some("orders::are_paid".to_owned()), Surroundings::default()).mode(mode)
}

/// A configuration whose HTTP client must not be called.
fn unreachable() -> Builder {
    MockSfn::new().sdk_config().http_client(Unreachable)
}

#[derive(Debug, Clone)]
struct Unreachable;

impl HttpClient for Unreachable {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        panic!("the network is asked for a connection")
    }
}

impl HttpConnector for Unreachable {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        panic!("the network is reached")
    }
}

/// What the panic says.
fn panic_of(action: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).expect_err("a panic");
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_recording_replays_without_the_network_with_another_name_and_other_polls() {
    let stage = Stage::new();
    stage.record(r#"{"id":7}"#).await;
    for (name, pause) in [("other-1", "1s"), ("other-2", "29s"), ("recorded-123", "8s")] {
        let cassette = stage.cassette(RecordMode::Replay);
        let client = cassette.client(unreachable());
        assert_eq!(stage.run(&client, name, r#"{"id":7}"#, pause).await, "SUCCEEDED");
    }
}

#[tokio::test(start_paused = true)]
async fn a_replay_needs_no_configuration_but_a_version() {
    let stage = Stage::new();
    stage.record("{}").await;
    let cassette = stage.cassette(RecordMode::Replay);
    let config =
        aws_sdk_sfn::Config::builder().behavior_version(aws_sdk_sfn::config::BehaviorVersion::latest());
    assert_eq!(stage.run(&cassette.client(config), "other-1", "{}", "1s").await, "SUCCEEDED");
}

#[tokio::test(start_paused = true)]
async fn the_transport_alone_is_wrapped_too() {
    let stage = Stage::new();
    let cassette = stage.cassette(RecordMode::Once);
    let http = cassette.http_client(stage.sfn.http_client());
    stage
        .run(&Client::from_conf(stage.sfn.sdk_config().http_client(http).build()), "recorded-123", "{}", "8s")
        .await;
    drop(cassette);
    let cassette = stage.cassette(RecordMode::Replay);
    let client = Client::from_conf(unreachable().http_client(cassette.http_client(Unreachable)).build());
    assert_eq!(stage.run(&client, "other-1", "{}", "8s").await, "SUCCEEDED");
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_answer_fails_where_it_is_made_and_at_the_end() {
    let stage = Stage::new();
    stage.record(r#"{"id":7}"#).await;
    let cassette = stage.cassette(RecordMode::Replay);
    let client = cassette.client(unreachable());
    let call = client.start_execution().state_machine_arn(&stage.machine).name("x").input(r#"{"id":8}"#);
    let error = DisplayErrorContext(call.send().await.unwrap_err()).to_string();
    assert!(error.contains("the cassette has no answer for this StartExecution: `input` differs"), "{error}");
    assert!(
        error.contains("-      \"id\": 7\n+      \"id\": 8") || error.contains("-    \"$json\": {"),
        "{error}"
    );
    assert!(error.contains("SFN_TESTKIT_RECORD=new cargo test orders::are_paid -- --exact"), "{error}");
    let panic = panic_of(|| drop(cassette));
    assert!(
        panic.starts_with("the cassette has no answer for this StartExecution: `input` differs\n"),
        "{panic}"
    );
    assert!(
        panic.ends_with(
            "To record it again:\n  SFN_TESTKIT_RECORD=all cargo test orders::are_paid -- --exact"
        ),
        "{panic}"
    );
}

#[tokio::test(start_paused = true)]
async fn recorded_calls_that_are_not_made_fail_the_test_unless_allowed() {
    let stage = Stage::new();
    stage.record("{}").await;
    let start_only = async |cassette: &Cassette| {
        let client = cassette.client(unreachable());
        client
            .start_execution()
            .state_machine_arn(&stage.machine)
            .name("x")
            .input("{}")
            .send()
            .await
            .unwrap();
    };
    let cassette = stage.cassette(RecordMode::Replay);
    start_only(&cassette).await;
    let panic = panic_of(|| drop(cassette));
    let expected = format!(
        "these were recorded, and no call asked for them:
  interaction 2, DescribeExecution
  interaction 3, DescribeExecution
The test no longer makes these calls: record it again, or say `.allow_unused()`
in the replay of {}. To record it again:
  SFN_TESTKIT_RECORD=all cargo test orders::are_paid -- --exact",
        stage.path().display()
    );
    assert_eq!(panic, expected);

    let cassette = stage.cassette(RecordMode::Replay).allow_unused();
    start_only(&cassette).await;
    drop(cassette);
}

#[tokio::test(start_paused = true)]
async fn a_test_that_fails_says_so_and_nothing_of_cassettes() {
    let stage = Stage::new();
    stage.record("{}").await;
    let cassette = stage.cassette(RecordMode::Replay);
    let _client = cassette.client(unreachable());
    let panic = panic_of(move || {
        let _cassette = cassette;
        panic!("the test failed");
    });
    assert_eq!(panic, "the test failed");
}

#[tokio::test(start_paused = true)]
async fn a_test_that_fails_records_nothing() {
    let stage = Stage::new();
    stage.record("{}").await;
    let before = stage.text();
    let cassette = stage.cassette(RecordMode::All);
    stage.run(&cassette.client(stage.sfn.sdk_config()), "failing-1", r#"{"n":1}"#, "8s").await;
    panic_of(move || {
        let _cassette = cassette;
        panic!("the test failed");
    });
    assert_eq!(stage.text(), before);
}

#[tokio::test(start_paused = true)]
async fn once_records_only_if_there_is_no_file() {
    let stage = Stage::new();
    stage.record("{}").await;
    let before = stage.text();
    let cassette = stage.cassette(RecordMode::Once);
    stage.run(&cassette.client(unreachable()), "other-1", "{}", "1s").await;
    drop(cassette);
    assert_eq!(stage.text(), before);
}

#[tokio::test(start_paused = true)]
async fn new_adds_what_is_missing_and_keeps_the_rest() {
    let stage = Stage::new();
    stage.record(r#"{"n":1}"#).await;
    let before = stage.text();
    let cassette = stage.cassette(RecordMode::New);
    let client = cassette.client(stage.sfn.sdk_config());
    stage.run(&client, "again-123", r#"{"n":1}"#, "8s").await;
    stage.run(&client, "added-123", r#"{"n":2}"#, "8s").await;
    drop(cassette);
    let after = stage.text();
    assert!(
        after.contains("\"name-1\": \"recorded-123\"") && after.contains("\"name-2\": \"added-123\""),
        "{after}"
    );
    let interactions = |text: &str| text.split_once("\"interactions\"").unwrap().1.to_owned();
    let kept = interactions(&before);
    let kept = kept.trim_end_matches(['\n', ' ', '}', ']']);
    assert!(interactions(&after).starts_with(kept), "{after}");
    let cassette = stage.cassette(RecordMode::Replay);
    let client = cassette.client(unreachable());
    for (name, input) in [("x-2", r#"{"n":2}"#), ("x-1", r#"{"n":1}"#)] {
        assert_eq!(stage.run(&client, name, input, "3s").await, "SUCCEEDED");
    }
}

#[tokio::test(start_paused = true)]
async fn two_that_add_to_a_file_at_the_same_time_keep_each_others() {
    let stage = Stage::new();
    let cassettes = [stage.cassette(RecordMode::New), stage.cassette(RecordMode::New)];
    for (at, cassette) in cassettes.iter().enumerate() {
        let client = cassette.client(stage.sfn.sdk_config());
        stage.run(&client, &format!("recorded-{at}"), &format!(r#"{{"n":{at}}}"#), "8s").await;
    }
    drop(cassettes);
    let cassette = stage.cassette(RecordMode::Replay);
    let client = cassette.client(unreachable());
    for at in [1, 0] {
        stage.run(&client, &format!("replayed-{at}"), &format!(r#"{{"n":{at}}}"#), "8s").await;
    }
}

#[tokio::test(start_paused = true)]
async fn all_replaces_even_what_cannot_be_read() {
    let stage = Stage::new();
    fs::write(stage.path(), r#"{"format":"sfn-cassette/0"}"#).unwrap();
    let panic = panic_of(|| drop(stage.cassette(RecordMode::Replay).client(unreachable())));
    assert!(panic.contains("record it again with SFN_TESTKIT_RECORD=all"), "{panic}");
    let cassette = stage.cassette(RecordMode::All);
    stage.run(&cassette.client(stage.sfn.sdk_config()), "recorded-123", "{}", "8s").await;
    drop(cassette);
    assert!(stage.text().contains("sfn-cassette/1"));
}

#[tokio::test(start_paused = true)]
async fn off_passes_everything_on_and_writes_nothing() {
    let stage = Stage::new();
    let cassette = stage.cassette(RecordMode::Off);
    assert_eq!(stage.run(&cassette.client(stage.sfn.sdk_config()), "live-1", "{}", "8s").await, "SUCCEEDED");
    drop(cassette);
    assert!(!stage.path().exists());
}

#[tokio::test(start_paused = true)]
async fn in_ci_a_missing_file_is_an_error_and_a_file_is_replayed() {
    let stage = Stage::new();
    let in_ci = || {
        let surroundings = Surroundings { record: None, is_ci: true };
        Cassette::within(stage.path(), Some("orders::are_paid".to_owned()), surroundings)
            .mode(RecordMode::All)
    };
    assert_eq!(
        panic_of(|| drop(in_ci().client(unreachable()))),
        format!(
            "there is no cassette {}, and CI is set, where nothing is recorded. Record it on your machine with\n  SFN_TESTKIT_RECORD=once cargo test orders::are_paid -- --exact\nand commit the file",
            stage.path().display()
        )
    );
    stage.record("{}").await;
    let cassette = in_ci();
    assert_eq!(stage.run(&cassette.client(unreachable()), "other-1", "{}", "1s").await, "SUCCEEDED");
}

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
    let endpoint = LiveEndpoint::at(&server.url()).unwrap();
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
        fs::read_to_string(&path).unwrap()
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
