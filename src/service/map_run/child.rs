//! The child executions of a Map Run: how one is started.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::batches::Batch;
use super::run::MapRun;
use crate::interpreter::command::Resume;
use crate::interpreter::interpret::{About, Interpreter};
use crate::model::{Failure, StateMachineType, Timestamp};
use crate::service::account::Account;
use crate::service::execution::{Descendants, Execution, Fate};
use crate::service::redrive::ClientTokens;
use crate::service::timetable::Timetable;

/// What an execution was started by, if it was a Map Run.
#[derive(Debug, Clone)]
pub(in crate::service) struct ChildOf {
    pub(in crate::service) map_run: Arc<str>,
    /// The one at the top, which somebody started.
    pub(in crate::service) root: Arc<str>,
    /// The state machine that all of this belongs to.
    pub(in crate::service) machine_arn: Arc<str>,
    pub(in crate::service) label: Arc<str>,
    /// Its place among the executions of the Map Run.
    pub(in crate::service) place: usize,
    pub(in crate::service) items: usize,
    /// It did not succeed, its Map Run was redriven, and its turn has not come yet.
    pub(in crate::service) awaits_redrive: bool,
    /// `ItemProcessor`, which is its definition.
    pub(in crate::service) definition_text: Arc<str>,
}

/// A child execution that is to start.
pub(super) struct Wanted<'w> {
    pub(super) batch: &'w Batch,
    /// The place and the name of the one that did not succeed, whose place it takes.
    pub(super) instead_of: Option<(usize, Arc<str>)>,
}

impl ChildOf {
    fn new(run: &MapRun, parent: &Execution, place: usize, items: usize) -> Self {
        let outer = parent.child_of.as_ref();
        Self {
            map_run: Arc::clone(&run.request.arn),
            root: Arc::clone(parent.root()),
            machine_arn: Arc::clone(outer.map_or(parent.state_machine_arn(), |outer| &outer.machine_arn)),
            label: Arc::clone(&run.request.label),
            place,
            items,
            awaits_redrive: false,
            definition_text: Arc::clone(&run.request.map.processor_text),
        }
    }
}

impl Account {
    /// Starts a child execution of a Map Run, at `at` of the time of the execution that waits. Gives its place.
    pub(super) fn start_child(
        &mut self,
        run_arn: &Arc<str>,
        Wanted { batch, instead_of }: Wanted<'_>,
        at: Timestamp,
        now: Timestamp,
    ) -> Option<usize> {
        let number = self.executions_started + 1;
        let run = self.map_runs.get_mut(run_arn)?;
        let parent = self.executions.get(&run.execution_arn)?;
        let about = parent.interpreter.about();
        let child_type = run.request.map.child_type;
        let name = match &instead_of {
            Some((_, name)) => Arc::clone(name),
            None => run.ids.next_uuid().into(),
        };
        let machine = format!("{}/{}", about.state_machine_name, run.request.label);
        let arn: Arc<str> = match child_type {
            StateMachineType::Standard => about.place.execution(&machine, &name),
            StateMachineType::Express => about.place.express(&machine, &name, &run.ids.next_uuid()),
        }
        .into();
        let (input, text) = batch.input.compacted().remembering_text();
        let place = match instead_of {
            Some((place, _)) => {
                run.replace_child(place, Arc::clone(&arn));
                place
            }
            None => run.child_starts(Arc::clone(&arn), batch.items),
        };
        let about = About {
            execution_arn: arn,
            execution_name: name,
            state_machine_arn: Arc::clone(&run.state_machine_arn),
            state_machine_type: child_type,
            state_machine_version_arn: None,
            state_machine_alias_arn: None,
            input,
            input_text: Arc::clone(&text),
            start_time: at,
            redriven: None,
            ..about.clone()
        };
        let child = Execution {
            interpreter: Interpreter::start(&run.request.map.processor, about, at),
            timetable: Timetable::within(&parent.timetable, at, now),
            revision: Arc::clone(&parent.revision),
            generation: parent.generation,
            input: text,
            trace_header: parent.trace_header.clone(),
            test_case: parent.test_case.clone(),
            number,
            sync: None,
            fate: Fate::Free,
            callbacks: BTreeMap::new(),
            child_of: Some(ChildOf::new(run, parent, place, batch.items)),
            descendants: Descendants::default(),
            family: parent.family,
            depth: parent.depth,
            ending: None,
            redrive_tokens: ClientTokens::default(),
            planned: None,
        };
        self.executions_started = number;
        self.add_execution(child, now);
        Some(place)
    }

    /// Takes up a child execution again, at `at` of the time of the execution that waits.
    pub(super) fn redrive_child(&mut self, arn: &Arc<str>, at: Timestamp, now: Timestamp) {
        let Some(mut child) = self.executions.remove(arn) else { return };
        let run = child.child_of.as_ref().and_then(|child_of| self.map_runs.get(&child_of.map_run));
        if let Some(parent) = run.and_then(|run| self.executions.get(&run.execution_arn)) {
            child.timetable.rejoin(&parent.timetable, at, now);
        }
        child.go_on_at(child.timetable.reached());
        self.add_execution(child, now);
    }

    /// Stops a child execution, at `at` of the time of the execution that waits.
    pub(super) fn stop_child(&mut self, arn: &Arc<str>, at: Timestamp, now: Timestamp) {
        if let Some(child) = self.running(arn) {
            child.timetable.catch_up(at, now);
            let at = child.timetable.reached();
            child.resume(Resume::Stop(Failure { error: None, cause: None }), at);
            self.run(arn, now);
        }
    }
}
