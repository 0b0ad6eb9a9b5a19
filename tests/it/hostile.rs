//! Whatever clients send, the answer is awsJson, never an error of ours, and never late.

#![expect(clippy::indexing_slicing, reason = "indexes are drawn below the length")]

use std::fmt::Write;

use serde_json::Value;
use sfn_testkit::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream, DuplexStream};

const OPERATIONS: [&str; 37] = [
    "CreateActivity",
    "CreateStateMachine",
    "CreateStateMachineAlias",
    "DeleteActivity",
    "DeleteStateMachine",
    "DeleteStateMachineAlias",
    "DeleteStateMachineVersion",
    "DescribeActivity",
    "DescribeExecution",
    "DescribeMapRun",
    "DescribeStateMachine",
    "DescribeStateMachineAlias",
    "DescribeStateMachineForExecution",
    "GetActivityTask",
    "GetExecutionHistory",
    "ListActivities",
    "ListExecutions",
    "ListMapRuns",
    "ListStateMachineAliases",
    "ListStateMachineVersions",
    "ListStateMachines",
    "ListTagsForResource",
    "PublishStateMachineVersion",
    "RedriveExecution",
    "SendTaskFailure",
    "SendTaskHeartbeat",
    "SendTaskSuccess",
    "StartExecution",
    "StartSyncExecution",
    "StopExecution",
    "TagResource",
    "TestState",
    "UntagResource",
    "UpdateMapRun",
    "UpdateStateMachine",
    "UpdateStateMachineAlias",
    "ValidateStateMachineDefinition",
];

/// Members of inputs, each with JSON that comes far.
const MEMBERS: [(&str, &str); 26] = [
    ("name", r#""m""#),
    ("name", r#""x""#),
    ("roleArn", r#""arn:aws:iam::123456789012:role/r""#),
    ("definition", r#""{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}""#),
    (
        "definition",
        r#""{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":9,\"End\":true}}}""#,
    ),
    ("type", r#""EXPRESS""#),
    ("stateMachineArn", r#""arn:aws:states:us-east-1:123456789012:stateMachine:m""#),
    ("stateMachineArn", r#""arn:aws:states:us-east-1:123456789012:stateMachine:x""#),
    ("stateMachineVersionArn", r#""arn:aws:states:us-east-1:123456789012:stateMachine:m:1""#),
    ("stateMachineAliasArn", r#""arn:aws:states:us-east-1:123456789012:stateMachine:m:a""#),
    ("executionArn", r#""arn:aws:states:us-east-1:123456789012:execution:m:x""#),
    ("activityArn", r#""arn:aws:states:us-east-1:123456789012:activity:x""#),
    ("resourceArn", r#""arn:aws:states:us-east-1:123456789012:stateMachine:m""#),
    ("mapRunArn", r#""arn:aws:states:us-east-1:123456789012:mapRun:m/s:x""#),
    ("input", r#""{\"a\": [1, 2.5, null]}""#),
    ("output", r#""1""#),
    ("taskToken", r#""AAAA""#),
    ("tags", r#"[{"key":"k","value":"v"}]"#),
    ("tagKeys", r#"["k"]"#),
    ("maxResults", "1"),
    ("nextToken", r#""AAAA""#),
    ("publish", "true"),
    ("reverseOrder", "true"),
    (
        "routingConfiguration",
        r#"[{"stateMachineVersionArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m:1","weight":100}]"#,
    ),
    ("loggingConfiguration", r#"{"level":"OFF","destinations":[]}"#),
    ("includedData", r#""METADATA_ONLY""#),
];

/// JSON where something else is expected, and what is no JSON.
const ODD: [&str; 18] = [
    "null",
    "true",
    "-1",
    "1e999",
    "9223372036854775808",
    "0.1",
    r#""""#,
    r#""\ud83d""#,
    r#""\u0000""#,
    "\"\u{2028}é💥\"",
    r#"" ""#,
    "[]",
    "{}",
    r#"[{"key":null}]"#,
    "[[[[[[[[",
    "{\"",
    "'",
    "",
];

/// Equal numbers in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn body(&mut self) -> Vec<u8> {
        let mut text = String::from("{");
        for position in 0..self.below(7) {
            let (name, sound) = MEMBERS[self.below(MEMBERS.len())];
            let value = if self.below(6) == 0 { ODD[self.below(ODD.len())] } else { sound };
            let comma = if position > 0 { "," } else { "" };
            write!(text, "{comma}\"{name}\":{value}").unwrap();
        }
        text.push('}');
        let mut bytes = text.into_bytes();
        match self.below(12) {
            0 => bytes.truncate(self.below(bytes.len())),
            1 => {
                let at = self.below(bytes.len());
                bytes[at] = u8::try_from(self.below(256)).unwrap();
            }
            2 => bytes.extend_from_slice(b"}"),
            _ => {}
        }
        bytes
    }
}

struct Client {
    connection: BufStream<DuplexStream>,
}

impl Client {
    async fn call(&mut self, operation: &str, body: &[u8]) -> (String, Vec<u8>) {
        let head = format!(
            "POST / HTTP/1.1\r\nhost: h\r\nx-amz-target: AWSStepFunctions.{operation}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.connection.write_all(head.as_bytes()).await.unwrap();
        self.connection.write_all(body).await.unwrap();
        self.connection.flush().await.unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            self.connection.read_line(&mut head).await.unwrap();
        }
        let head = head.to_lowercase();
        let (_, length) = head.split_once("content-length: ").unwrap();
        let mut answer = vec![0; length.split("\r\n").next().unwrap().parse().unwrap()];
        self.connection.read_exact(&mut answer).await.unwrap();
        (head, answer)
    }

    async fn check(&mut self, operation: &str, body: &[u8]) {
        let (head, answer) = self.call(operation, body).await;
        let shown = || format!("{operation} {}\n{head}{}", body.escape_ascii(), answer.escape_ascii());
        let status = head.split(' ').nth(1).unwrap();
        assert!(matches!(status, "200" | "400" | "413" | "501"), "{}", shown());
        assert!(head.contains("\r\ncontent-type: application/x-amz-json-1.0\r\n"), "{}", shown());
        assert_eq!(status == "200", !head.contains("\r\nx-amzn-errortype: "), "{}", shown());
        let answered: Value =
            serde_json::from_slice(&answer).unwrap_or_else(|error| panic!("{error}: {}", shown()));
        let error = answered.get("__type").and_then(Value::as_str);
        assert_eq!(status == "200", error.is_none(), "{}", shown());
        assert_eq!(status == "501", error == Some("NotEmulated"), "{}", shown());
    }
}

#[tokio::test(start_paused = true)]
async fn every_operation_answers_five_hundred_hostile_requests() {
    let sfn = MockSfn::new();
    let (client, server) = tokio::io::duplex(64 * 1024);
    tokio::spawn(sfn.serve_io(server));
    let mut client = Client { connection: BufStream::new(client) };
    let mut dice = Dice(1);
    for _ in 0..500 {
        for operation in OPERATIONS {
            client.check(operation, &dice.body()).await;
        }
    }
    // Calls of what is not emulated would fail the test when the mock is dropped.
    std::mem::forget(sfn);
}
