//! The vocabulary of the constraint table.

/// What a member may look like.
pub(super) enum Shape {
    Text(Text),
    Number(Number),
    Flag,
    List(List),
    Structure(Structure),
}

pub(super) struct Text {
    pub(super) min: usize,
    pub(super) max: Option<usize>,
    /// Whether the length counts bytes of UTF-8 instead of characters.
    pub(super) in_bytes: bool,
    pub(super) pattern: Option<Pattern>,
    /// Empty: any value.
    pub(super) values: &'static [&'static str],
    /// Whether messages must not show the value.
    pub(super) sensitive: bool,
}

impl Text {
    pub(super) const ANY: Self =
        Self { min: 0, max: None, in_bytes: false, pattern: None, values: &[], sensitive: false };

    pub(super) const fn min(self, min: usize) -> Self {
        Self { min, ..self }
    }

    pub(super) const fn max(self, max: usize) -> Self {
        Self { max: Some(max), ..self }
    }

    pub(super) const fn in_bytes(self) -> Self {
        Self { in_bytes: true, ..self }
    }

    pub(super) const fn matching(self, pattern: Pattern) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    pub(super) const fn one_of(self, values: &'static [&'static str]) -> Self {
        Self { values, ..self }
    }

    pub(super) const fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    pub(super) fn length_of(&self, text: &str) -> usize {
        if self.in_bytes { text.len() } else { text.chars().count() }
    }
}

pub(super) struct Number {
    pub(super) kind: NumberKind,
    pub(super) min: Option<i32>,
    pub(super) max: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    Integer,
    Long,
    Float,
}

impl NumberKind {
    /// With its article, as AWS's messages name it.
    pub(super) const fn described(self) -> &'static str {
        match self {
            Self::Integer => "an Integer",
            Self::Long => "a Long",
            Self::Float => "a Float",
        }
    }
}

impl Number {
    pub(super) const fn of(kind: NumberKind) -> Self {
        Self { kind, min: None, max: None }
    }

    pub(super) const fn min(self, min: i32) -> Self {
        Self { min: Some(min), ..self }
    }

    pub(super) const fn max(self, max: i32) -> Self {
        Self { max: Some(max), ..self }
    }
}

pub(super) struct List {
    pub(super) item: &'static Shape,
    pub(super) min: usize,
    pub(super) max: Option<usize>,
}

impl List {
    pub(super) const fn of(item: &'static Shape) -> Self {
        Self { item, min: 0, max: None }
    }

    pub(super) const fn min(self, min: usize) -> Self {
        Self { min, ..self }
    }

    pub(super) const fn max(self, max: usize) -> Self {
        Self { max: Some(max), ..self }
    }
}

pub(super) struct Structure {
    /// Shows when AWS writes out a whole value.
    pub(super) name: &'static str,
    pub(super) members: &'static [Member],
}

pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: &'static Shape,
}

impl Member {
    pub(super) const fn required(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, required: true, shape }
    }

    pub(super) const fn optional(name: &'static str, shape: &'static Shape) -> Self {
        Self { name, required: false, shape }
    }
}

/// The three patterns that inputs of this API have. The first looks ahead, which our regex crate cannot.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pattern {
    AliasName,
    VisibleAscii,
    Ascii,
}

impl Pattern {
    /// As the model writes it, for messages.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::AliasName => r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
            Self::VisibleAscii => "[!-~]+",
            Self::Ascii => r"\p{ASCII}*",
        }
    }

    pub(super) fn matches(self, text: &str) -> bool {
        match self {
            Self::AliasName => {
                text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
                    && text.chars().any(|c| !c.is_ascii_digit())
            }
            Self::VisibleAscii => !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()),
            Self::Ascii => text.is_ascii(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_name_needs_something_that_is_no_digit() {
        for (name, matches) in
            [("prod", true), ("1.0", true), ("-", true), ("123", false), ("", false), ("A@", false)]
        {
            assert_eq!(Pattern::AliasName.matches(name), matches, "{name}");
        }
    }

    #[test]
    fn tokens_are_visible_ascii_and_trace_headers_any_ascii() {
        assert!(Pattern::VisibleAscii.matches("a~!") && !Pattern::VisibleAscii.matches("a b"));
        assert!(!Pattern::VisibleAscii.matches(""));
        assert!(Pattern::Ascii.matches("") && Pattern::Ascii.matches("a b") && !Pattern::Ascii.matches("é"));
    }
}
