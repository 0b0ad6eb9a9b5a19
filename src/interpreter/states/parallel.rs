//! Parallel: runs its branches side by side, each on a copy of the input.

use super::Begun;
use crate::asl::definition::{Parallel, State};
use crate::interpreter::children::Surroundings;
use crate::interpreter::data_flow::{filled, through, within_limits};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::{Children, Frame, FrameId, Parent, Step};
use crate::interpreter::history::HistoryFull;
use crate::interpreter::interpret::Interpreter;
use crate::model::{EventDetails, HistoryEventType, Json};

pub(super) fn begin(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    (state, parallel): (&State, &Parallel),
) -> Result<Result<Begun, Failing>, HistoryFull> {
    let input = match branch_input(interpreter, frame, state, parallel) {
        Ok(input) => input,
        Err(failing) => return Ok(Err(failing)),
    };
    if let Some(step) = interpreter.mocked_children() {
        frame.step = step;
        return Ok(Ok(Begun::Ready));
    }
    interpreter.record(frame, HistoryEventType::ParallelStateStarted, EventDetails::None)?;
    frame.started_children = true;
    let mut running = Vec::new();
    for (slot, branch) in parallel.branches.iter().enumerate() {
        let parent = Parent { frame: id, slot };
        let from =
            Surroundings { event: frame.last_event, item: frame.item.clone(), variables: &frame.variables };
        let child = interpreter.add_child(parent, branch, input.clone(), from);
        running.push((slot, child));
    }
    let outputs = vec![None; parallel.branches.len()];
    frame.step = Step::Children(Box::new(Children { outputs, running, waiting: None }));
    Ok(Ok(Begun::Waiting))
}

fn branch_input(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    parallel: &Parallel,
) -> Result<Json, Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    let input = interpreter
        .evaluate(frame, state, &input, |evaluation| filled(parallel.work.parameters.as_ref(), evaluation))?;
    within_limits(&input, interpreter.payload_bytes(), state)
}
