//! Tasks that nobody mocked: what to add to the mock config file.

use std::collections::BTreeSet;

use super::prepared::{Mocks, Prepared};
use crate::model::{Json, fold};
use crate::service::task_call::TaskCall;

/// A task that was called and that nothing answers.
#[derive(Debug, Clone)]
pub(super) struct UnmockedTask {
    state: String,
    resource: String,
    input: Json,
}

/// How much of the input of a task is shown.
const WIDTH: usize = 200;

impl UnmockedTask {
    pub(super) fn of(call: &TaskCall) -> Self {
        Self {
            state: call.request.state.to_string(),
            resource: call.request.resource.arn.to_string(),
            input: call.request.input.clone(),
        }
    }

    /// The cause that the execution fails with.
    pub(super) fn cause(&self) -> String {
        let Self { state, resource, .. } = self;
        format!("nothing answers the task of state `{state}` ({resource})")
    }
}

/// What was called, and what a mock config file needs to answer it, with all other tasks that it lacks.
pub(super) fn advice(prepared: &Prepared, unmocked: &[UnmockedTask]) -> String {
    let mut text = String::new();
    let mut told = BTreeSet::new();
    for task in unmocked {
        if told.insert(&task.state) {
            let input = fold(&task.input.to_text(), WIDTH);
            text.extend([task.cause().as_str(), ", which was called with ", &input, "\n"]);
        }
    }
    let (file, case) = match &prepared.mocks {
        Some(Mocks { file, case, .. }) => (file.as_str(), case.as_str()),
        None => ("mocks.json", "Case"),
    };
    let addition = addition(prepared, case, &missing(prepared, unmocked));
    let what = if prepared.mocks.is_some() { "add to" } else { "write" };
    text.extend([what, " ", file, ", with the answers that you want:\n", &addition]);
    if prepared.mocks.is_none() {
        text.extend(["\nand run again with --mock-config ", file, " --case ", case]);
    }
    text
}

/// All states whose tasks nobody answers, those that were called first.
fn missing(prepared: &Prepared, unmocked: &[UnmockedTask]) -> Vec<String> {
    let mut states: Vec<String> = Vec::new();
    let called = unmocked.iter().map(|task| task.state.clone());
    let definition = Json::parse(&prepared.definition).unwrap_or(Json::Null);
    let is_mocked = |state: &str| {
        prepared.mocks.as_ref().is_some_and(|mocks| mocks.config.mocks(&prepared.name, &mocks.case, state))
    };
    let others = task_states(&definition).into_iter().filter(|state| !is_mocked(state));
    for state in called.chain(others) {
        if !states.contains(&state) {
            states.push(state);
        }
    }
    states
}

/// The names of all Task states, in the order of the definition.
fn task_states(scope: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for (name, state) in scope.get("States").and_then(Json::as_object).into_iter().flatten() {
        if state.get("Type").and_then(Json::as_str) == Some("Task") {
            found.push(name.to_string());
        }
        let branches = state.get("Branches").and_then(Json::as_array).unwrap_or_default();
        let processors = ["ItemProcessor", "Iterator"].into_iter().filter_map(|field| state.get(field));
        for scope in branches.iter().chain(processors) {
            found.extend(task_states(scope));
        }
    }
    found
}

/// A mock config file that answers these states with `{}`.
fn addition(prepared: &Prepared, case: &str, states: &[String]) -> String {
    let response = |state: &String| format!("{state} answer");
    let mocked = states.iter().map(|state| (state.as_str(), Json::from(response(state))));
    let responses = states.iter().map(|state| {
        let answer = Json::from_members([("Return", Json::empty_object())]);
        (response(state), Json::from_members([("0", answer)]))
    });
    let cases = Json::from_members([(case, Json::from_members(mocked))]);
    let machine = Json::from_members([("TestCases", cases)]);
    Json::from_members([
        ("StateMachines", Json::from_members([(prepared.name.as_str(), machine)])),
        ("MockedResponses", Json::from_members(responses)),
    ])
    .to_pretty_text()
}
