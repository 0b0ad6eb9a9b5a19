//! The characters that names of state machines, executions and activities may have.

/// Whether the service accepts the name: no blanks, brackets, wildcards, special or control characters.
/// The length is the business of the model's constraints.
///
/// Source: `CreateStateMachine`, member `name`.
pub(crate) fn is_valid(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_allowed)
}

fn is_allowed(c: char) -> bool {
    !c.is_whitespace()
        && !"<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)
        && !matches!(c, '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}'..='\u{FFFF}' | '\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_forbidden_character_is_refused() {
        for c in " \t\n<>{}[]?*\"#%\\^|~`$&,;:/\u{0}\u{1f}\u{7f}\u{9f}\u{ffff}\u{10ffff}".chars() {
            assert!(!is_valid(&format!("a{c}b")), "{c:?}");
        }
    }

    #[test]
    fn dots_dashes_and_letters_of_any_language_are_accepted() {
        for name in ["a.b-c_d", "名前", "ü(1)'+=@!"] {
            assert!(is_valid(name), "{name}");
        }
        assert!(!is_valid(""));
    }
}
