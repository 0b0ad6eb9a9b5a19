//! Text within XML.

/// The text as it stands between tags and in quotes; characters that XML has not become `�`.
pub(crate) fn xml_text(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_xml_is_escaped_and_what_it_has_not_is_replaced() {
        assert_eq!(xml_text("a<b> & \"c\"\t\n"), "a&lt;b&gt; &amp; &quot;c&quot;\t\n");
        assert_eq!(xml_text("a\u{0}\u{ffff}\n"), "a\u{fffd}\u{fffd}\n");
    }
}
