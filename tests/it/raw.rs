//! Calls whose answers are looked at as they are on the wire: the SDK's `Debug` hides inputs and outputs.

use serde_json::{Value, json};
use sfn_testkit::MockSfn;
use sfn_testkit::contracts::{Door, HttpRequest, InProcess};

/// The body of the answer, with every byte of it; fails the test if the call is refused.
pub(crate) async fn call(sfn: &MockSfn, operation: &str, input: &Value) -> String {
    let target = ("x-amz-target".to_owned(), format!("AWSStepFunctions.{operation}"));
    let request = HttpRequest { headers: vec![target], body: input.to_string().into_bytes() };
    let answer = InProcess.open(sfn).unwrap().exchange(request).await.unwrap();
    let body = String::from_utf8(answer.body).unwrap();
    assert_eq!(answer.status, 200, "{operation} {input}: {body}");
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
