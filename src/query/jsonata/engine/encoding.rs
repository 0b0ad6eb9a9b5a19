//! Functions between texts and their encodings for URLs and in Base64, as version 2.0.6 has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

use super::functions::mismatch;
use super::overrides::name;
use crate::model::Json;

/// What has a meaning in a URL, beside what needs no encoding anywhere.
const RESERVED: &str = ";/?:@&=+$,#";

/// What needs no encoding beside letters and digits.
const PLAIN: &str = "-_.!~*'()";

pub(super) fn register(evaluator: &mut Evaluator) -> Result<(), EvaluatorError> {
    evaluator.register_fn(name::ENCODE_URL, |arguments: &[JValue]| {
        converted("encodeUrl", arguments, |text| Ok(encoded(text, RESERVED)))
    })?;
    evaluator.register_fn(name::ENCODE_URL_COMPONENT, |arguments: &[JValue]| {
        converted("encodeUrlComponent", arguments, |text| Ok(encoded(text, "")))
    })?;
    evaluator.register_fn(name::DECODE_URL, |arguments: &[JValue]| {
        converted("decodeUrl", arguments, |text| {
            decoded(text, RESERVED).ok_or_else(|| malformed("decodeUrl", text))
        })
    })?;
    evaluator.register_fn(name::DECODE_URL_COMPONENT, |arguments: &[JValue]| {
        converted("decodeUrlComponent", arguments, |text| {
            decoded(text, "").ok_or_else(|| malformed("decodeUrlComponent", text))
        })
    })?;
    evaluator.register_fn(name::BASE64_ENCODE, |arguments: &[JValue]| {
        converted("base64encode", arguments, |text| Ok(STANDARD.encode(latin1(text))))
    })?;
    evaluator.register_fn(name::BASE64_DECODE, |arguments: &[JValue]| {
        converted("base64decode", arguments, from_base64)
    })
}

/// What `convert` makes of the first argument; nothing stays nothing.
fn converted(
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

fn encoded(text: &str, reserved: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || PLAIN.contains(c) || reserved.contains(c) {
            encoded.push(c);
        } else {
            let mut bytes = [0; 4];
            encoded.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    encoded
}

/// The text with its `%XX` resolved, but for those that stand for a reserved character. `None` if one is cut short, or
/// if they are no UTF-8.
fn decoded(text: &str, reserved: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('%') {
        bytes.extend(plain.bytes());
        let (digits, after) = escape.split_at_checked(2)?;
        let byte = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = byte.then(|| u8::from_str_radix(digits, 16).ok()).flatten()?;
        if reserved.contains(char::from(byte)) {
            bytes.push(b'%');
            bytes.extend(digits.bytes());
        } else {
            bytes.push(byte);
        }
        rest = after;
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).ok()
}

fn malformed(function: &str, text: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(format!(
        "D3140: Malformed URL passed to ${function}(): {}",
        Json::from(text)
    ))
}

/// One byte for each UTF-16 unit, as Node's `binary` encoding has it.
fn latin1(text: &str) -> Vec<u8> {
    text.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect()
}

fn from_base64(text: &str) -> Result<String, EvaluatorError> {
    let bytes = STANDARD.decode(text).map_err(|error| {
        EvaluatorError::EvaluationError(format!("The text given to $base64decode is not Base64: {error}"))
    })?;
    Ok(bytes.into_iter().map(char::from).collect())
}
