//! One line of a coverage file: what was taken of one definition since the line before.
//!
//! A file begins with [`HEADER`]; then each line is a JSON object. Counts of a state stand in the order of
//! `State::place_of`, without the zeros at the end.

use std::fmt::Write;

use crate::interpreter::tally::Taken;
use crate::model::Json;

/// Which form the lines have.
pub(crate) const HEADER: &str = r#"{"sfnTestkitCoverage":1}"#;

/// Whom a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whose<'l> {
    pub(crate) machine: &'l str,
    /// `definition_hash` of its definition.
    pub(crate) definition: &'l str,
    /// The test that ran.
    pub(crate) test: &'l str,
}

/// The line, with its end.
pub(crate) fn line(whose: &Whose<'_>, taken: &Taken) -> String {
    let mut line = String::with_capacity(256);
    for (key, text) in [("machine", whose.machine), ("definition", whose.definition), ("test", whose.test)] {
        line.push_str(if line.is_empty() { "{" } else { "," });
        push_quoted(&mut line, key);
        line.push(':');
        push_quoted(&mut line, text);
    }
    line.push_str(",\"executions\":");
    push_number(&mut line, taken.executions);
    line.push_str(",\"timedOut\":");
    push_number(&mut line, taken.timed_out);
    line.push_str(",\"taken\":{");
    for (index, (state, counts)) in taken.states.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        line.push_str(comma);
        push_quoted(&mut line, state);
        line.push(':');
        write_counts(counts, &mut line);
    }
    line.push_str("}}\n");
    line
}

/// Most names have nothing to escape.
fn push_quoted(line: &mut String, text: &str) {
    if text.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        line.push_str(&Json::string(text).to_text());
    } else {
        line.push('"');
        line.push_str(text);
        line.push('"');
    }
}

/// Most have one digit.
fn push_number(line: &mut String, number: u64) {
    match u8::try_from(number) {
        Ok(digit @ 0..10) => line.push(char::from(b'0' + digit)),
        // A string takes everything.
        Ok(_) | Err(_) => _ = write!(line, "{number}"),
    }
}

fn write_counts(counts: &[u64], line: &mut String) {
    let kept = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    line.push('[');
    for (index, count) in counts.iter().take(kept).enumerate() {
        if index > 0 {
            line.push(',');
        }
        push_number(line, *count);
    }
    line.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whose_and_how_often() {
        let whose = Whose { machine: "m", definition: "d0", test: "it::a \"b\"" };
        let taken = Taken {
            executions: 2,
            timed_out: 1,
            states: vec![("A".into(), vec![2, 0, 10, 0, 0]), ("B \\".into(), vec![1, 1])],
        };
        assert_eq!(
            line(&whose, &taken),
            "{\"machine\":\"m\",\"definition\":\"d0\",\"test\":\"it::a \\\"b\\\"\",\"executions\":2,\"timedOut\":1,\
             \"taken\":{\"A\":[2,0,10],\"B \\\\\":[1,1]}}\n"
        );
        assert_eq!(
            line(&whose, &Taken::default()),
            "{\"machine\":\"m\",\"definition\":\"d0\",\"test\":\"it::a \\\"b\\\"\",\"executions\":0,\"timedOut\":0,\"taken\":{}}\n"
        );
    }
}
