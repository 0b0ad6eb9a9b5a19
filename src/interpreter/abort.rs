//! Calling off what still runs when a sibling has failed: a transition like any other, with its own events.

use std::sync::Arc;

use super::command::Command;
use super::frame::{Frame, FrameId, Step, Unfinished, current_state};
use super::history::HistoryFull;
use super::interpret::Interpreter;
use super::states::event_types;
use crate::asl::definition::{State, StateKind};
use crate::model::{EventDetails, HistoryEventType};

impl Interpreter {
    /// Aborts the children of a Parallel or Map; every event follows from the one that is to blame. Gives the frames
    /// back, for a redrive to go on with.
    pub(super) fn abort_children(
        &mut self,
        children: &[(usize, FrameId)],
        parent: Option<&State>,
        guilty_event: u64,
    ) -> Result<Vec<(usize, Frame)>, HistoryFull> {
        let mut aborted = Vec::new();
        let iterations_of = parent.filter(|state| matches!(state.kind, StateKind::Map(_)));
        for (slot, id) in children {
            if let Some(map) = iterations_of {
                let details = EventDetails::MapIteration { name: Arc::clone(&map.name), index: *slot };
                self.history.append(
                    self.now,
                    guilty_event,
                    HistoryEventType::MapIterationAborted,
                    details,
                )?;
            }
            if let Some(frame) = self.frames.remove(id) {
                aborted.push((*slot, self.abort(frame, guilty_event)?));
            }
        }
        Ok(aborted)
    }

    fn abort(&mut self, mut frame: Frame, guilty_event: u64) -> Result<Frame, HistoryFull> {
        let scope = Arc::clone(&frame.scope);
        let state = current_state(&scope, frame.state);
        match frame.rest() {
            Step::Timer(timer) => self.clear_timer(Some(timer)),
            Step::Task(in_flight) | Step::StartTask(in_flight) => {
                self.clear_timer(in_flight.timeout_timer);
                self.clear_timer(in_flight.heartbeat_timer);
                if self.tasks.remove(&in_flight.task).is_some() {
                    self.commands.push(Command::CancelTask(in_flight.task));
                }
            }
            Step::Children(children) => {
                let frames = self.abort_children(&children.running, Some(state), guilty_event)?;
                frame.unfinished = Some(Box::new(Unfinished::new(*children, frames)));
            }
            Step::Resume(unfinished) => frame.unfinished = Some(unfinished),
            Step::MapRun(in_flight) => {
                self.abort_map_run(in_flight.run, guilty_event)?;
                frame.unfinished = Some(Box::new(Unfinished::MapRun(*in_flight)));
            }
            Step::Enter | Step::Work | Step::Finish(_) | Step::Fail(_) => {}
        }
        if frame.has_entered()
            && let Some(event_type) = event_types::of(state).aborted
        {
            self.history.append(self.now, guilty_event, event_type, EventDetails::None)?;
        }
        Ok(frame)
    }
}
