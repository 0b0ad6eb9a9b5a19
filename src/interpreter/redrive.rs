//! Redrive: an execution that did not succeed goes on where it stood. States that were left keep their results, also
//! in branches and iterations; states that were entered and not left do their work again, with fresh retriers.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html>

use std::sync::Arc;

use super::command::{Command, Outcome};
use super::frame::{Children, Frame, FrameId, Parent, Retries, Step, Unfinished, current_state};
use super::history::HistoryFull;
use super::interpret::{Interpreter, Redriven};
use super::map_run::MapRunInFlight;
use super::step::{After, explained};
use crate::asl::definition::{State, StateKind};
use crate::model::{EventDetails, Failure, HistoryEventType, Timestamp, quota};

impl Interpreter {
    /// Whether [`redrive`](Self::redrive) would find something to go on with.
    pub(crate) fn can_be_redriven(&self) -> bool {
        self.unfinished.is_some() && self.history.has_room()
    }

    /// Takes the execution up again: records `ExecutionRedriven`, and nothing else until [`run`](Self::run). Does
    /// nothing to an execution that has succeeded or has not ended.
    pub(crate) fn redrive(&mut self, now: Timestamp) {
        let Some(frame) = self.unfinished.take() else { return };
        self.outcome = None;
        self.now = now;
        self.effort_left = quota::EXECUTION_EFFORT;
        let redrive_count = self.about.redriven.map_or(0, |redriven| redriven.count) + 1;
        self.about.redriven = Some(Redriven { count: redrive_count, time: now });
        self.set_execution_timeout();
        let end = self.history.last_id();
        let details = EventDetails::ExecutionRedriven { redrive_count };
        match self.history.append(now, end, HistoryEventType::ExecutionRedriven, details) {
            Ok(redriven) => {
                self.resume_frame(None, frame, redriven);
            }
            Err(full) => self.overflow(full),
        }
    }

    /// A frame goes on: its next event follows from `ExecutionRedriven`, unless it stands between two states.
    fn resume_frame(&mut self, parent: Option<Parent>, mut frame: Frame, redriven: u64) -> FrameId {
        frame.parent = parent;
        frame.retries = Retries::default();
        if frame.has_entered() {
            frame.last_event = redriven;
            frame.step = match frame.unfinished.take() {
                Some(unfinished) => Step::Resume(unfinished),
                None if is_fail(&frame) => Step::Enter,
                None => Step::Work,
            };
        }
        self.add_frame(frame)
    }

    /// Goes on with what did not succeed.
    pub(super) fn resume_work(
        &mut self,
        id: FrameId,
        frame: &mut Frame,
        state: &State,
        unfinished: Unfinished,
    ) -> Result<After, HistoryFull> {
        frame.started_children = true;
        match unfinished {
            Unfinished::Children { children, frames } => {
                self.resume_children(id, frame, state, (children, frames))
            }
            Unfinished::MapRun(in_flight) => self.resume_map_run(id, frame, state, in_flight),
        }
    }

    fn resume_map_run(
        &mut self,
        id: FrameId,
        frame: &mut Frame,
        state: &State,
        in_flight: MapRunInFlight,
    ) -> Result<After, HistoryFull> {
        let most = quota::MAP_RUN_REDRIVES;
        if in_flight.redrive_count >= most {
            let why = format!("The Map Run was redriven {most} times, which is as often as it can be.");
            let failing = explained(frame, state, Failure::runtime(why));
            return self.fail(id, frame, state, failing);
        }
        let (redrive_count, map_run_arn) = (in_flight.redrive_count + 1, Arc::clone(&in_flight.arn));
        let details = EventDetails::MapRunRedriven { map_run_arn, redrive_count };
        self.record(frame, HistoryEventType::MapRunRedriven, details)?;
        self.map_runs.insert(in_flight.run, id);
        self.commands.push(Command::RedriveMapRun(in_flight.run));
        let started_event = frame.last_event;
        frame.step = Step::MapRun(Box::new(MapRunInFlight { redrive_count, started_event, ..in_flight }));
        Ok(After::Waiting)
    }

    /// Goes on with the branches or iterations that did not succeed, and starts what may run beside them.
    fn resume_children(
        &mut self,
        id: FrameId,
        frame: &mut Frame,
        state: &State,
        (mut children, frames): (Children, Vec<(usize, Frame)>),
    ) -> Result<After, HistoryFull> {
        let redriven = frame.last_event;
        for (slot, child) in frames {
            let child = self.resume_frame(Some(Parent { frame: id, slot }), child, redriven);
            children.running.push((slot, child));
        }
        if let StateKind::Map(map) = &state.kind {
            let started = self.start_iterations(id, frame, (state, map), (children, redriven))?;
            return match started {
                Ok(()) => Ok(After::Waiting),
                Err(failing) => self.fail(id, frame, state, failing),
            };
        }
        frame.step = Step::Children(Box::new(children));
        Ok(After::Waiting)
    }

    /// The execution's own frame, with the frames below it, as they stand.
    pub(super) fn gather_unfinished(&mut self) -> Option<Frame> {
        let root = self.frames.iter().find(|(_, frame)| frame.parent.is_none()).map(|(id, _)| *id)?;
        self.gather(root)
    }

    fn gather(&mut self, id: FrameId) -> Option<Frame> {
        let mut frame = self.frames.remove(&id)?;
        match frame.rest() {
            Step::Children(children) => {
                let below = children.running.iter();
                let frames = below.filter_map(|(slot, id)| Some((*slot, self.gather(*id)?))).collect();
                frame.unfinished = Some(Box::new(Unfinished::new(*children, frames)));
            }
            Step::Resume(unfinished) => frame.unfinished = Some(unfinished),
            Step::MapRun(in_flight) => frame.unfinished = Some(Box::new(Unfinished::MapRun(*in_flight))),
            Step::Enter
            | Step::Work
            | Step::StartTask(_)
            | Step::Timer(_)
            | Step::Task(_)
            | Step::Finish(_)
            | Step::Fail(_) => {}
        }
        Some(frame)
    }

    /// The history is full: there is no room for a redrive either.
    pub(super) fn overflow(&mut self, HistoryFull(failure): HistoryFull) {
        self.close(Outcome::Failed(failure));
        self.unfinished = None;
    }
}

/// A Fail state is entered anew: that is all it does.
fn is_fail(frame: &Frame) -> bool {
    let scope = Arc::clone(&frame.scope);
    matches!(current_state(&scope, frame.state).kind, StateKind::Fail(_))
}
