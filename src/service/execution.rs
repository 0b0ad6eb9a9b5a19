//! One execution: its interpreter, its time, and how it ended.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::call::Answer;
use super::call::IncludedData;
use super::family::FamilyId;
use super::map_run::ChildOf;
use super::redrive::ClientTokens;
use super::state_machine::Revision;
use super::timetable::Timetable;
use super::token::TokenTask;
use crate::interpreter::command::{Command, Outcome, Resume, TaskId, TaskRequest};
use crate::interpreter::interpret::{Interpreter, Redriven};
use crate::interpreter::map_run::{MapRunId, MapRunRequest};
use crate::model::{
    ExecutionRecord, ExecutionStatus, Failure, HistoryEvent, Json, Quota, StateMachineType, Timestamp,
};

/// An execution, running or closed.
#[derive(Debug, Clone)]
pub(super) struct Execution {
    pub(super) interpreter: Interpreter,
    pub(super) timetable: Timetable,
    /// What it was started from.
    pub(super) revision: Arc<Revision>,
    /// The generation of its state machine.
    pub(super) generation: u64,
    /// As it was given.
    pub(super) input: Arc<str>,
    pub(super) trace_header: Option<Arc<str>>,
    pub(super) test_case: Option<Arc<str>>,
    /// Those that share its time.
    pub(super) family: FamilyId,
    /// How many executions wait for it, one for the other.
    pub(super) depth: usize,
    /// Executions are counted in the order of their start.
    pub(super) number: u64,
    /// What `StartSyncExecution` shall show; `None` for an asynchronous start.
    pub(super) sync: Option<IncludedData>,
    pub(super) fate: Fate,
    /// The open tasks that have a token.
    pub(super) callbacks: BTreeMap<TaskId, TokenTask>,
    /// Of a child execution of a Map Run.
    pub(super) child_of: Option<ChildOf>,
    pub(super) descendants: Descendants,
    pub(super) ending: Option<Ending>,
    /// Of the calls that redrove it.
    pub(super) redrive_tokens: ClientTokens,
    /// Its place in the agenda of the account, if it has one of its own.
    pub(super) planned: Option<Timestamp>,
}

/// The executions that its Map Runs, and those below them, have started.
#[derive(Debug, Clone, Default)]
pub(super) struct Descendants {
    pub(super) count: usize,
    /// What their histories hold.
    pub(super) bytes: usize,
}

/// What the deletion of its state machine means to an execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Free,
    /// Its next step is to be aborted.
    Doomed,
    /// It has been told to abort.
    Stopped,
}

/// How and when an execution ended.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub(super) outcome: Outcome,
    /// In its own time.
    pub(super) stop_date: Timestamp,
    /// On the base clock.
    pub(super) closed_at: Timestamp,
}

/// What a step of an execution asks of the account.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) scheduled: Vec<TaskRequest>,
    pub(super) cancelled: Vec<TaskId>,
    pub(super) map_runs: Vec<MapRunRequest>,
    pub(super) redriven: Vec<MapRunId>,
    pub(super) given_up: Vec<MapRunId>,
    pub(super) closed: bool,
}

impl Execution {
    /// What every answer about an execution begins with.
    pub(super) fn described(&self) -> Answer {
        Answer::default()
            .with("executionArn", Arc::clone(self.arn()))
            .with("stateMachineArn", Arc::clone(self.state_machine_arn()))
            .with("name", Arc::clone(self.name()))
            .with("status", self.status_name())
            .with_date("startDate", self.start_date())
            .with_optional("stopDate", self.stop_date().map(Timestamp::to_epoch_seconds))
    }

    pub(super) fn arn(&self) -> &Arc<str> {
        &self.interpreter.about().execution_arn
    }

    pub(super) fn name(&self) -> &Arc<str> {
        &self.interpreter.about().execution_name
    }

    pub(super) fn state_machine_arn(&self) -> &Arc<str> {
        &self.interpreter.about().state_machine_arn
    }

