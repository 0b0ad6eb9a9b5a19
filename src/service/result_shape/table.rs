//! Which shape an action answers with.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::shape::ResultShape;
use super::table_reader::{self, Service};
use crate::asl::resource::{IntegrationPattern, ResourceKind};

/// Made by `tools/generate_output_shapes.py`; its head says how it is written.
const TEXT: &str = include_str!("shapes.txt");

/// Where the text of each service stands.
static SERVICES: LazyLock<BTreeMap<&'static str, &'static str>> =
    LazyLock::new(|| table_reader::services(TEXT));

/// Services that were asked for: a test needs few of them.
static READ: Mutex<BTreeMap<&'static str, Service>> = Mutex::new(BTreeMap::new());

/// What is known of the result of a task.
#[derive(Debug, Clone)]
pub(crate) enum Expected {
    /// A function, a worker or whoever has the token answers as it likes.
    Anything,
    /// The table lacks the action.
    Unknown,
    Shape(ResultShape),
}

/// What a task comes to.
pub(crate) fn result_of(resource: &ResourceKind) -> Expected {
    match resource {
        ResourceKind::LambdaFunction
        | ResourceKind::Activity
        | ResourceKind::Integration { pattern: IntegrationPattern::WaitForTaskToken, .. } => {
            Expected::Anything
        }
        ResourceKind::Integration { service, action, pattern } => {
            of(service, action, *pattern).map_or(Expected::Unknown, Expected::Shape)
        }
    }
}

/// What the called service says when it takes on a task that somebody else ends.
pub(crate) fn response_of(resource: &ResourceKind) -> Expected {
    match resource {
        ResourceKind::LambdaFunction | ResourceKind::Activity => Expected::Anything,
        ResourceKind::Integration { service, action, .. } => {
            let shape = of(service, action, IntegrationPattern::RequestResponse);
            shape.map_or(Expected::Unknown, Expected::Shape)
        }
    }
}

fn of(service: &str, action: &str, pattern: IntegrationPattern) -> Option<ResultShape> {
    let (name, text) = SERVICES.get_key_value(service)?;
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let service = read.entry(name).or_insert_with(|| table_reader::service(text));
    let root = service.actions.get(called(action, pattern).as_str())?.clone();
    Some(ResultShape { shapes: service.shapes.clone(), root, is_optimized: !name.starts_with("aws-sdk:") })
}

