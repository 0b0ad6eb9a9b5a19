//! Functions of JSONata that the engine has otherwise, or that need our time, our random numbers and our limits.

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

use super::functions::mismatch;
use super::program::Surroundings;
use crate::model::Timestamp;

/// Names that no expression can spell: calls of built-in functions are led here.
pub(super) mod name {
    pub(in crate::query::jsonata::engine) const ENCODE_URL: &str = "encodeUrl as 2.0.6";
    pub(in crate::query::jsonata::engine) const ENCODE_URL_COMPONENT: &str = "encodeUrlComponent as 2.0.6";
    pub(in crate::query::jsonata::engine) const BASE64_ENCODE: &str = "base64encode as 2.0.6";
    pub(in crate::query::jsonata::engine) const BASE64_DECODE: &str = "base64decode as 2.0.6";
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
    evaluator.register_fn(name::ENCODE_URL, |arguments: &[JValue]| {
        text_of("encodeUrl", arguments, |text| Ok(percent_encoded(text, URL_CHARACTERS)))
    })?;
    evaluator.register_fn(name::ENCODE_URL_COMPONENT, |arguments: &[JValue]| {
        text_of("encodeUrlComponent", arguments, |text| Ok(percent_encoded(text, "-_.!~*'()")))
    })?;
    evaluator.register_fn(name::BASE64_ENCODE, |arguments: &[JValue]| {
        text_of("base64encode", arguments, |text| Ok(STANDARD.encode(latin1(text))))
    })?;
    evaluator.register_fn(name::BASE64_DECODE, |arguments: &[JValue]| {
        text_of("base64decode", arguments, base64_decoded)
    })?;
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
    evaluator.register_fn(name::BOUNDED, move |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        if value.as_f64().is_some_and(|number| number.abs() > LARGEST) {
            budget.spend(usize::MAX);
            return Err(too_much());
        }
        Ok(value)
    })?;
    evaluator.register_fn(name::TRUNCATED, |arguments: &[JValue]| {
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        Ok(value.as_f64().map_or(value, |number| JValue::Number(number.trunc())))
    })
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

/// Calls `convert` with the text of the first argument; nothing stays nothing.
fn text_of(
    function: &str,
    arguments: &[JValue],
    convert: impl FnOnce(&str) -> Result<String, EvaluatorError>,
) -> Result<JValue, EvaluatorError> {
    match arguments.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(JValue::String(text)) => convert(text).map(JValue::string),
        Some(_) => Err(mismatch(function, 1)),
    }
}

/// What JavaScript's `encodeURI` leaves alone beside letters and digits.
const URL_CHARACTERS: &str = "-_.!~*'();/?:@&=+$,#";

fn percent_encoded(text: &str, plain: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || plain.contains(c) {
            encoded.push(c);
        } else {
            let mut bytes = [0; 4];
            encoded.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    encoded
}

/// One byte for each UTF-16 unit, as Node's `binary` encoding has it.
fn latin1(text: &str) -> Vec<u8> {
    text.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect()
}

fn base64_decoded(text: &str) -> Result<String, EvaluatorError> {
    let bytes = STANDARD.decode(text).map_err(|error| {
        EvaluatorError::EvaluationError(format!("The text given to $base64decode is not Base64: {error}"))
    })?;
    Ok(bytes.into_iter().map(char::from).collect())
}
