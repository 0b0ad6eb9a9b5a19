//! One file per state type; here only which is which.

mod choice;
mod distributed_map;
pub(super) mod event_types;
mod fail;
mod map;
mod map_number;
mod parallel;
mod pass;
mod succeed;
pub(super) mod task;
mod wait;
mod work;

use super::assignment::Assignment;
use super::failing::Failing;
use super::frame::{Frame, FrameId, Step, current_state};
use super::history::HistoryFull;
use super::interpret::Interpreter;
use crate::asl::definition::{State, StateKind, Transition};
use crate::asl::way::Way;
use crate::model::Json;

pub(super) use work::{gathered, of as work_of};

/// How a state is left.
pub(super) struct Exit {
    pub(super) output: Json,
    pub(super) assignment: Assignment,
    pub(super) transition: Transition,
    pub(super) way: Way,
}

/// What the work of a state comes to at first.
pub(super) enum Begun {
    /// It is done.
    Leave(Exit),
    /// Another step follows; the frame says which.
    Ready,
    /// Something else will go on; the frame says what.
    Waiting,
}

/// Does the work of a state that was entered, as far as it goes without waiting.
pub(super) fn begin(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    state: &State,
) -> Result<Result<Begun, Failing>, HistoryFull> {
    match &state.kind {
        StateKind::Pass(pass) => Ok(pass::begin(interpreter, frame, state, pass)),
        StateKind::Succeed => Ok(succeed::begin(interpreter, frame, state)),
        StateKind::Fail(fail) => Ok(Err(fail::begin(interpreter, frame, state, fail))),
        StateKind::Choice(choice) => Ok(choice::begin(interpreter, frame, state, choice)),
        StateKind::Wait(wait) => Ok(wait::begin(interpreter, id, frame, (state, wait))),
        StateKind::Task(task) => task::begin(interpreter, frame, state, task),
        StateKind::Parallel(parallel) => parallel::begin(interpreter, id, frame, (state, parallel)),
        StateKind::Map(map) => match &map.distributed {
            Some(distributed) => distributed_map::begin(interpreter, id, frame, (state, map, distributed)),
            None => map::begin(interpreter, id, frame, (state, map)),
        },
    }
}

/// Makes the output of a state, and its variables, out of the raw result of its work.
pub(super) fn finish(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    result: Json,
) -> Result<Exit, Failing> {
    match &state.kind {
        StateKind::Wait(wait) => wait::finish(interpreter, frame, state, wait),
        StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_) => match work::of(state) {
            Some(work) => work::finish(interpreter, frame, (state, work), &result),
            None => Ok(left_at_once(result)),
        },
        // These never wait, so they never come here.
        StateKind::Pass(_) | StateKind::Succeed | StateKind::Fail(_) | StateKind::Choice(_) => {
            Ok(left_at_once(result))
        }
    }
}

fn left_at_once(output: Json) -> Exit {
    Exit { output, assignment: Assignment::new(), transition: Transition::End, way: Way::Left }
}

/// What a frame does when the timer it waited for has fired: a Wait is over, a retry begins.
pub(super) fn after_delay(frame: &Frame) -> Step {
    match current_state(&frame.scope, frame.state).kind {
        StateKind::Wait(_) => Step::Finish(Json::Null),
        StateKind::Task(_)
        | StateKind::Parallel(_)
        | StateKind::Map(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Succeed
        | StateKind::Fail(_) => Step::Work,
    }
}