    /// The execution that somebody started: this one, unless a Map Run started it.
    pub(super) fn root(&self) -> &Arc<str> {
        self.child_of.as_ref().map_or(self.arn(), |child| &child.root)
    }

    /// Whether it runs for a state machine, itself or as a child of an execution of that.
    pub(super) fn belongs_to(&self, machine_arn: &str) -> bool {
        let machine = self.child_of.as_ref().map_or(self.state_machine_arn(), |child| &child.machine_arn);
        &**machine == machine_arn
    }

    pub(super) fn version_arn(&self) -> Option<&Arc<str>> {
        self.interpreter.about().state_machine_version_arn.as_ref()
    }

    pub(super) fn alias_arn(&self) -> Option<&Arc<str>> {
        self.interpreter.about().state_machine_alias_arn.as_ref()
    }

    pub(super) fn is_express(&self) -> bool {
        self.interpreter.about().state_machine_type == StateMachineType::Express
    }

    pub(super) fn start_date(&self) -> Timestamp {
        self.interpreter.about().start_time
    }

    pub(super) fn stop_date(&self) -> Option<Timestamp> {
        self.ending.as_ref().map(|ending| ending.stop_date)
    }

    pub(super) fn redriven(&self) -> Option<Redriven> {
        self.interpreter.about().redriven
    }

    /// `redriveCount` and `redriveDate` of an answer.
    pub(super) fn with_redrives(&self, answer: Answer) -> Answer {
        let redriven = self.redriven();
        answer
            .with("redriveCount", redriven.map_or(0, |redriven| redriven.count))
            .with_optional("redriveDate", redriven.map(|redriven| redriven.time.to_epoch_seconds()))
    }

    pub(super) fn events(&self) -> &[HistoryEvent] {
        self.interpreter.events()
    }

    pub(super) fn status(&self) -> ExecutionStatus {
        match self.ending.as_ref().map(|ending| &ending.outcome) {
            None => ExecutionStatus::Running,
            Some(Outcome::Succeeded(_)) => ExecutionStatus::Succeeded,
            Some(Outcome::Failed(_)) => ExecutionStatus::Failed,
            Some(Outcome::TimedOut) => ExecutionStatus::TimedOut,
            Some(Outcome::Aborted(_)) => ExecutionStatus::Aborted,
        }
    }

