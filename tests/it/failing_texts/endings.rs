//! Executions that end, or go on, otherwise than their test thinks: small workflows, a hint each.

use sfn_testkit::prelude::*;

use super::{check, mock};

const INVOKE: &str = "arn:aws:states:::lambda:invoke";

/// A workflow of one Task, with further fields, and the states that these lead to.
fn task(fields: &str) -> String {
    let others = ["After", "Instead"].into_iter().filter(|name| fields.contains(&format!("\"{name}\"")));
    let others: String =
        others.map(|name| format!(r#", "{name}": {{"Type": "Pass", "End": true}}"#)).collect();
    format!(
        r#"{{"StartAt": "Work", "States": {{
            "Work": {{"Type": "Task", "Resource": "{INVOKE}", "Parameters": {{"FunctionName": "f"}}, {fields}}}{others}
        }}}}"#
    )
}

fn start(sfn: &MockSfn, definition: impl Into<String>, input: serde_json::Value) -> String {
    let machine = sfn.state_machine("small").definition(definition).create();
    sfn.start_execution(&machine, input)
}

async fn run(sfn: &MockSfn, definition: impl Into<String>, input: serde_json::Value) -> Execution {
    let arn = start(sfn, definition, input);
    sfn.execution(arn).finished().await
}

#[tokio::test(start_paused = true)]
async fn retries_that_are_used_up() {
    let sfn = mock();
    sfn.on_state("Work").fails("Busy", "try later");
    let retry = r#""Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 2}], "Next": "After""#;
    let execution = run(&sfn, task(retry), json!({})).await;
    check("retries_that_are_used_up", || execution.assert().state("Work", |work| work.attempts(5)));
}

#[tokio::test(start_paused = true)]
async fn a_whole_machine_that_takes_too_long() {
    let sfn = mock();
    let definition = r#"{"TimeoutSeconds": 60, "StartAt": "Pause", "States": {
        "Pause": {"Type": "Wait", "Seconds": 45, "Next": "Pause again"},
        "Pause again": {"Type": "Wait", "Seconds": 45, "End": true}
    }}"#;
    let execution = run(&sfn, definition, json!({})).await;
    check("machine_that_takes_too_long", || execution.assert().succeeded());
}

