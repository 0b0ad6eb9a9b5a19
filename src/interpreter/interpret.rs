//! The interpreter of one execution: a state machine over frames, resumed with answers, giving commands.

use std::sync::Arc;

use super::command::{Command, Outcome, Resume};
use crate::asl::definition::Definition;
use crate::model::arn::Place;
use crate::model::{HistoryEvent, Json, StateMachineType, Timestamp};

/// What an execution is called and where it runs: the stuff of its context object.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) execution_arn: Arc<str>,
    pub(crate) execution_name: Arc<str>,
    /// Unqualified.
    pub(crate) state_machine_arn: Arc<str>,
    pub(crate) state_machine_name: Arc<str>,
    pub(crate) state_machine_type: StateMachineType,
    pub(crate) state_machine_version_arn: Option<Arc<str>>,
    pub(crate) state_machine_alias_arn: Option<Arc<str>>,
    pub(crate) role_arn: Arc<str>,
    pub(crate) place: Place,
    /// `Json::parse` of the text given to StartExecution, so that its spacing is kept.
    pub(crate) input: Json,
    pub(crate) start_time: Timestamp,
    /// The seed of the account; the interpreter mixes the execution's ARN into it.
    pub(crate) seed: u64,
}

/// One execution, from start to end.
#[derive(Debug)]
pub(crate) struct Interpreter {
    about: About,
    definition: Arc<Definition>,
}

impl Interpreter {
    /// Records ExecutionStarted. Nothing else happens until [`run`](Self::run).
    pub(crate) fn start(definition: Arc<Definition>, about: About, now: Timestamp) -> Self {
        let _ = now;
        Self { about, definition }
    }

    /// Notes one answer or fired timer. Several may be noted before the next [`run`](Self::run): what happens at
    /// one instant is recorded before its consequences. Answers to tasks and timers that are gone are ignored.
    pub(crate) fn resume(&mut self, resume: Resume, now: Timestamp) {
        let _ = (resume, now);
    }

    /// Goes on until every branch waits or the execution has ended, and returns what it asks for.
    pub(crate) fn run(&mut self, now: Timestamp) -> Vec<Command> {
        let _ = now;
        Vec::new()
    }

    /// How it ended; `None` while it runs.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        None
    }

    pub(crate) fn events(&self) -> &[HistoryEvent] {
        &[]
    }

    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    pub(crate) fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }
}
