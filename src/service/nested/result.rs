//! What a task that calls Step Functions is given: answers and refusals, as the integration shows them.

use std::sync::Arc;

use super::called::{Called, CalledBy};
use crate::asl::resource::IntegrationPattern;
use crate::model::api_error::ApiErrorKind;
use crate::model::failure::error_name;
use crate::model::json::Map;
use crate::model::{ApiError, Failure, Json, SeededRandom, Timestamp, quota};
use crate::service::task_call::{TaskKey, TaskOutcome};

/// The request that a task makes: what its metadata tells.
pub(super) struct Request {
    id: String,
    at: Timestamp,
}

impl Request {
    /// Every attempt of a task has its own id.
    pub(super) fn new(seed: u64, task: &TaskKey, at: Timestamp) -> Self {
        let label = format!("request of {} {}", task.execution_arn, task.task.0);
        Self { id: SeededRandom::new(seed, &label).next_uuid(), at }
    }

    /// What an optimized integration tells of the HTTP response.
    fn metadata(&self, body: &str) -> [(&'static str, Json); 2] {
        const CONTENT_TYPE: &str = "application/x-amz-json-1.0";
        let (id, length, date) = (&*self.id, body.len().to_string(), self.at.to_http_date());
        let listed = |value: &str| Json::array(vec![Json::string(value)]);
        let lists = Json::from_members([
            ("x-amzn-RequestId", listed(id)),
            ("connection", listed("keep-alive")),
            ("Content-Length", listed(&length)),
            ("Date", listed(&date)),
            ("Content-Type", listed(CONTENT_TYPE)),
        ]);
        let texts = Json::from_members([
            ("connection", Json::string("keep-alive")),
            ("Content-Length", Json::string(length)),
            ("Content-Type", Json::string(CONTENT_TYPE)),
            ("Date", Json::string(date)),
            ("x-amzn-RequestId", Json::string(id)),
        ]);
        let http = Json::from_members([
            ("AllHttpHeaders", lists),
            ("HttpHeaders", texts),
            ("HttpStatusCode", Json::Int(200)),
        ]);
        [
            ("SdkHttpMetadata", http),
            ("SdkResponseMetadata", Json::from_members([("RequestId", Json::string(id))])),
        ]
    }
}

impl Called {
    /// The answer of the operation as the integration hands it on.
    pub(super) fn output(self, answer: &Json, request: &Request) -> Json {
        let metadata = match self.by {
            CalledBy::Optimized => Some(request.metadata(&answer.to_text())),
            CalledBy::Sdk => None,
        };
        sorted(renamed(answer), metadata.into_iter().flatten())
    }

    /// A refusal becomes an error of the SDK that the integration is made with.
    pub(super) fn refusal(self, refusal: &ApiError, request: &Request) -> TaskOutcome {
        let ApiError { kind, message, .. } = refusal;
        if *kind == ApiErrorKind::NotEmulated {
            return TaskOutcome::Unanswerable(Failure::new(error_name::NOT_EMULATED, message.as_str()));
        }
        let (code, status, id) = (kind.name(), kind.http_status(), &request.id);
        let exception = format!("{}Exception", code.strip_suffix("Exception").unwrap_or(code));
        TaskOutcome::Failed(match self.by {
            CalledBy::Optimized => Failure::new(
                format!("StepFunctions.{exception}"),
                format!(
                    "{message} (Service: AWSStepFunctions; Status Code: {status}; Error Code: {code}; Request ID: {id}; Proxy: null)"
                ),
            ),
            CalledBy::Sdk => Failure::new(
                format!("Sfn.{exception}"),
                format!(
                    "{message} (Service: Sfn, Status Code: {status}, Request ID: {id}) (SDK Attempt Count: 1)"
                ),
            ),
        })
    }

