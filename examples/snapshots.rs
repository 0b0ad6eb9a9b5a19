//! Snapshots of executions with insta: the story as text, and the history as AWS has it. Names of executions, UUIDs,
//! task tokens and moments are placeholders, so that they stay the same in every run, also of an execution on AWS.
//!
//! `cargo run --example snapshots` prints the story, `cargo test --example snapshots` compares it. After a change,
//! `cargo insta review` shows what became different.

use sfn_testkit::prelude::*;

const APPROVAL: &str = r#"{
    "StartAt": "Draft",
    "States": {
        "Draft": {
            "Type": "Pass",
            "Parameters": {"id.$": "States.UUID()", "by.$": "$$.Execution.Id", "at.$": "$$.State.EnteredTime"},
            "ResultPath": "$.draft", "Next": "Approve"
        },
        "Approve": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 86400,
            "Parameters": {"QueueUrl": "approvals", "MessageBody": {"token.$": "$$.Task.Token"}},
            "Catch": [{"ErrorEquals": ["Rejected"], "ResultPath": "$.rejected", "Next": "Discard"}],
            "ResultPath": "$.approval", "End": true
        },
        "Discard": {"Type": "Pass", "Result": "DISCARDED", "OutputPath": "$", "End": true}
    }
}"#;

/// A draft that is rejected after an hour.
async fn rejected() -> Execution {
    let sfn = MockSfn::new();
    let machine = sfn.state_machine("approval").definition(APPROVAL).create();
    sfn.on_state("Approve").fails("Rejected", "not now").after("1h");
    let arn = sfn.start_execution(&machine, json!({"title": "Snapshots"}));
    sfn.execution(arn).finished().await
}

#[expect(clippy::print_stdout, reason = "the example shows what it snapshots")]
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    print!("{}", rejected().await.redacted_narrative());
}

#[cfg(test)]
mod tests {
    use super::rejected;

    #[tokio::test(start_paused = true)]
    async fn the_story_of_a_rejected_draft() {
        insta::assert_snapshot!(rejected().await.redacted_narrative(), @r#"
          +0s  started with {"title":"Snapshots"}
          +0s  Draft (Pass) {"title":"Snapshots"} -> {…, "draft":{"id":"[uuid-1]","by":"arn:aws:states:us-east-1:123…}
          +0s  Approve (Task) {"title":"Snapshots","draft":{"id":"[uuid-1]","by":"arn:aws…
          +0s    calls sqs:sendMessage.waitForTaskToken with {"QueueUrl":"approvals","MessageBody":{"token":"[token-1]"}}
          +1h    submitted, answered {}
          +1h    failed: Rejected: not now
          +1h  Approve caught Rejected, left with {…, "rejected":{"Error":"Rejected","Cause":"not now"}}
          +1h  Discard (Pass) {"title":"Snapshots","draft":{"id":"[uuid-1]","by":"arn:aws… -> "DISCARDED"
          +1h  SUCCEEDED with "DISCARDED"
        "#);
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_for_approval() {
        let history = rejected().await.redacted_history();
        let scheduled =
            history.iter().find(|event| event["type"] == "TaskScheduled").expect("the task was called");
        let parameters = scheduled["taskScheduledEventDetails"]["parameters"].as_str().expect("a JSON text");
        insta::assert_snapshot!(parameters, @r#"{"QueueUrl":"approvals","MessageBody":{"token":"[token-1]"}}"#);
    }
}
