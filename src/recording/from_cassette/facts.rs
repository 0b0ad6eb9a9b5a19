//! What a cassette tells of state machines and executions.

use indexmap::IndexMap;

use super::ran::{Ran, value_of};
use crate::model::arn::{Place, StatesArn};
use crate::model::{Json, Operation};
use crate::recording::format::CassetteFile;
use crate::recording::matching::Bindings;

/// A state machine, as far as it is told of.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    pub(super) place: Place,
    pub(super) name: String,
    pub(super) definition: Option<String>,
    pub(super) role_arn: Option<String>,
    pub(super) is_express: bool,
}

/// All that was told.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// By their names, in the order of their appearance.
    pub(super) machines: IndexMap<String, Machine>,
    /// By their ARNs.
    pub(super) executions: IndexMap<String, Ran>,
    /// Aliases and versions that executions were started by.
    pub(super) qualified: Vec<String>,
}

impl Facts {
    pub(super) fn of(file: &CassetteFile) -> Self {
        let mut facts = Self::default();
        let mut bindings = Bindings::default();
        for interaction in file.interactions.iter().filter(|interaction| interaction.is_success()) {
            let request = bindings.render(&interaction.request, &file.vars);
            let answer = bindings.render(&interaction.response, &file.vars);
            facts.note(interaction.operation, &request, &answer);
        }
        facts
    }

    fn note(&mut self, operation: Operation, request: &Json, answer: &Json) {
        let asked = |key: &str| request.get(key).and_then(Json::as_str);
        let told = |key: &str| answer.get(key).and_then(Json::as_str);
        if let Some(arn) = told("stateMachineArn").or_else(|| asked("stateMachineArn")) {
            self.note_machine(arn, request, answer);
        }
        if matches!(operation, Operation::StartExecution | Operation::StartSyncExecution)
            && let Some(arn) = asked("stateMachineArn").filter(|arn| is_qualified(arn))
        {
            self.qualified.push(arn.to_owned());
        }
        let Some(arn) = told("executionArn").or_else(|| asked("executionArn")) else { return };
        let execution = self.executions.entry(arn.to_owned()).or_insert_with(|| Ran::new(arn));
        if operation == Operation::GetExecutionHistory {
            execution.add_events(answer);
        } else if matches!(operation, Operation::DescribeExecution | Operation::StartSyncExecution) {
            execution.describe(answer);
        }
        if matches!(operation, Operation::StartExecution | Operation::StartSyncExecution) {
            execution.input = Some(asked("input").map_or_else(Json::empty_object, value_of));
        }
    }

    fn note_machine(&mut self, arn: &str, request: &Json, answer: &Json) {
        let Ok(parsed) = StatesArn::parse(arn) else { return };
        // That of a Map Run has the label of its state behind the name.
        let name = parsed.name().split('/').next().unwrap_or_default().to_owned();
        let machine = self.machines.entry(name.clone()).or_insert_with(|| Machine {
            place: parsed.place.clone(),
            name,
            definition: None,
            role_arn: None,
            is_express: false,
        });
        let either = |key: &str| answer.get(key).or_else(|| request.get(key)).and_then(Json::as_str);
        if let Some(definition) = either("definition") {
            machine.definition = Some(definition.to_owned());
        }
        if let Some(role_arn) = either("roleArn") {
            machine.role_arn = Some(role_arn.to_owned());
        }
        machine.is_express |= either("type") == Some("EXPRESS")
            || either("executionArn").is_some_and(|execution| execution.contains(":express:"));
    }

    /// The executions of a state machine.
    pub(super) fn of_machine<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f Ran> {
        self.executions.values().filter(move |ran| ran.state_machine_name() == Some(name))
    }
}

fn is_qualified(arn: &str) -> bool {
    StatesArn::parse(arn).is_ok_and(|arn| arn.qualifier().is_some())
}
