//! A line of a file with a caret below what is meant.

use clap::builder::styling::{AnsiColor, Style};

use super::{SourceFile, Span};

const RULER: Style = AnsiColor::BrightBlue.on_default().bold();

/// Of a longer line only this many characters are shown: a template of the CDK is one line.
const WIDTH: usize = 100;
/// So many of them before what is meant.
const BEFORE: usize = 40;

/// The place, the line and the caret:
///
/// ```text
///   --> pay.asl.json:4:15
///    |
///  4 |       "Next": "Gone"
///    |               ^^^^^^
/// ```
pub(in crate::cli) fn excerpt(file: &SourceFile, span: &Span, caret: Style) -> String {
    let position = file.position(span.start);
    let number = position.line.to_string();
    let margin = " ".repeat(number.len());
    let (line, line_span) = file.line(position.line);
    let marked_end = span.end.min(line_span.end).max(span.start);
    let marked = file.text.get(span.start..marked_end).unwrap_or_default().chars().count().max(1);
    let (shown, column) = window(line, position.column - 1);
    let marked = marked.min(shown.chars().count().saturating_sub(column)).max(1);
    let indent: String = shown.chars().take(column).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let shown = format!(" {shown}");
    let shown = shown.trim_end();
    let carets = "^".repeat(marked);
    let place = format!("{}:{}:{}", file.name, position.line, position.column);
    format!(
        "{margin}{RULER}-->{RULER:#} {place}\n\
         {margin} {RULER}|{RULER:#}\n\
         {RULER}{number} |{RULER:#}{shown}\n\
         {margin} {RULER}|{RULER:#} {indent}{caret}{carets}{caret:#}"
    )
}

/// The part of a line that is shown, and the column that is meant within it, from 0.
fn window(line: &str, column: usize) -> (String, usize) {
    let n = line.chars().count();
    if n <= WIDTH {
        return (line.to_owned(), column);
    }
    let start = column.saturating_sub(BEFORE).min(n.saturating_sub(WIDTH));
    let kept: String = line.chars().skip(start).take(WIDTH).collect();
    let (head, cut) = if start > 0 { ("… ", 2) } else { ("", 0) };
    let tail = if start + WIDTH < n { " …" } else { "" };
    (format!("{head}{kept}{tail}"), column - start + cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::source::Notation;

    #[track_caller]
    fn check(text: &str, marked: &str, expected: &str) {
        let file = SourceFile::new("a.json".to_owned(), text.to_owned(), Notation::Json);
        let start = text.find(marked).unwrap();
        let found = excerpt(&file, &(start..start + marked.len()), Style::new());
        assert_eq!(anstream::adapter::strip_str(&found).to_string(), expected);
    }

    #[test]
    fn the_caret_stands_below_what_is_meant() {
        check("{\n\t\"ä\": 1,\n}", "1", " --> a.json:2:7\n  |\n2 | \t\"ä\": 1,\n  | \t     ^");
        check("{\"a\": [\n1]}", "[\n1]", " --> a.json:1:7\n  |\n1 | {\"a\": [\n  |       ^");
    }

    #[test]
    fn of_a_long_line_only_the_neighbourhood_is_shown() {
        let line = format!("{}HERE{}", "a".repeat(200), "b".repeat(200));
        let shown = format!("… {}HERE{} …", "a".repeat(40), "b".repeat(56));
        let carets = format!("{}^^^^", " ".repeat(42));
        check(&line, "HERE", &format!(" --> a.json:1:201\n  |\n1 | {shown}\n  | {carets}"));
    }
}
