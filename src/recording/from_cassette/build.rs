//! From the facts of a cassette to a mock.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::facts::{Facts, Machine};
use super::ran::{Ending, Ran};
use crate::assertion::Execution;
use crate::mock::{Call, MockSfn, RecordedTasks, TaskMock};
use crate::model::Json;
use crate::recording::format::CassetteFile;
use crate::recording::storage;

/// The one state of a state machine of which only the outcomes are known.
const STATE: &str = "Recorded";

impl MockSfn {
    /// A mock that has the state machines of a cassette, with the ARNs that its requests bring along: for a test that
    /// goes another way than the recording, which a [`Cassette`](crate::Cassette) refuses.
    ///
    /// A state machine whose definition was recorded (`CreateStateMachine`, `DescribeStateMachine`), and the whole
    /// history of each of its executions, runs for real, and the histories answer its tasks, see
    /// [`mock_tasks`](Self::mock_tasks). Of any other the recorded outcomes are given: an execution that is started with a
    /// recorded input ends as that one did, after the time it took; several with one input give theirs in turn, and the
    /// last for ever. An input that was not recorded fails the test.
    ///
    /// An execution that was stopped, or not seen to end, runs until somebody stops it.
    ///
    /// # Panics
    /// If there is no such cassette, or if it does not tell enough, with what is to be recorded.
    #[must_use]
    #[track_caller]
    #[expect(clippy::panic, reason = "a cassette that does not tell enough is a mistake in the test")]
    pub fn from_cassette(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let file = match storage::load(path) {
            Ok(Some(file)) => file,
            Ok(None) => panic!("there is no cassette {}", path.display()),
            Err(why) => panic!("{why}"),
        };
        mock_of(&file).unwrap_or_else(|why| panic!("the cassette {} {why}", path.display()))
    }
}

/// The error goes on after "the cassette".
pub(super) fn mock_of(file: &CassetteFile) -> Result<MockSfn, String> {
    let facts = Facts::of(file);
    let Some(first) = facts.machines.values().next() else {
        return Err("tells of no state machine".to_owned());
    };
    if let Some(other) = facts.machines.values().find(|machine| machine.place != first.place) {
        return Err(format!(
            "has state machines in several accounts or regions, `{}` and `{}`: make a cassette for each",
            first.name, other.name
        ));
    }
    if let Some(arn) = facts.qualified.first() {
        return Err(format!("starts executions by a version or an alias, {arn}: make the mock by hand"));
    }
    let builder = MockSfn::builder().region(&*first.place.region);
    let sfn = builder.account_id(&*first.place.account).build();
    for machine in facts.machines.values() {
        let executions: Vec<&Ran> = facts.of_machine(&machine.name).collect();
        add(&sfn, machine, &executions)?;
    }
    Ok(sfn)
}

fn add(sfn: &MockSfn, machine: &Machine, executions: &[&Ran]) -> Result<(), String> {
    let records: Option<Vec<_>> = executions.iter().map(|ran| ran.record()).collect();
    match (&machine.definition, records) {
        (Some(definition), Some(records)) => {
            let tasks = records
                .into_iter()
                .map(Execution::new)
                .fold(RecordedTasks::default(), |tasks, execution| tasks.with(&execution));
            sfn.mock_tasks(&tasks.of(&machine.name));
            create(sfn, machine, definition);
            Ok(())
        }
        (_, _) => {
            if executions.iter().any(|ran| ran.has_ended() && ran.input.is_some()) {
                stub(sfn, machine, executions);
                return Ok(());
            }
            let name = &machine.name;
            Err(format!(
                "tells neither what `{name}` does nor how its executions end: record DescribeStateMachine and \
                 GetExecutionHistory, or DescribeExecution until they have ended"
            ))
        }
    }
}

fn create(sfn: &MockSfn, machine: &Machine, definition: &str) {
    let mut builder = sfn.state_machine(&machine.name).definition(definition);
    if let Some(role_arn) = &machine.role_arn {
        builder = builder.role_arn(role_arn);
    }
    let builder = if machine.is_express { builder.express() } else { builder.standard() };
    drop(builder.create());
}

/// A state machine with one task, which has the outcomes of the recorded executions.
fn stub(sfn: &MockSfn, machine: &Machine, executions: &[&Ran]) {
    let timed_out = executions.iter().filter(|ran| ran.ending() == Ending::TimedOut).map(|ran| ran.took());
    let timeout = timed_out.max().map(|span| span.max(Duration::from_secs(1)).as_secs());
    create(sfn, machine, &definition(timeout));
    let mut inputs: Vec<Json> = Vec::new();
    for input in executions.iter().filter_map(|ran| ran.input.as_ref()) {
        if !inputs.contains(input) {
            inputs.push(input.clone());
        }
    }
    refuse_others(sfn, machine, &inputs);
    for input in inputs {
        let alike: Vec<&Ran> =
            executions.iter().copied().filter(|ran| ran.input.as_ref() == Some(&input)).collect();
        answer(sfn, machine, &input, &alike);
    }
}

fn definition(timeout_seconds: Option<u64>) -> String {
    let task = Json::from_members([
        ("Type", Json::from("Task")),
        ("Resource", Json::from("arn:aws:lambda:us-east-1:123456789012:function:recorded")),
        ("End", Json::Bool(true)),
    ]);
    let timeout = timeout_seconds.map(|seconds| ("TimeoutSeconds", Json::from(seconds)));
    let members = [
        ("Comment", Json::from("Made from a cassette, which has not the definition")),
        ("StartAt", Json::from(STATE)),
        ("States", Json::from_members([(STATE, task)])),
    ];
    Json::from_members(members.into_iter().chain(timeout)).to_text()
}

/// The outcomes of executions with the same input, in turn.
fn answer(sfn: &MockSfn, machine: &Machine, input: &Json, executions: &[&Ran]) {
    let wanted = Value::from(input);
    let mut mock: Option<TaskMock> = None;
    for ran in executions {
        let after = ran.took();
        macro_rules! outcome {
            ($on:expr) => {
                match ran.ending() {
                    Ending::Succeeded(output) => $on.returns(Value::from(&output)).after(after),
                    Ending::Failed { error, cause } => $on.fails(error, cause).after(after),
                    Ending::TimedOut | Ending::Open => $on.never_answers(),
                }
            };
        }
        mock = Some(match mock {
            Some(mock) => outcome!(mock.then()),
            None => {
                let wanted = wanted.clone();
                outcome!(sfn.on_state(STATE).of(&machine.name).when(move |call| call.input == wanted))
            }
        });
    }
    drop(mock.map(TaskMock::unchecked));
}

/// Older than the mocks of the inputs that were recorded, so that it has its turn after them.
#[expect(clippy::panic, reason = "a panic in a task mock fails the test with its words")]
fn refuse_others(sfn: &MockSfn, machine: &Machine, inputs: &[Json]) {
    let known: Vec<String> = inputs.iter().map(|input| input.compacted().to_text()).collect();
    let (name, known) = (machine.name.clone(), known.join(", "));
    let refuse = move |call: &Call| -> Value {
        panic!(
            "the cassette has no execution of `{name}` that was started with {}, only with {known}",
            call.input
        )
    };
    drop(sfn.on_state(STATE).of(&machine.name).answers(refuse));
}
