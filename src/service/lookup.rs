//! From the ARNs of a call to the resources they name.

use super::account::Account;
use super::alias::{self, Alias};
use super::call::Call;
use super::error;
use super::execution::Execution;
use super::map_run::run::MapRun;
use super::state_machine::{Revision, StateMachine, Version};
use crate::model::ApiError;
use crate::model::arn::StatesArn;
use std::sync::Arc;

/// What a state machine ARN names.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub(super) machine: &'a StateMachine,
    /// Of a version ARN; of an alias ARN, the version that it mainly leads to.
    pub(super) version: Option<(u64, &'a Version)>,
    /// Of an alias ARN: its name, and what it stands for.
    pub(super) alias: Option<(&'a Arc<str>, &'a Alias)>,
}

impl<'a> Named<'a> {
    /// What is described of it.
    pub(super) fn revision(&self) -> &'a Arc<Revision> {
        self.version.map_or(&self.machine.current, |(_, version)| &version.revision)
    }

    pub(super) fn version_arn(&self) -> Option<Arc<str>> {
        self.version.map(|(number, _)| self.machine.version_arn(number).into())
    }

    pub(super) fn alias_arn(&self) -> Option<Arc<str>> {
        self.alias.map(|(name, _)| self.machine.alias_arn(name).into())
    }
}

/// The ARN of a state machine itself: not of a version, an alias or a Distributed Map.
pub(super) fn unqualified(text: &str) -> Result<StatesArn<'_>, ApiError> {
    let arn = StatesArn::parse_as(text, &["stateMachine"])?;
    if arn.is_labelled() {
        return Err(error::labelled_arn(text));
    }
    if arn.qualifier().is_some() {
        return Err(error::qualified_arn(text));
    }
    Ok(arn)
}

impl Account {
    /// The state machine, or the version or alias of one, that an ARN names. It must live where the call is made.
    pub(super) fn named(&self, call: &Call<'_>, arn: &StatesArn<'_>) -> Result<Named<'_>, ApiError> {
        self.find(call, arn).ok_or_else(|| error::state_machine_does_not_exist(arn.text))
    }

    fn find(&self, call: &Call<'_>, arn: &StatesArn<'_>) -> Option<Named<'_>> {
        if arn.place != call.caller.place {
            return None;
        }
        let machine = self.machines.get(arn.place.state_machine(arn.name()).as_str())?;
        let version = |number| Some((number, machine.versions.get(&number)?));
        match (arn.parts.as_slice(), alias::version_of(arn)) {
            ([_], _) => Some(Named { machine, version: None, alias: None }),
            (_, Some(number)) => Some(Named { machine, version: Some(version(number)?), alias: None }),
            ([_, name], None) => {
                let (name, alias) = machine.aliases.get_key_value(*name)?;
                Some(Named { machine, version: version(alias.main_version()?), alias: Some((name, alias)) })
            }
            _ => None,
        }
    }

    /// The state machine that an unqualified ARN names, for a call that changes it.
    pub(super) fn changeable(&mut self, call: &Call<'_>, text: &str) -> Result<&mut StateMachine, ApiError> {
        let arn = self.changeable_arn(call, text)?;
        match self.machines.get_mut(&arn) {
            None => Err(error::state_machine_does_not_exist(text)),
            Some(machine) if machine.deleting => Err(error::state_machine_deleting(text)),
            Some(machine) => Ok(machine),
        }
    }

    fn changeable_arn(&self, call: &Call<'_>, text: &str) -> Result<Arc<str>, ApiError> {
        let arn = StatesArn::parse_as(text, &["stateMachine"])?;
        if arn.is_labelled() {
            return Err(error::labelled_arn(text));
        }
        let named = self.named(call, &arn)?;
        match named.version {
            None => Ok(Arc::clone(&named.machine.arn)),
            Some(_) => Err(error::state_machine_does_not_exist(text)),
        }
    }

    /// The Map Run that an ARN names, unless its execution was closed too long ago.
    pub(super) fn map_run(&self, call: &Call<'_>, text: &str) -> Result<&MapRun, ApiError> {
        let arn = StatesArn::parse_as(text, &["mapRun"])?;
        let is_kept = |run: &&MapRun| {
            self.executions.get(&run.execution_arn).is_some_and(|execution| execution.is_kept(call.now))
        };
        self.map_runs
            .get(text)
            .filter(|run| arn.place == call.caller.place && is_kept(run))
            .ok_or_else(|| error::resource_not_found(text))
    }

    /// The same as [`standard_execution`](Self::standard_execution), or an EXPRESS one that a Map Run started.
    pub(super) fn describable_execution(&self, call: &Call<'_>, text: &str) -> Result<&Execution, ApiError> {
        let child = self.executions.get(text).filter(|execution| execution.child_of.is_some());
        match child.filter(|child| child.is_express() && child.is_kept(call.now)) {
            Some(child) if child.interpreter.about().place == call.caller.place => Ok(child),
            Some(_) | None => self.standard_execution(call, text),
        }
    }

    /// The STANDARD execution that an ARN names, unless it was closed too long ago.
    pub(super) fn standard_execution(&self, call: &Call<'_>, text: &str) -> Result<&Execution, ApiError> {
        let arn = StatesArn::parse_as(text, &["execution"])?;
        self.executions
            .get(text)
            .filter(|execution| arn.place == call.caller.place && execution.is_kept(call.now))
            .ok_or_else(|| error::execution_does_not_exist(text))
    }
}
