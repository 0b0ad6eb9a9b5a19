//! The whole answer to a task, as its integration pattern wants it.

use std::time::Duration;

use super::response::Responding;
use super::{job, response};
use crate::asl::resource::{IntegrationPattern, ResourceKind};
use crate::model::{Json, SeededRandom};
use crate::service::task_call::{TaskAnswer, TaskCall, TaskJob, TaskOutcome};

/// A plausible answer: a call is answered, a job ends well, a callback comes with `{}`. All at once.
pub(in crate::mock) fn answer(task: &TaskCall, seed: u64) -> TaskAnswer {
    let ResourceKind::Integration { service, action, pattern } = &task.request.resource.kind else {
        return at_once(Json::empty_object());
    };
    let label = format!("answer to {} {}", task.key.execution_arn, task.key.task.0);
    let mut responding = Responding {
        service,
        action,
        parameters: &task.request.input,
        execution_arn: &task.key.execution_arn,
        now: task.now,
        ids: SeededRandom::new(seed, &label),
    };
    let response = response::to(&mut responding);
    match pattern {
        IntegrationPattern::RequestResponse => at_once(response),
        IntegrationPattern::WaitForTaskToken => submitted(response, Json::empty_object()),
        IntegrationPattern::Sync => {
            let result = job::result(&responding, &response);
            submitted(response, result)
        }
        IntegrationPattern::Sync2 => {
            let result = job::parsed(&job::result(&responding, &response));
            submitted(response, result)
        }
    }
}

const fn at_once(output: Json) -> TaskAnswer {
    TaskAnswer::Outcome { after: Duration::ZERO, outcome: TaskOutcome::Succeeded(output) }
}

