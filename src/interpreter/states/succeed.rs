//! Succeed: ends its scope with its input.

use super::{Begun, Exit};
use crate::asl::definition::{State, Transition};
use crate::asl::way::Way;
use crate::interpreter::assignment::Assignment;
use crate::interpreter::data_flow::{output as handed_on, through};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::Frame;
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::Interpreter;

pub(super) fn begin(interpreter: &mut Interpreter, frame: &Frame, state: &State) -> Result<Begun, Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    interpreter.note(Stage::AfterInputPath, &input);
    let output = interpreter
        .evaluate(frame, state, &input, |evaluation| handed_on(state, state.output.as_ref(), evaluation))?;
    Ok(Begun::Leave(Exit {
        output,
        assignment: Assignment::new(),
        transition: Transition::End,
        way: Way::Left,
    }))
}
