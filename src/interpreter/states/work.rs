//! What Task, Parallel and Map have in common: work, whose result becomes the output.

use super::Exit;
use crate::asl::definition::{State, StateKind, Work};
use crate::asl::way::Way;
use crate::interpreter::assignment::assigned;
use crate::interpreter::data_flow::{filled, merged, output as handed_on};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::Frame;
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::Interpreter;
use crate::interpreter::step::Seen;
use crate::model::Json;

/// The work of a state that has any.
pub(in crate::interpreter) const fn of(state: &State) -> Option<&Work> {
    state.work()
}

/// `ResultSelector`, `Assign`, `ResultPath`, `OutputPath`; in JSONata `Assign` and `Output`. `Assign` sees the raw result, as `ResultSelector` does.
pub(super) fn finish(
    interpreter: &mut Interpreter,
    frame: &Frame,
    (state, work): (&State, &Work),
    result: &Json,
) -> Result<Exit, Failing> {
    let selected = interpreter
        .evaluate(frame, state, result, |evaluation| filled(work.result_selector.as_ref(), evaluation))?;
    interpreter.note(Stage::AfterResultSelector, &selected);
    let assignment = interpreter.evaluate_seeing(frame, state, Seen::result(result), |evaluation| {
        assigned(state.assign.as_ref(), evaluation)
    })?;
    let output = interpreter
        .evaluate(frame, state, &frame.input, |_| merged(&work.result_path, &frame.input, selected))?;
    interpreter.note(Stage::AfterResultPath, &output);
    let seen = Seen { input: &output, ..Seen::result(result) };
    let output = interpreter.evaluate_seeing(frame, state, seen, |evaluation| {
        handed_on(state, state.output.as_ref(), evaluation)
    })?;
    Ok(Exit { output, assignment, transition: work.transition, way: Way::Left })
}

/// The results of all branches or iterations as one array. A Map writes it anew; a Parallel keeps each text.
pub(in crate::interpreter) fn gathered(state: &State, outputs: Vec<Option<Json>>) -> Json {
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
