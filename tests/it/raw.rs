//! Calls whose answers are looked at as they are on the wire: the SDK's `Debug` hides inputs and outputs.

use serde_json::{Value, json};
use sfn_testkit::MockSfn;
use sfn_testkit::contracts::{Door, HttpRequest, InProcess};

/// What a client is sent.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// The answer to a call, with every byte of its body.
pub(crate) async fn exchange(sfn: &MockSfn, operation: &str, input: &Value) -> Answer {
    let target = ("x-amz-target".to_owned(), format!("AWSStepFunctions.{operation}"));
    let request = HttpRequest { headers: vec![target], body: input.to_string().into_bytes() };
    let answer = InProcess.open(sfn).unwrap().exchange(request).await.unwrap();
    Answer { status: answer.status, body: String::from_utf8(answer.body).unwrap() }
}

/// The body of the answer; fails the test if the call is refused.
pub(crate) async fn call(sfn: &MockSfn, operation: &str, input: &Value) -> String {
    let Answer { status, body } = exchange(sfn, operation, input).await;
    assert_eq!(status, 200, "{operation} {input}: {body}");
    body
}

/// The history of a STANDARD execution: the bodies of all pages.
pub(crate) async fn history(sfn: &MockSfn, arn: &str) -> Vec<String> {
    let mut request = json!({"executionArn": arn, "maxResults": 1000});
    let mut pages = Vec::new();
    loop {
        let page = call(sfn, "GetExecutionHistory", &request).await;
        let read: Value = serde_json::from_str(&page).unwrap();
        pages.push(page);
        match read.get("nextToken") {
            Some(token) => drop(request.as_object_mut().unwrap().insert("nextToken".into(), token.clone())),
            None => return pages,
        }
    }
}