#[tokio::test(start_paused = true)]
async fn a_worker_without_heartbeats() {
    let sfn = mock();
    sfn.on_state("Work").never_answers();
    let definition = task(r#""HeartbeatSeconds": 20, "TimeoutSeconds": 300, "Next": "After""#)
        .replace("lambda:invoke", "sqs:sendMessage.waitForTaskToken")
        .replace(r#""FunctionName": "f""#, r#""QueueUrl": "q", "MessageBody": "m""#);
    let execution = run(&sfn, definition, json!({})).await;
    check("worker_without_heartbeats", || execution.assert().succeeded());
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_was_stopped() {
    let sfn = mock();
    sfn.on_state("Work").never_answers();
    let arn = start(&sfn, task(r#""Next": "After""#), json!({}));
    let stop =
        sfn.client().stop_execution().execution_arn(&arn).error("Cancelled").cause("the user went away");
    stop.send().await.unwrap();
    let execution = sfn.execution(arn).now();
    check("execution_that_was_stopped", || execution.assert().succeeded());
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_not_over() {
    let sfn = mock();
    let definition =
        r#"{"StartAt": "Cool off", "States": {"Cool off": {"Type": "Wait", "Seconds": 86400, "End": true}}}"#;
    let arn = start(&sfn, definition, json!({}));
    let execution = sfn.execution(arn).now();
    check("wait_that_is_not_over", || execution.assert().succeeded());
}

#[tokio::test(start_paused = true)]
async fn an_activity_without_workers() {
    let sfn = mock();
    let activity = sfn.client().create_activity().name("stamp").send().await.unwrap();
    let definition = format!(
        r#"{{"StartAt": "Stamp", "States": {{"Stamp": {{"Type": "Task", "Resource": "{}", "TimeoutSeconds": 60, "End": true}}}}}}"#,
        activity.activity_arn()
    );
    let arn = start(&sfn, definition, json!({}));
    let execution = sfn.execution(arn).now();
    check("activity_without_workers", || execution.assert().output(json!({})));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_does_not_exist() {
    let sfn = mock();
    sfn.on_state("Work").returns(json!({"StatusCode": 200}));
    let execution = run(&sfn, task(r#""Next": "After""#), json!({})).await;
    check("state_that_does_not_exist", || execution.assert().visited(["Work", "Afterwards"]));
}

#[tokio::test(start_paused = true)]
async fn a_catcher_that_was_not_needed() {
    let sfn = mock();
    sfn.on_state("Work").returns(json!({"StatusCode": 200}));
    let catch = r#""Catch": [{"ErrorEquals": ["Busy"], "Next": "Instead"}], "Next": "After""#;
    let execution = run(&sfn, task(catch), json!({})).await;
    check("catcher_that_was_not_needed", || execution.assert().visited(["Instead"]));
}

#[tokio::test(start_paused = true)]
async fn a_catcher_that_replaced_the_input() {
    let sfn = mock();
    sfn.on_state("Work").fails("Busy", "try later");
    let catch = r#""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Instead"}], "Next": "After""#;
    let execution = run(&sfn, task(catch), json!({"order": {"id": 7}})).await;
    check("catcher_that_replaced_the_input", || {
        execution.assert().output_includes(json!({"order": {"id": 7}}))
    });
}

#[tokio::test(start_paused = true)]
async fn a_choice_without_a_way_out() {
    let definition = r#"{"StartAt": "Which?", "States": {
        "Which?": {"Type": "Choice", "Choices": [
            {"Variable": "$.kind", "StringEquals": "book", "Next": "Book"},
            {"Not": {"Variable": "$.size", "NumericLessThan": 10}, "Next": "Crate"},
            {"Or": [{"Variable": "$.kind", "IsNull": true}, {"Variable": "$.weight", "IsPresent": true}], "Next": "Crate"}
        ]},
        "Book": {"Type": "Succeed"}, "Crate": {"Type": "Succeed"}
    }}"#;
    let execution = run(&mock(), definition, json!({"kind": "Book", "size": 3})).await;
    check("choice_without_a_way_out", || execution.assert().succeeded());
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_changed_on_the_way() {
    let definition = r#"{"StartAt": "Price", "States": {
        "Price": {"Type": "Pass", "Result": 120, "ResultPath": "$.total", "Next": "Discount"},
        "Discount": {"Type": "Pass", "Result": "100", "ResultPath": "$.total", "Next": "End"},
        "End": {"Type": "Pass", "End": true}
    }}"#;
    let execution = run(&mock(), definition, json!({"id": 1})).await;
    check("value_that_was_changed", || execution.assert().output(json!({"id": 1, "total": 100})));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_lies_elsewhere() {
    let sfn = mock();
    sfn.on_state("Work").returns(json!({"StatusCode": 200, "Payload": {"receipt": "p-42"}}));
    let definition = task(r#""ResultPath": "$.payment", "Next": "After""#);
    let execution = run(&sfn, definition, json!({})).await;
    check("value_that_lies_elsewhere", || execution.assert().output(json!({"payment": {"receipt": "p-42"}})));
}

#[tokio::test(start_paused = true)]
async fn a_parameter_that_reads_another_path() {
    let sfn = mock();
    sfn.on_state("Work").returns(json!({"StatusCode": 200}));
    let definition = task(r#""Next": "After""#)
        .replace(r#""FunctionName": "f""#, r#""FunctionName": "f", "Payload": {"amount.$": "$.net"}"#);
    let execution = run(&sfn, definition, json!({"net": 100, "gross": 119})).await;
    check("parameter_that_reads_another_path", || {
        execution.assert().task("Work", |work| work.received_includes(json!({"Payload": {"amount": 119}})))
    });
}

#[tokio::test(start_paused = true)]
async fn items_that_may_fail() {
    let sfn = mock();
    sfn.on_state("Ship").returns(json!({"StatusCode": 200})).times(2).then().fails("OutOfStock", "none left");
    let definition = format!(
        r#"{{"StartAt": "Each", "States": {{"Each": {{
            "Type": "Map", "Label": "Ships", "ToleratedFailurePercentage": 50, "MaxConcurrency": 1, "End": true,
            "ItemProcessor": {{
                "ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
                "StartAt": "Ship", "States": {{"Ship": {{
                    "Type": "Task", "Resource": "{INVOKE}", "Parameters": {{"FunctionName": "ship"}}, "End": true}}}}
            }}
        }}}}}}"#
    );
    let execution = run(&sfn, definition, json!([1, 2, 3])).await;
    let all = json!([{"StatusCode": 200}, {"StatusCode": 200}, {"StatusCode": 200}]);
    check("items_that_may_fail", || execution.assert().output(all));
}

#[tokio::test(start_paused = true)]
async fn a_condition_in_jsonata() {
    let definition = r#"{"QueryLanguage": "JSONata", "StartAt": "Limit", "States": {
        "Limit": {"Type": "Pass", "Assign": {"limit": 500}, "Next": "Over?"},
        "Over?": {"Type": "Choice", "Default": "Small", "Choices": [
            {"Condition": "{% $states.input.order.total > $limit %}", "Next": "Large"}
        ]},
        "Small": {"Type": "Succeed"}, "Large": {"Type": "Succeed"}
    }}"#;
    let execution = run(&mock(), definition, json!({"order": {"total": 120}})).await;
    check("condition_in_jsonata", || execution.assert().visited(["Large"]));
}

/// Approves small orders at once.
const ORDER: &str = r#"{"StartAt": "Small?", "States": {
    "Small?": {"Type": "Choice", "Default": "Ask", "Choices": [
        {"Variable": "$.total", "NumericLessThanEquals": 100, "Next": "Approve"}
    ]},
    "Ask": {"Type": "Wait", "Seconds": 3600, "Next": "Pack"},
    "Approve": {"Type": "Pass", "Next": "Pack"},
    "Pack": {"Type": "Wait", "Seconds": 60, "End": true}
}}"#;

#[tokio::test(start_paused = true)]
async fn a_state_that_was_not_to_be_entered() {
    let execution = run(&mock(), ORDER, json!({"total": 100})).await;
    check("state_that_was_not_to_be_entered", || execution.assert().never_visited("Approve"));
}

#[tokio::test(start_paused = true)]
async fn another_path_than_expected() {
    let execution = run(&mock(), ORDER, json!({"total": 100.5})).await;
    check("another_path_than_expected", || execution.assert().visited_exactly(["Small?", "Approve", "Pack"]));
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_took_too_long() {
    let execution = run(&mock(), ORDER, json!({"total": 250})).await;
    check("execution_that_took_too_long", || execution.assert().finished_within("5m"));
}

#[tokio::test(start_paused = true)]
async fn more_attempts_than_expected() {
    let sfn = mock();
    sfn.on_state("Work").fails("Busy", "try later").times(2).then().returns(json!({"StatusCode": 200}));
    let retry =
        r#""Retry": [{"ErrorEquals": ["Lambda.Unknown"]}, {"ErrorEquals": ["States.ALL"]}], "Next": "After""#;
    let execution = run(&sfn, task(retry), json!({})).await;
    check("more_attempts_than_expected", || execution.assert().state("Work", |work| work.attempts(1)));
}
