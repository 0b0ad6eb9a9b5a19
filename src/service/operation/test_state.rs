//! `TestState`: runs one state and answers when it has ended, with 200 even if it failed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::create_state_machine::read_role;
use crate::asl::resource::ResourceKind;
use crate::interpreter::inspection::Trial;
use crate::interpreter::interpret::{About, Interpreter};
use crate::model::api_error::ApiErrorKind;
use crate::model::json::Map;
use crate::model::{ApiError, Failure, Json, SeededRandom, StateMachineType};
use crate::service::account::{Account, AccountConfig};
use crate::service::call::{Call, IncludedData};
use crate::service::configuration::{Encryption, Logging, Tracing};
use crate::service::error;
use crate::service::execution::{Descendants, Execution, Fate};
use crate::service::family::FamilyId;
use crate::service::item_reader;
use crate::service::redrive::ClientTokens;
use crate::service::state_machine::{Content, Revision};
use crate::service::task_call::{TaskAnswer, TaskOutcome};
use crate::service::test_state::answer::Shown;
use crate::service::test_state::context;
use crate::service::test_state::mock::Mock;
use crate::service::test_state::subject::Subject;
use crate::service::timetable::{Beginning, Timetable};

/// Starts the trial whose end is the answer.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Arc<str>, ApiError> {
    let request = Request::read(call)?;
    let arn = request.start(account, call);
    Ok(arn)
}

/// A call that AWS would take.
struct Request<'c> {
    subject: Subject,
    /// What the mock of the call comes to.
    mocked: Option<Result<Json, Failure>>,
    /// Empty if none is given.
    role_arn: Arc<str>,
    input_text: &'c str,
    input: Json,
    variables: Map,
    context: Option<Json>,
    retry_count: u64,
    failed_iterations: Option<u64>,
    items: Option<Json>,
}

impl<'c> Request<'c> {
    fn read(call: &Call<'c>) -> Result<Self, ApiError> {
        let mock = Mock::read(call)?;
        let configuration = Configuration::read(call);
        check_combinations(call, mock.is_some(), &configuration)?;
        let role_arn = call.text("roleArn").map(read_role).transpose()?;
        let subject = Subject::read(call.required("definition"), call.text("stateName"))?;
        match &mock {
            Some(_) => check_takes_mock(&subject)?,
            None => check_runs_alone(&subject, role_arn.is_some())?,
        }
        if let Some(name) = configuration.error_caused_by_state.filter(|name| !subject.contains(name)) {
            return Err(error::validation(format!(
                "The state '{name}' of errorCausedByState is not found in the state under test"
            )));
        }
        let input_text = call.text("input").unwrap_or("{}");
        let input = read_input(input_text)?;
        let variables = read_variables(call)?;
        let context = call.text("context").map(|text| context::read(text, &subject)).transpose()?;
        let failed = configuration.map_iteration_failure_count;
        let mocked = mock.map(|mock| mock.outcome(&subject, failed)).transpose()?;
        let items = configuration.map_item_reader_data.map(|data| read_items(&subject, data)).transpose()?;
        let (items, mocked) = match items {
            Some(Err(failure)) => (None, Some(Err(failure))),
            Some(Ok(items)) => (Some(items), mocked),
            None => (None, mocked),
        };
        Ok(Self {
            subject,
            mocked,
            role_arn: role_arn.unwrap_or_default(),
            input_text,
            input,
            variables,
            context,
            retry_count: configuration.retrier_retry_count,
            failed_iterations: failed,
            items,
        })
    }

    /// Runs the state like an EXPRESS execution that nobody can ask for.
    fn start(self, account: &mut Account, call: &Call<'_>) -> Arc<str> {
        account.executions_started += 1;
        let number = account.executions_started;
        let about = self.about(call, account, number);
        let arn = Arc::clone(&about.execution_arn);
        let shown = Shown::new(call.text("inspectionLevel"), &self.subject);
        let (task, children) = match self.mocked {
            mocked if self.subject.has_children() => (None, mocked),
            mocked => (mocked, None),
        };
        let trial = Trial {
            scope: Arc::clone(&self.subject.scope),
            state: self.subject.index,
            variables: self.variables,
            context: self.context,
            retry_count: self.retry_count,
            children,
            failed_iterations: self.failed_iterations,
            items: self.items,
        };
        let execution = Execution {
            interpreter: Interpreter::start_trial(trial, about, call.now),
            timetable: Timetable::new(Beginning::at(
                call.now,
                account.config.skip_after.map(|_| Duration::ZERO),
            )),
            family: FamilyId(number),
            depth: 0,
            revision: Arc::new(revision(call, &self.subject, &self.role_arn)),
            generation: 0,
            input: self.input_text.into(),
            trace_header: None,
            test_case: None,
            number,
            sync: Some(IncludedData::AllData),
            fate: Fate::Free,
            callbacks: BTreeMap::new(),
            child_of: None,
            descendants: Descendants::default(),
            ending: None,
            redrive_tokens: ClientTokens::default(),
            planned: None,
        };
        account.trials.insert(Arc::clone(&arn), shown);
        account.add_execution(execution, call.now);
        if let Some(task) = task {
            answer_task(account, call, &arn, &task);
        }
        arn
    }

