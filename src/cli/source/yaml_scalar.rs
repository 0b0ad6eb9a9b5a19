//! What a plain scalar of YAML means.

use crate::model::Json;

/// `None`: it is text.
///
/// Source: the core schema, <https://yaml.org/spec/1.2.2/#103-core-schema>, without octal and hexadecimal numbers, which
/// definitions do not have.
pub(super) fn meaning(text: &str) -> Option<Json> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Json::Null),
        "true" | "True" | "TRUE" => return Some(Json::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Json::Bool(false)),
        _ => {}
    }
    let is_number = text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if !is_number {
        return None;
    }
    let integer = text.parse::<i64>().ok().map(Json::Int);
    integer.or_else(|| text.parse::<f64>().ok().filter(|value| value.is_finite()).map(Json::Float))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_have_a_meaning_and_the_rest_is_text() {
        for (text, json) in [
            ("~", "null"),
            ("True", "true"),
            ("false", "false"),
            ("12", "12"),
            ("-1.5e2", "-150.0"),
            ("", "null"),
        ] {
            assert_eq!(meaning(text).unwrap().to_text(), json, "{text}");
        }
        for text in ["yes", "1.2.3", "2024-01-01", "e", "arn:aws", "nulls", "1 2"] {
            assert!(meaning(text).is_none(), "{text}");
        }
    }
}
