//! A service, a folder with a cassette, and code under test, for the tests of cassettes around SDK clients.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::Builder;
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

/// A folder with a cassette in it, and a service.
pub(super) struct Stage {
    pub(super) folder: TempDir,
    pub(super) sfn: MockSfn,
    pub(super) machine: String,
}

impl Stage {
    pub(super) fn new() -> Self {
        let sfn = MockSfn::new();
        let machine =
            sfn.state_machine("orders").runs_for("30s").returns(serde_json::json!({"paid": true})).create();
        Self { folder: tempfile::tempdir().unwrap(), sfn, machine: machine.to_string() }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("orders.json")
    }

    pub(super) fn cassette(&self, mode: RecordMode) -> Cassette {
        cassette(&self.path(), mode)
    }

    pub(super) fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// What code under test does: start, and ask until it has ended. The last status.
    pub(super) async fn run(&self, client: &Client, name: &str, input: &str, pause: &str) -> String {
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

    pub(super) async fn record(&self, input: &str) {
        let cassette = self.cassette(RecordMode::Once);
        self.run(&cassette.client(self.sfn.sdk_config()), "recorded-123", input, "8s").await;
    }
}

pub(super) fn humantime(text: &str) -> std::time::Duration {
    crate::model::human_duration::parse_duration(text).unwrap()
}

pub(super) fn cassette(path: &Path, mode: RecordMode) -> Cassette {
    Cassette::within(path.to_owned(), Some("orders::are_paid".to_owned()), Surroundings::default()).mode(mode)
}

/// A configuration whose HTTP client must not be called.
pub(super) fn unreachable() -> Builder {
    MockSfn::new().sdk_config().http_client(Unreachable)
}

#[derive(Debug, Clone)]
pub(super) struct Unreachable;

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
pub(super) fn panic_of(action: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(action)).expect_err("a panic");
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap()
}