    fn about(&self, call: &Call<'_>, account: &Account, number: u64) -> About {
        let place = &call.caller.place;
        let AccountConfig { seed, quotas, .. } = account.config.clone();
        let mut ids = SeededRandom::new(seed, &format!("TestState {number}"));
        let (machine, name) = (ids.next_uuid(), ids.next_uuid());
        About {
            execution_arn: place.test_execution(&machine, &name).into(),
            execution_name: name.into(),
            state_machine_arn: place.state_machine(&machine).into(),
            state_machine_name: machine.into(),
            state_machine_type: StateMachineType::Express,
            state_machine_version_arn: None,
            state_machine_alias_arn: None,
            role_arn: Arc::clone(&self.role_arn),
            place: place.clone(),
            input: self.input.clone(),
            input_text: self.input_text.into(),
            start_time: call.now,
            synchronous: true,
            redriven: None,
            quotas,
            tally: None,
            seed,
        }
    }
}

/// The mock of the call answers, and not the task mocks of the test.
fn answer_task(account: &mut Account, call: &Call<'_>, arn: &Arc<str>, mocked: &Result<Json, Failure>) {
    let (mine, others) = account.take_tasks().into_iter().partition(|task| task.key.execution_arn == *arn);
    account.offered = others;
    let mine: Vec<_> = mine;
    let answers = mine.into_iter().map(|task| {
        let outcome = match mocked {
            Ok(result) => TaskOutcome::Succeeded(result.clone()),
            Err(failure) => TaskOutcome::Failed(failure.clone()),
        };
        (task.key, TaskAnswer::Outcome { after: Duration::ZERO, outcome })
    });
    account.answer_all(answers.collect(), call.now);
}

fn revision(call: &Call<'_>, subject: &Subject, role_arn: &Arc<str>) -> Revision {
    Revision {
        id: None,
        content: Content {
            definition_text: call.required("definition").into(),
            definition: Arc::clone(&subject.definition),
            role_arn: Arc::clone(role_arn),
            logging: Logging::default(),
            tracing: Tracing::default(),
            encryption: Encryption::default(),
        },
        date: call.now,
    }
}

/// `stateConfiguration`.
#[derive(Default)]
struct Configuration<'c> {
    retrier_retry_count: u64,
    error_caused_by_state: Option<&'c str>,
    map_iteration_failure_count: Option<u64>,
    map_item_reader_data: Option<&'c str>,
}

impl<'c> Configuration<'c> {
    fn read(call: &Call<'c>) -> Self {
        let Some(given) = call.member("stateConfiguration") else {
            return Self::default();
        };
        let count = |name: &str| given.get(name).and_then(Json::as_i64).and_then(|n| u64::try_from(n).ok());
        Self {
            retrier_retry_count: count("retrierRetryCount").unwrap_or_default(),
            error_caused_by_state: given.get("errorCausedByState").and_then(Json::as_str),
            map_iteration_failure_count: count("mapIterationFailureCount"),
            map_item_reader_data: given.get("mapItemReaderData").and_then(Json::as_str),
        }
    }
}

fn check_combinations(
    call: &Call<'_>,
    is_mocked: bool,
    configuration: &Configuration<'_>,
) -> Result<(), ApiError> {
    if is_mocked && call.flag("revealSecrets") {
        return Err(error::validation("TestState does not support RevealSecrets when a mock is specified."));
    }
    let needs_mock = [
        ("MapIterationFailureCount", configuration.map_iteration_failure_count.is_some()),
        ("MapItemReaderData", configuration.map_item_reader_data.is_some()),
        ("ErrorCausedByState", configuration.error_caused_by_state.is_some()),
        ("Context", call.text("context").is_some()),
    ];
    match needs_mock.iter().find(|(_, is_given)| *is_given && !is_mocked) {
        Some((what, _)) => {
            Err(error::validation(format!("TestState does not support {what} when a mock is not specified.")))
        }
        None => Ok(()),
    }
}

fn check_takes_mock(subject: &Subject) -> Result<(), ApiError> {
    if subject.has_children() || subject.resource().is_some() {
        return Ok(());
    }
    let what = subject.type_name();
    Err(error::validation(format!("State type '{what}' is not supported when a mock is specified")))
}

fn check_runs_alone(subject: &Subject, has_role: bool) -> Result<(), ApiError> {
    let unsupported = |message: &str| Err(ApiError::new(ApiErrorKind::InvalidDefinition, message));
    if subject.has_children() {
        return unsupported(
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
        );
    }
    match subject.resource() {
        Some(ResourceKind::Activity) => {
            unsupported("TestState API does not support Activity ARN when a mock is not specified.")
        }
        Some(_) if subject.waits_for_answer() => unsupported(
            "TestState API does not support '.sync' or '.waitForTaskToken' service integration patterns when a mock is not specified.",
        ),
        Some(_) if !has_role => Err(error::validation("RoleArn must be specified when testing a Task state")),
        Some(_) | None => Ok(()),
    }
}

/// The items that the `ItemReader` of the state finds in the data, or why it finds none.
fn read_items(subject: &Subject, data: &str) -> Result<Result<Json, Failure>, ApiError> {
    match subject.item_format() {
        Some(format) => Ok(item_reader::items(data, format)),
        None => Err(error::validation("MapItemReaderData is only for Map states with an ItemReader.")),
    }
}

fn read_input(text: &str) -> Result<Json, ApiError> {
    if text.trim().is_empty() {
        return Err(error::invalid_execution_input("Invalid execution input."));
    }
    Json::parse(text).map_err(error::invalid_execution_input)
}

fn read_variables(call: &Call<'_>) -> Result<Map, ApiError> {
    let Some(text) = call.text("variables") else { return Ok(Map::new()) };
    let variables = Json::parse(text).ok().and_then(|json| json.as_object().cloned());
    variables.ok_or_else(|| error::validation("Variables must be a JSON object"))
}
