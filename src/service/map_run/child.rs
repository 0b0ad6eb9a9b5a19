//! The child executions of a Map Run: how one is started.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::batches::Batch;
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
    /// `ItemProcessor`, which is its definition.
    pub(in crate::service) definition_text: Arc<str>,
}

impl Account {
    /// Starts the next child execution of a Map Run, at `at` of the time of the execution that waits. Gives its place.
    pub(super) fn start_child(
        &mut self,
        run_arn: &Arc<str>,
        batch: &Batch,
        at: Timestamp,
        now: Timestamp,
    ) -> Option<usize> {
        let number = self.executions_started + 1;
        let run = self.map_runs.get_mut(run_arn)?;
        let parent = self.executions.get(&run.execution_arn)?;
        let about = parent.interpreter.about();
        let child_type = run.request.map.child_type;
        let name = run.ids.next_uuid();
        let machine = format!("{}/{}", about.state_machine_name, run.request.label);
        let arn: Arc<str> = match child_type {
            StateMachineType::Standard => about.place.execution(&machine, &name),
            StateMachineType::Express => about.place.express(&machine, &name, &run.ids.next_uuid()),
        }
        .into();
        let (input, text) = batch.input.compacted().remembering_text();
        let place = run.child_starts(Arc::clone(&arn), batch.items);
        let about = About {
            execution_arn: arn,
            execution_name: name.into(),
            state_machine_arn: Arc::clone(&run.state_machine_arn),
            state_machine_type: child_type,
            state_machine_version_arn: None,
            state_machine_alias_arn: None,
            input,
            start_time: at,
            redriven: None,
            ..about.clone()
        };
        let outer = parent.child_of.as_ref();
        let child_of = ChildOf {
            map_run: Arc::clone(run_arn),
            root: Arc::clone(parent.root()),
            machine_arn: Arc::clone(outer.map_or(parent.state_machine_arn(), |outer| &outer.machine_arn)),
            label: Arc::clone(&run.request.label),
            place,
            items: batch.items,
            definition_text: Arc::clone(&run.request.map.processor_text),
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
            child_of: Some(child_of),
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
