//! JSON values to text: compact, as AWS writes them, or indented for people.

use std::fmt::{Display, Write};

use super::{Json, Map};

pub(super) fn to_text(value: &Json) -> String {
    let mut out = String::new();
    write(value, usize::MAX, &mut out);
    out
}

/// `None` if the text has more than `most` bytes. Little more is ever written: values share their parts, so that a
/// small one can have a text of gigabytes.
pub(super) fn to_text_within(value: &Json, most: usize) -> Option<String> {
    let mut out = String::new();
    write(value, most, &mut out);
    (out.len() <= most).then_some(out)
}

fn write(value: &Json, most: usize, out: &mut String) {
    match value {
        Json::Array(array) => match &array.text {
            Some(text) => out.push_str(text),
            None => write_array(&array.items, most, out),
        },
        Json::Object(object) => match &object.text {
            Some(text) => out.push_str(text),
            None => write_object(&object.members, most, out),
        },
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
            write_scalar(value, out);
        }
    }
}

fn write_array(items: &[Json], most: usize, out: &mut String) {
    out.push('[');
    for (position, item) in items.iter().enumerate() {
        if out.len() > most {
            return;
        }
        if position > 0 {
            out.push(',');
        }
        write(item, most, out);
    }
    out.push(']');
}

fn write_object(members: &Map, most: usize, out: &mut String) {
    out.push('{');
    for (position, (key, value)) in members.iter().enumerate() {
        if out.len() > most {
            return;
        }
        if position > 0 {
            out.push(',');
        }
        write_string(key, out);
        out.push(':');
        write(value, most, out);
    }
    out.push('}');
}

fn write_scalar(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Int(number) => write_number(*number, out),
        Json::UInt(number) => write_number(*number, out),
        Json::Float(number) => out.push_str(&float_text(*number)),
        Json::String(text) => write_string(text, out),
        Json::Array(_) | Json::Object(_) => {}
    }
}

fn write_number(number: impl Display, out: &mut String) {
    // Writing to a string cannot fail.
    let _written = write!(out, "{number}");
}

/// A double as Java and Jackson print it: always with a fraction, with an exponent outside 1e-3..1e7.
pub(super) fn float_text(number: f64) -> String {
    let magnitude = number.abs();
    if number == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return format!("{number:?}");
    }
    let text = format!("{number:E}");
    let (mantissa, exponent) = text.split_once('E').unwrap_or((text.as_str(), "0"));
    if mantissa.contains('.') { format!("{mantissa}E{exponent}") } else { format!("{mantissa}.0E{exponent}") }
}

/// Copies what needs no escape in whole runs: payloads are long and rarely have anything else.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some((plain, tail)) = rest.find(needs_escape).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(plain);
        let mut characters = tail.chars();
        if let Some(c) = characters.next() {
            write_escape(c, out);
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn needs_escape(c: char) -> bool {
    c == '"' || c == '\\' || u32::from(c) < 0x20
}

fn write_escape(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '"' | '\\' => out.extend(['\\', c]),
        // Writing to a string cannot fail.
        control => drop(write!(out, "\\u{:04x}", u32::from(control))),
    }
}

pub(super) fn to_pretty_text(value: &Json) -> String {
    let mut out = String::new();
    write_pretty(value, 0, &mut out);
    out
}

fn write_pretty(value: &Json, depth: usize, out: &mut String) {
    match value {
        Json::Array(array) if !array.items.is_empty() => {
            out.push('[');
            for (position, item) in array.items.iter().enumerate() {
                new_line(position, depth + 1, out);
                write_pretty(item, depth + 1, out);
            }
            new_line(0, depth, out);
            out.push(']');
        }
        Json::Object(object) if !object.members.is_empty() => {
            out.push('{');
            for (position, (key, member)) in object.members.iter().enumerate() {
                new_line(position, depth + 1, out);
                write_string(key, out);
                out.push_str(": ");
                write_pretty(member, depth + 1, out);
            }
            new_line(0, depth, out);
            out.push('}');
        }
        Json::Array(_) => out.push_str("[]"),
        Json::Object(_) => out.push_str("{}"),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
            write_scalar(value, out);
        }
    }
}

fn new_line(position: usize, depth: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_java_prints_them() {
        for (number, text) in [
            (0.0, "0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (1e7, "1.0E7"),
            (1.25e21, "1.25E21"),
            (1e-4, "1.0E-4"),
            (9_999_999.0, "9999999.0"),
        ] {
            assert_eq!(float_text(number), text);
        }
    }

    #[test]
    fn strings_escape_what_json_needs_and_nothing_else() {
        assert_eq!(to_text(&Json::string("a\"\\\n\u{1}é/")), "\"a\\\"\\\\\\n\\u0001é/\"");
    }

    #[test]
    fn pretty_text_is_indented_by_two() {
        let value = Json::parse(r#"{"a":[1,{}],"b":[]}"#).unwrap();
        assert_eq!(to_pretty_text(&value), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
    }
}
