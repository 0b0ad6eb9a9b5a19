//! What Step Functions itself does to the parameters of some services before it calls them.

use crate::asl::resource::IntegrationPattern;
use crate::model::json::Map;
use crate::model::{Failure, Json};

/// The parameters of sqs:sendMessage; others are dropped without a word.
const SEND_MESSAGE: &[&str] = &[
    "QueueUrl",
    "MessageBody",
    "DelaySeconds",
    "MessageAttributes",
    "MessageDeduplicationId",
    "MessageGroupId",
];

/// The parameters as `TaskScheduled` shows them, or why the task cannot be started.
pub(super) fn prepare(
    service: &str,
    action: &str,
    pattern: IntegrationPattern,
    parameters: Json,
) -> Result<Json, Failure> {
    match (service, action) {
        ("apigateway", "invoke") => check_headers(parameters),
        ("sqs", "sendMessage") => Ok(keep_only(&parameters, SEND_MESSAGE)),
        ("ecs", "runTask") if pattern == IntegrationPattern::Sync => Ok(started_by_us(&parameters)),
        _ => Ok(parameters),
    }
}

/// The headers of an API Gateway call are lists of strings.
fn check_headers(parameters: Json) -> Result<Json, Failure> {
    let headers = parameters.get("Headers").and_then(Json::as_object);
    let is_list =
        |value: &Json| value.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()));
    if headers.is_none_or(|headers| headers.values().all(is_list)) {
        return Ok(parameters);
    }
    Err(Failure::runtime(format!(
        "The Parameters '{}' could not be used to start the Task: [The value of the field 'Headers' has an invalid format]",
        parameters.compacted()
    )))
}

fn keep_only(parameters: &Json, known: &[&str]) -> Json {
    let Some(members) = parameters.as_object() else {
        return parameters.clone();
    };
    let kept = members.iter().filter(|(key, _)| known.contains(&key.as_ref()));
    Json::object(kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Map>())
}

fn started_by_us(parameters: &Json) -> Json {
    let Some(members) = parameters.as_object() else {
        return parameters.clone();
    };
    let mut members = members.clone();
    members.entry("StartedBy".into()).or_insert_with(|| "AWS Step Functions".into());
    Json::object(members)
}

/// Whether an error of a `.sync` or `.waitForTaskToken` task is the called service's refusal, so that the task
/// was never submitted: its name starts with the service's, as in `SQS.SdkClientException`.
pub(super) fn is_refusal(service: &str, error: Option<&str>) -> bool {
    let service = service.strip_prefix("aws-sdk:").unwrap_or(service);
    let service = if service == "states" { "StepFunctions" } else { service };
    error
        .and_then(|error| error.split_once('.'))
        .is_some_and(|(prefix, _)| prefix.eq_ignore_ascii_case(service))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(service: &str, action: &str, parameters: &str) -> Result<String, Failure> {
        prepare(service, action, IntegrationPattern::RequestResponse, Json::parse(parameters).unwrap())
            .map(|json| json.compacted().to_text())
    }

    #[test]
    fn a_plain_string_header_cannot_start_an_api_gateway_task() {
        let failure = prepared("apigateway", "invoke", r#"{"Headers": {"a": "b"}}"#).unwrap_err();
        assert_eq!(
            failure.cause.as_deref(),
            Some(
                r#"The Parameters '{"Headers":{"a":"b"}}' could not be used to start the Task: [The value of the field 'Headers' has an invalid format]"#
            )
        );
        assert!(prepared("apigateway", "invoke", r#"{"Headers":{"a":["b"]}}"#).is_ok());
        assert!(prepared("apigateway", "invoke", r#"{"Path":"/"}"#).is_ok());
    }

    #[test]
    fn sqs_drops_parameters_it_does_not_know() {
        assert_eq!(
            prepared("sqs", "sendMessage", r#"{"QueueUrl":"q","Wrong":1,"MessageBody":"b"}"#).unwrap(),
            r#"{"QueueUrl":"q","MessageBody":"b"}"#
        );
    }

    #[test]
    fn a_refusal_carries_the_name_of_the_service() {
        assert!(is_refusal("sqs", Some("SQS.SdkClientException")));
        assert!(is_refusal("aws-sdk:dynamodb", Some("DynamoDb.ResourceNotFoundException")));
        assert!(is_refusal("states", Some("StepFunctions.ExecutionAlreadyExistsException")));
        assert!(!is_refusal("sqs", Some("States.Timeout")));
        assert!(!is_refusal("sqs", Some("Rejected")));
        assert!(!is_refusal("sqs", None));
    }
}
