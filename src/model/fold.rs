//! Texts of any length on one line of a report.

/// The text on one line and at most `width` characters long; what was cut off shows as `…`.
pub(crate) fn fold(text: &str, width: usize) -> String {
    let line =
        text.split(['\n', '\r']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if line.chars().count() <= width {
        return line;
    }
    let kept: String = line.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_stay_and_long_ones_end_in_an_ellipsis() {
        assert_eq!(fold("abc", 3), "abc");
        assert_eq!(fold("abcd", 3), "ab…");
        assert_eq!(fold("äöüß", 3), "äö…");
    }

    #[test]
    fn line_breaks_become_blanks() {
        assert_eq!(fold("a\n  b\r\n\nc", 10), "a b c");
    }
}
