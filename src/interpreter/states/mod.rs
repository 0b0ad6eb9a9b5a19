//! One file per state type; here only which is which.

mod choice;
mod fail;
mod map;
mod parallel;
mod pass;
mod succeed;
pub(super) mod task;
mod wait;

use super::assignment::{Assignment, assigned};
use super::failing::Failing;
use super::frame::{Frame, FrameId, Step, current_state};
use super::history::HistoryFull;
use super::interpret::Interpreter;
use crate::asl::definition::{State, StateKind, Transition, Work};
use crate::model::{HistoryEventType, Json};

/// How a state is left.
pub(super) struct Exit {
    pub(super) output: Json,
    pub(super) assignment: Assignment,
    pub(super) transition: Transition,
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
        StateKind::Map(map) => map::begin(interpreter, id, frame, (state, map)),
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
        StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_) => match work(state) {
            Some(work) => finish_work(interpreter, frame, (state, work), &result),
            None => Ok(Exit { output: result, assignment: Assignment::new(), transition: Transition::End }),
        },
        // These never wait, so they never come here.
        StateKind::Pass(_) | StateKind::Succeed | StateKind::Fail(_) | StateKind::Choice(_) => {
            Ok(Exit { output: result, assignment: Assignment::new(), transition: Transition::End })
        }
    }
}

/// `ResultSelector`, `Assign`, `ResultPath`, `OutputPath`. `Assign` sees the raw result, as `ResultSelector` does.
fn finish_work(
    interpreter: &mut Interpreter,
    frame: &Frame,
    (state, work): (&State, &Work),
    result: &Json,
) -> Result<Exit, Failing> {
    use super::data_flow::{filled, merged, through};
    let selected = interpreter
        .evaluate(frame, state, result, |evaluation| filled(work.result_selector.as_ref(), evaluation))?;
    let assignment = interpreter
        .evaluate(frame, state, result, |evaluation| assigned(state.assign.as_ref(), evaluation))?;
    let output = interpreter
        .evaluate(frame, state, &frame.input, |_| merged(&work.result_path, &frame.input, selected))?;
    let output =
        interpreter.evaluate(frame, state, &output, |evaluation| through(&state.output_path, evaluation))?;
    Ok(Exit { output, assignment, transition: work.transition })
}

/// The results of all branches or iterations as one array. A Map writes it anew; a Parallel keeps each text.
pub(super) fn gathered(state: &State, outputs: Vec<Option<Json>>) -> Json {
    let outputs = outputs.into_iter().map(|output| output.unwrap_or(Json::Null));
    match state.kind {
        StateKind::Map(_) => Json::array(outputs.map(|output| output.compacted()).collect()),
        StateKind::Parallel(_)
        | StateKind::Task(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed
        | StateKind::Fail(_) => Json::array(outputs.collect()),
    }
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

/// The work of a state that has any.
pub(super) const fn work(state: &State) -> Option<&Work> {
    match &state.kind {
        StateKind::Task(task) => Some(&task.work),
        StateKind::Parallel(parallel) => Some(&parallel.work),
        StateKind::Map(map) => Some(&map.work),
        StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed
        | StateKind::Fail(_) => None,
    }
}

pub(super) const fn entered_event(state: &State) -> HistoryEventType {
    match state.kind {
        StateKind::Task(_) => HistoryEventType::TaskStateEntered,
        StateKind::Pass(_) => HistoryEventType::PassStateEntered,
        StateKind::Choice(_) => HistoryEventType::ChoiceStateEntered,
        StateKind::Wait(_) => HistoryEventType::WaitStateEntered,
        StateKind::Succeed => HistoryEventType::SucceedStateEntered,
        StateKind::Fail(_) => HistoryEventType::FailStateEntered,
        StateKind::Parallel(_) => HistoryEventType::ParallelStateEntered,
        StateKind::Map(_) => HistoryEventType::MapStateEntered,
    }
}

/// A Fail state is never exited.
pub(super) const fn exited_event(state: &State) -> Option<HistoryEventType> {
    match state.kind {
        StateKind::Task(_) => Some(HistoryEventType::TaskStateExited),
        StateKind::Pass(_) => Some(HistoryEventType::PassStateExited),
        StateKind::Choice(_) => Some(HistoryEventType::ChoiceStateExited),
        StateKind::Wait(_) => Some(HistoryEventType::WaitStateExited),
        StateKind::Succeed => Some(HistoryEventType::SucceedStateExited),
        StateKind::Fail(_) => None,
        StateKind::Parallel(_) => Some(HistoryEventType::ParallelStateExited),
        StateKind::Map(_) => Some(HistoryEventType::MapStateExited),
    }
}

pub(super) const fn succeeded_event(state: &State) -> Option<HistoryEventType> {
    match state.kind {
        StateKind::Parallel(_) => Some(HistoryEventType::ParallelStateSucceeded),
        StateKind::Map(_) => Some(HistoryEventType::MapStateSucceeded),
        StateKind::Task(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed
        | StateKind::Fail(_) => None,
    }
}

pub(super) const fn failed_event(state: &State) -> Option<HistoryEventType> {
    match state.kind {
        StateKind::Parallel(_) => Some(HistoryEventType::ParallelStateFailed),
        StateKind::Map(_) => Some(HistoryEventType::MapStateFailed),
        StateKind::Task(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed
        | StateKind::Fail(_) => None,
    }
}
