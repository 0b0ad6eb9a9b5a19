//! Pass: hands its input on, or a literal Result, or what Parameters makes of the input.

use super::{Begun, Exit};
use crate::asl::definition::{Pass, State};
use crate::asl::way::Way;
use crate::interpreter::assignment::assigned;
use crate::interpreter::data_flow::{filled, merged, output as handed_on, through};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::Frame;
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::Interpreter;

pub(super) fn begin(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    pass: &Pass,
) -> Result<Begun, Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    let filled = interpreter
        .evaluate(frame, state, &input, |evaluation| filled(pass.parameters.as_ref(), evaluation))?;
    if let Some(result) = &pass.result {
        interpreter.note(Stage::Result, result);
    } else {
        interpreter.note(Stage::AfterInputPath, &input);
        interpreter.note(Stage::AfterParameters, &filled);
    }
    let result = pass.result.clone().unwrap_or(filled);
    interpreter.note(Stage::AfterResultSelector, &result);
    let assignment = interpreter
        .evaluate(frame, state, &result, |evaluation| assigned(state.assign.as_ref(), evaluation))?;
    let output = interpreter
        .evaluate(frame, state, &frame.input, |_| merged(&pass.result_path, &frame.input, result))?;
    interpreter.note(Stage::AfterResultPath, &output);
    let output = interpreter
        .evaluate(frame, state, &output, |evaluation| handed_on(state, state.output.as_ref(), evaluation))?;
    Ok(Begun::Leave(Exit { output, assignment, transition: pass.transition, way: Way::Left }))
}
