//! From the bytes of a request to the call it makes.

use std::sync::Arc;

use crate::model::api_error::ApiErrorKind;
use crate::model::arn::Place;
use crate::model::{ApiError, Json, Operation};
use crate::service::account::Caller;

/// What of an HTTP request matters. Method, path and host do not: a `sync-` host is as good as any.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Request<'a> {
    /// The header `X-Amz-Target`.
    pub(crate) target: Option<&'a str>,
    /// The header `Authorization`. Signatures are not checked; the region is read from it.
    pub(crate) authorization: Option<&'a str>,
    /// The header `X-Amzn-Trace-Id`: what an execution is traced as.
    pub(crate) trace_id: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

/// Where calls come from as far as requests do not say it.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// Twelve digits.
    pub(crate) account_id: Arc<str>,
    /// Of unsigned requests.
    pub(crate) default_region: Arc<str>,
}

const TARGET_PREFIX: &str = "AWSStepFunctions.";

/// AWS takes requests of 1 MB at most, headers included; a definition of that size leaves room for its escapes.
pub(crate) const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The refusal of a body of more than [`MOST_BYTES`].
pub(crate) fn too_large() -> ApiError {
    let message = format!("HTTP content length exceeded {MOST_BYTES} bytes.");
    ApiError::new(ApiErrorKind::RequestEntityTooLargeException, message)
}

impl<'a> Request<'a> {
    /// Who calls which operation with what, or why that cannot be told. An empty body is an empty object.
    pub(crate) fn read(&self, origin: &Origin) -> Result<(Caller, Operation, Json), ApiError> {
        let operation = self.operation()?;
        let input = self.with_trace_id(operation, self.input()?);
        let region = self.region().unwrap_or(&origin.default_region);
        let place = Place::of_region(region, &origin.account_id);
        Ok((Caller { place }, operation, input))
    }

