//! Answers as AWS writes them, for mocks that stand in front of the service.

use serde_json::Value;
use wiremock::ResponseTemplate;

use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json};
use crate::wire;
use crate::wire::response::CONTENT_TYPE;

/// Of answers that no service made.
const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

/// Errors of AWS as a whole whose status is not 400.
const COMMON_STATUS: [(&str, u16); 6] = [
    ("InternalFailure", 500),
    ("InternalServerError", 500),
    ("InternalServerException", 500),
    ("ServiceUnavailable", 503),
    ("ServiceUnavailableException", 503),
    ("RequestTimeoutException", 408),
];

/// A successful answer with this body: the members of the operation's output. Dates are seconds since 1970, JSON
/// inside (`input`, `output`, `definition`) is a string.
///
/// ```
/// use serde_json::json;
/// use sfn_testkit::wiremock::{action, aws_answer};
/// use wiremock::Mock;
///
/// let arn = "arn:aws:states:us-east-1:123456789012:execution:orders:o-7";
/// let started = Mock::given(action("StartExecution"))
///     .respond_with(aws_answer(json!({"executionArn": arn, "startDate": 1_704_067_200.5})));
/// ```
#[must_use]
pub fn aws_answer(output: impl Into<Value>) -> ResponseTemplate {
    template(wire::Response::new(Ok(Json::from(output.into())), REQUEST_ID))
}

/// A refusal: `aws_error("ExecutionDoesNotExist", "Execution Does Not Exist: '…'")`. The SDK makes its typed error
/// of it.
///
/// `code` is the name of an error of [Step Functions] or of [AWS as a whole]. The status is 400, but what AWS gives for
/// those that have another: 500 for `InternalFailure`, 503 for `ServiceUnavailable`, 404 for
/// `UnknownOperationException`, and so on.
///
/// # Panics
/// If `code` has anything but ASCII letters, digits, `.` and `_`.
///
/// [Step Functions]: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
/// [AWS as a whole]: https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
#[must_use]
#[track_caller]
pub fn aws_error(code: impl AsRef<str>, message: impl Into<String>) -> ResponseTemplate {
    let code = code.as_ref();
    assert!(
        !code.is_empty() && code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_')),
        "`{code}` is no error code: it is a name such as `ExecutionDoesNotExist`"
    );
    let message = message.into();
    match ApiErrorKind::from_name(code) {
        Some(kind) => template(wire::Response::new(Err(ApiError::new(kind, message)), REQUEST_ID)),
        None => unmodelled(code, &message),
    }
}

/// The refusal of a caller who is too fast, `ThrottlingException`: the SDK tries again, thrice in all unless
/// configured otherwise.
#[must_use]
pub fn throttled() -> ResponseTemplate {
    unmodelled("ThrottlingException", "Rate exceeded")
}

/// An error that the service itself never gives.
fn unmodelled(code: &str, message: &str) -> ResponseTemplate {
    let status = COMMON_STATUS.iter().find(|(name, _)| *name == code).map_or(400, |(_, status)| *status);
    let body = Json::from_members([("__type", Json::from(code)), ("message", Json::from(message))]);
    template(wire::Response {
        status,
        error_type: Some(code.to_owned()),
        request_id: REQUEST_ID.to_owned(),
        body: body.to_text(),
    })
}

/// An answer of ours as wiremock sends it.
pub(super) fn template(answer: wire::Response) -> ResponseTemplate {
    let mut template =
        ResponseTemplate::new(answer.status).insert_header("x-amzn-requestid", answer.request_id.as_str());
    if let Some(error_type) = &answer.error_type {
        template = template.insert_header("x-amzn-errortype", error_type.as_str());
    }
    template.set_body_raw(answer.body, CONTENT_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "`No Such\n` is no error code: it is a name such as `ExecutionDoesNotExist`")]
    fn a_text_is_no_error_code() {
        drop(aws_error("No Such\n", ""));
    }
}
