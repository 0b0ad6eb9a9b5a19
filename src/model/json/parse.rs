//! Text to JSON values, with the error texts that AWS shows: those of the Jackson parser it uses.

use std::fmt;
use std::sync::Arc;

use super::{Json, Map};
use crate::model::quota::JSON_DEPTH;

/// Why a text is not JSON, in Jackson's words, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonError {
    pub(crate) message: String,
    pub(crate) position: Position,
}

/// A place in a text, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

pub(super) fn parse(text: &str) -> Result<Json, JsonError> {
    Ok(parse_noting_duplicates(text)?.0)
}

/// The value, and each key that an object had before: the keys and indexes that lead to it from the root.
pub(super) fn parse_noting_duplicates(text: &str) -> Result<(Json, Vec<KeyPath>), JsonError> {
    let mut parser = Parser { text, at: 0, depth: 0, duplicates: Vec::new() };
    parser.skip_blanks();
    if parser.peek().is_none() {
        return Err(parser.error("No content to map due to end-of-input"));
    }
    let value = parser.value()?;
    parser.skip_blanks();
    match parser.peek() {
        None => {
            let outside_in = |path: KeyPath| path.into_iter().rev().collect();
            Ok((value, parser.duplicates.into_iter().map(outside_in).collect()))
        }
        Some(_) => Err(parser.trailing()),
    }
}

/// Further repeated keys are not noted: their paths may be long.
const MAX_DUPLICATES: usize = 1000;

/// Object keys, and array indexes as decimal numbers, from the root on.
pub(crate) type KeyPath = Vec<Arc<str>>;

struct Parser<'t> {
    text: &'t str,
    /// Byte offset, always at a character boundary.
    at: usize,
    depth: usize,
    /// The paths of repeated keys, innermost step first: each object and array that is left adds its own.
    duplicates: Vec<KeyPath>,
}

