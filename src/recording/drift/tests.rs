//! Cassettes verified against served mocks.

use std::time::Duration;

use super::{Drift, DriftFormat, LiveEndpoint, verify};
use crate::mock::{MockSfn, Server, Time};
use crate::model::{Json, Operation};
use crate::recording::format::CassetteFile;
use crate::recording::recorder::{Recorder, RecorderSettings};

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";
const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:orders";

/// `orders` answers with this total.
fn orders(total: u32) -> String {
    format!(
        r#"{{"StartAt":"Pay","States":{{"Pay":{{"Type":"Pass","Result":{{"total":{total}}},"End":true}}}}}}"#
    )
}

fn serve(definition: &str) -> Server {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let _machine = sfn.state_machine("orders").definition(definition).create();
    sfn.serve()
}

/// Makes calls and records them.
struct Taping {
    live: LiveEndpoint,
    recorder: Recorder,
}

impl Taping {
    fn of(server: &Server) -> Self {
        let live = LiveEndpoint::at(server.url()).unwrap();
        Self { live, recorder: Recorder::new(RecorderSettings::default()) }
    }

    async fn call(&mut self, operation: Operation, request: &str) -> Json {
        let request = Json::parse(request).unwrap();
        let answer = self.live.ask(operation, &request).await.unwrap();
        self.recorder.observe(operation, &request, answer.status, &answer.body);
        answer.body
    }

