//! From an answer to the bytes of a response.

use crate::model::{ApiError, Json};

/// What of an HTTP response matters. Its content type is [`CONTENT_TYPE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// The header `x-amzn-ErrorType`, of a refusal.
    pub(crate) error_type: Option<String>,
    /// The header `x-amzn-RequestId`.
    pub(crate) request_id: String,
    pub(crate) body: String,
}

pub(crate) const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

impl Response {
    pub(crate) fn new(answer: Result<Json, ApiError>, request_id: impl Into<String>) -> Self {
        let request_id = request_id.into();
        match answer {
            Ok(body) => Self { status: 200, error_type: None, request_id, body: body.to_text() },
            Err(error) => Self {
                status: error.kind.http_status(),
                error_type: Some(error.kind.name().to_owned()),
                request_id,
                body: refusal(&error).to_text(),
            },
        }
    }
}

/// An error without a message has no such member.
fn refusal(error: &ApiError) -> Json {
    let message = (!error.message.is_empty()).then(|| ("message", Json::string(error.message.as_str())));
    let own = error.members.iter().map(|(name, value)| (*name, value.clone()));
    Json::from_members([("__type", Json::string(error.wire_type()))].into_iter().chain(message).chain(own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::api_error::ApiErrorKind;

    #[track_caller]
    fn check(answer: Result<Json, ApiError>, status: u16, error_type: Option<&str>, body: &str) {
        let expected = Response {
            status,
            error_type: error_type.map(str::to_owned),
            request_id: "id".into(),
            body: body.into(),
        };
        assert_eq!(Response::new(answer, "id"), expected);
    }

    #[test]
    fn an_answer_is_compact_and_never_empty() {
        check(Ok(Json::empty_object()), 200, None, "{}");
        check(Ok(Json::from_members([("a", Json::Int(1))])), 200, None, r#"{"a":1}"#);
    }

    #[test]
    fn a_refusal_tells_type_message_and_its_own_members() {
        check(
            Err(ApiError::new(ApiErrorKind::InvalidToken, "Invalid Token: 'Invalid token'")),
            400,
            Some("InvalidToken"),
            r#"{"__type":"com.amazonaws.swf.service.v2.model#InvalidToken","message":"Invalid Token: 'Invalid token'"}"#,
        );
        check(
            Err(ApiError::new(ApiErrorKind::TooManyTags, "t").with("resourceName", "arn")),
            400,
            Some("TooManyTags"),
            r#"{"__type":"com.amazonaws.swf.service.v2.model#TooManyTags","message":"t","resourceName":"arn"}"#,
        );
    }

    #[test]
    fn an_error_of_the_protocol_has_no_namespace_and_may_lack_a_message() {
        check(
            Err(ApiError::new(ApiErrorKind::UnknownOperationException, "")),
            404,
            Some("UnknownOperationException"),
            r#"{"__type":"UnknownOperationException"}"#,
        );
        check(
            Err(ApiError::not_emulated("TestState")),
            501,
            Some("NotEmulated"),
            r#"{"__type":"NotEmulated","message":"sfn-testkit does not emulate TestState yet"}"#,
        );
    }
}