const ANY_VALUE: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const VALUE_START: &str =
    "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn error(&self, message: impl Into<String>) -> JsonError {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        JsonError { message: message.into(), position: Position { line, column } }
    }

    fn unexpected(&self, c: char, expected: &str) -> JsonError {
        self.error(format!("Unexpected character ('{c}' (code {})): {expected}", u32::from(c)))
    }

    fn end_of_input(&self, within: &str) -> JsonError {
        self.error(format!("Unexpected end-of-input{within}"))
    }

    fn value(&mut self) -> Result<Json, JsonError> {
        match self.peek() {
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::array),
            Some('"') => self.string().map(Json::String),
            Some('-' | '0'..='9') => self.number(),
            Some(c) if is_token_char(c) => self.token(),
            other => Err(self.no_value(other)),
        }
    }

    fn no_value(&self, found: Option<char>) -> JsonError {
        match found {
            Some(c) => self.unexpected(c, VALUE_START),
            None => self.end_of_input(" within/between Object entries"),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json, JsonError>) -> Result<Json, JsonError> {
        self.depth += 1;
        // As Jackson does by default; it also bounds our recursion.
        if self.depth > JSON_DEPTH {
            return Err(self.too_deep());
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn too_deep(&self) -> JsonError {
        let depth = self.depth;
        self.error(format!("Document nesting depth ({depth}) exceeds the maximum allowed ({JSON_DEPTH})"))
    }

    // Objects and arrays call themselves: what need not stand in their stack frames stands in functions of its own.

    fn object(&mut self) -> Result<Json, JsonError> {
        self.bump();
        let mut members = Map::new();
        self.skip_blanks();
        if self.eat('}') {
            return Ok(Json::object(members));
        }
        loop {
            let key = self.key()?;
            let known = self.duplicates.len();
            let value = self.value()?;
            self.insert(&mut members, key, value, known);
            if self.is_closed('}', "Object")? {
                return Ok(Json::object(members));
            }
        }
    }

    /// A field name, up to the value.
    fn key(&mut self) -> Result<Arc<str>, JsonError> {
        self.skip_blanks();
        let key = self.field_name()?;
        self.skip_blanks();
        self.colon()?;
        self.skip_blanks();
        Ok(key)
    }

    fn insert(&mut self, members: &mut Map, key: Arc<str>, value: Json, known: usize) {
        self.lead_to_duplicates(known, &key);
        if members.insert(Arc::clone(&key), value).is_some() && self.duplicates.len() < MAX_DUPLICATES {
            self.duplicates.push(vec![key]);
        }
    }

    /// After a value: a comma, or the end of the object or array.
    fn is_closed(&mut self, close: char, container: &str) -> Result<bool, JsonError> {
        self.skip_blanks();
        if self.eat(',') {
            return Ok(false);
        }
        if self.eat(close) {
            return Ok(true);
        }
        Err(match self.peek() {
            Some(c) => self.unexpected(c, &format!("was expecting comma to separate {container} entries")),
            None => self.end_of_input(&format!(": expected close marker for {container}")),
        })
    }

    /// The duplicates found since there were `known` of them lie below `step`.
    fn lead_to_duplicates(&mut self, known: usize, step: &Arc<str>) {
        for path in self.duplicates.iter_mut().skip(known) {
            path.push(Arc::clone(step));
        }
    }

    fn field_name(&mut self) -> Result<Arc<str>, JsonError> {
        match self.peek() {
            Some('"') => self.string(),
            Some(c) => Err(self.unexpected(c, "was expecting double-quote to start field name")),
            None => Err(self.end_of_input(" within/between Object entries")),
        }
    }

    fn colon(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(':') => {
                self.at += 1;
                Ok(())
            }
            Some(c) => Err(self.unexpected(c, "was expecting a colon to separate field name and value")),
            None => Err(self.end_of_input(" within/between Object entries")),
        }
    }

    fn array(&mut self) -> Result<Json, JsonError> {
        self.bump();
        let mut items = Vec::new();
        self.skip_blanks();
        if self.eat(']') {
            return Ok(Json::array(items));
        }
        loop {
            self.skip_blanks();
            let known = self.duplicates.len();
            let item = self.value()?;
            self.push(&mut items, item, known);
            if self.is_closed(']', "Array")? {
                return Ok(Json::array(items));
            }
        }
    }

    fn push(&mut self, items: &mut Vec<Json>, item: Json, known: usize) {
        if self.duplicates.len() > known {
            self.lead_to_duplicates(known, &items.len().to_string().into());
        }
        items.push(item);
    }

    fn string(&mut self) -> Result<Arc<str>, JsonError> {
        self.bump();
        let mut out = String::new();
        loop {
            let plain = self.rest().find(|c| c == '"' || c == '\\' || u32::from(c) < 0x20);
            let plain = plain.unwrap_or(self.rest().len());
            out.push_str(self.rest().get(..plain).unwrap_or_default());
            self.at += plain;
            let Some(c) = self.bump() else {
                return Err(self.end_of_input(": was expecting closing quote for a string value"));
            };
            match c {
                '"' => return Ok(out.into()),
                '\\' => out.push(self.escape()?),
                control => {
                    return Err(self.error(format!(
                        "Illegal unquoted character ((CTRL-CHAR, code {})): has to be escaped using backslash to be included in string value",
                        u32::from(control)
                    )));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        match self.bump() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('u') => self.unicode_escape(),
            Some(c) => {
                Err(self.error(format!("Unrecognized character escape '{c}' (code {})", u32::from(c))))
            }
            None => Err(self.end_of_input(" in character escape sequence")),
        }
    }

    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let first = self.four_hex_digits()?;
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.error("Invalid unicode escape"));
        }
        // A pair of surrogates makes one character; half a pair has no meaning in UTF-8.
        if !(self.eat('\\') && self.eat('u')) {
            return Err(self.error("Incomplete surrogate pair in a unicode escape"));
        }
        let second = self.four_hex_digits()?;
        char::decode_utf16([first, second].map(|unit| u16::try_from(unit).unwrap_or_default()))
            .next()
            .and_then(Result::ok)
            .ok_or_else(|| self.error("Incomplete surrogate pair in a unicode escape"))
    }

    fn four_hex_digits(&mut self) -> Result<u32, JsonError> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.bump().and_then(|c| c.to_digit(16)).ok_or_else(|| {
                self.error("Unexpected character in a unicode escape: expected a hex-digit for character escape sequence")
            })?;
            value = value * 16 + digit;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Json, JsonError> {
        let start = self.at;
        self.eat('-');
        self.integer_digits()?;
        let mut float = false;
        if self.eat('.') {
            float = true;
            self.digits("Decimal point not followed by a digit")?;
        }
        if self.eat('e') || self.eat('E') {
            float = true;
            let _signed = self.eat('+') || self.eat('-');
            self.digits("Exponent indicator not followed by a digit")?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        Ok(number_of(text, float))
    }

    fn integer_digits(&mut self) -> Result<(), JsonError> {
        if self.eat('0') {
            return match self.peek() {
                Some('0'..='9') => Err(self.error("Invalid numeric value: Leading zeroes not allowed")),
                _ => Ok(()),
            };
        }
        self.digits("No digit following minus sign")
    }

    fn digits(&mut self, missing: &str) -> Result<(), JsonError> {
        if !matches!(self.peek(), Some('0'..='9')) {
            return Err(self.error(format!("Invalid numeric value: {missing}")));
        }
        while matches!(self.peek(), Some('0'..='9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn token(&mut self) -> Result<Json, JsonError> {
        let word: String = self.rest().chars().take_while(|c| is_token_char(*c)).collect();
        self.at += word.len();
        match word.as_str() {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            _ => Err(self.error(format!("Unrecognized token '{word}': was expecting {ANY_VALUE}"))),
        }
    }

    /// What follows a whole value and does not belong there.
    fn trailing(&mut self) -> JsonError {
        match self.value() {
            Err(error) => error,
            Ok(_) => self.error("Trailing token found after value"),
        }
    }
}

fn is_token_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn number_of(text: &str, float: bool) -> Json {
    if !float {
        if let Ok(value) = text.parse::<i64>() {
            return Json::Int(value);
        }
        if let Ok(value) = text.parse::<u64>() {
            return Json::UInt(value);
        }
    }
    // Rust parses every number of this grammar; beyond f64 it gives an infinity, which JSON cannot hold.
    let value = text.parse::<f64>().unwrap_or_default();
    Json::Float(value.clamp(f64::MIN, f64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse(text).unwrap_err().message
    }

    #[test]
    fn errors_read_as_jackson_words_them() {
        assert_eq!(
            message("not json"),
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        );
        assert_eq!(
            message("{'k':1}"),
            "Unexpected character (''' (code 39)): was expecting double-quote to start field name"
        );
        assert_eq!(
            message("{\"a\" 1}"),
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"
        );
        assert_eq!(message(""), "No content to map due to end-of-input");
    }

    #[test]
    fn positions_count_from_one() {
        assert_eq!(parse("not a definition").unwrap_err().position, Position { line: 1, column: 4 });
        assert_eq!(parse("{\n  \"a\": }").unwrap_err().position, Position { line: 2, column: 8 });
    }

    #[test]
    fn escapes_and_surrogate_pairs_are_read() {
        assert_eq!(parse(r#""a\u00e9\ud83d\ude00\n\/""#).unwrap().as_str(), Some("aé😀\n/"));
        assert!(parse(r#""\ud83d""#).is_err());
    }

    #[test]
    fn bad_texts_are_errors_and_never_panics() {
        for text in [
            "{",
            "[1",
            "\"",
            "01",
            "-",
            "1.",
            "1e",
            "[1 2]",
            "{\"a\":1,}",
            "tru",
            "\u{1}",
            "1 2",
            "\"\\x\"",
            "{]",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_without_overflowing_the_stack() {
        assert!(parse(&"[".repeat(100_000)).unwrap_err().message.contains("nesting depth"));
        assert!(parse(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))).is_ok());
        assert!(parse(&format!("{}0{}", r#"{"a":"#.repeat(1000), "}".repeat(1000))).is_ok());
    }

    #[test]
    fn the_last_of_equal_keys_wins() {
        assert_eq!(parse(r#"{"a":1,"a":2}"#).unwrap().to_text(), r#"{"a":2}"#);
    }

    #[test]
    fn repeated_keys_are_noted_with_the_way_to_them() {
        let text = r#"{"a":[0,{"b":1,"b":{"c":1,"c":2}}],"a":3,"d":4}"#;
        let (_, duplicates) = parse_noting_duplicates(text).unwrap();
        let paths: Vec<String> = duplicates.iter().map(|path| path.join("/")).collect();
        assert_eq!(paths, ["a/1/b/c", "a/1/b", "a"]);
    }

    #[test]
    fn numbers_beyond_a_double_stay_finite() {
        assert_eq!(parse("1e400").unwrap(), Json::Float(f64::MAX));
    }
}
