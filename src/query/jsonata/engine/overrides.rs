//! Functions of JSONata that the engine has otherwise, or that need our time, our random numbers and our limits.

use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

use super::encoding;
use super::program::Surroundings;
use crate::model::{Json, Timestamp};

/// Names that no expression can spell: calls of built-in functions are led here.
pub(super) mod name {
    pub(in crate::query::jsonata::engine) const ENCODE_URL: &str = "encodeUrl as 2.0.6";
    pub(in crate::query::jsonata::engine) const ENCODE_URL_COMPONENT: &str = "encodeUrlComponent as 2.0.6";
    pub(in crate::query::jsonata::engine) const BASE64_ENCODE: &str = "base64encode as 2.0.6";
    pub(in crate::query::jsonata::engine) const BASE64_DECODE: &str = "base64decode as 2.0.6";
    pub(in crate::query::jsonata::engine) const DECODE_URL: &str = "decodeUrl as 2.0.6";
    pub(in crate::query::jsonata::engine) const DECODE_URL_COMPONENT: &str = "decodeUrlComponent as 2.0.6";
    /// Hands a value on, unless it is a text that the engine takes for a number and version 2.0.6 does not.
    pub(in crate::query::jsonata::engine) const STRICT_NUMBER: &str = "strict number";
    /// Hands a value on, but nothing for an empty array.
    pub(in crate::query::jsonata::engine) const NOT_EMPTY: &str = "not empty";
    /// Hands a value on, but a number only with its first fifteen digits.
    pub(in crate::query::jsonata::engine) const FIFTEEN_DIGITS: &str = "fifteen digits";
    /// Pays for a value and hands it on.
    pub(in crate::query::jsonata::engine) const PAID: &str = "paid for";
    /// Hands on a width or a number to be spelt out, unless it is absurd.
    pub(in crate::query::jsonata::engine) const BOUNDED: &str = "bounded";
    /// Hands on a number without its fraction.
    pub(in crate::query::jsonata::engine) const TRUNCATED: &str = "truncated";
}

/// The largest width of `$pad`, and the largest number that `$formatInteger` spells out.
const LARGEST: f64 = 1_000_000.0;

pub(super) fn register(evaluator: &mut Evaluator, surroundings: &Surroundings) -> Result<(), EvaluatorError> {
    let now = surroundings.now;
    evaluator.register_fn_override("now", move |_: &[JValue]| Ok(JValue::string(iso(now))))?;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium fit a double")]
    let millis = now.as_millis() as f64;
    evaluator.register_fn_override("millis", move |_: &[JValue]| Ok(JValue::Number(millis)))?;
    // AWS has no $eval: the name is that of a variable without a value.
    evaluator.register_fn_override("eval", |_: &[JValue]| Err(not_a_function()))?;
    shuffle(evaluator, surroundings)?;
    encoding::register(evaluator)?;
    guards(evaluator, surroundings)
}

fn guards(evaluator: &mut Evaluator, surroundings: &Surroundings) -> Result<(), EvaluatorError> {
    let budget = Rc::clone(&surroundings.budget);
    evaluator.register_fn(name::PAID, move |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        budget.spend_on(&value);
        if budget.is_exhausted() { Err(too_much()) } else { Ok(value) }
    })?;
    let budget = Rc::clone(&surroundings.budget);
    evaluator.register_fn(name::FIFTEEN_DIGITS, |arguments: &[JValue]| {
        Ok(in_fifteen_digits(arguments.first().cloned().unwrap_or(JValue::Undefined)))
    })?;
    evaluator.register_fn(name::BOUNDED, move |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        if value.as_f64().is_some_and(|number| number.abs() > LARGEST) {
            budget.spend(usize::MAX);
            return Err(too_much());
        }
        Ok(value)
    })?;
    evaluator.register_fn(name::STRICT_NUMBER, |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        match value.as_str() {
            Some(text) if !text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
                Err(EvaluatorError::TypeError(format!(
                    "D3030: Unable to cast value to a number: {}",
                    Json::from(text)
                )))
            }
            Some(_) | None => Ok(value),
        }
    })?;
    evaluator.register_fn(name::NOT_EMPTY, |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        Ok(if value.as_array().is_some_and(Vec::is_empty) { JValue::Undefined } else { value })
    })?;
    evaluator.register_fn("clone", |arguments: &[JValue]| {
        Ok(arguments.first().cloned().unwrap_or(JValue::Undefined))
    })?;
    evaluator.register_fn(name::TRUNCATED, |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        Ok(value.as_f64().map_or(value, |number| JValue::Number(number.trunc())))
    })
}

/// Texts of numbers have fifteen digits in version 2.0.6. The engine sees to fractions.
fn in_fifteen_digits(value: JValue) -> JValue {
    match value.as_f64() {
        Some(number) if number.abs() >= 1e15 => {
            JValue::Number(format!("{number:.14e}").parse().unwrap_or(number))
        }
        Some(_) | None => value,
    }
}

/// Never shown: who runs the expression asks the budget.
fn too_much() -> EvaluatorError {
    EvaluatorError::EvaluationError("too much".to_owned())
}

fn not_a_function() -> EvaluatorError {
    EvaluatorError::TypeError("T1006: Attempted to invoke a non-function".to_owned())
}

/// `$shuffle`, from the execution's seed.
fn shuffle(evaluator: &mut Evaluator, surroundings: &Surroundings) -> Result<(), EvaluatorError> {
    let random = Rc::clone(&surroundings.random);
    evaluator.register_fn_override("shuffle", move |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        let Some(items) = value.as_array() else {
            return Ok(if value.is_undefined() { value } else { JValue::array(vec![value]) });
        };
        let mut left = items.clone();
        let mut shuffled = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let drawn = random.borrow_mut().next_u64() % left.len() as u64;
            shuffled.push(left.swap_remove(usize::try_from(drawn).unwrap_or_default()));
        }
        Ok(JValue::array(shuffled))
    })
}

/// `2025-08-27T10:04:42.000Z`: with milliseconds, as JavaScript writes it.
fn iso(at: Timestamp) -> String {
    let text = Timestamp::from_millis(at.as_millis().div_euclid(1000) * 1000).to_string();
    format!("{}.{:03}Z", text.trim_end_matches('Z'), at.as_millis().rem_euclid(1000))
}
