//! Names of variables, and telling a text that begins with one from other paths.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html>

const LONGEST: usize = 80;

/// Whether `Assign` may give a variable this name: an identifier as Unicode's annex 31 has it, other than `states`.
pub(crate) fn is_variable_name(name: &str) -> bool {
    name.starts_with(unicode_ident::is_xid_start)
        && name.chars().all(unicode_ident::is_xid_continue)
        && name.chars().count() <= LONGEST
        && name != "states"
}

/// The name and what follows it, of a text that starts with a variable; `None` for `$`, `$.a`, `$['a']`, `$$` and
/// everything else. The name may still be none that `Assign` takes.
pub(super) fn leading_variable(text: &str) -> Option<(&str, &str)> {
    let name = text.strip_prefix('$')?;
    if !name.starts_with(unicode_ident::is_xid_start) {
        return None;
    }
    let end = name.find(|c| !unicode_ident::is_xid_continue(c)).unwrap_or(name.len());
    name.split_at_checked(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers_of_at_most_80_characters() {
        for name in ["a", "x1", "snake_case_", "Äpfel", "名前", "x\u{300}", "States", &"é".repeat(80)] {
            assert!(is_variable_name(name), "{name}");
        }
        for name in ["", "1x", "_x", "a-b", "a.b", "a b", "a[0]", "$a", "Ⓐ", "x²", "states", &"é".repeat(81)]
        {
            assert!(!is_variable_name(name), "{name}");
        }
    }

    #[test]
    fn only_a_dollar_with_a_letter_behind_it_starts_a_variable() {
        for (text, name) in [
            ("$name", Some(("name", ""))),
            ("$name.a[0]", Some(("name", ".a[0]"))),
            ("$é_1['x']", Some(("é_1", "['x']"))),
            ("$a-b", Some(("a", "-b"))),
            ("$", None),
            ("$$", None),
            ("$$.name", None),
            ("$.name", None),
            ("$1", None),
            ("$_x", None),
            ("name", None),
        ] {
            assert_eq!(leading_variable(text), name, "{text}");
        }
    }
}
