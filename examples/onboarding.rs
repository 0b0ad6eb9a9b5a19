//! Tests a user-onboarding workflow and the code that starts it: a happy path, throttling, and a failing function.
//!
//! Run it with `cargo run --example onboarding`. In a project of your own, each `async fn` below `main` would be a
//! `#[tokio::test(start_paused = true)]`.

use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::{ExecutionStatus, SyncExecutionStatus};
use serde_json::{Value, json};
use sfn_testkit::prelude::*;

const DEFINITION: &str = include_str!("onboarding.asl.json");

/// The code under test: what a web service would do with Step Functions.
mod app {
    use super::{Client, Duration, ExecutionStatus, SyncExecutionStatus, Value, json};

    pub(crate) struct Onboarding {
        pub(crate) client: Client,
        pub(crate) workflow: String,
        pub(crate) express_workflow: String,
    }

    impl Onboarding {
        /// Starts the workflow and returns at once with the ARN to ask for later.
        pub(crate) async fn begin(&self, user: &Value) -> Result<String, aws_sdk_sfn::Error> {
            let user_id = user["userId"].as_str().unwrap_or_default();
            let started = self
                .client
                .start_execution()
                .state_machine_arn(&self.workflow)
                .name(format!("user-onboarding-{user_id}-{}", unique()))
                .input(json!({ "user": user }).to_string())
                .send()
                .await?;
            Ok(started.execution_arn)
        }

