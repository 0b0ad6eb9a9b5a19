//! Where in a YAML file the characters of a scalar come from.

use super::{MappedText, Span};

/// Follows the scalar through its source: whatever is there for YAML's sake alone (indentation, folded line ends,
/// quotes, escapes) is skipped.
pub(super) fn mapped(scalar: &str, source: &str, span: &Span) -> MappedText {
    let mut text = MappedText::default();
    let mut at = span.start + properties(source.get(span.clone()).unwrap_or_default());
    let has_escapes = source.get(at..).is_some_and(|rest| rest.starts_with('"'));
    for (offset, c) in scalar.char_indices() {
        let end = offset + c.len_utf8();
        let piece = scalar.get(offset..end).unwrap_or_default();
        let rest = source.get(at..span.end).unwrap_or_default();
        let escaped = has_escapes && rest.strip_prefix('\\').is_some_and(|rest| rest.starts_with(c));
        let found = if escaped { Some((0, 1 + piece.len())) } else { find(c, rest) };
        match found {
            Some((start, length)) if rest.get(start..start + length) == Some(piece) => {
                text.push_verbatim(piece, at + start);
                at += start + length;
            }
            Some((start, length)) => {
                text.push_replacement(piece, at + start..at + start + length);
                at += start + length;
            }
            None => text.push_replacement(piece, at..at),
        }
    }
    text
}

/// The length of what stands before a scalar: tag, anchor, and the header of a block.
fn properties(text: &str) -> usize {
    let mut rest = text;
    while rest.starts_with(['!', '&']) {
        rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
    }
    let header = if rest.starts_with(['|', '>']) { rest.find('\n').unwrap_or(rest.len()) } else { 0 };
    text.len() - rest.len() + header
}

/// How far ahead the next character may stand: behind an indentation, an escape or a folded line end.
const REACH: usize = 400;

/// Where in `rest` the character comes from: start and length.
fn find(c: char, rest: &str) -> Option<(usize, usize)> {
    if c.is_whitespace() {
        return find_blank(c, rest);
    }
    let mut before = rest.char_indices().take(REACH);
    let skipped = |skipped: char| skipped.is_whitespace() || matches!(skipped, '\\' | '"' | '\'');
    let (start, found) = before.find(|(_, found)| *found == c || !skipped(*found))?;
    (found == c).then_some((start, c.len_utf8()))
}

fn find_blank(c: char, rest: &str) -> Option<(usize, usize)> {
    let escaped = match c {
        '\n' => rest.strip_prefix("\\n"),
        '\t' => rest.strip_prefix("\\t"),
        _ => None,
    };
    if escaped.is_some() {
        return Some((0, 2));
    }
    if rest.starts_with(c) {
        return Some((0, c.len_utf8()));
    }
    let blanks = rest.len() - rest.trim_start().len();
    (blanks > 0).then_some((0, blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, scalar: &str, part: &str, expected: &str) {
        let text = mapped(scalar, source, &(0..source.len()));
        assert_eq!(text.as_str(), scalar);
        let start = scalar.find(part).unwrap();
        assert_eq!(source.get(text.source_of(start..start + part.len())).unwrap(), expected);
    }

    #[test]
    fn quoted_and_plain_scalars_are_followed_through_their_escapes() {
        check("plain text", "plain text", "text", "text");
        check(r#""{\"a\": \"b\"}""#, r#"{"a": "b"}"#, r#""b""#, r#"\"b\""#);
        check("'it''s'", "it's", "s", "s");
        check("\"a\\nb\"", "a\nb", "b", "b");
    }

    #[test]
    fn blocks_are_followed_through_their_indentation() {
        check("|\n    {\n      \"a\": 1\n    }\n", "{\n  \"a\": 1\n}\n", "\"a\"", "\"a\"");
        check(">-\n    {\"a\":\n     1}\n", "{\"a\":\n 1}", "1", "1");
        check("one\n  two", "one two", "two", "two");
        check("!Sub &x |\n    !a\n", "!a\n", "!a", "!a");
        check(">2-  # folded\n   2\n", " 2", "2", "2");
    }
}
