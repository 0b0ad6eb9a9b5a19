//! Payloads in reports: whole if small, folded if large.

use crate::model::Json;

/// More lines of an indented payload are folded.
const MAX_LINES: usize = 20;

/// A payload this short is written in one line.
const SHORT: usize = 80;

/// A longer text within a sentence is cut.
const MAX_CHARS: usize = 300;

/// A payload for a report: in one line if it is short, else indented, of which the rest is counted.
pub(super) fn payload(json: &Json) -> String {
    let compact = json.compacted().to_text();
    if compact.chars().count() <= SHORT {
        return compact;
    }
    let pretty = json.to_pretty_text();
    let lines: Vec<&str> = pretty.lines().collect();
    match lines.len().checked_sub(MAX_LINES) {
        Some(folded) if folded > 0 => {
            let shown: Vec<String> = lines.iter().take(MAX_LINES).map(|line| cut(line)).collect();
            format!("{}\n… ({folded} more lines)", shown.join("\n"))
        }
        Some(_) | None => lines.iter().map(|line| cut(line)).collect::<Vec<_>>().join("\n"),
    }
}

/// A payload within a sentence.
pub(super) fn inline_payload(json: &Json) -> String {
    cut(&json.compacted().to_text())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Every line but the first is indented.
pub(super) fn hang(text: &str, indent: &str) -> String {
    text.replace('\n', &format!("\n{indent}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_payload_stays_in_one_line() {
        let json = Json::parse("{ \"a\": [1, 2] }").unwrap();
        assert_eq!(payload(&json), r#"{"a":[1,2]}"#);
    }

    #[test]
    fn a_large_payload_is_folded() {
        let json = Json::array((0..100).map(|n| Json::string(format!("item {n}"))).collect());
        let text = payload(&json);
        assert!(text.starts_with("[\n  \"item 0\",\n"), "{text}");
        assert!(text.ends_with("\"item 18\",\n… (82 more lines)"), "{text}");
    }

    #[test]
    fn a_long_string_is_cut() {
        let long = Json::string("x".repeat(1000));
        assert_eq!(inline_payload(&long).chars().count(), 301);
        assert_eq!(payload(&long).chars().count(), 301);
    }

    #[test]
    fn later_lines_hang_below_the_first() {
        assert_eq!(hang("{\n  1\n}", "    "), "{\n      1\n    }");
    }
}