    /// How the execution that a `.sync` task waits for has ended, from its description.
    pub(super) fn ended(self, description: &Json) -> TaskOutcome {
        let description = sorted(renamed(description), []);
        if description.get("Status").and_then(Json::as_str) != Some("SUCCEEDED") {
            // Each level quotes the one below: without an end the quotation marks alone would double every time.
            let cause: String = description.to_text().chars().take(quota::CAUSE_CHARS).collect();
            return TaskOutcome::Failed(Failure::new(error_name::TASK_FAILED, cause));
        }
        match self.pattern {
            IntegrationPattern::Sync2 => TaskOutcome::Succeeded(with_parsed_payloads(&description)),
            IntegrationPattern::RequestResponse
            | IntegrationPattern::Sync
            | IntegrationPattern::WaitForTaskToken => TaskOutcome::Succeeded(description),
        }
    }
}

/// `.sync:2` gives JSON where `.sync` gives its text.
fn with_parsed_payloads(description: &Json) -> Json {
    let members = description.as_object().into_iter().flatten();
    Json::from_members(members.map(|(name, value)| {
        let parsed = match (&**name, value.as_str()) {
            ("Input" | "Output", Some(text)) => Json::parse(text).ok().map(|json| json.compacted()),
            _ => None,
        };
        (Arc::clone(name), parsed.unwrap_or_else(|| value.clone()))
    }))
}

fn sorted(members: Map, more: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    let mut members = members;
    members.extend(more.into_iter().map(|(name, value)| (Arc::from(name), value)));
    members.sort_keys();
    Json::object(members)
}

/// The members with the names that integrations give them, dates as text.
fn renamed(answer: &Json) -> Map {
    let members = answer.as_object().into_iter().flatten();
    members.filter(|(_, value)| !value.is_null()).map(|(name, value)| member(name, value)).collect()
}

fn member(name: &str, value: &Json) -> (Arc<str>, Json) {
    /// Names of states are its keys, which stay as they are.
    const BY_STATE: &str = "variableReferences";
    let is_date = name.ends_with("Date") || name == "timestamp";
    let date = value.as_f64().filter(|_| is_date).map(|seconds| date(seconds).to_string().into());
    let value = match date {
        Some(date) => date,
        None if name == BY_STATE => value.clone(),
        None => value_renamed(value),
    };
    let mut letters = name.chars();
    let capital = letters.next().map(|first| first.to_ascii_uppercase());
    (capital.into_iter().chain(letters).collect::<String>().into(), value)
}

fn value_renamed(value: &Json) -> Json {
    match value {
        Json::Object(_) => Json::object(renamed(value)),
        Json::Array(_) => {
            Json::array(value.as_array().unwrap_or_default().iter().map(value_renamed).collect())
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
            value.clone()
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of a date fit, and are whole")]
fn date(seconds: f64) -> Timestamp {
    Timestamp::from_millis((seconds * 1000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::command::TaskId;
    use crate::model::Operation;

    fn called(by: CalledBy, pattern: IntegrationPattern) -> Called {
        Called { operation: Operation::StartExecution, pattern, by }
    }

    fn request() -> Request {
        let task = TaskKey { execution_arn: "arn:e".into(), task: TaskId(7) };
        Request { id: "id".to_owned(), ..Request::new(1, &task, Timestamp::from_millis(1_700_000_000_000)) }
    }

    const ANSWER: &str = r#"{"executionArn":"arn:x","startDate":1700000000.5}"#;

    #[test]
    fn an_optimized_integration_adds_what_it_knows_of_the_response() {
        let called = called(CalledBy::Optimized, IntegrationPattern::RequestResponse);
        assert_eq!(
            called.output(&Json::parse(ANSWER).unwrap(), &request()).to_text(),
            concat!(
                r#"{"ExecutionArn":"arn:x","SdkHttpMetadata":{"AllHttpHeaders":{"x-amzn-RequestId":["id"],"connection":["keep-alive"],"#,
                r#""Content-Length":["49"],"Date":["Tue, 14 Nov 2023 22:13:20 GMT"],"Content-Type":["application/x-amz-json-1.0"]},"#,
                r#""HttpHeaders":{"connection":"keep-alive","Content-Length":"49","Content-Type":"application/x-amz-json-1.0","#,
                r#""Date":"Tue, 14 Nov 2023 22:13:20 GMT","x-amzn-RequestId":"id"},"HttpStatusCode":200},"#,
                r#""SdkResponseMetadata":{"RequestId":"id"},"StartDate":"2023-11-14T22:13:20.5Z"}"#
            )
        );
    }

    #[test]
    fn the_sdk_hands_the_answer_on_alone() {
        let called = called(CalledBy::Sdk, IntegrationPattern::RequestResponse);
        let answer = r#"{"tags":[{"key":"k"}],"variableReferences":{"a state":["x"]},"nextToken":null}"#;
        assert_eq!(
            called.output(&Json::parse(answer).unwrap(), &request()).to_text(),
            r#"{"Tags":[{"Key":"k"}],"VariableReferences":{"a state":["x"]}}"#
        );
    }

    #[test]
    fn refusals_are_exceptions_of_the_two_sdks() {
        let refusal = ApiError::new(ApiErrorKind::InvalidToken, "Invalid Token: 'Invalid token'");
        let failure = |by| {
            let outcome = called(by, IntegrationPattern::RequestResponse).refusal(&refusal, &request());
            let TaskOutcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
            failure
        };
        assert_eq!(
            failure(CalledBy::Optimized),
            Failure::new(
                "StepFunctions.InvalidTokenException",
                "Invalid Token: 'Invalid token' (Service: AWSStepFunctions; Status Code: 400; Error Code: InvalidToken; Request ID: id; Proxy: null)"
            )
        );
        assert_eq!(
            failure(CalledBy::Sdk),
            Failure::new(
                "Sfn.InvalidTokenException",
                "Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: id) (SDK Attempt Count: 1)"
            )
        );
    }

    #[test]
    fn what_is_not_emulated_cannot_be_caught() {
        let refusal = ApiError::not_emulated("TestState");
        let outcome =
            called(CalledBy::Sdk, IntegrationPattern::RequestResponse).refusal(&refusal, &request());
        let TaskOutcome::Unanswerable(failure) = outcome else { panic!("{outcome:?}") };
        assert_eq!(
            failure,
            Failure::new("SfnTestkit.NotEmulated", "sfn-testkit does not emulate TestState yet")
        );
    }

    const DESCRIPTION: &str = r#"{"status":"SUCCEEDED","input":"{ }","output":"[1, 2]"}"#;

    #[track_caller]
    fn check_ended(pattern: IntegrationPattern, description: &str, expected: &str) {
        let description = Json::parse(description).unwrap();
        let outcome = called(CalledBy::Optimized, pattern).ended(&description);
        let found = if let TaskOutcome::Succeeded(output) = outcome {
            output.to_text()
        } else if let TaskOutcome::Failed(failure) = outcome {
            format!("{} {}", failure.error.unwrap(), failure.cause.unwrap())
        } else {
            panic!("{outcome:?}")
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn the_second_form_of_sync_parses_what_the_first_gives_as_text() {
        check_ended(
            IntegrationPattern::Sync,
            DESCRIPTION,
            r#"{"Input":"{ }","Output":"[1, 2]","Status":"SUCCEEDED"}"#,
        );
        check_ended(
            IntegrationPattern::Sync2,
            DESCRIPTION,
            r#"{"Input":{},"Output":[1,2],"Status":"SUCCEEDED"}"#,
        );
    }

    #[test]
    fn a_child_that_did_not_succeed_is_the_cause() {
        for pattern in [IntegrationPattern::Sync, IntegrationPattern::Sync2] {
            check_ended(
                pattern,
                r#"{"status":"FAILED","error":"E","input":"{}"}"#,
                r#"States.TaskFailed {"Error":"E","Input":"{}","Status":"FAILED"}"#,
            );
        }
    }
}
