//! Whatever the bytes, there is an answer, it is JSON, and it is never our fault.

use super::{Origin, Request, Response};
use crate::model::{ApiError, Json, Operation, SeededRandom, Timestamp};
use crate::service::account::{Account, AccountConfig, Caller, Reply};

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

struct Door {
    account: Account,
    origin: Origin,
}

impl Door {
    fn open() -> Self {
        let config =
            AccountConfig { seed: 1, skip_after: None, quotas: std::sync::Arc::default(), coverage: false };
        let origin = Origin { account_id: "123456789012".into(), default_region: "us-east-1".into() };
        Self { account: Account::new(config), origin }
    }

    fn exchange(&mut self, operation: &str, body: &[u8]) -> Response {
        let target = format!("AWSStepFunctions.{operation}");
        let request = Request { target: Some(&target), body, ..Request::default() };
        Response::new(self.answer(&request), "id")
    }

    fn answer(&mut self, request: &Request<'_>) -> Result<Json, ApiError> {
        let (caller, operation, input): (Caller, Operation, Json) = request.read(&self.origin)?;
        match self.account.call(&caller, operation, &input, Timestamp::from_millis(0)) {
            Reply::Answered(answer) => answer,
            Reply::AwaitingExecution(arn) => Ok(Json::String(arn)),
            Reply::AwaitingActivityTask(_) => Ok(Json::Null),
        }
    }

    #[track_caller]
    fn check(&mut self, operation: &str, body: &[u8]) {
        let response = self.exchange(operation, body);
        let shown = String::from_utf8_lossy(body);
        assert!(matches!(response.status, 200 | 400 | 413 | 501), "{operation} {shown}: {response:?}");
        assert!(Json::parse(&response.body).is_ok(), "{operation} {shown}: {response:?}");
        assert_eq!(
            response.status == 200,
            response.error_type.is_none(),
            "{operation} {shown}: {response:?}"
        );
    }
}

/// Inputs that come far, to be bent.
fn sound_inputs() -> [String; 6] {
    let definition = r#"{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}"#;
    [
        format!(r#"{{"name":"m","roleArn":"arn:aws:iam::123456789012:role/r","definition":"{definition}","tags":[{{"key":"a","value":"b"}}],"loggingConfiguration":{{"level":"OFF","destinations":[]}},"publish":true}}"#),
        format!(r#"{{"stateMachineArn":"{MACHINE}","name":"x","input":"{{\"a\":[1,2.5,null]}}","maxResults":10}}"#),
        format!(r#"{{"stateMachineArn":"{MACHINE}:1","includedData":"METADATA_ONLY","nextToken":"abc"}}"#),
        r#"{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:m:x","reverseOrder":true,"maxResults":1}"#.into(),
        r#"{"resourceArn":"arn:aws:states:us-east-1:123456789012:activity:a","tagKeys":["a","b"],"taskToken":"t","output":"1"}"#.into(),
        r#"{"name":"é","routingConfiguration":[{"stateMachineVersionArn":"a:1","weight":100}]}"#.into(),
    ]
}

#[test]
fn every_bent_input_of_every_operation_has_an_answer() {
    let mut door = Door::open();
    door.check("CreateStateMachine", sound_inputs()[0].as_bytes());
    let mut random = SeededRandom::new(1, "bent");
    for input in sound_inputs() {
        for operation in Operation::ALL {
            door.check(operation.name(), input.as_bytes());
            for _ in 0..20 {
                door.check(operation.name(), &bent(input.as_bytes(), &mut random));
            }
        }
    }
}

/// The bytes with one stretch replaced by something else, cut off, or doubled.
fn bent(bytes: &[u8], random: &mut SeededRandom) -> Vec<u8> {
    const PIECES: [&[u8]; 10] =
        [b"", b"null", b"[]", b"{}", b"-1e999", b"\"", b"\xff", b"\\ud83d", b"\"\xe2\x80\xa8\"", b"true"];
    let mut below = |bound: usize| usize::try_from(random.next_u64() % bound.max(1) as u64).unwrap();
    let from = below(bytes.len());
    let to = from + below((bytes.len() - from).min(12));
    let piece = PIECES[below(PIECES.len())];
    [&bytes[..from], piece, &bytes[to..]].concat()
}

#[test]
fn a_whole_exchange_ends_in_the_bytes_that_aws_would_send() {
    let mut door = Door::open();
    let created = door.exchange("CreateStateMachine", sound_inputs()[0].as_bytes());
    assert_eq!(
        (created.status, &*created.body),
        (
            200,
            &*format!(
                r#"{{"stateMachineArn":"{MACHINE}","creationDate":0,"stateMachineVersionArn":"{MACHINE}:1"}}"#
            )
        )
    );
    let refused = door.exchange("DescribeStateMachine", br#"{"stateMachineArn":"nonsense"}"#);
    assert_eq!(
        (refused.status, &*refused.body),
        (
            400,
            r#"{"__type":"com.amazonaws.swf.service.v2.model#InvalidArn","message":"Invalid Arn: 'Invalid ARN prefix: nonsense'"}"#
        )
    );
}