fn submitted(response: Json, result: Json) -> TaskAnswer {
    let end = Some((Duration::ZERO, TaskOutcome::Succeeded(result)));
    TaskAnswer::Job(Box::new(TaskJob { submitted: response, heartbeats: None, end }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::resource::Resource;
    use crate::interpreter::command::{TaskId, TaskRequest};
    use crate::model::Timestamp;
    use crate::service::task_call::TaskKey;

    fn asked(arn: &str, parameters: &str) -> TaskAnswer {
        let task = TaskId(1);
        let call = TaskCall {
            root_execution_arn: "arn:aws:states:us-east-1:123456789012:execution:m:x".into(),
            key: TaskKey {
                execution_arn: "arn:aws:states:us-east-1:123456789012:execution:m:x".into(),
                task,
            },
            request: TaskRequest {
                task,
                state: "S".into(),
                resource: Resource::parse(arn).unwrap(),
                input: Json::parse(parameters).unwrap(),
                retry_count: 0,
                token: None,
                iteration: None,
                place: Default::default(),
            },
            state_machine_name: "m".into(),
            test_case: None,
            execution_input: Json::Null,
            now: Timestamp::from_millis(1_700_000_000_000),
        };
        answer(&call, 1)
    }

    /// The result without what is known of the HTTP response, and the response to the submission of a job.
    #[track_caller]
    fn check(arn: &str, parameters: &str, submitted: Option<&str>, expected: &str) {
        let answer = asked(arn, parameters);
        let (response, outcome) = if let TaskAnswer::Job(job) = answer {
            (Some(plain(&job.submitted)), job.end.unwrap().1)
        } else if let TaskAnswer::Outcome { outcome, .. } = answer {
            (None, outcome)
        } else {
            panic!("{answer:?}")
        };
        let TaskOutcome::Succeeded(result) = outcome else { panic!("{outcome:?}") };
        assert_eq!(response.as_deref(), submitted, "{arn}");
        assert_eq!(plain(&result), expected, "{arn}");
    }

    fn plain(json: &Json) -> String {
        let Some(members) = json.as_object() else { return json.to_text() };
        let members = members.iter().filter(|(name, _)| !name.starts_with("Sdk"));
        Json::from_members(members.map(|(name, value)| (name.clone(), value.clone()))).to_text()
    }

    #[test]
    fn calls_are_answered_as_their_services_do() {
        let id = asked("arn:aws:states:::sns:publish", "{}");
        let TaskAnswer::Outcome { outcome: TaskOutcome::Succeeded(published), .. } = id else { panic!() };
        let id = published.get("MessageId").and_then(Json::as_str).unwrap();
        assert_eq!(published.get("SdkHttpMetadata").unwrap().get("HttpStatusCode"), Some(&Json::Int(200)));
        check("arn:aws:lambda:us-east-1:123456789012:function:f", "1", None, "{}");
        check(
            "arn:aws:states:::lambda:invoke",
            r#"{"FunctionName":"f"}"#,
            None,
            r#"{"ExecutedVersion":"$LATEST","Payload":{},"StatusCode":200}"#,
        );
        check(
            "arn:aws:states:::sqs:sendMessage",
            r#"{"MessageBody":"hello"}"#,
            None,
            &format!(r#"{{"MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592","MessageId":"{id}"}}"#),
        );
        check(
            "arn:aws:states:::events:putEvents",
            r#"{"Entries":[{}]}"#,
            None,
            &format!(r#"{{"Entries":[{{"EventId":"{id}"}}],"FailedEntryCount":0}}"#),
        );
        check("arn:aws:states:::dynamodb:getItem", "{}", None, r#"{"Item":{}}"#);
        check("arn:aws:states:::dynamodb:putItem", "{}", None, "{}");
        check(
            "arn:aws:states:::dynamodb:updateItem",
            r#"{"ReturnValues":"ALL_NEW"}"#,
            None,
            r#"{"Attributes":{}}"#,
        );
        check("arn:aws:states:::aws-sdk:s3:getObject", "{}", None, "{}");
        check(
            "arn:aws:states:::http:invoke",
            "{}",
            None,
            r#"{"Headers":{},"ResponseBody":{},"StatusCode":200,"StatusText":"OK"}"#,
        );
    }

    #[test]
    fn jobs_end_well_and_callbacks_come_empty() {
        check(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            r#"{"MessageBody":{}}"#,
            Some(
                r#"{"MD5OfMessageBody":"99914b932bd37a50b983c5e7c90ae93b","MessageId":"88e79033-ee19-4bf1-af8c-eb5b01a65a0f"}"#,
            ),
            "{}",
        );
        check(
            "arn:aws:states:::states:startExecution.sync:2",
            r#"{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:none","Name":"n","Input":{"a":1}}"#,
            Some(
                r#"{"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:none:n","StartDate":"2023-11-14T22:13:20Z"}"#,
            ),
            concat!(
                r#"{"ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:none:n","Input":{"a":1},"#,
                r#""InputDetails":{"Included":true},"Name":"n","Output":{},"OutputDetails":{"Included":true},"#,
                r#""StartDate":"2023-11-14T22:13:20Z","StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:none","#,
                r#""Status":"SUCCEEDED","StopDate":"2023-11-14T22:13:20Z"}"#
            ),
        );
    }

    #[test]
    fn every_job_has_a_result() {
        for (arn, member) in [
            ("batch:submitJob", "Status"),
            ("glue:startJobRun", "JobRunState"),
            ("athena:startQueryExecution", "QueryExecution"),
            ("codebuild:startBuild", "Build"),
            ("ecs:runTask", "TaskArn"),
            ("sagemaker:createTrainingJob", "TrainingJobStatus"),
            ("elasticmapreduce:addStep", "Step"),
        ] {
            let TaskAnswer::Job(job) = asked(&format!("arn:aws:states:::{arn}.sync"), "{}") else {
                panic!("{arn}")
            };
            let Some((_, TaskOutcome::Succeeded(result))) = job.end else { panic!("{arn}") };
            assert!(result.get(member).is_some(), "{arn}: {}", result.to_text());
            assert!(job.submitted.get("SdkResponseMetadata").is_some(), "{arn}");
        }
    }
}
