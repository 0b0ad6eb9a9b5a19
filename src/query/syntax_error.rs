//! Why a text of a definition is no path, reference path or intrinsic call.

/// A text that is no path, template or intrinsic call of the language we run.
///
/// The first field says what is wrong, for people; AWS shows its own general sentence in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError(pub(crate) String, Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Malformed,
    Variable,
}

impl SyntaxError {
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self(message.into(), Kind::Malformed)
    }

    /// For a text that AWS may well accept: it reads the variable `name`.
    pub(super) fn variable(name: &str) -> Self {
        Self(format!("`{name}` reads a variable"), Kind::Variable)
    }

    /// Whether the text is only refused because it reads a variable (`$name`).
    pub(crate) fn is_variable(&self) -> bool {
        self.1 == Kind::Variable
    }
}

/// `$name` of a text that starts with a variable; `None` for `$`, `$.a`, `$['a']`, `$$` and everything else.
pub(super) fn leading_variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(name.len());
    text.get(..=end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_dollar_with_a_letter_behind_it_starts_a_variable() {
        for (text, name) in [
            ("$name", Some("$name")),
            ("$name.a[0]", Some("$name")),
            ("$é_1['x']", Some("$é_1")),
            ("$", None),
            ("$$", None),
            ("$$.name", None),
            ("$.name", None),
            ("$1", None),
            ("name", None),
        ] {
            assert_eq!(leading_variable(text), name, "{text}");
        }
    }
}
