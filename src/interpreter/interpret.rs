//! The interpreter of one execution: a state machine over frames, resumed with answers, giving commands.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::command::{Command, Outcome, Resume, TaskId, TimerId, TimerPurpose};
use super::failing::Failing;
use super::frame::{Frame, FrameId, Step, TaskInFlight};
use super::history::{History, HistoryFull};
use super::inspection::Inspection;
use super::map_run::MapRunId;
use super::states;
use super::tally::Tally;
use crate::asl::definition::Definition;
use crate::model::arn::Place;
use crate::model::{
    EventDetails, Failure, HistoryEvent, HistoryEventType, Json, Quota, Quotas, SeededRandom,
    StateMachineType, Timestamp, quota,
};

/// What an execution is called and where it runs: the stuff of its context object.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) execution_arn: Arc<str>,
    pub(crate) execution_name: Arc<str>,
    /// Unqualified; of a child execution of a Distributed Map, with its label.
    pub(crate) state_machine_arn: Arc<str>,
    /// Without a label.
    pub(crate) state_machine_name: Arc<str>,
    pub(crate) state_machine_type: StateMachineType,
    pub(crate) state_machine_version_arn: Option<Arc<str>>,
    pub(crate) state_machine_alias_arn: Option<Arc<str>>,
    pub(crate) role_arn: Arc<str>,
    pub(crate) place: Place,
    /// `Json::parse` of the text given to `StartExecution`, so that its spacing is kept.
    pub(crate) input: Json,
    /// That text itself, which no number or string remembers.
    pub(crate) input_text: Arc<str>,
    pub(crate) start_time: Timestamp,
    /// Started by `StartSyncExecution` or `TestState`: nothing of the kind can be redriven, and its context object
    /// does not count redrives.
    pub(crate) synchronous: bool,
    /// The last redrive, if there was one.
    pub(crate) redriven: Option<Redriven>,
    pub(crate) quotas: Arc<Quotas>,
    /// Where its ways are counted, if somebody wants to know.
    pub(crate) tally: Option<Arc<Tally>>,
    /// The seed of the account; the interpreter mixes the execution's ARN into it.
    pub(crate) seed: u64,
}

/// How often an execution was redriven, and when for the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Redriven {
    pub(crate) count: u64,
    pub(crate) time: Timestamp,
}

/// One execution, from start to end.
#[derive(Debug, Clone)]
pub(crate) struct Interpreter {
    pub(super) about: About,
    pub(super) history: History,
    pub(super) frames: BTreeMap<FrameId, Frame>,
    pub(super) ready: VecDeque<FrameId>,
    pub(super) tasks: BTreeMap<TaskId, FrameId>,
    pub(super) timers: BTreeMap<TimerId, TimerUse>,
    pub(super) map_runs: BTreeMap<MapRunId, FrameId>,
    pub(super) commands: Vec<Command>,
    pub(super) random: SeededRandom,
    pub(super) now: Timestamp,
    /// What its expressions may still read.
    pub(super) effort_left: usize,
    /// The execution's own frame, if it did not succeed: what a redrive goes on with.
    pub(super) unfinished: Option<Frame>,
    /// Of a state on trial.
    pub(super) inspection: Option<Box<Inspection>>,
    pub(super) outcome: Option<Outcome>,
    /// `TimeoutSeconds` of the definition.
    pub(super) timeout_seconds: Option<u64>,
    last_id: u64,
}

/// Whom a timer wakes.
#[derive(Debug, Clone, Copy)]
pub(super) enum TimerUse {
    Execution,
    /// A Wait state, or the delay before a retry.
    Frame(FrameId),
    TaskTimeout(TaskId),
    Heartbeat(TaskId),
}

impl Interpreter {
    /// Records `ExecutionStarted`. Nothing else happens until [`run`](Self::run).
    pub(crate) fn start(definition: &Definition, about: About, now: Timestamp) -> Self {
        let mut interpreter = Self::empty(about, now);
        interpreter.timeout_seconds = definition.timeout_seconds;
        interpreter.record_start();
        interpreter.set_execution_timeout();
        let input = interpreter.about.input.clone();
        interpreter.add_frame(Frame::new(Arc::clone(&definition.scope), input, 0, now));
        interpreter
    }

    /// One in which nothing has happened yet.
    pub(super) fn empty(about: About, now: Timestamp) -> Self {
        Self {
            history: History::new(about.state_machine_type, &about.quotas),
            frames: BTreeMap::new(),
            ready: VecDeque::new(),
            tasks: BTreeMap::new(),
            timers: BTreeMap::new(),
            map_runs: BTreeMap::new(),
            commands: Vec::new(),
            random: SeededRandom::new(about.seed, &about.execution_arn),
            now,
            effort_left: quota::EXECUTION_EFFORT,
            unfinished: None,
            inspection: None,
            outcome: None,
            timeout_seconds: None,
            last_id: 0,
            about,
        }
    }

