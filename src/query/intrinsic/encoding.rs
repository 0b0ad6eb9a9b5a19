//! `Base64Encode` and `Base64Decode`.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::arguments::Arguments;
use crate::model::{Json, SeededRandom};

/// Characters that either function takes.
const CHARACTERS: usize = 10_000;

/// As lenient as Java's decoder: padding may be left out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn encode(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    Ok(Json::from(BASE64.encode(arguments.text_within(1, CHARACTERS)?)))
}

pub(super) fn decode(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let text = arguments.text_within(1, CHARACTERS)?;
    let bytes = BASE64.decode(text).map_err(|_| arguments.must_be(1, "Base64"))?;
    Ok(Json::from(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use crate::query::intrinsic::check::{check, check_failure};

    #[test]
    fn texts_are_encoded_and_decoded() {
        check("{}", "States.Base64Encode('Data to encode')", r#""RGF0YSB0byBlbmNvZGU=""#);
        check("{}", "States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", r#""Data to encode""#);
        check("{}", "States.Base64Encode('')", r#""""#);
        check("{}", "States.Base64Decode('')", r#""""#);
        check("{}", "States.Base64Encode('é')", r#""w6k=""#);
        check("{}", "States.Base64Decode('aGVsbG8')", r#""hello""#);
    }

    #[test]
    fn what_is_not_base64_fails() {
        check_failure(
            "{}",
            "States.Base64Decode('not base64!')",
            "The intrinsic function States.Base64Decode failed: argument 1 must be Base64, but was the string \"not base64!\"",
        );
    }

    #[test]
    fn ten_thousand_characters_are_the_limit() {
        let input = |length: usize| format!(r#"{{"s": "{}"}}"#, "a".repeat(length));
        check(&input(10_000), "States.ArrayLength(States.Array(States.Base64Encode($.s)))", "1");
        for function in ["States.Base64Encode", "States.Base64Decode"] {
            check_failure(
                &input(10_001),
                &format!("{function}($.s)"),
                &format!(
                    "The intrinsic function {function} failed: argument 1 must have at most 10000 characters, but had 10001"
                ),
            );
        }
    }
}
