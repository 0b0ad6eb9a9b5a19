//! Who may call what through the proxy.

use std::collections::BTreeSet;

use super::key::Key;
use crate::cli::refusal::refusal;
use crate::model::Operation;
use crate::wire;

/// Lets through who has the key, with the operations that are allowed.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub(super) key: Key,
    pub(super) allowed: BTreeSet<Operation>,
}

impl Gate {
    /// The operation that is asked for, or the answer to who is not let through.
    pub(super) fn admit(&self, request: &wire::Request<'_>) -> Result<Operation, wire::Response> {
        match request.access_key_id() {
            Some(presented) if self.key.is(presented) => {}
            Some(_) | None => return Err(no_key()),
        }
        let name = request.operation_name().unwrap_or_default();
        let operation = Operation::from_name(name).ok_or_else(|| unknown(name))?;
        if self.allowed.contains(&operation) { Ok(operation) } else { Err(not_allowed(operation)) }
    }
}

fn no_key() -> wire::Response {
    let message = "This proxy signs calls with credentials that are lent to it, so the caller must have its key: set \
                   AWS_ACCESS_KEY_ID to the key that `sfn-testkit record` printed when it started.";
    refusal(403, "UnrecognizedClientException", message)
}

fn unknown(name: &str) -> wire::Response {
    let message = format!(
        "`{name}` is no operation of AWS Step Functions that sfn-testkit knows, and only those are recorded."
    );
    refusal(404, "UnknownOperationException", &message)
}

fn not_allowed(operation: Operation) -> wire::Response {
    let message = format!(
        "`sfn-testkit record` was started without leave to call {operation}: start it with --allow {operation}, or \
         without --allow and --read-only to allow every operation."
    );
    refusal(403, "AccessDeniedException", &message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(target: &str, access_key_id: Option<&str>) -> Result<Operation, (u16, String)> {
        let key = Key::draw().unwrap();
        let id = access_key_id.unwrap_or(key.as_str());
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={id}/20260101/eu-west-1/states/aws4_request, X");
        let gate = Gate { allowed: BTreeSet::from([Operation::ListActivities]), key };
        let request = wire::Request {
            target: Some(target),
            authorization: Some(&authorization),
            trace_id: None,
            body: b"{}",
        };
        gate.admit(&request).map_err(|refusal| (refusal.status, refusal.body))
    }

    const LIST: &str = "AWSStepFunctions.ListActivities";

    #[test]
    fn who_has_the_key_may_call_what_is_allowed() {
        assert_eq!(asked(LIST, None), Ok(Operation::ListActivities));
    }

    #[test]
    fn without_the_key_nothing_is_called() {
        let refused = r#"{"__type":"UnrecognizedClientException","message":"This proxy signs calls with credentials that are lent to it, so the caller must have its key: set AWS_ACCESS_KEY_ID to the key that `sfn-testkit record` printed when it started."}"#;
        for wrong in ["test", "AKIDEXAMPLE", ""] {
            assert_eq!(asked(LIST, Some(wrong)), Err((403, refused.to_owned())));
        }
        let gate = Gate { allowed: BTreeSet::new(), key: Key::draw().unwrap() };
        assert_eq!(gate.admit(&wire::Request::default()).unwrap_err().body, refused);
    }

    #[test]
    fn operations_that_are_not_allowed_are_refused_with_what_to_do() {
        let refused = r#"{"__type":"AccessDeniedException","message":"`sfn-testkit record` was started without leave to call StopExecution: start it with --allow StopExecution, or without --allow and --read-only to allow every operation."}"#;
        assert_eq!(asked("AWSStepFunctions.StopExecution", None), Err((403, refused.to_owned())));
    }

    #[test]
    fn other_services_are_not_called() {
        let refused = r#"{"__type":"UnknownOperationException","message":"`` is no operation of AWS Step Functions that sfn-testkit knows, and only those are recorded."}"#;
        assert_eq!(asked("DynamoDB_20120810.GetItem", None), Err((404, refused.to_owned())));
        let unknown = asked("AWSStepFunctions.Fly", None).unwrap_err();
        assert!(unknown.1.contains("`Fly` is no operation"), "{}", unknown.1);
    }
}
