//! A mock service with something in it, called over HTTP without a socket, on virtual time.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use sfn_testkit::MockSfn;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream, DuplexStream};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

/// Stand in requests for what the service told last: of a task that a worker has, of a page, and so on.
pub(super) const TOKEN: &str = "LATEST-taskToken";
pub(super) const PAGE: &str = "LATEST-nextToken";
pub(super) const EXECUTION: &str = "LATEST-executionArn";
pub(super) const REVISION: &str = "LATEST-revisionId";

pub(super) const ROLE: &str = "arn:aws:iam::123456789012:role/r";
pub(super) const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
pub(super) const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:a";

/// Runs for an hour.
pub(super) const WAIT: &str = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}"#;
pub(super) const PASS: &str = r#"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#;
/// Asks a worker.
pub(super) const TASK: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true}}}"#;

/// Longer than any call takes: a poll ends after a minute.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) struct Door {
    runtime: Runtime,
    connection: BufStream<DuplexStream>,
    /// What stands in requests, and for what.
    latest: BTreeMap<&'static str, String>,
}

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) error_type: Option<String>,
    pub(super) body: Value,
}

impl Door {
    /// An account with nothing in it.
    pub(super) fn to_nothing() -> Self {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let connection = runtime.block_on(async {
            let sfn = MockSfn::builder().unverified().build();
            let (client, server) = tokio::io::duplex(64 * 1024);
            tokio::spawn(sfn.serve_io(server));
            BufStream::new(client)
        });
        Self { runtime, connection, latest: BTreeMap::new() }
    }

    /// With the machines `m` (versions 1 and 2, alias `live`), `e` (EXPRESS) and `t`, executions that run and that
    /// have ended, and a task that a worker has.
    pub(super) fn to_something() -> Self {
        let mut door = Self::to_nothing();
        let machine =
            |name: &str, definition: &str| json!({"name": name, "roleArn": ROLE, "definition": definition});
        door.set_up("CreateActivity", &json!({"name": "a"}));
        door.set_up("CreateStateMachine", &machine("m", WAIT));
        door.set_up("PublishStateMachineVersion", &json!({"stateMachineArn": MACHINE}));
        let role = "arn:aws:iam::123456789012:role/other";
        door.set_up(
            "UpdateStateMachine",
            &json!({"stateMachineArn": MACHINE, "roleArn": role, "publish": true}),
        );
        let route = json!([{"stateMachineVersionArn": format!("{MACHINE}:1"), "weight": 100}]);
        door.set_up("CreateStateMachineAlias", &json!({"name": "live", "routingConfiguration": route}));
        door.set_up("TagResource", &json!({"resourceArn": MACHINE, "tags": [{"key": "k", "value": "v"}]}));
        let mut express = machine("e", PASS);
        express.as_object_mut().unwrap().insert("type".into(), "EXPRESS".into());
        door.set_up("CreateStateMachine", &express);
        door.set_up("CreateStateMachine", &machine("t", TASK));
        for name in ["x", "y"] {
            door.set_up("StartExecution", &json!({"stateMachineArn": MACHINE, "name": name}));
        }
        let stopped = MACHINE.replace(":stateMachine:", ":execution:") + ":y";
        door.set_up("StopExecution", &json!({"executionArn": stopped}));
        let asking = MACHINE.replace(":m", ":t");
        door.set_up("StartExecution", &json!({"stateMachineArn": asking, "name": "x"}));
        door.set_up("GetActivityTask", &json!({"activityArn": ACTIVITY}));
        door
    }

    fn set_up(&mut self, operation: &str, input: &Value) {
        let answer = self.call(operation, input);
        assert_eq!(answer.status, 200, "{operation} {input}: {answer:?}");
    }

    pub(super) fn call(&mut self, operation: &str, input: &Value) -> Answer {
        let mut body = input.to_string();
        for (stand_in, told) in &self.latest {
            body = body.replace(stand_in, told);
        }
        let answer = self.send(operation, body.as_bytes());
        for stand_in in [TOKEN, PAGE, EXECUTION, REVISION] {
            let member = stand_in.trim_start_matches("LATEST-");
            if let Some(told) = answer.body.get(member).and_then(Value::as_str) {
                self.latest.insert(stand_in, told.to_owned());
            }
        }
        answer
    }

    /// Sends bytes, whatever they are; fails the test if there is no answer.
    pub(super) fn send(&mut self, operation: &str, body: &[u8]) -> Answer {
        let exchange = exchange(&mut self.connection, operation, body);
        let answer = self.runtime.block_on(async { timeout(PATIENCE, exchange).await });
        answer.unwrap_or_else(|_| panic!("{operation} {} hangs", shown(body)))
    }

    pub(super) fn advance(&self, duration: Duration) {
        self.runtime.block_on(async { sleep(duration).await });
    }
}

async fn exchange(connection: &mut BufStream<DuplexStream>, operation: &str, body: &[u8]) -> Answer {
    let length = body.len();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: h\r\nx-amz-target: AWSStepFunctions.{operation}\r\ncontent-length: {length}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(body).await.unwrap();
    connection.flush().await.unwrap();
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let read = connection.read_line(&mut head).await.unwrap();
        assert_ne!(read, 0, "{operation} {} has no answer: the handler panicked", shown(body));
    }
    let mut answer = vec![0; header(&head, "content-length").unwrap().parse().unwrap()];
    connection.read_exact(&mut answer).await.unwrap();
    assert_eq!(header(&head, "content-type"), Some("application/x-amz-json-1.0"), "{operation}: {head}");
    assert!(header(&head, "x-amzn-requestid").is_some_and(|id| id.len() == 36), "{operation}: {head}");
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        error_type: header(&head, "x-amzn-errortype").map(str::to_owned),
        body: serde_json::from_slice(&answer)
            .unwrap_or_else(|why| panic!("{operation}: {why}: {}", shown(&answer))),
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The start of a body.
pub(super) fn shown(body: &[u8]) -> String {
    body.get(..400).unwrap_or(body).escape_ascii().to_string()
}
