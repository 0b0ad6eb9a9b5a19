//! The arguments of a call, each asked for as what the function needs.

use crate::model::Json;
use crate::model::json::Map;

/// Characters of a bad argument that a cause quotes.
const QUOTED_CHARS: usize = 100;

pub(super) struct Arguments<'a> {
    values: &'a [Json],
}

impl<'a> Arguments<'a> {
    pub(super) fn new(values: &'a [Json]) -> Self {
        Self { values }
    }

    pub(super) fn all(&self) -> &'a [Json] {
        self.values
    }

    /// The argument at a position, counted from 1. The parser sees to it that all needed ones are there.
    pub(super) fn value(&self, position: usize) -> &'a Json {
        self.optional(position).unwrap_or(&Json::Null)
    }

    pub(super) fn optional(&self, position: usize) -> Option<&'a Json> {
        self.values.get(position - 1)
    }

    pub(super) fn text(&self, position: usize) -> Result<&'a str, String> {
        self.value(position).as_str().ok_or_else(|| self.must_be(position, "a string"))
    }

    pub(super) fn array(&self, position: usize) -> Result<&'a [Json], String> {
        self.value(position).as_array().ok_or_else(|| self.must_be(position, "an array"))
    }

    pub(super) fn object(&self, position: usize) -> Result<&'a Map, String> {
        self.value(position).as_object().ok_or_else(|| self.must_be(position, "an object"))
    }

    pub(super) fn integer(&self, position: usize) -> Result<i64, String> {
        self.value(position).as_i64().ok_or_else(|| self.must_be(position, "an integer"))
    }

    /// A number, rounded to an integer like Java's `Math.round`: halves go up.
    pub(super) fn rounded(&self, position: usize) -> Result<i64, String> {
        let value = self.value(position);
        if !value.is_number() {
            return Err(self.must_be(position, "a number"));
        }
        let rounded = match value {
            Json::Float(number) => Json::Float(round(*number)).as_i64(),
            Json::Null
            | Json::Bool(_)
            | Json::Int(_)
            | Json::UInt(_)
            | Json::String(_)
            | Json::Array(_)
            | Json::Object(_) => value.as_i64(),
        };
        rounded.ok_or_else(|| self.must_be(position, "within the range of integers"))
    }

    /// A text of no more UTF-16 units than the function takes.
    pub(super) fn text_within(&self, position: usize, limit: usize) -> Result<&'a str, String> {
        let text = self.text(position)?;
        let length = text.encode_utf16().count();
        if length > limit {
            return Err(format!(
                "argument {position} must have at most {limit} characters, but had {length}"
            ));
        }
        Ok(text)
    }

    pub(super) fn must_be(&self, position: usize, wanted: &str) -> String {
        let value = self.value(position);
        let text = value.to_text();
        let mut quoted: String = text.chars().take(QUOTED_CHARS).collect();
        if quoted.len() < text.len() {
            quoted.push('…');
        }
        if value.is_null() {
            return format!("argument {position} must be {wanted}, but was null");
        }
        format!("argument {position} must be {wanted}, but was the {} {quoted}", value.type_name())
    }
}

fn round(number: f64) -> f64 {
    let floor = number.floor();
    if number - floor >= 0.5 { floor + 1.0 } else { floor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_up() {
        for (number, rounded) in [
            (1.5, 2),
            (1.49, 1),
            (-1.5, -1),
            (-1.51, -2),
            (-0.5, 0),
            (0.5, 1),
            (2.5, 3),
            (0.499_999_999_999_999_94, 0),
        ] {
            assert_eq!(Arguments::new(&[Json::Float(number)]).rounded(1), Ok(rounded), "{number}");
        }
        assert_eq!(Arguments::new(&[Json::Int(i64::MAX)]).rounded(1), Ok(i64::MAX));
    }

    #[test]
    fn a_bad_argument_is_quoted_in_part() {
        let arguments = [Json::from("é".repeat(500)), Json::Null, Json::Float(1e300)];
        let arguments = Arguments::new(&arguments);
        assert_eq!(
            arguments.array(1).unwrap_err(),
            format!("argument 1 must be an array, but was the string \"{}…", "é".repeat(99))
        );
        assert_eq!(arguments.text(2).unwrap_err(), "argument 2 must be a string, but was null");
        assert_eq!(
            arguments.rounded(3).unwrap_err(),
            "argument 3 must be within the range of integers, but was the number 1.0E300"
        );
        assert_eq!(arguments.rounded(2).unwrap_err(), "argument 2 must be a number, but was null");
    }
}
