//! Starting an execution: what `StartExecution` and `StartSyncExecution` have in common.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::account::{Account, AccountConfig};
use super::call::{Call, IncludedData, Starter};
use super::error;
use super::execution::{Descendants, Execution, Fate};
use super::family::FamilyId;
use super::redrive::ClientTokens;
use super::state_machine::{Revision, StateMachine};
use super::timetable::{Beginning, Timetable};
use crate::interpreter::interpret::{About, Interpreter};
use crate::model::arn::StatesArn;
use crate::model::{ApiError, Json, StateMachineType, name};

/// The members that both operations take.
#[derive(Debug)]
pub(super) struct StartInput<'c> {
    pub(super) state_machine_arn: StatesArn<'c>,
    /// What stood behind `#` after the ARN: the test case of a mock config file. AWS knows no such thing.
    pub(super) test_case: Option<&'c str>,
    pub(super) name: Option<&'c str>,
    /// As given; `{}` when absent.
    pub(super) input: &'c str,
    pub(super) trace_header: Option<&'c str>,
}

impl<'c> StartInput<'c> {
    pub(super) fn read(call: &Call<'c>) -> Result<Self, ApiError> {
        let (arn, test_case) = split_test_case(call.required("stateMachineArn"));
        let input = Self {
            state_machine_arn: StatesArn::parse_as(arn, &["stateMachine"])?,
            test_case,
            name: call.text("name"),
            input: call.text("input").unwrap_or("{}"),
            trace_header: call.text("traceHeader"),
        };
        match input.name {
            Some(name) if !name::is_valid(name) => Err(error::invalid_name(name)),
            Some(_) | None => Ok(input),
        }
    }

    /// The input as JSON; any JSON value will do.
    pub(super) fn json(&self) -> Result<Json, ApiError> {
        if self.input.trim().is_empty() {
            return Err(error::invalid_execution_input("Invalid execution input."));
        }
        Json::parse(self.input).map_err(error::invalid_execution_input)
    }
}

fn split_test_case(arn: &str) -> (&str, Option<&str>) {
    match arn.split_once('#') {
        Some((arn, case)) => (arn, Some(case).filter(|case| !case.is_empty())),
        None => (arn, None),
    }
}

impl Account {
    /// Starts an execution of a state machine that exists, and gives its ARN.
    pub(super) fn start(
        &mut self,
        call: &Call<'_>,
        input: &StartInput<'_>,
        sync: Option<IncludedData>,
    ) -> Result<Arc<str>, ApiError> {
        let json = input.json()?;
        let AccountConfig { seed, skip_after, quotas, .. } = self.config.clone();
        let (machine, origin) = self.origin(call, &input.state_machine_arn)?;
        let generation = machine.generation;
        let (execution_name, execution_arn) = name_execution(machine, input.name);
        let about = About {
            execution_arn: Arc::clone(&execution_arn),
            execution_name,
            state_machine_arn: Arc::clone(&machine.arn),
            state_machine_name: Arc::clone(&machine.name),
            state_machine_type: machine.machine_type,
            state_machine_version_arn: origin.version_arn,
            state_machine_alias_arn: origin.alias_arn,
            role_arn: Arc::clone(&origin.revision.content.role_arn),
            place: machine.place.clone(),
            input: json,
            input_text: input.input.into(),
            start_time: call.start_date(),
            synchronous: sync.is_some(),
            redriven: None,
            quotas,
            tally: None,
            seed,
        };
        let about = self.counted(about, &origin.revision.content);
        let skip_after = skip_after.map(|settling| if sync.is_some() { Duration::ZERO } else { settling });
        self.executions_started += 1;
        let alone = Starter {
            beginning: Beginning::at(call.now, skip_after),
            family: FamilyId(self.executions_started),
            depth: 0,
        };
        let Starter { beginning, family, depth } = call.starter.unwrap_or(alone);
        let execution = Execution {
            interpreter: Interpreter::start(&origin.revision.content.definition, about, beginning.at),
            timetable: Timetable::new(beginning),
            family,
            depth,
            revision: origin.revision,
            generation,
            input: input.input.into(),
            trace_header: input.trace_header.map(Arc::from),
            test_case: input.test_case.map(Arc::from),
            number: self.executions_started,
            sync,
            fate: Fate::Free,
            callbacks: BTreeMap::new(),
            child_of: None,
            descendants: Descendants::default(),
            ending: None,
            redrive_tokens: ClientTokens::default(),
            planned: None,
        };
        self.add_execution(execution, call.now);
        Ok(execution_arn)
    }

    /// The state machine that is started, and which part of it. An alias chooses one of its versions.
    fn origin(
        &mut self,
        call: &Call<'_>,
        arn: &StatesArn<'_>,
    ) -> Result<(&mut StateMachine, Origin), ApiError> {
        let named = self.named(call, arn)?;
        let mut origin = Origin {
            revision: Arc::clone(named.revision()),
            version_arn: named.version_arn(),
            alias_arn: named.alias_arn(),
        };
        let (machine_arn, alias) =
            (Arc::clone(&named.machine.arn), named.alias.map(|(name, _)| Arc::clone(name)));
        let Some(machine) = self.machines.get_mut(&machine_arn) else {
            return Err(error::state_machine_does_not_exist(arn.text));
        };
        let drawn = alias.and_then(|name| machine.aliases.get_mut(&name)?.draw());
        if let Some((number, version)) = drawn.and_then(|number| machine.versions.get_key_value(&number)) {
            origin.revision = Arc::clone(&version.revision);
            origin.version_arn = Some(machine.version_arn(*number).into());
        }
        Ok((machine, origin))
    }
}

/// What an execution runs, and what it was started by.
struct Origin {
    revision: Arc<Revision>,
    version_arn: Option<Arc<str>>,
    alias_arn: Option<Arc<str>>,
}

/// The name, a UUID if none is given, and the ARN of a new execution.
fn name_execution(machine: &mut StateMachine, given: Option<&str>) -> (Arc<str>, Arc<str>) {
    let name = given.map_or_else(|| machine.ids.next_uuid(), str::to_owned);
    let arn = match machine.machine_type {
        StateMachineType::Standard => machine.place.execution(&machine.name, &name),
        StateMachineType::Express => {
            let uuid = machine.ids.next_uuid();
            machine.place.express(&machine.name, &name, &uuid)
        }
    };
    (name.into(), arn.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_case_is_cut_off_the_arn() {
        assert_eq!(split_test_case("arn:m"), ("arn:m", None));
        assert_eq!(split_test_case("arn:m#HappyPath"), ("arn:m", Some("HappyPath")));
        assert_eq!(split_test_case("arn:m#"), ("arn:m", None));
    }
}