    /// As the API shows it: the status of a child execution that is about to run again is one of its own.
    pub(super) fn status_name(&self) -> &'static str {
        match &self.child_of {
            Some(child) if child.awaits_redrive => "PENDING_REDRIVE",
            Some(_) | None => self.status().as_str(),
        }
    }

    pub(super) fn set_awaits_redrive(&mut self, awaits_redrive: bool) {
        if let Some(child) = &mut self.child_of {
            child.awaits_redrive = awaits_redrive;
        }
    }

    pub(super) fn output(&self) -> Option<&Json> {
        match &self.ending.as_ref()?.outcome {
            Outcome::Succeeded(output) => Some(output),
            Outcome::Failed(_) | Outcome::TimedOut | Outcome::Aborted(_) => None,
        }
    }

    pub(super) fn failure(&self) -> Option<&Failure> {
        match &self.ending.as_ref()?.outcome {
            Outcome::Failed(failure) | Outcome::Aborted(failure) => Some(failure),
            Outcome::Succeeded(_) | Outcome::TimedOut => None,
        }
    }

    /// Whether AWS still keeps it; closed executions are forgotten after 90 days, and their names are free again.
    pub(super) fn is_kept(&self, now: Timestamp) -> bool {
        let retention = self.interpreter.about().quotas.duration(Quota::RetentionSeconds);
        self.ending.as_ref().is_none_or(|ending| now < ending.closed_at.plus(retention))
    }

    /// How long it ran, or has run, in its own time.
    pub(super) fn open_time(&self) -> Duration {
        self.stop_date().unwrap_or_else(|| self.timetable.reached()).since(self.start_date())
    }

    /// Tells the interpreter what happened. An execution whose machine is being deleted ends instead.
    pub(super) fn resume(&mut self, resume: Resume, at: Timestamp) {
        match self.fate {
            Fate::Free => self.interpreter.resume(resume, at),
            Fate::Doomed => {
                self.fate = Fate::Stopped;
                let unsaid = Failure { error: None, cause: None };
                let why = if let Resume::Stop(failure) = resume { failure } else { unsaid };
                self.interpreter.resume(Resume::Stop(why), at);
            }
            Fate::Stopped => {}
        }
    }

    /// Lets the interpreter go on, at `at` of the execution's time, `now` of the base clock.
    pub(super) fn run(&mut self, at: Timestamp, now: Timestamp) -> Step {
        let commands = self.interpreter.run(at);
        let mut step = self.obey(commands);
        if let Some(outcome) = self.interpreter.outcome().cloned() {
            self.close(outcome, at, now);
            step.scheduled.clear();
            step.closed = true;
        }
        step
    }

    /// Does what the interpreter asks for, as far as it concerns time.
    pub(super) fn obey(&mut self, commands: Vec<Command>) -> Step {
        let mut step = Step::default();
        for command in commands {
            match command {
                Command::Schedule(request) => {
                    self.callbacks.extend(TokenTask::of(&request).map(|task| (request.task, task)));
                    self.timetable.task_scheduled(request.task);
                    step.scheduled.push(request);
                }
                Command::CancelTask(task) => {
                    self.task_gone(task);
                    step.scheduled.retain(|request| request.task != task);
                    step.cancelled.push(task);
                }
                Command::SetTimer { timer, deadline, purpose } => {
                    self.timetable.set_timer(timer, deadline, purpose);
                }
                Command::ClearTimer(timer) => self.timetable.clear_timer(timer),
                Command::StartMapRun(request) => step.map_runs.push(*request),
                Command::RedriveMapRun(run) => step.redriven.push(run),
                Command::AbortMapRun(run) => step.given_up.push(run),
            }
        }
        step
    }

    /// The answer to the task is here, or no longer wanted. `false` if it was not awaited.
    pub(super) fn task_gone(&mut self, task: TaskId) -> bool {
        self.callbacks.remove(&task);
        self.timetable.task_gone(task)
    }

    /// Notes how it ended; nothing happens to it any more.
    pub(super) fn close(&mut self, outcome: Outcome, at: Timestamp, now: Timestamp) {
        self.ending = Some(Ending { outcome, stop_date: at, closed_at: now });
        self.timetable.clear();
        self.callbacks.clear();
    }

    /// Takes it up again: it runs from where it failed.
    pub(super) fn redrive(&mut self, now: Timestamp) {
        let at = self.timetable.touch(now);
        self.go_on_at(at);
    }

    /// The same, at `at` of its own time.
    pub(super) fn go_on_at(&mut self, at: Timestamp) {
        self.ending = None;
        self.interpreter.redrive(at);
    }

    pub(super) fn record(&self) -> ExecutionRecord {
        ExecutionRecord {
            arn: Arc::clone(self.arn()),
            name: Arc::clone(self.name()),
            state_machine_name: Arc::clone(&self.interpreter.about().state_machine_name),
            status: self.status(),
            start_date: self.start_date(),
            stop_date: self.stop_date(),
            input: self.interpreter.about().input.clone(),
            output: self.output().cloned(),
            failure: self.failure().cloned(),
            events: self.events().to_vec(),
            map_runs: Vec::new(),
            definition: Some(Arc::clone(self.definition_text())),
        }
    }

    /// The definition that it runs, as it was given.
    fn definition_text(&self) -> &Arc<str> {
        let own = self.child_of.as_ref().map(|child| &child.definition_text);
        own.unwrap_or(&self.revision.content.definition_text)
    }
}
