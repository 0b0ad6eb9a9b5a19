//! Executions that start, await and stop others: `states:startExecution` and `aws-sdk:sfn:…` without a mock.

use std::time::Duration;

use serde_json::Value;
use sfn_testkit::prelude::*;

use super::{describe, panic_text, result, seconds};

const CHILD: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:child";

/// A machine of one Task state `Call` with this resource and these parameters.
fn parent(resource: &str, parameters: &str) -> String {
    format!(
        r#"{{"StartAt":"Call","States":{{"Call":{{
            "Type":"Task","Resource":"arn:aws:states:::{resource}","Parameters":{parameters},"End":true
        }}}}}}"#
    )
}

/// A machine that waits so many seconds and gives its input.
fn waiting(seconds: u32) -> String {
    format!(r#"{{"StartAt":"W","States":{{"W":{{"Type":"Wait","Seconds":{seconds},"End":true}}}}}}"#)
}

fn start_child(pattern: &str) -> String {
    let parameters = format!(r#"{{"StateMachineArn":"{CHILD}","Name":"c","Input":{{"a.$":"$.a"}}}}"#);
    parent(&format!("states:startExecution{pattern}"), &parameters)
}

/// Starts a machine `parent` of this definition.
fn start(sfn: &MockSfn, definition: &str) -> String {
    let machine = sfn.state_machine("parent").definition(definition).create();
    sfn.start_execution(&machine, json!({"a": 1}))
}

async fn types(sfn: &MockSfn, arn: &str) -> Vec<String> {
    let history = sfn.client().get_execution_history().execution_arn(arn).send().await.unwrap();
    history.events().iter().map(|event| event.r#type().as_str().to_owned()).collect()
}

fn output(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const CHILD_RUN: &str = "arn:aws:states:us-east-1:123456789012:execution:child:c";

#[tokio::test(start_paused = true)]
async fn request_response_starts_the_other_and_goes_on() {
    let sfn = MockSfn::new();
    sfn.state_machine("child").definition(waiting(60)).create();
    let arn = start(&sfn, &start_child(""));
    let (status, text) = result(&sfn, &arn).await;
    let told = output(&text);
    assert_eq!(status, "SUCCEEDED");
    assert_eq!(told["ExecutionArn"], CHILD_RUN);
    assert_eq!(told["StartDate"], "2024-01-01T00:00:00Z");
    assert_eq!(told["SdkHttpMetadata"]["HttpStatusCode"], 200);
    assert_eq!(
        told["SdkHttpMetadata"]["AllHttpHeaders"]["x-amzn-RequestId"][0],
        told["SdkResponseMetadata"]["RequestId"]
    );
    assert!(sfn.execution(CHILD_RUN).is_running());
    assert_eq!(result(&sfn, CHILD_RUN).await.1, r#"{"a":1}"#);
}

#[tokio::test(start_paused = true)]
async fn sync_waits_for_the_other_and_gives_its_description() {
    for (pattern, payload) in [(".sync", json!(r#"{"a":1}"#)), (".sync:2", json!({"a": 1}))] {
        let sfn = MockSfn::new();
        sfn.state_machine("child").definition(waiting(60)).create();
        let arn = start(&sfn, &start_child(pattern));
        assert!((seconds(&sfn, &arn).await - 60.0).abs() < 1e-6);
        let (_, text) = result(&sfn, &arn).await;
        assert_eq!(
            output(&text),
            json!({
                "ExecutionArn": CHILD_RUN, "Input": payload, "InputDetails": {"Included": true}, "Name": "c",
                "Output": payload, "OutputDetails": {"Included": true}, "RedriveCount": 0,
                "RedriveStatus": "NOT_REDRIVABLE",
                "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
                "StartDate": "2024-01-01T00:00:00Z", "StateMachineArn": CHILD, "Status": "SUCCEEDED",
                "StopDate": "2024-01-01T00:01:00Z"
            })
        );
        assert_eq!(
            types(&sfn, &arn).await[2..6],
            ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_child_that_fails_fails_the_task_with_its_description() {
    let sfn = MockSfn::new();
    sfn.state_machine("child")
        .definition(r#"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Broken","Cause":"by hand"}}}"#)
        .create();
    let arn = start(&sfn, &start_child(".sync:2"));
    sfn.execution(&arn).finished().await.assert().failed_with("States.TaskFailed");
    let described = describe(&sfn, &arn).await;
    let cause = output(described.cause().unwrap());
    assert_eq!(
        (&cause["Error"], &cause["Cause"], &cause["Status"], &cause["Input"], &cause["Output"]),
        (&json!("Broken"), &json!("by hand"), &json!("FAILED"), &json!(r#"{"a":1}"#), &Value::Null)
    );
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_does_not_exist_is_the_error_of_the_sdk() {
    for (resource, error, end) in [
        ("states:startExecution.sync", "StepFunctions.StateMachineDoesNotExistException", "; Proxy: null)"),
        ("aws-sdk:sfn:startExecution", "Sfn.StateMachineDoesNotExistException", ") (SDK Attempt Count: 1)"),
    ] {
        let sfn = MockSfn::new();
        let arn = start(&sfn, &parent(resource, &format!(r#"{{"StateMachineArn":"{CHILD}"}}"#)));
        sfn.execution(&arn).finished().await.assert().failed_with(error);
        let described = describe(&sfn, &arn).await;
        let cause = described.cause().unwrap();
        let begin = format!("State Machine Does Not Exist: '{CHILD}' (Service: ");
        assert!(cause.starts_with(&begin) && cause.ends_with(end), "{cause}");
        assert_eq!(types(&sfn, &arn).await[4..], ["TaskFailed", "ExecutionFailed"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_mock_comes_first() {
    let sfn = MockSfn::new();
    sfn.on_resource("arn:aws:states:::states:startExecution.sync").returns(json!({"mocked": true}));
    let arn = start(&sfn, &start_child(".sync"));
    assert_eq!(result(&sfn, &arn).await.1, r#"{"mocked":true}"#);
}

#[tokio::test(start_paused = true)]
async fn the_child_may_send_the_token_of_the_parent_back() {
    let answer = r#"{"TaskToken.$":"$.token","Output":{"done":true}}"#;
    for pattern in [".waitForTaskToken", ".sync"] {
        let sfn = MockSfn::new();
        sfn.state_machine("child").definition(parent("aws-sdk:sfn:sendTaskSuccess", answer)).create();
        let parameters = format!(r#"{{"StateMachineArn":"{CHILD}","Input":{{"token.$":"$$.Task.Token"}}}}"#);
        let arn = start(&sfn, &parent(&format!("states:startExecution{pattern}"), &parameters));
        assert_eq!(result(&sfn, &arn).await.1, r#"{"done":true}"#);
        let history = sfn.client().get_execution_history().execution_arn(&arn).send().await.unwrap();
        let submitted = history.events()[4].task_submitted_event_details().unwrap();
        assert!(submitted.output().unwrap().contains(r#""ExecutionArn":"#), "{submitted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn stopping_the_parent_stops_the_children_it_waits_for() {
    let sfn = MockSfn::new();
    sfn.state_machine("grandchild").definition(waiting(60)).create();
    let grandchild = CHILD.replace("child", "grandchild");
    let parameters = format!(r#"{{"StateMachineArn":"{grandchild}","Name":"g"}}"#);
    sfn.state_machine("child").definition(parent("states:startExecution.sync", &parameters)).create();
    let arn = start(&sfn, &start_child(".sync"));
    tokio::time::sleep(Duration::from_secs(10)).await;
    sfn.client().stop_execution().execution_arn(&arn).send().await.unwrap();
    for child in [CHILD_RUN.to_owned(), CHILD_RUN.replace("child:c", "grandchild:g")] {
        let described = describe(&sfn, &child).await;
        assert_eq!(described.status().as_str(), "ABORTED", "{child}");
        assert!((seconds(&sfn, &child).await - 10.0).abs() < 0.5);
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_times_out_stops_its_child_and_one_that_was_only_started_runs_on() {
    for (pattern, running) in [(".sync", false), (".waitForTaskToken", true)] {
        let sfn = MockSfn::new();
        sfn.state_machine("child").definition(waiting(60)).create();
        let definition = start_child(pattern).replace(r#""End""#, r#""TimeoutSeconds":30,"End""#);
        let arn = start(&sfn, &definition);
        assert!((seconds(&sfn, &arn).await - 30.0).abs() < 1e-6);
        sfn.execution(&arn).now().assert().failed_with("States.Timeout");
        assert_eq!(sfn.execution(CHILD_RUN).is_running(), running, "{pattern}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_sdk_integration_answers_for_every_operation() {
    let sfn = MockSfn::new();
    let child = sfn.state_machine("child").definition(waiting(60)).create();
    let arn = start(&sfn, &parent("aws-sdk:sfn:listStateMachines", r#"{"MaxResults":10}"#));
    let (_, text) = result(&sfn, &arn).await;
    let machine = &output(&text)["StateMachines"][0];
    assert_eq!(
        (&machine["Name"], &machine["StateMachineArn"], &machine["CreationDate"]),
        (&json!("child"), &json!(child.as_str()), &json!("2024-01-01T00:00:00Z"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_emulated_fails_the_execution_and_the_test() {
    let sfn = MockSfn::new();
    let definition = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "PARQUET"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}});
    let machine =
        json!({"Name": "m", "RoleArn": "arn:aws:iam::123456789012:role/r", "Definition": definition});
    let arn = start(&sfn, &parent("aws-sdk:sfn:createStateMachine", &machine.to_string()));
    sfn.execution(&arn).finished().await.assert().failed_with("SfnTestkit.NotEmulated");
    let text = panic_text(|| sfn.verify());
    let expected = "- sfn-testkit does not emulate PARQUET files in an ItemReader yet: \
                    /States/M/ItemReader/ReaderConfig of the definition needs it, but was asked to";
    assert!(text.ends_with(expected), "{text}");
}

#[tokio::test]
async fn hundreds_of_children_share_the_time_of_their_parent() {
    let definition = format!(
        r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","ItemsPath":"$.items","ResultPath":null,"ItemProcessor":{{
            "StartAt":"Call","States":{{"Call":{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
                "Parameters":{{"StateMachineArn":"{CHILD}","Input.$":"$"}},"End":true}}}}}},"Next":"W"}},
            "W":{{"Type":"Wait","Seconds":1800,"End":true}}}}}}"#
    );
    let sfn = MockSfn::builder().time(Time::Skip { settle: Duration::ZERO }).build();
    let child = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$","End":true}}}"#;
    sfn.state_machine("child").definition(child).create();
    let machine = sfn.state_machine("parent").definition(definition).create();
    let items: Vec<u32> = (1..=300).collect();
    let arn = sfn.start_execution(&machine, json!({"items": items}));
    let took = seconds(&sfn, &arn).await;
    assert!((1800.0..1860.0).contains(&took), "{took}");
    let listed =
        sfn.client().list_executions().state_machine_arn(CHILD).max_results(1000).send().await.unwrap();
    let succeeded = listed.executions().iter().filter(|child| child.status().as_str() == "SUCCEEDED");
    assert_eq!(succeeded.count(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_synchronous_start_waits_for_the_express_child() {
    let sfn = MockSfn::new();
    sfn.state_machine("child").express().definition(waiting(60)).create();
    let parameters = format!(r#"{{"StateMachineArn":"{CHILD}","Input":{{"b":2}}}}"#);
    let arn = start(&sfn, &parent("aws-sdk:sfn:startSyncExecution", &parameters));
    assert!((seconds(&sfn, &arn).await - 60.0).abs() < 1e-6);
    let told = output(&result(&sfn, &arn).await.1);
    assert_eq!((&told["Output"], &told["Status"]), (&json!(r#"{"b":2}"#), &json!("SUCCEEDED")));
}

#[tokio::test(start_paused = true)]
async fn a_state_can_be_the_worker_of_an_activity() {
    let sfn = MockSfn::new();
    let client = sfn.client();
    let activity = client.create_activity().name("work").send().await.unwrap();
    let activity = activity.activity_arn();
    let arn =
        start(&sfn, &parent("aws-sdk:sfn:getActivityTask", &format!(r#"{{"ActivityArn":"{activity}"}}"#)));
    tokio::time::sleep(Duration::from_secs(10)).await;
    let definition =
        format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{activity}","End":true}}}}}}"#);
    let asking = sfn.state_machine("asking").definition(definition).create();
    sfn.start_execution(&asking, json!({"job": 7}));
    assert!((seconds(&sfn, &arn).await - 10.0).abs() < 0.5);
    assert_eq!(output(&result(&sfn, &arn).await.1)["Input"], json!(r#"{"job":7}"#));
}

#[tokio::test]
async fn skipped_time_is_shared_with_the_child() {
    let sfn = MockSfn::builder().time(Time::Skip { settle: Duration::from_millis(1) }).build();
    sfn.state_machine("child").definition(waiting(3600)).create();
    // Beside the task, a Wait that is over only when the child has long ended.
    let definition = format!(
        r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","End":true,"Branches":[
            {},
            {{"StartAt":"Late","States":{{"Late":{{"Type":"Wait","Seconds":7200,"End":true}}}}}}
        ]}}}}}}"#,
        start_child(".sync").replace(r#""End""#, r#""TimeoutSeconds":7000,"End""#)
    );
    let arn = start(&sfn, &definition);
    let took = seconds(&sfn, &arn).await;
    assert!((7200.0..7300.0).contains(&took), "{took}");
    let child = seconds(&sfn, CHILD_RUN).await;
    assert!((3600.0..3700.0).contains(&child), "{child}");
    sfn.execution(&arn).now().assert().succeeded();
}

#[tokio::test]
async fn skipped_time_does_not_pass_a_callback_of_the_child() {
    let sfn = MockSfn::builder().time(Time::Skip { settle: Duration::from_millis(1) }).build();
    let ask = r#"{"QueueUrl":"q","MessageBody":{"token.$":"$$.Task.Token"}}"#;
    sfn.state_machine("child").definition(parent("sqs:sendMessage.waitForTaskToken", ask)).create();
    sfn.on_state("Call").of("child").waits_for_token();
    let definition = start_child(".sync").replace(r#""End""#, r#""TimeoutSeconds":7000,"End""#);
    let arn = start(&sfn, &definition);
    let callback = sfn.callback("Call").await;
    assert_eq!(callback.execution_arn(), CHILD_RUN);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(sfn.execution(&arn).is_running());
    sfn.client().send_task_success().task_token(callback.token()).output("1").send().await.unwrap();
    sfn.execution(&arn).finished().await.assert().succeeded();
}

#[tokio::test]
async fn polling_a_child_sees_it_in_its_own_time() {
    // The parent looks every minute; the child takes ninety seconds.
    let definition = format!(
        r#"{{"StartAt":"Call","States":{{
            "Call":{{"Type":"Task","Resource":"arn:aws:states:::states:startExecution",
                     "Parameters":{{"StateMachineArn":"{CHILD}"}},"Next":"Minute"}},
            "Minute":{{"Type":"Wait","Seconds":60,"Next":"Look"}},
            "Look":{{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:describeExecution",
                     "Parameters":{{"ExecutionArn.$":"$.ExecutionArn"}},"Next":"Done?"}},
            "Done?":{{"Type":"Choice","Choices":[{{"Variable":"$.Status","StringEquals":"RUNNING","Next":"Minute"}}],
                      "Default":"Done"}},
            "Done":{{"Type":"Succeed"}}}}}}"#
    );
    let sfn = MockSfn::builder().time(Time::Skip { settle: Duration::from_millis(1) }).build();
    sfn.state_machine("child").definition(waiting(90)).create();
    let arn = start(&sfn, &definition);
    let took = seconds(&sfn, &arn).await;
    assert!((120.0..130.0).contains(&took), "{took}");

    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.state_machine("child").definition(waiting(90)).create();
    let arn = start(&sfn, &definition);
    sfn.advance("90s");
    assert!(sfn.execution(&arn).is_running());
    sfn.advance("1h");
    assert!((seconds(&sfn, &arn).await - 120.0).abs() < 1e-6);
}
