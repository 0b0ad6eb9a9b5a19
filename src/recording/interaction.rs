//! One call and its answer, as a cassette keeps them.

use crate::model::{Json, Operation};

/// A call and its answer. Request and response have their JSON strings opened (see `nested`) and variables in place of
/// what is new in every run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Interaction {
    pub(crate) operation: Operation,
    pub(crate) request: Json,
    /// Of HTTP.
    pub(crate) status: u16,
    /// The short name of the error, such as `ExecutionDoesNotExist`.
    pub(crate) error: Option<String>,
    /// `null` for an empty body, a string for one that is no JSON.
    pub(crate) response: Json,
    /// How often it happened, one after the other.
    pub(crate) times: u64,
}

impl Interaction {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether clients try again on their own after such an answer.
    pub(super) fn is_retryable(&self) -> bool {
        is_retryable(self.status, self.error.as_deref())
    }
}

/// The short name of the error that a body of AWS JSON tells: `InvalidArn` of `com.amazonaws.…#InvalidArn`.
pub(super) fn error_name(status: u16, body: &Json) -> Option<String> {
    if status < 300 {
        return None;
    }
    let name = body.get("__type").or_else(|| body.get("code"))?.as_str()?;
    let name = name.rsplit_once('#').map_or(name, |(_, name)| name);
    Some(name.split_once(':').map_or(name, |(name, _)| name).to_owned())
}

/// What the retry modes of the AWS SDKs call throttling and transient errors.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
pub(super) fn is_retryable(status: u16, error: Option<&str>) -> bool {
    const NAMES: [&str; 6] = [
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "RequestTimeout",
    ];
    matches!(status, 429 | 500 | 502 | 503 | 504) || error.is_some_and(|error| NAMES.contains(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_error_is_short() {
        let name = |text| error_name(400, &Json::parse(text).unwrap());
        assert_eq!(
            name(r#"{"__type":"com.amazonaws.swf.service.v2.model#InvalidArn"}"#).as_deref(),
            Some("InvalidArn")
        );
        assert_eq!(name(r#"{"__type":"InvalidName:http://internal"}"#).as_deref(), Some("InvalidName"));
        assert_eq!(name(r#"{"message":"no type"}"#), None);
        assert_eq!(error_name(200, &Json::parse(r#"{"__type":"x"}"#).unwrap()), None);
    }

    #[test]
    fn throttling_and_failing_servers_are_tried_again() {
        assert!(is_retryable(400, Some("ThrottlingException")));
        assert!(is_retryable(503, None));
        assert!(!is_retryable(400, Some("ExecutionDoesNotExist")));
        assert!(!is_retryable(200, None));
    }
}