    /// Notes one answer or fired timer. Several may be noted before the next [`run`](Self::run): what happens at
    /// one instant is recorded before its consequences. Answers to tasks and timers that are gone are ignored.
    pub(crate) fn resume(&mut self, resume: Resume, now: Timestamp) {
        if self.outcome.is_some() {
            return;
        }
        self.now = now;
        let noted = match resume {
            Resume::TaskQueued { task } => self.with_task(task, states::task::queued),
            Resume::TaskStarted { task, worker_name } => {
                self.with_task(task, |interpreter, frame, in_flight| {
                    states::task::started(interpreter, frame, in_flight, worker_name)
                })
            }
            Resume::ActivityMissing { task } => self.end_task(task, states::task::activity_missing),
            Resume::TaskSubmitted { task, output } => {
                self.with_task(task, |interpreter, frame, in_flight| {
                    states::task::submitted(interpreter, frame, in_flight, &output)
                })
            }
            Resume::TaskSucceeded { task, output } => self.end_task(task, |interpreter, frame, in_flight| {
                states::task::succeeded(interpreter, frame, in_flight, output)
            }),
            Resume::TaskFailed { task, failure } => self.fail_task(task, Failing::new(failure)),
            Resume::TaskUnanswerable { task, failure } => self.fail_task(task, Failing::fatal(failure)),
            Resume::TaskHeartbeat { task } => self.with_task(task, |interpreter, _, in_flight| {
                states::task::restart_heartbeat(interpreter, in_flight);
                Ok(())
            }),
            Resume::TimerFired(timer) => self.timer_fired(timer),
            Resume::MapRunSucceeded { run, output } => self.map_run_succeeded(run, output),
            Resume::MapRunFailed { run, failure } => self.map_run_failed(run, failure),
            Resume::Stop(failure) => self.stop(failure),
        };
        if let Err(full) = noted {
            self.overflow(full);
        }
    }

    /// Goes on until every branch waits or the execution has ended, and returns what it asks for.
    pub(crate) fn run(&mut self, now: Timestamp) -> Vec<Command> {
        self.now = now;
        while let Some(frame) = self.ready.pop_front() {
            self.step(frame);
        }
        std::mem::take(&mut self.commands)
    }

    /// Ends it, whatever it is doing.
    #[cfg(test)]
    pub(crate) fn end(&mut self, outcome: Outcome) {
        self.close(outcome);
    }

    /// How it ended; `None` while it runs.
    pub(crate) const fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    pub(crate) fn events(&self) -> &[HistoryEvent] {
        self.history.events()
    }

    /// Bytes that a payload may have.
    pub(super) fn payload_bytes(&self) -> usize {
        self.about.quotas.count(Quota::PayloadBytes)
    }

    /// What the payloads of its history take.
    pub(crate) const fn recorded_bytes(&self) -> usize {
        self.history.payload_bytes()
    }

    pub(crate) const fn about(&self) -> &About {
        &self.about
    }

    pub(super) fn record_start(&mut self) {
        let started = EventDetails::ExecutionStarted {
            input: Arc::clone(&self.about.input_text),
            role_arn: Arc::clone(&self.about.role_arn),
            state_machine_version_arn: self.about.state_machine_version_arn.clone(),
            state_machine_alias_arn: self.about.state_machine_alias_arn.clone(),
        };
        // The first event always fits.
        let _first = self.history.append(self.now, 0, HistoryEventType::ExecutionStarted, started);
    }

    /// Counts from now; the longest time that AWS allows counts from the start.
    pub(super) fn set_execution_timeout(&mut self) {
        let longest = match self.about.state_machine_type {
            StateMachineType::Standard => Quota::ExecutionSeconds,
            StateMachineType::Express => Quota::ExpressExecutionSeconds,
        };
        let end = self.about.start_time.plus(self.about.quotas.duration(longest));
        let own = self.timeout_seconds.map(|seconds| self.now.plus(Duration::from_secs(seconds)));
        let deadline = own.map_or(end, |own| own.min(end));
        self.set_timer(deadline, TimerUse::Execution, TimerPurpose::ExecutionTimeout);
    }

    /// Puts a frame among the others, ready to go on.
    pub(super) fn add_frame(&mut self, frame: Frame) -> FrameId {
        let id = FrameId(self.new_id());
        self.frames.insert(id, frame);
        self.ready.push_back(id);
        id
    }

    pub(super) const fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(super) fn set_timer(
        &mut self,
        deadline: Timestamp,
        wakes: TimerUse,
        purpose: TimerPurpose,
    ) -> TimerId {
        let timer = TimerId(self.new_id());
        self.timers.insert(timer, wakes);
        self.commands.push(Command::SetTimer { timer, deadline, purpose });
        timer
    }

