//! Cassettes that are recorded here, against a mock, become mocks.

use std::panic::{AssertUnwindSafe, catch_unwind};

use aws_sdk_sfn::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::build::mock_of;
use super::facts::Facts;
use super::ran::Ending;
use crate::mock::MockSfn;
use crate::recording::Cassette;
use crate::recording::format::CassetteFile;
use crate::recording::mode::{RecordMode, Surroundings};

const DEFINITION: &str = r#"{"StartAt":"Pay","States":{"Pay":{"Type":"Task",
    "Resource":"arn:aws:lambda:us-east-1:123456789012:function:pay","Next":"Wait"},
    "Wait":{"Type":"Wait","Seconds":3600,"End":true}}}"#;

/// A service in which `orders` pays, and a client that records.
struct Studio {
    folder: TempDir,
    sfn: MockSfn,
}

impl Studio {
    fn new() -> Self {
        let sfn = MockSfn::new();
        sfn.on_state("Pay").answers(|call| match call.input["id"].as_i64() {
            Some(13) => Err(crate::mock::TaskError::new("Declined", "no funds")),
            _ => Ok(json!({"paid": call.input["id"]})),
        });
        Self { folder: tempfile::tempdir().unwrap(), sfn }
    }

    async fn record<F: Future<Output = ()>>(&self, session: impl FnOnce(Client) -> F) -> MockSfn {
        MockSfn::from_cassette(self.recorded(session).await)
    }

    async fn recorded<F: Future<Output = ()>>(
        &self,
        session: impl FnOnce(Client) -> F,
    ) -> std::path::PathBuf {
        let path = self.folder.path().join("orders.json");
        let cassette = Cassette::within(path.clone(), None, Surroundings::default()).mode(RecordMode::Once);
        session(cassette.client(self.sfn.sdk_config())).await;
        drop(cassette);
        path
    }
}

const ORDERS: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

async fn create(client: &Client) {
    let role = "arn:aws:iam::123456789012:role/r";
    client.create_state_machine().name("orders").definition(DEFINITION).role_arn(role).send().await.unwrap();
}

