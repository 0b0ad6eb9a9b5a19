//! The mock that is served, as the options want it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::arguments::ServeArguments;
use super::console::Console;
use crate::asl::resource::{IntegrationPattern, ResourceKind};
use crate::assertion::Style;
use crate::mock::Reports;
use crate::mock::core::{Core, CoreConfig};
use crate::mock::coverage::CoverageFile;
use crate::mock::mock_config::{MockConfig, MockConfigTasks};
use crate::model::{Json, Quotas, Timestamp};
use crate::service::nested::calls_account;
use crate::service::task_call::{TaskAnswer, TaskCall, TaskOutcome};

/// Makes the mock. Its tasks are answered by the mock config file; those that nobody answers are told on `console`.
pub(super) fn build(arguments: &ServeArguments, console: &Console) -> Result<Core, String> {
    let mut config_tasks = arguments.mock_config().map(read_mock_config).transpose()?;
    let mut unmocked = Unmocked { console: console.clone(), told: BTreeSet::new() };
    let mut quotas = Quotas::default();
    for (quota, value) in &arguments.quotas {
        quotas.lower(*quota, *value)?;
    }
    let (auto_answers, by_hand) = (arguments.auto_answer, arguments.ui);
    let core = Core::new(&CoreConfig {
        account_id: arguments.account.as_str().into(),
        region: arguments.region.as_str().into(),
        seed: arguments.seed,
        starts_at: arguments.starts_at.unwrap_or_else(now),
        time: arguments.time,
        quotas,
        mock_validation: Some(arguments.mock_validation),
        style: Style::plain(),
        reports: Some(Reports::off()),
        auto_answers,
        coverage: CoverageFile::of_this_process(),
    });
    if let Some(folder) = &arguments.objects {
        put_buckets(&core, folder)?;
    }
    core.answer_tasks_with(Box::new(move |call| {
        let answer = config_tasks.as_mut().and_then(|tasks| tasks.answer(call));
        let answer = answer.or_else(|| by_hand.then(|| waits_for_its_token(call)).flatten());
        if answer.is_none() && !auto_answers {
            unmocked.tell(call);
        }
        answer
    }));
    Ok(core)
}

/// With the UI there is somebody who can send a token back, so that such a task needs no mock. Those of Step Functions
/// itself have none either.
fn waits_for_its_token(call: &TaskCall) -> Option<TaskAnswer> {
    let resource = &call.request.resource;
    let waits = matches!(
        resource.kind,
        ResourceKind::Integration { pattern: IntegrationPattern::WaitForTaskToken, .. }
    );
    let outcome = TaskOutcome::Submitted(Json::empty_object());
    (waits && !calls_account(resource)).then_some(TaskAnswer::Outcome { after: Duration::ZERO, outcome })
}

/// Every folder in `folder` is a bucket.
fn put_buckets(core: &Core, folder: &Path) -> Result<(), String> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if let Some(bucket) = path.file_name().and_then(|name| name.to_str()).filter(|_| path.is_dir()) {
            core.put_folder(bucket, &path)?;
        }
    }
    Ok(())
}

fn read_mock_config(path: &Path) -> Result<MockConfigTasks, String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let config = MockConfig::read(&text, &path.display().to_string()).map_err(|error| error.to_string())?;
    Ok(MockConfigTasks::new(config))
}

/// Clients compare dates with their own clocks, and sign their requests by them.
#[expect(clippy::disallowed_methods, reason = "a served mock lives among clients that have the real time")]
fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// Tells of tasks that nobody answers: their executions fail, and whoever looks at the server should learn why.
struct Unmocked {
    console: Console,
    /// State and resource: once each.
    told: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl Unmocked {
    fn tell(&mut self, call: &TaskCall) {
        let (state, resource) = (&call.request.state, &call.request.resource);
        // Activities are answered by workers, and calls of Step Functions by itself.
        if resource.kind == ResourceKind::Activity
            || calls_account(resource)
            || !self.told.insert((Arc::clone(state), Arc::clone(&resource.arn)))
        {
            return;
        }
        let arn = &resource.arn;
        self.console.warn(format_args!(
            "nothing answers the task of state `{state}` ({arn}), so its execution fails; a mock config file can: \
             --mock-config FILE, and `#TestCase` behind the ARN that is given to StartExecution; or --auto-answer"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::resource::Resource;
    use crate::interpreter::command::{TaskId, TaskRequest};
    use crate::service::task_call::TaskKey;

    fn call(state: &str, kind: ResourceKind) -> TaskCall {
        TaskCall {
            key: TaskKey { execution_arn: "e".into(), task: TaskId(0) },
            request: TaskRequest {
                task: TaskId(0),
                state: state.into(),
                resource: Resource { arn: "arn:f".into(), kind },
                input: Json::Null,
                retry_count: 0,
                token: None,
                iteration: None,
                place: Default::default(),
            },
            root_execution_arn: "arn:e".into(),
            state_machine_name: "m".into(),
            test_case: None,
            execution_input: Json::Null,
            now: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn an_unanswered_task_is_told_once_per_state_and_resource() {
        let (console, written) = Console::for_test();
        let mut unmocked = Unmocked { console, told: BTreeSet::new() };
        for state in ["Pay", "Pay", "Ship"] {
            unmocked.tell(&call(state, ResourceKind::LambdaFunction));
        }
        unmocked.tell(&call("Ask", ResourceKind::Activity));
        let lines: Vec<_> = written.err().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(
            lines[0],
            "warning: nothing answers the task of state `Pay` (arn:f), so its execution fails; a mock config file \
             can: --mock-config FILE, and `#TestCase` behind the ARN that is given to StartExecution; or --auto-answer"
        );
        assert!(lines[1].contains("`Ship`"), "{}", lines[1]);
    }

    #[test]
    fn with_the_ui_tasks_wait_for_their_tokens_and_others_do_not() {
        let integration = |service: &str, pattern| ResourceKind::Integration {
            service: service.into(),
            action: "startExecution".into(),
            pattern,
        };
        let waits = |kind| waits_for_its_token(&call("Ask", kind)).is_some();
        assert!(waits(integration("sqs", IntegrationPattern::WaitForTaskToken)));
        assert!(!waits(integration("sqs", IntegrationPattern::RequestResponse)));
        assert!(!waits(integration("states", IntegrationPattern::WaitForTaskToken)));
        assert!(!waits(ResourceKind::LambdaFunction) && !waits(ResourceKind::Activity));
    }

    #[test]
    fn a_mock_config_file_that_is_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mocks.json");
        fs::write(&path, r#"{"StateMachines": []}"#).unwrap();
        let error = read_mock_config(&path).unwrap_err();
        assert_eq!(error, format!("{}: /StateMachines: must be an object, not an array", path.display()));
    }

    #[test]
    fn each_folder_of_objects_is_a_bucket() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("uploads/2024")).unwrap();
        fs::create_dir(folder.path().join("empty")).unwrap();
        fs::write(folder.path().join("uploads/2024/may.csv"), "a").unwrap();
        let sfn = crate::mock::MockSfn::new();
        put_buckets(sfn.core(), folder.path()).unwrap();
        assert_eq!(sfn.objects().list("uploads"), ["2024/may.csv"]);
        let missing = folder.path().join("missing");
        let error = put_buckets(sfn.core(), &missing).unwrap_err();
        assert!(error.starts_with(&format!("cannot read {}: ", missing.display())), "{error}");
    }

    #[test]
    fn the_clock_starts_now() {
        assert!(now() > Timestamp::from_millis(1_700_000_000_000));
        assert_eq!(now().since(now()), Duration::ZERO);
    }
}
