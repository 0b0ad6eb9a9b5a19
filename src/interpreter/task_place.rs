//! Where in the execution a task runs.

use std::sync::Arc;

use super::frame::{Frame, current_state};
use super::interpret::Interpreter;
use crate::asl::definition::StateKind;
use crate::model::StatePlace;
use crate::model::state_place::{PlacePart, PlaceStep};

impl Interpreter {
    /// The branches and iterations around the frame.
    pub(super) fn place_of(&self, frame: &Frame) -> StatePlace {
        let mut steps = Vec::new();
        let mut inside = frame;
        while let Some(parent) = inside.parent
            && let Some(around) = self.frames.get(&parent.frame)
        {
            let state = current_state(&around.scope, around.state);
            let part = if matches!(state.kind, StateKind::Parallel(_)) {
                let first = current_state(&inside.scope, inside.scope.start_at);
                PlacePart::Branch { first: Arc::clone(&first.name) }
            } else {
                PlacePart::Item { index: parent.slot }
            };
            steps.push(PlaceStep { state: Arc::clone(&state.name), part });
            inside = around;
        }
        steps.reverse();
        StatePlace { steps }
    }
}