    /// The name of the operation in the target, whether there is such an operation or not.
    pub(crate) fn operation_name(&self) -> Option<&'a str> {
        self.target?.strip_prefix(TARGET_PREFIX)
    }

    fn operation(&self) -> Result<Operation, ApiError> {
        self.operation_name()
            .and_then(Operation::from_name)
            .ok_or_else(|| ApiError::new(ApiErrorKind::UnknownOperationException, ""))
    }

    fn input(&self) -> Result<Json, ApiError> {
        if self.body.len() > MOST_BYTES {
            return Err(too_large());
        }
        let unreadable = |message: String| ApiError::new(ApiErrorKind::SerializationException, message);
        let text = std::str::from_utf8(self.body).map_err(|error| unreadable(error.to_string()))?;
        if text.trim().is_empty() {
            return Ok(Json::empty_object());
        }
        Json::parse(text).map_err(|error| unreadable(error.to_string()))
    }

    /// The header wins over the member `traceHeader` of the two operations that have it.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html>
    fn with_trace_id(&self, operation: Operation, input: Json) -> Json {
        let starts = matches!(operation, Operation::StartExecution | Operation::StartSyncExecution);
        match (self.trace_id.filter(|_| starts), input.as_object()) {
            (Some(trace_id), Some(members)) => {
                let mut members = members.clone();
                members.insert("traceHeader".into(), Json::string(trace_id));
                Json::object(members)
            }
            (Some(_) | None, _) => input,
        }
    }

    /// `AKID` in `Credential=AKID/20251121/us-east-1/states/aws4_request`: who says to be calling.
    #[cfg(feature = "cli")]
    pub(crate) fn access_key_id(&self) -> Option<&'a str> {
        self.credential()?.split('/').next()
    }

    fn credential(&self) -> Option<&'a str> {
        let (_, credential) = self.authorization?.split_once("Credential=")?;
        credential.split([',', ' ']).next()
    }

    /// The region in `Credential=AKID/20251121/us-east-1/states/aws4_request`.
    fn region(&self) -> Option<&str> {
        let region = self.credential()?.split('/').nth(2)?;
        let is_region =
            region.contains('-') && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        is_region.then_some(region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Option<&str> = Some("AWSStepFunctions.StartExecution");

    fn read(target: Option<&str>, authorization: Option<&str>, body: &[u8]) -> Result<String, String> {
        let origin = Origin { account_id: "123456789012".into(), default_region: "us-east-1".into() };
        match (Request { target, authorization, trace_id: None, body }).read(&origin) {
            Ok((caller, operation, input)) => {
                Ok(format!("{} {operation} {input}", caller.place.state_machine("m")))
            }
            Err(error) => {
                Err(format!("{} {}: {}", error.kind.http_status(), error.kind.name(), error.message))
            }
        }
    }

    #[track_caller]
    fn check_region(authorization: &str, arn: &str) {
        assert_eq!(
            read(START, Some(authorization), b"{}"),
            Ok(format!("{arn}:123456789012:stateMachine:m StartExecution {{}}"))
        );
    }

    #[track_caller]
    fn check_error(target: Option<&str>, body: &[u8], expected: &str) {
        assert_eq!(read(target, None, body), Err(expected.to_owned()));
    }

    #[test]
    fn the_region_is_that_of_the_signature() {
        let signed = |region: &str| {
            format!(
                "AWS4-HMAC-SHA256 Credential=AKID/20251121/{region}/states/aws4_request, SignedHeaders=host, Signature=0a"
            )
        };
        check_region(&signed("eu-west-1"), "arn:aws:states:eu-west-1");
        check_region(&signed("cn-north-1"), "arn:aws-cn:states:cn-north-1");
    }

    #[test]
    fn without_a_readable_signature_the_default_region_holds() {
        let default = "arn:aws:states:us-east-1";
        for authorization in
            ["", "Bearer x", "Credential=", "Credential=a/b", "Credential=a/b//c", "Credential=a/b/r:1/c"]
        {
            check_region(authorization, default);
        }
        assert!(read(START, None, b"{}").unwrap().starts_with(default));
    }

    #[track_caller]
    fn check_traced(operation: &str, body: &str, expected: &str) {
        let origin = Origin { account_id: "123456789012".into(), default_region: "us-east-1".into() };
        let target = format!("AWSStepFunctions.{operation}");
        let request = Request {
            target: Some(&target),
            trace_id: Some("Root=2"),
            body: body.as_bytes(),
            authorization: None,
        };
        assert_eq!(request.read(&origin).unwrap().2.to_text(), expected);
    }

    #[test]
    fn the_header_wins_over_the_trace_header_in_the_body() {
        check_traced(
            "StartExecution",
            r#"{"traceHeader":"Root=1","name":"e"}"#,
            r#"{"traceHeader":"Root=2","name":"e"}"#,
        );
        check_traced("StartSyncExecution", "{}", r#"{"traceHeader":"Root=2"}"#);
        check_traced("StartExecution", "[1]", "[1]");
        check_traced("ListStateMachines", "{}", "{}");
    }

    #[test]
    fn an_empty_body_is_an_empty_object() {
        for body in [b"".as_slice(), b" \n"] {
            assert!(read(START, None, body).unwrap().ends_with("StartExecution {}"));
        }
    }

    #[test]
    fn an_unknown_target_is_no_operation() {
        for target in [
            None,
            Some("StartExecution"),
            Some("AWSStepFunctions.startExecution"),
            Some("AWSStepFunctions."),
            Some("DynamoDB_20120810.GetItem"),
        ] {
            check_error(target, b"{", "404 UnknownOperationException: ");
        }
    }

    #[test]
    fn what_is_not_json_cannot_be_read() {
        check_error(
            START,
            b"{",
            "400 SerializationException: Unexpected end-of-input within/between Object entries",
        );
        check_error(
            START,
            b"\xff\xfe",
            "400 SerializationException: invalid utf-8 sequence of 1 bytes from index 0",
        );
        let deep = "[".repeat(100_000);
        assert!(read(START, None, deep.as_bytes()).unwrap_err().starts_with("400 SerializationException"));
    }

    #[test]
    fn a_huge_body_is_refused() {
        let body = vec![b' '; MOST_BYTES + 1];
        check_error(
            START,
            &body,
            "413 RequestEntityTooLargeException: HTTP content length exceeded 2097152 bytes.",
        );
        assert!(read(START, None, &body[1..]).is_ok());
    }
}