    pub(super) fn clear_timer(&mut self, timer: Option<TimerId>) {
        if let Some(timer) = timer
            && self.timers.remove(&timer).is_some()
        {
            self.commands.push(Command::ClearTimer(timer));
        }
    }

    fn timer_fired(&mut self, timer: TimerId) -> Result<(), HistoryFull> {
        match self.timers.remove(&timer) {
            None => Ok(()),
            Some(TimerUse::Execution) => self.time_out(),
            Some(TimerUse::Frame(frame)) => {
                self.wake(frame);
                Ok(())
            }
            Some(TimerUse::TaskTimeout(task)) => self.expire_task(task, Failing::new(Failure::timeout())),
            Some(TimerUse::Heartbeat(task)) => self.expire_task(task, Failing::missed_heartbeat()),
        }
    }

    /// A Wait is over, or the delay before a retry.
    fn wake(&mut self, id: FrameId) {
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.step = states::after_delay(frame);
            self.ready.push_back(id);
        }
    }

    fn expire_task(&mut self, task: TaskId, failing: Failing) -> Result<(), HistoryFull> {
        self.commands.push(Command::CancelTask(task));
        self.fail_task(task, failing)
    }

    fn fail_task(&mut self, task: TaskId, failing: Failing) -> Result<(), HistoryFull> {
        self.end_task(task, |interpreter, frame, in_flight| {
            states::task::failed(interpreter, frame, in_flight, failing)
        })
    }

    /// Lets `note` record something of a task that goes on.
    fn with_task(
        &mut self,
        task: TaskId,
        note: impl FnOnce(&mut Self, &mut Frame, &mut TaskInFlight) -> Result<(), HistoryFull>,
    ) -> Result<(), HistoryFull> {
        let Some((id, mut frame)) = self.take_frame_of(task) else {
            return Ok(());
        };
        let mut step = std::mem::replace(&mut frame.step, Step::Work);
        let noted =
            if let Step::Task(in_flight) = &mut step { note(self, &mut frame, in_flight) } else { Ok(()) };
        frame.step = step;
        self.frames.insert(id, frame);
        noted
    }

    /// Lets `note` record the end of a task and say what the frame does next.
    fn end_task(
        &mut self,
        task: TaskId,
        note: impl FnOnce(&mut Self, &mut Frame, &mut TaskInFlight) -> Result<Step, HistoryFull>,
    ) -> Result<(), HistoryFull> {
        let Some((id, mut frame)) = self.take_frame_of(task) else {
            return Ok(());
        };
        let mut noted = Ok(());
        if let Step::Task(mut in_flight) = std::mem::replace(&mut frame.step, Step::Work) {
            self.tasks.remove(&task);
            self.clear_timer(in_flight.timeout_timer);
            self.clear_timer(in_flight.heartbeat_timer);
            match note(self, &mut frame, &mut in_flight) {
                Ok(step) => frame.step = step,
                Err(full) => noted = Err(full),
            }
            self.ready.push_back(id);
        }
        self.frames.insert(id, frame);
        noted
    }

    fn take_frame_of(&mut self, task: TaskId) -> Option<(FrameId, Frame)> {
        let id = *self.tasks.get(&task)?;
        Some((id, self.frames.remove(&id)?))
    }

    /// AWS records the end of a stopped execution as following from nothing.
    fn stop(&mut self, failure: Failure) -> Result<(), HistoryFull> {
        self.record_aborted_map_runs()?;
        let details = EventDetails::Failed(failure.clone());
        self.history.append(self.now, 0, HistoryEventType::ExecutionAborted, details)?;
        self.close(Outcome::Aborted(failure));
        Ok(())
    }

    fn time_out(&mut self) -> Result<(), HistoryFull> {
        self.record_aborted_map_runs()?;
        let details = EventDetails::Failed(Failure { error: None, cause: None });
        self.history.append(self.now, 0, HistoryEventType::ExecutionTimedOut, details)?;
        if let Some(tally) = &self.about.tally {
            tally.note_timed_out();
        }
        self.close(Outcome::TimedOut);
        Ok(())
    }

    /// Ends the execution: whatever still runs or waits is called off.
    pub(super) fn close(&mut self, outcome: Outcome) {
        if self.unfinished.is_none() && !matches!(outcome, Outcome::Succeeded(_)) {
            self.unfinished = self.gather_unfinished();
        }
        self.outcome = Some(outcome);
        self.history.shrink();
        self.ready.clear();
        self.frames.clear();
        let tasks = std::mem::take(&mut self.tasks);
        self.commands.extend(tasks.into_keys().map(Command::CancelTask));
        let map_runs = std::mem::take(&mut self.map_runs);
        self.commands.extend(map_runs.into_keys().map(Command::AbortMapRun));
        let timers = std::mem::take(&mut self.timers);
        self.commands.extend(timers.into_keys().map(Command::ClearTimer));
        self.commands.retain(|command| !matches!(command, Command::Schedule(_) | Command::SetTimer { .. }));
    }
}
