//! How wide a text is when nobody has drawn it yet, and how it is broken into lines.
//!
//! The widths are those of Arial and of fonts made to fit in its place, such as Liberation Sans; the pictures ask for
//! these. Some room is added for other fonts.

/// Widths of the characters from blank to tilde, in thousandths of the font size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// A size and a weight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Font {
    size: f64,
    is_bold: bool,
}

impl Font {
    pub(crate) const TITLE: Self = Self { size: 13.0, is_bold: true };
    pub(crate) const SMALL: Self = Self { size: 11.0, is_bold: false };
}

/// At most how wide the text is.
pub(crate) fn width_of(text: &str, font: Font) -> f64 {
    let thousandths: f64 = text.chars().map(thousandths).sum();
    let weight = if font.is_bold { 1.1 } else { 1.04 };
    thousandths * font.size * weight / 1000.0
}

fn thousandths(c: char) -> f64 {
    let code = u32::from(c);
    let in_table = code.checked_sub(32).and_then(|at| WIDTHS.get(usize::try_from(at).ok()?));
    match in_table {
        Some(width) => f64::from(*width),
        None if code < 0x1100 => 800.0,
        None if (0x2000..0x2E80).contains(&code) => 1050.0,
        None if code < 0x1_0000 => 1100.0,
        None => 1500.0,
    }
}

/// The text in at most `most` lines, none wider than `width`; what is left over shows as `…`.
pub(super) fn wrap(text: &str, font: Font, width: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = words(text).into_iter().flat_map(|word| parts(word, font, width)).peekable();
    while let Some(word) = words.next() {
        line.push_str(&word);
        let fits_next =
            words.peek().is_none_or(|next| width_of(&format!("{line}{}", next.trim_end()), font) <= width);
        if fits_next {
            continue;
        }
        if lines.len() + 1 == most {
            let rest: String = words.collect();
            lines.push(shortened(&format!("{line}{rest}"), font, width));
            return lines;
        }
        lines.push(line.trim_end().to_owned());
        line.clear();
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// The text in one line, shortened to fit.
pub(super) fn shortened(text: &str, font: Font, width: f64) -> String {
    if width_of(text, font) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = width_of("…", font);
    for c in text.chars() {
        used += width_of(c.encode_utf8(&mut [0; 4]), font);
        if used > width {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// Where a line may be broken: after blanks and signs, and before a capital that follows a small letter.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let is_break = (previous == ' ' && c != ' ')
            || (matches!(previous, '-' | '_' | '.' | ':' | '/' | ',') && c.is_alphanumeric())
            || (previous.is_lowercase() && c.is_uppercase());
        if is_break && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
        previous = c;
    }
    words
}

/// A word that is wider than a line, in parts that are not.
fn parts(word: String, font: Font, width: f64) -> Vec<String> {
    if width_of(&word, font) <= width {
        return vec![word];
    }
    let mut parts = vec![String::new()];
    let mut used = 0.0;
    for c in word.chars() {
        let own = width_of(c.encode_utf8(&mut [0; 4]), font);
        if used + own > width {
            parts.push(String::new());
            used = 0.0;
        }
        used += own;
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: f64, most: usize) -> Vec<String> {
        wrap(text, Font::SMALL, width, most)
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(wrapped("Save the user", 100.0, 2), ["Save the user"]);
        assert_eq!(wrapped("", 100.0, 2), [""]);
    }

    #[test]
    fn lines_break_at_blanks_signs_and_humps() {
        assert_eq!(wrapped("Save the user", 50.0, 2), ["Save the", "user"]);
        assert_eq!(wrapped("SaveTheUser", 50.0, 2), ["SaveThe", "User"]);
        assert_eq!(wrapped("save_the_user", 50.0, 2), ["save_", "the_user"]);
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(wrapped("Save the user who came last", 50.0, 2), ["Save the", "user w…"]);
        assert_eq!(wrapped(&"x".repeat(40), 50.0, 2), ["xxxxxxxx", "xxxxxx…"]);
    }

    #[test]
    fn no_line_is_wider_than_it_may_be() {
        for text in [
            "注文を検証する注文を検証する注文を検証する",
            "🚀🚀🚀🚀🚀🚀🚀🚀",
            "a\nb\u{7}c",
            "WWWWWWWWWWWWWWWW",
        ] {
            for line in wrapped(text, 60.0, 2) {
                assert!(width_of(&line, Font::SMALL) <= 60.0, "{line}");
            }
        }
    }
}
