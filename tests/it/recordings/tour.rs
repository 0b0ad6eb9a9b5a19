//! Code under test: workflows are started under random names, polled, stopped and worked for, all at the same time.

use std::sync::Mutex;
use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::DisplayErrorContext;
use aws_sdk_sfn::types::Tag;

/// Names and pauses that are others in every run.
#[derive(Debug)]
pub(super) struct Chance(Mutex<u64>);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    fn name(&self, kind: &str) -> String {
        format!("{kind}-{:016x}", self.next())
    }
}

/// A tour of the service.
#[derive(Debug)]
pub(super) struct Tour {
    pub(super) client: Client,
    pub(super) chance: Chance,
    /// Of a role that the service takes for one.
    pub(super) role: &'static str,
    /// The longest pause between two calls.
    pub(super) pause: Duration,
    /// Whether the service hands out tasks of activities.
    pub(super) has_activities: bool,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the SDK says of a call that had no answer.
macro_rules! told {
    ($call:expr) => {
        $call.send().await.map_err(|error| DisplayErrorContext(&error).to_string())
    };
}

const ORDERS: &str = r#"{
  "StartAt": "CoolDown",
  "States": {
    "CoolDown": { "Type": "Wait", "Seconds": 2, "Next": "Pay" },
    "Pay": { "Type": "Pass", "Result": { "paid": true }, "ResultPath": "$.payment", "End": true }
  }
}"#;

impl Tour {
    /// All of it; the order of calls that have nothing to do with each other is a matter of chance.
    pub(super) async fn take(self: std::sync::Arc<Self>) {
        let orders = self.create("orders", ORDERS).await;
        let mut flows = tokio::task::JoinSet::new();
        for order in 1..=3 {
            flows.spawn(std::sync::Arc::clone(&self).order(orders.clone(), order));
        }
        flows.spawn(std::sync::Arc::clone(&self).stopped(orders.clone()));
        flows.spawn(std::sync::Arc::clone(&self).tagged(orders.clone()));
        flows.spawn(std::sync::Arc::clone(&self).missing(orders.clone()));
        if self.has_activities {
            let activity = told!(self.client.create_activity().name(self.chance.name("approve"))).unwrap();
            let definition = format!(
                r#"{{"StartAt":"Approve","States":{{"Approve":{{"Type":"Task","Resource":"{}","End":true}}}}}}"#,
                activity.activity_arn
            );
            let approvals = self.create("approvals", &definition).await;
            for request in 1..=2 {
                flows.spawn(std::sync::Arc::clone(&self).approval(approvals.clone(), request));
            }
            flows.spawn(std::sync::Arc::clone(&self).worker(activity.activity_arn, 2));
        }
        while let Some(flow) = flows.join_next().await {
            flow.unwrap().unwrap_or_else(|failure| panic!("{failure}"));
        }
        let listed = told!(self.client.list_executions().state_machine_arn(&orders)).unwrap();
        assert_eq!(listed.executions.len(), 4);
        told!(self.client.delete_state_machine().state_machine_arn(&orders)).unwrap();
    }

    async fn create(&self, name: &str, definition: &str) -> String {
        let create = self.client.create_state_machine().name(self.chance.name(name)).role_arn(self.role);
        told!(create.definition(definition)).unwrap().state_machine_arn
    }

    async fn pause(&self) {
        let longest = u64::try_from(self.pause.as_millis()).unwrap();
        tokio::time::sleep(Duration::from_millis(self.chance.next() % longest)).await;
    }

    async fn start(&self, machine: &str, name: Option<String>, input: String) -> Result<String, Failure> {
        self.pause().await;
        let start = self.client.start_execution().state_machine_arn(machine).set_name(name);
        Ok(told!(start.input(input))?.execution_arn)
    }

    /// Asks until it has ended, and returns how.
    async fn ended(&self, execution: &str) -> Result<String, Failure> {
        loop {
            self.pause().await;
            let described = told!(self.client.describe_execution().execution_arn(execution))?;
            assert_eq!(described.execution_arn, execution);
            if described.status.as_str() != "RUNNING" {
                return Ok(described.status.to_string());
            }
        }
    }

    async fn order(self: std::sync::Arc<Self>, machine: String, order: u8) -> Result<(), Failure> {
        let name = self.chance.name("order");
        let execution = self.start(&machine, Some(name.clone()), format!(r#"{{"order":{order}}}"#)).await?;
        assert!(execution.ends_with(&name), "{execution}");
        assert_eq!(self.ended(&execution).await?, "SUCCEEDED");
        let (mut pages, mut token) = (0, None);
        loop {
            self.pause().await;
            let history = self.client.get_execution_history().execution_arn(&execution).max_results(3);
            let page = told!(history.set_next_token(token))?;
            pages += 1;
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        assert!(pages >= 1);
        Ok(())
    }

    async fn stopped(self: std::sync::Arc<Self>, machine: String) -> Result<(), Failure> {
        let name = self.chance.name("stopped");
        let execution = self.start(&machine, Some(name), r#"{"order":0}"#.to_owned()).await?;
        told!(self.client.stop_execution().execution_arn(&execution).error("Changed").cause("my mind"))?;
        assert_eq!(self.ended(&execution).await?, "ABORTED");
        Ok(())
    }

    async fn tagged(self: std::sync::Arc<Self>, machine: String) -> Result<(), Failure> {
        self.pause().await;
        let tag = Tag::builder().key("team").value("payments").build();
        told!(self.client.tag_resource().resource_arn(&machine).tags(tag))?;
        self.pause().await;
        let tags =
            told!(self.client.list_tags_for_resource().resource_arn(&machine))?.tags.unwrap_or_default();
        assert_eq!(tags.first().and_then(Tag::value), Some("payments"));
        Ok(())
    }

    async fn missing(self: std::sync::Arc<Self>, machine: String) -> Result<(), Failure> {
        self.pause().await;
        let execution = machine.replace(":stateMachine:", ":execution:") + ":nobody";
        let error = self.client.describe_execution().execution_arn(execution).send().await.unwrap_err();
        let text = DisplayErrorContext(&error).to_string();
        assert!(error.into_service_error().is_execution_does_not_exist(), "{text}");
        Ok(())
    }

    async fn approval(self: std::sync::Arc<Self>, machine: String, request: u8) -> Result<(), Failure> {
        let execution = self.start(&machine, None, format!(r#"{{"request":{request}}}"#)).await?;
        assert_eq!(self.ended(&execution).await?, "SUCCEEDED");
        Ok(())
    }

    async fn worker(self: std::sync::Arc<Self>, activity: String, tasks: usize) -> Result<(), Failure> {
        let mut done = 0;
        while done < tasks {
            self.pause().await;
            let poll = self.client.get_activity_task().activity_arn(&activity).worker_name("worker");
            let task = told!(poll)?;
            let Some(token) = task.task_token else { continue };
            self.pause().await;
            told!(self.client.send_task_heartbeat().task_token(&token))?;
            self.pause().await;
            told!(self.client.send_task_success().task_token(&token).output(task.input.unwrap_or_default()))?;
            done += 1;
        }
        Ok(())
    }
}
