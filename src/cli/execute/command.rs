//! Runs the execution, once or whenever something changes, and says how to end.

use std::fs;
use std::io::{Read, stdin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::arguments::{Format, RunArguments};
use super::input::Input;
use super::prepared::Prepared;
use super::unmocked::{self, UnmockedTask};
use super::{outcome, watch};
use crate::assertion::{Execution, Style};
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED, MISUSED};
use crate::mock::core::{Core, CoreConfig};
use crate::mock::coverage::CoverageFile;
use crate::mock::mock_config::MockConfigTasks;
use crate::mock::{NOT_MOCKED, Reports, Time};
use crate::model::{ExecutionRecord, ExecutionStatus, Failure, Json, Quotas};
use crate::service::task_call::{TaskAnswer, TaskOutcome};

const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";

/// The exit code.
pub(in crate::cli) fn run(arguments: &RunArguments, console: &Console) -> u8 {
    run_with(arguments, &mut stdin(), console)
}

fn run_with(arguments: &RunArguments, standard_input: &mut dyn Read, console: &Console) -> u8 {
    let input = match Input::of(&arguments.input, standard_input) {
        Ok(input) => input,
        Err(why) => {
            console.fail(why);
            return MISUSED;
        }
    };
    if arguments.watch {
        return watch::watch(arguments, &input, console);
    }
    run_once(arguments, &input, console)
}

/// One execution from the files as they are now.
pub(super) fn run_once(arguments: &RunArguments, input: &Input, console: &Console) -> u8 {
    let executed = Prepared::read(arguments, input).and_then(|prepared| {
        let executed = execute(arguments, &prepared)?;
        Ok((prepared, executed))
    });
    let (prepared, executed) = match executed {
        Ok(executed) => executed,
        Err(why) => {
            console.fail(why);
            return MISUSED;
        }
    };
    prepared.warnings.iter().for_each(|warning| console.complain(warning));
    match arguments.format {
        Format::Text => console.say(outcome::as_text(&prepared, &executed.record)),
        Format::Json => console.say(outcome::as_json(&executed.record).to_pretty_text()),
    }
    if let Err(why) = write_page(arguments, &executed.record) {
        console.fail(why);
        return MISUSED;
    }
    if !executed.unmocked.is_empty() {
        console.warn(unmocked::advice(&prepared, &executed.unmocked));
    }
    if executed.record.status == ExecutionStatus::Succeeded { DONE } else { FAILED }
}

fn write_page(arguments: &RunArguments, record: &ExecutionRecord) -> Result<(), String> {
    let Some(path) = &arguments.html else { return Ok(()) };
    let page = Execution::new(record.clone()).to_html();
    fs::write(path, page).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

struct Executed {
    record: ExecutionRecord,
    unmocked: Vec<UnmockedTask>,
}

/// Runs it to its end: the clock goes from timer to timer.
fn execute(arguments: &RunArguments, prepared: &Prepared) -> Result<Executed, String> {
    let core = Core::new(&CoreConfig {
        account_id: ACCOUNT.into(),
        region: REGION.into(),
        seed: arguments.seed,
        starts_at: arguments.start_at_time,
        time: Time::Manual,
        quotas: Quotas::default(),
        mock_validation: None,
        style: Style::plain(),
        reports: Some(Reports::off()),
        auto_answers: false,
        coverage: CoverageFile::of_this_process(),
    });
    let unmocked = Arc::default();
    answer_tasks(&core, prepared, &unmocked);
    let machine = Json::from_members([
        ("name", Json::from(prepared.name.as_str())),
        ("definition", Json::from(prepared.definition.as_str())),
        ("roleArn", Json::from(format!("arn:aws:iam::{ACCOUNT}:role/sfn-testkit"))),
        ("type", Json::from(prepared.kind.as_str())),
    ]);
    let test_case = prepared.mocks.as_ref().map(|mocks| mocks.case.as_str());
    let record = core
        .run_unattended(&machine, test_case, &prepared.input)
        .map_err(|error| format!("{}: {}", error.kind.name(), error.message))?;
    let unmocked = unmocked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Executed { record, unmocked })
}

/// The mock config file answers; a task that it does not answer ends the execution, and is noted.
fn answer_tasks(core: &Core, prepared: &Prepared, unmocked: &Arc<Mutex<Vec<UnmockedTask>>>) {
    let mut mocks = prepared.mocks.as_ref().map(|mocks| MockConfigTasks::new(mocks.config.clone()));
    let unmocked = Arc::clone(unmocked);
    core.answer_tasks_with(Box::new(move |call| {
        let answer = mocks.as_mut().and_then(|mocks| mocks.answer(call));
        Some(answer.unwrap_or_else(|| {
            let task = UnmockedTask::of(call);
            let failure = Failure::new(NOT_MOCKED, task.cause());
            unmocked.lock().unwrap_or_else(PoisonError::into_inner).push(task);
            TaskAnswer::Outcome { after: Duration::ZERO, outcome: TaskOutcome::Unanswerable(failure) }
        }))
    }));
}
