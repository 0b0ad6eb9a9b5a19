//! Branches and iterations: how they start, and what their parent does when one ends.

use std::sync::Arc;

use super::data_flow::within_limits;
use super::failing::Failing;
use super::frame::{Children, Frame, FrameId, Parent, Step, Unfinished, current_state};
use super::history::HistoryFull;
use super::interpret::Interpreter;
use super::map_run::MapItem;
use super::states;
use crate::asl::definition::{Map, Scope, State, StateKind};
use crate::model::{EventDetails, HistoryEventType, Json};
use crate::query::Variables;

/// What a branch or iteration has from the state that starts it.
pub(super) struct Surroundings<'f> {
    /// The event that its first one follows from.
    pub(super) event: u64,
    pub(super) item: Option<Arc<MapItem>>,
    /// Those of the scope around it.
    pub(super) variables: &'f Arc<Variables>,
}

impl Interpreter {
    /// Adds a frame below `parent`.
    pub(super) fn add_child(
        &mut self,
        parent: Parent,
        scope: &Arc<Scope>,
        input: Json,
        from: Surroundings<'_>,
    ) -> FrameId {
        let mut child = Frame::new(Arc::clone(scope), input, from.event, self.now);
        child.parent = Some(parent);
        child.item = from.item;
        child.variables = Arc::new(Variables::within(from.variables));
        self.add_frame(child)
    }

    /// Starts the next iteration of a Map, if items are left. It follows from the event `previous`.
    pub(super) fn start_iteration(
        &mut self,
        id: FrameId,
        frame: &mut Frame,
        (state, map): (&State, &Map),
        (children, previous): (&mut Children, u64),
    ) -> Result<Result<(), Failing>, HistoryFull> {
        let Some(waiting) = &mut children.waiting else {
            return Ok(Ok(()));
        };
        let index = waiting.next;
        let Some(value) = waiting.items.as_array().and_then(|items| items.get(index)).cloned() else {
            return Ok(Ok(()));
        };
        let item = Arc::new(MapItem { index, value, key: None, source: None });
        let input = match self.iteration_input(frame, (state, map), &waiting.input, &item) {
            Ok(input) => input,
            Err(failing) => return Ok(Err(failing)),
        };
        waiting.next += 1;
        let details = EventDetails::MapIteration { name: Arc::clone(&state.name), index };
        let started =
            self.history.append(self.now, previous, HistoryEventType::MapIterationStarted, details)?;
        let parent = Parent { frame: id, slot: index };
        let from = Surroundings { event: started, item: Some(item), variables: &frame.variables };
        let child = self.add_child(parent, &map.processor, input, from);
        children.running.push((index, child));
        Ok(Ok(()))
    }

    /// Starts as many iterations of a Map as may run at once. The first ones follow from the event `previous`.
    pub(super) fn start_iterations(
        &mut self,
        id: FrameId,
        frame: &mut Frame,
        (state, map): (&State, &Map),
        (mut children, previous): (Children, u64),
    ) -> Result<Result<(), Failing>, HistoryFull> {
        while let Some(waiting) = &children.waiting
            && waiting.next < children.outputs.len()
            && children.running.len() < waiting.concurrency
        {
            let started = self.start_iteration(id, frame, (state, map), (&mut children, previous))?;
            if let Err(failing) = started {
                let aborted = self.abort_children(&children.running, Some(state), previous)?;
                frame.unfinished = Some(Box::new(Unfinished::new(children, aborted)));
                return Ok(Err(failing));
            }
        }
        frame.step = Step::Children(Box::new(children));
        Ok(Ok(()))
    }

    /// What `ItemSelector` makes of one item; without one, the item.
    pub(super) fn iteration_input(
        &mut self,
        frame: &mut Frame,
        (state, map): (&State, &Map),
        map_input: &Json,
        item: &Arc<MapItem>,
    ) -> Result<Json, Failing> {
        let Some(selector) = &map.item_selector else {
            return Ok(item.value.clone());
        };
        let outer = frame.item.replace(Arc::clone(item));
        let input = self.evaluate(frame, state, map_input, |evaluation| selector.evaluate(evaluation));
        frame.item = outer;
        within_limits(&input?, self.payload_bytes(), state)
    }