    /// Starts an execution and looks at it.
    async fn order(&mut self, name: &str) {
        let start = format!(r#"{{"stateMachineArn":"{MACHINE}","name":"{name}","input":"{{\"a\":1}}"}}"#);
        self.call(Operation::StartExecution, &start).await;
        self.describe(name).await;
        let history = format!(r#"{{"executionArn":"{EXECUTION}:{name}"}}"#);
        self.call(Operation::GetExecutionHistory, &history).await;
    }

    async fn describe(&mut self, name: &str) {
        self.call(Operation::DescribeExecution, &format!(r#"{{"executionArn":"{EXECUTION}:{name}"}}"#)).await;
    }

    async fn describe_machine(&mut self) {
        self.call(Operation::DescribeStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#)).await;
    }

    fn file(&self) -> CassetteFile {
        self.recorder.finish(Some("2026-01-01")).unwrap()
    }
}

async fn verified(file: &CassetteFile, live: LiveEndpoint) -> Drift {
    let mut drift = verify("orders.json", file, &live).await.unwrap();
    drift.day = "2026-01-31".to_owned();
    drift
}

fn live(server: &Server) -> LiveEndpoint {
    LiveEndpoint::at(server.url()).unwrap()
}

#[tokio::test]
async fn the_endpoint_that_was_recorded_has_not_drifted() {
    let server = serve(&orders(7));
    let mut taping = Taping::of(&server);
    taping.order("run-8f14e45f").await;
    taping.describe_machine().await;
    let drift = verified(&taping.file(), live(&server)).await;
    assert_eq!(drift.counts(), (3, 0, 1));
    assert_eq!(
        drift.render(DriftFormat::Text),
        "orders.json (recorded 2026-01-01, 30 days ago): 3 as recorded, 0 drifted, 1 not compared\n  \
         not compared  interaction 1, StartExecution: it may change something, and only what changes nothing is asked\n"
    );
    drift.assert_none();
    assert!(!drift.has_drifted());
}

#[tokio::test]
async fn with_leave_to_write_everything_is_made_anew_under_new_names() {
    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.order("run-8f14e45f").await;
    taping.order("run-9a0b1c2d").await;
    let another = serve(&orders(7));
    for _ in 0..2 {
        let drift = verified(&taping.file(), live(&another).allow_writes()).await;
        assert_eq!(drift.counts(), (6, 0, 0), "{}", drift.render(DriftFormat::Text));
        assert_eq!(drift.updated.interactions, taping.file().interactions);
        assert_ne!(drift.updated.recorded, taping.file().recorded, "all of it is of today");
    }
}

#[tokio::test]
async fn what_was_made_for_the_recording_and_is_gone_is_no_drift() {
    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.order("run-8f14e45f").await;
    let drift = verified(&taping.file(), live(&serve(&orders(7)))).await;
    assert_eq!(drift.counts(), (0, 0, 3));
    let text = drift.render(DriftFormat::Text);
    let told = "  not compared  interaction 2, DescribeExecution: what it asks for was made for the recording, and today \
                there is ExecutionDoesNotExist\n";
    assert!(text.contains(told), "{text}");
}

#[tokio::test]
async fn differences_are_told_by_path_with_a_diff_and_an_update_keeps_the_rest() {
    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.order("run-8f14e45f").await;
    taping.describe_machine().await;
    let file = taping.file();
    let drift = verified(&file, live(&serve(&orders(8))).allow_writes()).await;
    let text = drift.render(DriftFormat::Text);
    let told = r#"  DRIFTED  interaction 2, DescribeExecution
    $.output.total: recorded was 7, today it is 8
    --- recorded
    +++ today
"#;
    assert!(text.contains(told), "{text}");
    assert!(text.contains("    -      \"total\": 7\n    +      \"total\": 8\n"), "{text}");
    assert!(
        text.contains("    $.definition.States.Pay.Result.total: recorded was 7, today it is 8\n"),
        "{text}"
    );

    let update = drift.update_diff().unwrap();
    let changed: Vec<_> = update.lines().skip(2).filter(|line| line.starts_with(['-', '+'])).collect();
    assert!(
        changed.iter().all(|line| line.contains("\"total\"") || line.contains("\"recorded\"")),
        "{changed:#?}"
    );
    let updated = drift.updated_file().unwrap();
    let again = verified(&updated, live(&serve(&orders(8))).allow_writes()).await;
    assert_eq!(again.counts().1, 0, "{}", again.render(DriftFormat::Text));
}

#[tokio::test]
async fn another_account_is_told_or_learned() {
    let server = {
        let sfn = MockSfn::builder().time(Time::skip()).account_id("999988887777").build();
        let _machine = sfn.state_machine("orders").definition(orders(7)).create();
        sfn.serve()
    };
    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.describe_machine().await;
    let file = taping.file();
    let drift = verified(&file, live(&server).account("999988887777")).await;
    assert_eq!(drift.counts(), (1, 0, 0), "{}", drift.render(DriftFormat::Text));
    let drift = verified(&file, live(&server)).await;
    assert!(drift.has_drifted(), "ARNs of another account lead nowhere");

    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.call(Operation::ListStateMachines, "{}").await;
    taping.describe_machine().await;
    let drift = verified(&taping.file(), live(&server)).await;
    assert_eq!(drift.counts(), (2, 0, 0), "{}", drift.render(DriftFormat::Text));
}

#[tokio::test]
async fn what_was_started_anew_is_given_time() {
    let waiting = r#"{"StartAt":"Pay","States":{"Pay":{"Type":"Pass","Result":{"total":7},"Next":"Rest"},
        "Rest":{"Type":"Wait","Seconds":3600,"End":true}}}"#;
    let first = serve(waiting);
    let mut taping = Taping::of(&first);
    let start = format!(r#"{{"stateMachineArn":"{MACHINE}","name":"run-8f14e45f"}}"#);
    taping.call(Operation::StartExecution, &start).await;
    taping.describe("run-8f14e45f").await;
    let mut file = taping.file();
    // The mock waits for calls to rest before it skips: these came at once, and so the recording has RUNNING.
    assert!(file.interactions[1].response.to_text().contains("RUNNING"));
    file.interactions.remove(1);
    let done = r#"{"executionArn":"arn:aws:states:us-east-1:${account-1}:execution:orders:${name-1}","input":{"$json":{}},"inputDetails":{"included":true},"name":"${name-1}","output":{"$json":{"total":7}},"outputDetails":{"included":true},"redriveCount":0,"redriveStatus":"NOT_REDRIVABLE","redriveStatusReason":"Execution is SUCCEEDED and cannot be redriven","startDate":"${date-1}","stateMachineArn":"arn:aws:states:us-east-1:${account-1}:stateMachine:orders","status":"SUCCEEDED","stopDate":"${date-2}"}"#;
    let mut described = file.interactions[0].clone();
    described.operation = Operation::DescribeExecution;
    described.request =
        Json::parse(r#"{"executionArn":"arn:aws:states:us-east-1:${account-1}:execution:orders:${name-1}"}"#)
            .unwrap();
    described.response = Json::parse(done).unwrap();
    file.interactions.push(described);
    let second = serve(waiting);
    let patient = live(&second).allow_writes().patience(Duration::from_secs(20));
    let drift = verified(&file, patient).await;
    assert_eq!(drift.counts(), (2, 0, 0), "{}", drift.render(DriftFormat::Text));
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_an_error() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.describe_machine().await;
    let nobody = LiveEndpoint::at(&format!("http://127.0.0.1:{port}")).unwrap();
    let refused = verify("orders.json", &taping.file(), &nobody).await.unwrap_err();
    assert!(refused.starts_with(&format!("cannot connect to 127.0.0.1:{port}: ")), "{refused}");
}

#[tokio::test]
async fn reports_are_for_programs_and_ci_servers_too() {
    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.describe_machine().await;
    let call = format!(r#"{{"executionArn":"{EXECUTION}:none"}}"#);
    taping.call(Operation::DescribeExecution, &call).await;
    let start = format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#);
    taping.call(Operation::StartExecution, &start).await;
    let drift = verified(&taping.file(), live(&serve(&orders(8)))).await;
    let drift = Drift { endpoint: "localhost".to_owned(), ..drift };
    assert_eq!(
        Json::parse(&drift.render(DriftFormat::Json)).unwrap().compacted().to_text(),
        r#"[{"cassette":"orders.json","endpoint":"localhost","recorded":"2026-01-01","ageInDays":30,"asRecorded":1,"drifted":1,"notCompared":1,"interactions":[{"interaction":1,"op":"DescribeStateMachine","outcome":"drifted","differences":[{"path":"$.definition.States.Pay.Result.total","recorded":7,"today":8}]},{"interaction":2,"op":"DescribeExecution","outcome":"as recorded"},{"interaction":3,"op":"StartExecution","outcome":"not compared","reason":"it may change something, and only what changes nothing is asked"}]}]"#
    );
    let junit = drift.render(DriftFormat::Junit);
    let start = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="orders.json" tests="3" failures="1" skipped="1">
    <testcase classname="orders.json" name="interaction 1, DescribeStateMachine">
      <failure message="$.definition.States.Pay.Result.total: recorded was 7, today it is 8">$.definition.States.Pay.Result.total: recorded was 7, today it is 8
--- recorded
+++ today
"#;
    assert!(junit.starts_with(start), "{junit}");
    let end = r#"</failure>
    </testcase>
    <testcase classname="orders.json" name="interaction 2, DescribeExecution"/>
    <testcase classname="orders.json" name="interaction 3, StartExecution">
      <skipped message="it may change something, and only what changes nothing is asked"/>
    </testcase>
  </testsuite>
</testsuites>
"#;
    assert!(junit.ends_with(end), "{junit}");
}

#[tokio::test]
async fn the_cassette_of_a_test_is_verified_and_missing_ones_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    let first = serve(&orders(7));
    let mut taping = Taping::of(&first);
    taping.describe_machine().await;
    std::fs::write(&path, taping.file().to_text()).unwrap();
    let cassette = crate::recording::Cassette::at(&path);
    cassette.verify_against(&live(&first)).await.unwrap().assert_none();
    let drift = cassette.verify_against(&live(&serve(&orders(8)))).await.unwrap();
    let failed = std::panic::catch_unwind(|| drift.assert_none()).unwrap_err();
    let text = failed.downcast::<String>().unwrap();
    assert!(text.contains("recorded was 7, today it is 8"), "{text}");

    std::fs::remove_file(&path).unwrap();
    let missing = cassette.verify_against(&live(&first)).await.unwrap_err();
    assert_eq!(missing, format!("there is no cassette {}", path.display()));
}