/// As the table writes it. AWS takes actions that begin with a capital letter too.
fn called(action: &str, pattern: IntegrationPattern) -> String {
    let mut characters = action.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).chain(pattern.suffix().chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::resource::Resource;
    use crate::model::Json;
    use crate::service::result_shape::FieldValidation;
    use crate::service::result_shape::shape::{NamedShape, Shape};

    #[track_caller]
    fn check(resource: (&str, &str), result: &str, expected: &str) {
        let (service, call) = resource;
        let (action, pattern) = match call.strip_suffix(".sync") {
            Some(action) => (action, IntegrationPattern::Sync),
            None => (call, IntegrationPattern::RequestResponse),
        };
        let shape = of(service, action, pattern).unwrap();
        let result = Json::parse(result).unwrap();
        let told = |found: Result<(), _>| {
            found.map_or_else(
                |why: crate::service::result_shape::Mismatch| why.to_string(),
                |()| "fine".to_owned(),
            )
        };
        assert_eq!(told(shape.check(&result, FieldValidation::Strict)), expected);
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let mut actions = 0;
        for (name, text) in SERVICES.iter() {
            let service = table_reader::service(text);
            assert_eq!(
                service.shapes.len() + service.actions.len(),
                text.trim_end().lines().count(),
                "{name}"
            );
            actions += service.actions.len();
            let is_known = |shape: &Shape| {
                let Shape::Of(id) = innermost(shape) else { return true };
                id.0 < service.shapes.len()
            };
            for shape in service.shapes.iter() {
                if let NamedShape::Structure(members) = shape {
                    assert!(members.iter().all(|member| is_known(&member.shape)), "{name}: {members:?}");
                }
            }
            assert!(service.actions.values().all(is_known), "{name}");
        }
        assert!(actions > 500, "{actions}");
    }

    fn innermost(mut shape: &Shape) -> &Shape {
        while let Shape::Array(inner) | Shape::Map(inner) = shape {
            shape = inner;
        }
        shape
    }

    #[test]
    fn each_kind_of_field_has_its_fault() {
        for (resource, result, expected) in [
            (("lambda", "invoke"), r#"{"StatusCode":"200"}"#, "Field 'StatusCode' must be a number"),
            (("lambda", "invoke"), r#"{"Payload":[1],"StatusCode":200,"SdkHttpMetadata":{}}"#, "fine"),
            (("lambda", "invoke"), "[]", "The result must be an object"),
            (("events", "putEvents"), r#"{"Entries":"x"}"#, "Field 'Entries' must be an array"),
            (
                ("events", "putEvents"),
                r#"{"Entries":[{"EventId":"a"},{"EventId":["b"]}]}"#,
                "Field 'EventId' must be a string",
            ),
            (
                ("dynamodb", "putItem"),
                r#"{"ConsumedCapacity":{"CapacityUnits":"1"}}"#,
                "Field 'CapacityUnits' must be a number",
            ),
            (
                ("dynamodb", "getItem"),
                r#"{"Item":{"id":{"L":[{"S":"x"},{"N":1}]}}}"#,
                "Field 'N' must be a string",
            ),
            (("dynamodb", "getItem"), r#"{"Item":{"id":"x"}}"#, "Field 'id' must be an object"),
            (("dynamodb", "getItem"), r#"{"Item":{"id":{"BOOL":"true"}}}"#, "Field 'BOOL' must be a boolean"),
            (
                ("aws-sdk:kms", "encrypt"),
                r#"{"CiphertextBlob":""}"#,
                "Field 'CiphertextBlob' is smaller than the minimum length",
            ),
            (
                ("aws-sdk:s3", "getObject"),
                r#"{"StorageClass":"Papyrus"}"#,
                "Field 'StorageClass' is not an expected value",
            ),
            (("aws-sdk:s3", "getObject"), r#"{"StorageClass":1}"#, "Field 'StorageClass' must be a string"),
            (
                ("aws-sdk:s3", "GetObject"),
                r#"{"ContentLength":"9000"}"#,
                "Field 'ContentLength' must be a number",
            ),
            (("states", "startExecution"), "{}", "Required field 'ExecutionArn' is missing"),
            (
                ("states", "startExecution"),
                r#"{"ExecutionArn":"arn","StartDate":1764103483}"#,
                "Field 'StartDate' must be a string",
            ),
            (("glue", "startJobRun.sync"), r#"{"Attempt":-1}"#, "fine"),
            (("ecs", "runTask.sync"), r#"{"Containers":{}}"#, "Field 'Containers' must be an array"),
            (("batch", "submitJob.sync"), r#"{"JobArn":"a"}"#, "Required field 'JobName' is missing"),
        ] {
            check(resource, result, expected);
        }
    }

    #[test]
    fn bounds_of_numbers_and_lengths_are_kept() {
        for (resource, result, expected) in [
            (
                ("aws-sdk:sfn", "describeMapRun"),
                r#"{"ToleratedFailurePercentage":101}"#,
                "Field 'ToleratedFailurePercentage' exceeds the maximum value",
            ),
            (
                ("aws-sdk:sfn", "describeMapRun"),
                r#"{"MaxConcurrency":-1}"#,
                "Field 'MaxConcurrency' is less than the minimum value",
            ),
            (
                ("aws-sdk:sfn", "describeMapRun"),
                r#"{"ExecutionArn":""}"#,
                "Field 'ExecutionArn' is smaller than the minimum length",
            ),
        ] {
            let (service, action) = resource;
            let shape = of(service, action, IntegrationPattern::RequestResponse).unwrap();
            let found = shape.check(&Json::parse(result).unwrap(), FieldValidation::Present);
            assert_eq!(found.unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn the_answer_of_a_running_task_is_checked_for_its_spelling_but_may_have_numeric_dates() {
        let found = |service, result| {
            let shape = of(service, "startExecution", IntegrationPattern::RequestResponse).unwrap();
            let result = Json::parse(result).unwrap();
            shape.check_answer(&result, FieldValidation::Present).map_err(|why| why.to_string())
        };
        let misspelled = Err("Field 'executionArn' is spelled 'ExecutionArn'".to_owned());
        assert_eq!(found("states", r#"{"executionArn":"x"}"#), misspelled);
        assert_eq!(found("states", r#"{"StartDate":1}"#), Ok(()));
        assert_eq!(
            found("aws-sdk:sfn", r#"{"StartDate":1}"#),
            Err("Field 'StartDate' must be a string".to_owned())
        );
        assert_eq!(found("states", "{}"), Ok(()));
    }

    #[test]
    fn what_nobody_knows_has_no_shape() {
        let task = |arn: &str| Resource::parse(&format!("arn:aws:states:::{arn}")).unwrap().kind;
        let waiting = task("lambda:invoke.waitForTaskToken");
        assert!(matches!(result_of(&waiting), Expected::Anything));
        assert!(matches!(response_of(&waiting), Expected::Shape(_)));
        assert!(matches!(result_of(&task("states:startExecution.sync:2")), Expected::Shape(_)));
        for unknown in ["aws-sdk:appsync:graphql", "aws-sdk:nosuch:call"] {
            assert!(matches!(result_of(&task(unknown)), Expected::Unknown), "{unknown}");
        }
    }
}