    /// A branch or iteration has ended with `output`; its last event was `last_event`.
    pub(super) fn child_done(
        &mut self,
        parent: Parent,
        output: &Json,
        last_event: u64,
    ) -> Result<(), HistoryFull> {
        let Some(mut frame) = self.frames.remove(&parent.frame) else {
            return Ok(());
        };
        if let Step::Children(mut children) = std::mem::replace(&mut frame.step, Step::Work) {
            children.ended(parent.slot);
            if let Some(slot) = children.outputs.get_mut(parent.slot) {
                *slot = Some(output.clone());
            }
            self.go_on_with(parent, &mut frame, children, last_event)?;
        }
        self.frames.insert(parent.frame, frame);
        Ok(())
    }

    /// Starts the next iteration, or finishes the Parallel or Map when nothing runs any more.
    fn go_on_with(
        &mut self,
        parent: Parent,
        frame: &mut Frame,
        mut children: Box<Children>,
        last_event: u64,
    ) -> Result<(), HistoryFull> {
        let scope = Arc::clone(&frame.scope);
        let state = current_state(&scope, frame.state);
        // What follows from the last child follows from its last event; after a Map, from its Succeeded event.
        let mut follows = last_event;
        if let StateKind::Map(map) = &state.kind {
            let details = EventDetails::MapIteration { name: Arc::clone(&state.name), index: parent.slot };
            follows = self.history.append(
                self.now,
                last_event,
                HistoryEventType::MapIterationSucceeded,
                details,
            )?;
            let started =
                self.start_iteration(parent.frame, frame, (state, map), (&mut children, last_event))?;
            if let Err(failing) = started {
                frame.last_event = last_event;
                let aborted = self.abort_children(&children.running, Some(state), last_event)?;
                frame.unfinished = Some(Box::new(Unfinished::new(*children, aborted)));
                frame.step = Step::Fail(failing);
                self.ready.push_back(parent.frame);
                return Ok(());
            }
        }
        if children.running.is_empty() {
            frame.last_event = follows;
            frame.started_children = false;
            if let Some(event_type) = states::event_types::of(state).succeeded {
                self.history.append(self.now, follows, event_type, EventDetails::None)?;
            }
            frame.step = Step::Finish(states::gathered(state, children.outputs));
            self.ready.push_back(parent.frame);
        } else {
            frame.step = Step::Children(children);
        }
        Ok(())
    }

    /// A branch or iteration has failed: its siblings are aborted, and its parent fails with its failure.
    pub(super) fn child_failed(
        &mut self,
        parent: Parent,
        child: &mut Frame,
        failing: Failing,
    ) -> Result<(), HistoryFull> {
        let Some(mut frame) = self.frames.remove(&parent.frame) else {
            return Ok(());
        };
        let guilty_event = child.last_event;
        if let Step::Children(mut children) = std::mem::replace(&mut frame.step, Step::Work) {
            let scope = Arc::clone(&frame.scope);
            let state = current_state(&scope, frame.state);
            if matches!(state.kind, StateKind::Map(_)) {
                let details =
                    EventDetails::MapIteration { name: Arc::clone(&state.name), index: parent.slot };
                self.history.append(self.now, guilty_event, HistoryEventType::MapIterationFailed, details)?;
            }
            // AWS records even the task that failed as aborted.
            if matches!(current_state(&child.scope, child.state).kind, StateKind::Task(_)) {
                let aborted = HistoryEventType::TaskStateAborted;
                self.history.append(self.now, guilty_event, aborted, EventDetails::None)?;
            }
            children.ended(parent.slot);
            let mut frames = self.abort_children(&children.running, Some(state), guilty_event)?;
            frames.push((parent.slot, child.at_rest()));
            frame.unfinished = Some(Box::new(Unfinished::new(*children, frames)));
        }
        frame.last_event = guilty_event;
        frame.step = Step::Fail(failing);
        self.frames.insert(parent.frame, frame);
        self.ready.push_back(parent.frame);
        Ok(())
    }
}
