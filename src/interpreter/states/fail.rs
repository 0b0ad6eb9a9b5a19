//! Fail: ends its scope with an error and a cause, written out or found in the input.

use std::sync::Arc;

use crate::asl::definition::{Fail, FailText, State};
use crate::interpreter::failing::{Failing, FailureKind};
use crate::interpreter::frame::Frame;
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::Interpreter;
use crate::model::Failure;
use crate::query::Expected;

/// What the state fails with; a failure of its own if a path cannot be read.
pub(super) fn begin(interpreter: &mut Interpreter, frame: &Frame, state: &State, fail: &Fail) -> Failing {
    interpreter.note(Stage::AfterInputPath, &frame.input);
    read(interpreter, frame, state, fail).unwrap_or_else(|failing| failing)
}

fn read(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    fail: &Fail,
) -> Result<Failing, Failing> {
    let error = text(interpreter, frame, state, ("ErrorPath", fail.error.as_ref()))?;
    let cause = text(interpreter, frame, state, ("CausePath", fail.cause.as_ref()))?;
    // Also an error that is called States.Runtime here is the author's own, and can be handled.
    Ok(Failing { failure: Failure { error, cause }, kind: FailureKind::Ordinary, evaluation: None })
}

fn text(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    (field, text): (&str, Option<&FailText>),
) -> Result<Option<Arc<str>>, Failing> {
    match text {
        None => Ok(None),
        Some(FailText::Literal(text)) => Ok(Some(Arc::clone(text))),
        Some(FailText::At(value)) => interpreter
            .evaluate(frame, state, &frame.input, |evaluation| {
                let value = value.evaluate(field, evaluation)?;
                value.as_str().map(Arc::from).ok_or_else(|| {
                    Failure::runtime(format!(
                        "The value of the field '{field}' must be a string but was: {}",
                        value.compacted()
                    ))
                })
            })
            .map(Some),
        Some(FailText::Computed(expression)) => {
            interpreter.evaluate(frame, state, &frame.input, |evaluation| {
                let value = expression.evaluate_as(Expected::String, evaluation)?;
                Ok(value.as_str().map(Arc::from))
            })
        }
    }
}
