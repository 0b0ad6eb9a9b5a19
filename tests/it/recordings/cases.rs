//! Tests with cases, each with a cassette of its own: `recordings/it/recordings/cases/…`.
//!
//! `SFN_TESTKIT_RECORD=all cargo test --all-features --test it recordings::cases` records them anew, against a mock.

use rstest::rstest;
use sfn_testkit::cassettes::cassette;
use sfn_testkit::prelude::*;

/// The service as far as it is recorded; a replay does without.
async fn ship(cassette: &Cassette, tier: &str) -> Option<String> {
    let service = MockSfn::new();
    let machine = service.state_machine("shipping").express().returns(json!({"by": tier})).create();
    let client = cassette.client(service.sdk_config());
    drop(service);
    let shipped = client
        .start_sync_execution()
        .state_machine_arn(machine.as_str())
        .input(json!({"tier": tier}).to_string());
    shipped.send().await.unwrap().output
}

#[rstest]
#[case::gold("gold")]
#[case::silver("silver")]
#[tokio::test(start_paused = true)]
async fn orders_are_shipped(cassette: Cassette, #[case] tier: &str) {
    let file = format!("orders_are_shipped.case_{}_{tier}.json", if tier == "gold" { 1 } else { 2 });
    assert!(
        cassette.path().ends_with(format!("recordings/it/recordings/cases/{file}")),
        "{:?}",
        cassette.path()
    );
    assert_eq!(ship(&cassette, tier).await.unwrap(), format!(r#"{{"by":"{tier}"}}"#));
}

#[tokio::test(start_paused = true)]
async fn a_plain_test_has_a_file_too() {
    let cassette = Cassette::for_test();
    assert!(cassette.path().ends_with("recordings/it/recordings/cases/a_plain_test_has_a_file_too.json"));
    assert_eq!(ship(&cassette, "plain").await.unwrap(), r#"{"by":"plain"}"#);
}

#[test]
fn a_task_of_another_thread_is_no_test() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    if std::env::var_os("NEXTEST_TEST_NAME").is_some() {
        return; // Nextest tells the name of the test to all threads.
    }
    let panic = runtime
        .block_on(async { tokio::spawn(async { Cassette::for_test() }).await.unwrap_err().into_panic() });
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(
        text.starts_with(
            "`Cassette::for_test()` does not know which test this is: the thread is called `tokio-"
        ),
        "{text}"
    );
}