        /// Asks every two seconds until the workflow has ended.
        pub(crate) async fn wait(
            &self,
            execution: &str,
        ) -> Result<(ExecutionStatus, Option<String>), aws_sdk_sfn::Error> {
            loop {
                let described = self.client.describe_execution().execution_arn(execution).send().await?;
                if described.status != ExecutionStatus::Running {
                    return Ok((described.status, described.output));
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }

        /// Runs the Express twin and waits for it: a failed workflow is HTTP 200, so the status must be looked at.
        pub(crate) async fn run_now(&self, user: &Value) -> Result<String, String> {
            let answer = self
                .client
                .start_sync_execution()
                .state_machine_arn(&self.express_workflow)
                .input(json!({ "user": user }).to_string())
                .send()
                .await
                .map_err(|error| error.to_string())?;
            match answer.status {
                SyncExecutionStatus::Succeeded => Ok(answer.output.unwrap_or_default()),
                SyncExecutionStatus::Failed | SyncExecutionStatus::TimedOut | _ => {
                    Err(answer.error.unwrap_or_default())
                }
            }
        }
    }

    /// Stands in for a UUID crate: unique within this process.
    fn unique() -> u64 {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }
}

fn set_up(sfn: &MockSfn) -> app::Onboarding {
    let workflow = sfn.state_machine("user-onboarding").definition(DEFINITION).create();
    let express = sfn.state_machine("user-onboarding-express").express().definition(DEFINITION).create();
    app::Onboarding {
        client: sfn.client(),
        workflow: workflow.to_string(),
        express_workflow: express.to_string(),
    }
}

fn ada() -> Value {
    json!({ "userId": "u-1", "email": "ada@example.com", "name": "Ada", "signupDate": "2025-11-10T10:30:00Z" })
}

async fn a_new_user_gets_a_welcome_mail() {
    let sfn = MockSfn::new();
    let onboarding = set_up(&sfn);
    sfn.on_state("SaveUser").returns(json!({}));
    sfn.on_state("CreateProfile").answers(|call| {
        let user_id = call.input.pointer("/Payload/userId").and_then(Value::as_str).unwrap_or("nobody");
        json!({ "StatusCode": 200, "Payload": { "profileId": format!("profile-of-{user_id}") } })
    });
    sfn.on_resource("arn:aws:states:::sqs:sendMessage").returns(json!({ "MessageId": "m-1" }));

    let execution = onboarding.begin(&ada()).await.expect("the workflow starts");
    let (status, output) = onboarding.wait(&execution).await.expect("the workflow can be described");
    assert_eq!(status, ExecutionStatus::Succeeded);
    assert!(output.is_some_and(|output| output.contains("profile-of-u-1")));

    let finished = sfn.execution(&execution).finished().await;
    finished
        .assert()
        .succeeded()
        .output_includes(
            json!({ "profile": { "profileId": "profile-of-u-1" }, "welcome": { "messageId": "m-1" } }),
        )
        .visited(["SaveUser", "CreateProfile", "SendWelcome"])
        .never_visited("ReportFailure")
        .task("SendWelcome", |task| {
            task.received_includes(json!({ "MessageBody": { "email": "ada@example.com" } }))
        });
    tell("A new user gets a welcome mail", &finished);
}

async fn a_throttled_save_is_retried() {
    let sfn = MockSfn::new();
    let onboarding = set_up(&sfn);
    sfn.on_state("SaveUser")
        .fails("DynamoDB.ThrottlingException", "slow down")
        .times(2)
        .then()
        .returns(json!({}));
    sfn.on_state("CreateProfile").returns(json!({ "Payload": { "profileId": "p-1" } })).after("30s");
    sfn.on_state("SendWelcome").returns(json!({ "MessageId": "m-2" }));

    let execution = onboarding.begin(&ada()).await.expect("the workflow starts");
    let finished = sfn.execution(&execution).finished().await;
    finished
        .assert()
        .succeeded()
        .state("SaveUser", |state| state.attempts(3).retried_after(["2s", "4s"]))
        .state("CreateProfile", |state| state.attempts(1));
    tell("A throttled save is retried", &finished);
}

async fn a_failing_profile_function_is_reported() {
    let sfn = MockSfn::new();
    let onboarding = set_up(&sfn);
    sfn.on_state("SaveUser").returns(json!({}));
    sfn.on_state("CreateProfile").fails("ProfileExists", "a profile of that name exists");

    let execution = onboarding.begin(&ada()).await.expect("the workflow starts");
    let finished = sfn.execution(&execution).finished().await;
    finished
        .assert()
        .failed_with("Onboarding.ProfileFailed")
        .state("CreateProfile", |state| state.caught("ProfileExists"))
        .never_visited("SendWelcome");
    tell("A failing profile function is reported", &finished);
}

async fn the_express_twin_answers_at_once() {
    let sfn = MockSfn::new();
    let onboarding = set_up(&sfn);
    sfn.on_state("SaveUser").returns(json!({}));
    sfn.on_state("CreateProfile")
        .fails("ProfileExists", "a profile of that name exists")
        .times(1)
        .then()
        .returns(json!({ "Payload": { "profileId": "p-1" } }));
    sfn.on_state("SendWelcome").returns(json!({ "MessageId": "m-3" }));

    assert_eq!(onboarding.run_now(&ada()).await, Err("Onboarding.ProfileFailed".to_owned()));
    assert!(onboarding.run_now(&ada()).await.is_ok_and(|output| output.contains("m-3")));
    show("## The Express twin answers at once\nFAILED is an error, SUCCEEDED an output: as expected.\n");
}

/// What you would see of this execution if one of its assertions failed.
fn tell(title: &str, execution: &Execution) {
    show(&format!("## {title}\n{}\n", execution.narrative()));
}

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn show(text: &str) {
    println!("{text}");
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    a_new_user_gets_a_welcome_mail().await;
    a_throttled_save_is_retried().await;
    a_failing_profile_function_is_reported().await;
    the_express_twin_answers_at_once().await;
}

#[cfg(test)]
mod tests {
    #[tokio::test(start_paused = true)]
    async fn a_new_user_gets_a_welcome_mail() {
        super::a_new_user_gets_a_welcome_mail().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_save_is_retried() {
        super::a_throttled_save_is_retried().await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_failing_profile_function_is_reported() {
        super::a_failing_profile_function_is_reported().await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_express_twin_answers_at_once() {
        super::the_express_twin_answers_at_once().await;
    }
}
