//! How texts are rendered: with colours or not, how wide, how much of long payloads.

/// How failure texts are written. Whoever makes an [`Execution`](crate::Execution) says so; rendering looks at nothing else.
///
/// Executions of a [`MockSfn`](crate::MockSfn) have the style of its builder, which is [`of_terminal`](Self::of_terminal)
/// unless set.
///
/// ```
/// use sfn_testkit::Style;
///
/// let style = Style::plain().coloured(true).width(Some(100));
/// assert_ne!(style, Style::plain());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    pub(super) colours: bool,
    pub(super) columns: Option<usize>,
    pub(super) full: bool,
}

impl Style {
    /// No colours, lines as long as they are, long payloads cut: the same on every machine.
    #[must_use]
    pub const fn plain() -> Self {
        Self { colours: false, columns: None, full: false }
    }

    /// With ANSI colours or without. Colours begin and end with a line.
    #[must_use]
    pub const fn coloured(self, colours: bool) -> Self {
        Self { colours, ..self }
    }

    /// How many characters a line of a timeline has, and of a hint, which is wrapped; `None`: as many as there are.
    #[must_use]
    pub const fn width(self, columns: Option<usize>) -> Self {
        Self { columns, ..self }
    }

    /// Nothing is cut and nothing left out: payloads, timelines and diffs are whole.
    #[must_use]
    pub const fn full(self, full: bool) -> Self {
        Self { full, ..self }
    }

    pub(super) fn cut(self) -> Cut {
        match (self.full, self.columns) {
            (true, _) => Cut::NOTHING,
            (false, None) => Cut::USUAL,
            (false, Some(columns)) => Cut {
                payload: columns.saturating_sub(AROUND_PAYLOAD).max(Cut::USUAL.payload),
                failure: columns.max(Cut::USUAL.failure),
            },
        }
    }

    /// The text in colours, line by line.
    pub(super) fn paint(self, colour: Colour, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let start = colour.code();
        let painted = text.split('\n').map(|line| match line {
            "" => String::new(),
            line => format!("\u{1b}[{start}m{line}\u{1b}[0m"),
        });
        painted.collect::<Vec<_>>().join("\n")
    }
}

/// What a line of a timeline has beside its payload, usually.
const AROUND_PAYLOAD: usize = 60;

/// How many characters of a payload, and of an error with its cause, a line shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(super) payload: usize,
    pub(super) failure: usize,
}

impl Cut {
    pub(crate) const USUAL: Self = Self { payload: 60, failure: 120 };
    /// For what matters most.
    pub(super) const fn wider(self) -> Self {
        Self { payload: self.payload.saturating_mul(4), failure: self.failure }
    }

    pub(super) const NOTHING: Self = Self { payload: usize::MAX, failure: usize::MAX };
}

/// What colours stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// What was expected.
    Title,
    Wrong,
    Added,
    Removed,
    Place,
    Hint,
}

impl Colour {
    const fn code(self) -> &'static str {
        match self {
            Self::Title => "1",
            Self::Wrong => "1;31",
            Self::Added => "32",
            Self::Removed => "31",
            Self::Place => "36",
            Self::Hint => "33",
        }
    }
}

/// The text in lines of at most so many characters, broken at blanks; later lines are indented.
pub(super) fn wrapped(text: &str, columns: usize, indent: &str) -> String {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut words = paragraph.trim_start().split(' ');
        let blanks = " ".repeat(paragraph.len() - paragraph.trim_start().len());
        let mut line = format!("{blanks}{}", words.next().unwrap_or_default());
        for word in words {
            if line.chars().count() + 1 + word.chars().count() <= columns {
                line.push(' ');
                line.push_str(word);
            } else {
                lines.push(std::mem::replace(&mut line, format!("{indent}{word}")));
            }
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_begin_and_end_with_a_line() {
        let style = Style::plain().coloured(true);
        assert_eq!(style.paint(Colour::Wrong, "a\n\nb"), "\u{1b}[1;31ma\u{1b}[0m\n\n\u{1b}[1;31mb\u{1b}[0m");
        assert_eq!(Style::plain().paint(Colour::Wrong, "a"), "a");
    }

    #[test]
    fn long_lines_are_wrapped_at_blanks() {
        assert_eq!(
            wrapped("one two three\n  - four five", 9, "    "),
            "one two\n    three\n  - four\n    five"
        );
        assert_eq!(wrapped("incomprehensibilities", 5, " "), "incomprehensibilities");
    }

    #[test]
    fn wide_terminals_show_more_of_a_payload_and_narrow_ones_no_less() {
        assert_eq!(Style::plain().width(Some(200)).cut(), Cut { payload: 140, failure: 200 });
        assert_eq!(Style::plain().width(Some(40)).cut(), Cut::USUAL);
        assert_eq!(Style::plain().width(Some(40)).full(true).cut(), Cut::NOTHING);
    }
}
