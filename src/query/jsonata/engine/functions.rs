//! The functions that Step Functions adds to JSONata: `$partition`, `$range`, `$hash`, `$random`, `$uuid`, `$parse`.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>

use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

use super::convert::to_engine;
use super::program::Surroundings;
use crate::model::{Json, SeededRandom};
use crate::query::Effort;
use crate::query::intrinsic::hash::digest;

/// Items that `$range` gives at most, as States.ArrayRange.
const RANGE_ITEMS: f64 = 1000.0;

type Given = Result<JValue, EvaluatorError>;

pub(super) fn register(evaluator: &mut Evaluator, surroundings: &Surroundings) -> Result<(), EvaluatorError> {
    evaluator.register_fn("partition", partition)?;
    evaluator.register_fn("range", range)?;
    evaluator.register_fn("hash", hash)?;
    evaluator.register_fn("parse", parse)?;
    let random = Rc::clone(&surroundings.random);
    evaluator.register_fn_override("random", move |arguments: &[JValue]| match seed(arguments)? {
        Some(seed) => Ok(JValue::Number(SeededRandom::new(seed, "$random").next_fraction())),
        None => Ok(JValue::Number(random.borrow_mut().next_fraction())),
    })?;
    let random = Rc::clone(&surroundings.random);
    evaluator.register_fn("uuid", move |_: &[JValue]| Ok(JValue::string(random.borrow_mut().next_uuid())))
}

/// `$partition(array, size)`: what is no array is taken for one of one item.
fn partition(arguments: &[JValue]) -> Given {
    let Some(value) = present(arguments, 0) else {
        return Ok(JValue::Undefined);
    };
    let size = whole("partition", arguments, 1)?;
    if size < 1.0 {
        return Err(mismatch("partition", 2));
    }
    let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
    let size = size as usize;
    Ok(JValue::array(items.chunks(size).map(|chunk| JValue::array(chunk.to_vec())).collect()))
}

/// `$range(first, last, step)`: `last` is included if a step lands on it. A range of one number is that number.
fn range(arguments: &[JValue]) -> Given {
    let first = whole("range", arguments, 0)?;
    let last = whole("range", arguments, 1)?;
    let step = whole("range", arguments, 2)?;
    if step == 0.0 {
        return Err(mismatch("range", 3));
    }
    let steps = ((last - first) / step).floor();
    if steps >= RANGE_ITEMS {
        return Err(EvaluatorError::EvaluationError(format!(
            "D2014: The size of the sequence allocated by $range must not exceed {RANGE_ITEMS}.  Attempted to allocate {}.",
            steps + 1.0
        )));
    }
    let mut numbers = Vec::new();
    let mut number = first;
    while numbers.len() < 1000 && (if step > 0.0 { number <= last } else { number >= last }) {
        numbers.push(JValue::Number(number));
        number += step;
    }
    Ok(JValue::sequence(numbers))
}

/// `$hash(text, algorithm)`, in hexadecimal digits.
fn hash(arguments: &[JValue]) -> Given {
    let Some(data) = present(arguments, 0) else {
        return Ok(JValue::Undefined);
    };
    let data = data.as_str().ok_or_else(|| mismatch("hash", 1))?;
    let algorithm = present(arguments, 1).and_then(JValue::as_str).ok_or_else(|| mismatch("hash", 2))?;
    digest(data, algorithm).map(JValue::string).ok_or_else(|| mismatch("hash", 2))
}

/// `$parse(text)`: the JSON value that a text stands for.
fn parse(arguments: &[JValue]) -> Given {
    let Some(text) = present(arguments, 0) else {
        return Ok(JValue::Undefined);
    };
    let text = text.as_str().ok_or_else(|| mismatch("parse", 1))?;
    let parsed = Json::parse(text).map_err(|error| {
        EvaluatorError::EvaluationError(format!("The text given to $parse is no JSON: {}", error.message))
    })?;
    to_engine(&parsed, &Effort::default()).map_err(EvaluatorError::EvaluationError)
}

/// The seed of `$random(seed)`.
fn seed(arguments: &[JValue]) -> Result<Option<u64>, EvaluatorError> {
    match present(arguments, 0) {
        None => Ok(None),
        Some(seed) => {
            seed.as_f64().map(|seed| Some(seed.floor().to_bits())).ok_or_else(|| mismatch("random", 1))
        }
    }
}

fn present(arguments: &[JValue], index: usize) -> Option<&JValue> {
    arguments.get(index).filter(|argument| !argument.is_undefined())
}

/// A number, rounded down.
fn whole(function: &str, arguments: &[JValue], index: usize) -> Result<f64, EvaluatorError> {
    let number = present(arguments, index).and_then(JValue::as_f64);
    number.map(f64::floor).ok_or_else(|| mismatch(function, index + 1))
}

/// AWS's own words for this are not known: these are those of JSONata's functions.
pub(super) fn mismatch(function: &str, argument: usize) -> EvaluatorError {
    EvaluatorError::TypeError(format!(
        "T0410: Argument {argument} of function \"{function}\" does not match function signature"
    ))
}