/// Starts an execution and asks until it has ended.
async fn order(client: &Client, name: &str, input: &Value) -> String {
    let started =
        client.start_execution().state_machine_arn(ORDERS).name(name).input(input.to_string()).send();
    let arn = started.await.unwrap().execution_arn;
    loop {
        let described = client.describe_execution().execution_arn(&arn).send().await.unwrap();
        if described.status.as_str() != "RUNNING" {
            return arn;
        }
        tokio::time::sleep(std::time::Duration::from_secs(600)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_definition_with_histories_runs_with_recorded_tasks() {
    let studio = Studio::new();
    let sfn = studio
        .record(|client| async move {
            create(&client).await;
            for (name, id) in [("recorded-1", 7), ("recorded-2", 13)] {
                let arn = order(&client, name, &json!({"id": id})).await;
                client.get_execution_history().execution_arn(arn).send().await.unwrap();
            }
        })
        .await;
    let again = |id: i64| {
        let arn = sfn.start_execution(ORDERS, json!({"id": id}));
        let execution = sfn.execution(arn);
        async move { execution.finished().await }
    };
    let paid = again(7).await;
    paid.assert().succeeded().output(json!({"paid": 7})).visited_exactly(["Pay", "Wait"]).lasted("1h");
    again(13).await.assert().failed_with("Declined");
}

#[tokio::test(start_paused = true)]
async fn without_a_definition_executions_end_as_recorded() {
    let studio = Studio::new();
    drop(studio.sfn.state_machine("orders").definition(DEFINITION).create());
    let sfn = studio
        .record(|client| async move {
            order(&client, "recorded-1", &json!({"id": 7})).await;
            order(&client, "recorded-2", &json!({"id": 13})).await;
        })
        .await;
    let again = |id: i64| {
        let arn = sfn.start_execution(ORDERS, json!({"id": id}));
        let execution = sfn.execution(arn);
        async move { execution.finished().await }
    };
    again(7).await.assert().succeeded().output(json!({"paid": 7})).visited_exactly(["Recorded"]).lasted("1h");
    again(13).await.assert().failed_with("Declined").failed_because("no funds");
    again(7).await.assert().succeeded();

    again(8).await.assert().failed_with("SfnTestkit.TaskMockPanicked");
    let panic = catch_unwind(AssertUnwindSafe(|| sfn.verify())).unwrap_err();
    let told = panic.downcast_ref::<String>().unwrap();
    let expected = "panicked: the cassette has no execution of `orders` that was started with {\"id\":8}, only with \
                    {\"id\":7}, {\"id\":13}";
    assert!(told.contains(expected), "{told}");
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_was_not_seen_to_end_is_too_little() {
    let studio = Studio::new();
    drop(studio.sfn.state_machine("orders").definition(DEFINITION).create());
    let path = studio
        .recorded(|client| async move {
            client.start_execution().state_machine_arn(ORDERS).input("{}").send().await.unwrap();
        })
        .await;
    let panic = catch_unwind(|| MockSfn::from_cassette(&path)).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        &format!(
            "the cassette {} tells neither what `orders` does nor how its executions end: record \
             DescribeStateMachine and GetExecutionHistory, or DescribeExecution until they have ended",
            path.display()
        )
    );
}

/// What is wrong with a cassette of these interactions.
fn refused(interactions: &str) -> String {
    let text = format!(r#"{{"format":"sfn-cassette/1","vars":{{}},"interactions":[{interactions}]}}"#);
    mock_of(&CassetteFile::read(&text).unwrap()).unwrap_err()
}

#[test]
fn cassettes_that_do_not_tell_enough_are_refused_in_words() {
    assert_eq!(refused(""), "tells of no state machine");
    let start = |arn: &str| {
        format!(
            r#"{{"op":"StartExecution","request":{{"stateMachineArn":"{arn}"}},"status":200,
            "response":{{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:orders:e","startDate":1}}}}"#
        )
    };
    let alias = format!("{ORDERS}:PROD");
    assert_eq!(
        refused(&start(&alias)),
        format!("starts executions by a version or an alias, {alias}: make the mock by hand")
    );
    let elsewhere = start("arn:aws:states:eu-west-1:123456789012:stateMachine:refunds");
    assert_eq!(
        refused(&format!("{},{elsewhere}", start(ORDERS))),
        "has state machines in several accounts or regions, `orders` and `refunds`: make a cassette for each"
    );
}

#[test]
#[should_panic(expected = "there is no cassette none.json")]
fn a_cassette_that_is_not_there_fails_the_test() {
    drop(MockSfn::from_cassette("none.json"));
}

/// The cassettes of this repository that tell of executions.
const RECORDINGS: [&str; 5] = [
    "moto.json",
    "own-server.json",
    "it/recordings/cases/a_plain_test_has_a_file_too.json",
    "it/recordings/cases/orders_are_shipped.case_1_gold.json",
    "it/recordings/cases/orders_are_shipped.case_2_silver.json",
];

#[tokio::test(start_paused = true)]
async fn executions_of_the_recordings_end_as_they_did() {
    for name in RECORDINGS {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
        let file = CassetteFile::read(&std::fs::read_to_string(path).unwrap()).unwrap();
        let facts = Facts::of(&file);
        let sfn = mock_of(&file).unwrap_or_else(|why| panic!("{name} {why}"));
        let mut compared = 0;
        for ran in facts.executions.values().filter(|ran| ran.ending() != Ending::Open) {
            let machine = facts.machines.get(ran.state_machine_name().unwrap()).unwrap();
            let arn = sfn.start_execution(
                machine.place.state_machine(&machine.name),
                Value::from(ran.input.as_ref().unwrap()),
            );
            let execution = sfn.execution(arn).finished().await;
            match ran.ending() {
                Ending::Succeeded(output) => execution.assert().succeeded().output(Value::from(&output)),
                Ending::Failed { error, .. } => execution.assert().failed_with(&error),
                Ending::TimedOut => execution.assert().timed_out(),
                Ending::Open => execution.assert(),
            };
            compared += 1;
        }
        assert!(compared > 0, "{name} has no execution that ended");
    }
}
