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

/// What Step Functions itself makes of some responses: a call that went through may yet have failed.
pub(super) fn judged(service: &str, action: &str, response: &Json) -> Result<(), Failure> {
    let number = |name: &str| response.get(name).and_then(Json::as_i64);
    match (service, action) {
        ("events", "putEvents") if number("FailedEntryCount").is_some_and(|failed| failed > 0) => {
            Err(Failure::new("EventBridge.FailedEntry", response.compacted().to_text()))
        }
        ("apigateway", "invoke") => match number("StatusCode") {
            Some(status) if status >= 400 => Err(Failure::new(
                format!("ApiGateway.{status}"),
                text_of(response.get("ResponseBody").unwrap_or(&Json::Null)),
            )),
            Some(_) | None => Ok(()),
        },
        ("http", "invoke") => match number("StatusCode") {
            Some(status) if !(200..300).contains(&status) => Err(Failure::new(
                format!("States.Http.StatusCode.{status}"),
                text_of(response.get("StatusText").unwrap_or(&Json::Null)),
            )),
            Some(_) | None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A string as it is, anything else as JSON.
fn text_of(value: &Json) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_null() => String::new(),
        None => value.compacted().to_text(),
    }
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
    fn a_response_may_tell_of_a_failure() {
        let judge = |service, action, response: &str| match judged(
            service,
            action,
            &Json::parse(response).unwrap(),
        ) {
            Ok(()) => "fine".to_owned(),
            Err(failure) => format!("{}: {}", failure.error.unwrap(), failure.cause.unwrap()),
        };
        let entries = r#"{"Entries":[{"ErrorCode":"MalformedDetail"}],"FailedEntryCount":1}"#;
        assert_eq!(judge("events", "putEvents", entries), format!("EventBridge.FailedEntry: {entries}"));
        assert_eq!(judge("events", "putEvents", r#"{"FailedEntryCount":0}"#), "fine");
        assert_eq!(
            judge("apigateway", "invoke", r#"{"StatusCode":403,"ResponseBody":{"m": 1}}"#),
            r#"ApiGateway.403: {"m":1}"#
        );
        assert_eq!(judge("apigateway", "invoke", r#"{"StatusCode":302}"#), "fine");
        assert_eq!(
            judge("http", "invoke", r#"{"StatusCode":404,"StatusText":"Not Found"}"#),
            "States.Http.StatusCode.404: Not Found"
        );
        assert_eq!(judge("http", "invoke", r#"{"StatusCode":204}"#), "fine");
        assert_eq!(judge("sqs", "sendMessage", r#"{"StatusCode":500}"#), "fine");
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
