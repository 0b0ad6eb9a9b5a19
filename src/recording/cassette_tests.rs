//! Cassettes around real SDK clients, with a mock in place of the service: modes, misses, files.

use std::fs;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::DisplayErrorContext;

use super::Cassette;
use super::mode::{RecordMode, Surroundings};
use super::test_stage::{Stage, Unreachable, panic_of, unreachable};

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
