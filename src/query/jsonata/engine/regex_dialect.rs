//! Regular expressions of JavaScript in the dialect of the engine, where the two differ on plain patterns.

/// `\d`, `\w` and `\b` mean ASCII in JavaScript, and all of Unicode in the engine.
pub(super) fn translated(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                let escaped = characters.next();
                translated.push_str(&escape(escaped, in_class));
            }
            // Any character, and none.
            '[' if !in_class && characters.as_str().starts_with("^]") => {
                characters.by_ref().take(2).for_each(drop);
                translated.push_str("[\\s\\S]");
            }
            '[' if !in_class && characters.as_str().starts_with(']') => {
                characters.next();
                translated.push_str("[^\\s\\S]");
            }
            '[' if !in_class => {
                in_class = true;
                translated.push('[');
            }
            // JavaScript takes a bracket in brackets literally.
            '[' => translated.push_str("\\["),
            ']' => {
                in_class = false;
                translated.push(']');
            }
            other => translated.push(other),
        }
    }
    translated
}

fn escape(escaped: Option<char>, in_class: bool) -> String {
    match escaped {
        Some('d') if in_class => "0-9".to_owned(),
        Some('d') => "[0-9]".to_owned(),
        Some('D') => "[^0-9]".to_owned(),
        Some('w') if in_class => "0-9A-Za-z_".to_owned(),
        Some('w') => "[0-9A-Za-z_]".to_owned(),
        Some('W') => "[^0-9A-Za-z_]".to_owned(),
        Some('b') if !in_class => "(?-u:\\b)".to_owned(),
        Some('/') => "/".to_owned(),
        Some(other) => format!("\\{other}"),
        None => "\\".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_ascii() {
        for (pattern, expected) in [
            (r"^\d+$", "^[0-9]+$"),
            (r"[\w.-]+@\W", "[0-9A-Za-z_.-]+@[^0-9A-Za-z_]"),
            (r"[^\d]\D", "[^0-9][^0-9]"),
            (r"\bword\b", r"(?-u:\b)word(?-u:\b)"),
            (r"\\d\s\.", r"\\d\s\."),
            (r"[[a]", r"[\[a]"),
            (r"a\/b", "a/b"),
            ("x[^]y[]", r"x[\s\S]y[^\s\S]"),
        ] {
            assert_eq!(translated(pattern), expected, "{pattern}");
        }
    }
}
