//! Texts with variables in them, such as `arn:…:execution:orders:${name-1}`.

/// A piece of such a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Text(&'t str),
    /// The name between `${` and `}`.
    Variable(&'t str),
}

/// Stands for a dollar sign, so that a text that has `${` in it is no variable: `${$}{`.
const DOLLAR: &str = "$";

/// The pieces of a text; `${` without the name of a variable behind it is just text.
pub(super) fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut text_from = 0;
    let mut at = 0;
    while let Some(found) = template.get(at..).and_then(|rest| rest.find("${")) {
        let start = at + found;
        let name_at = start + 2;
        let name = template.get(name_at..).and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
        match name {
            Some(name) if name == DOLLAR || is_variable(name) => {
                push_text(&mut parts, template.get(text_from..start));
                parts.push(if name == DOLLAR { Part::Text(DOLLAR) } else { Part::Variable(name) });
                at = name_at + name.len() + 1;
                text_from = at;
            }
            Some(_) | None => at = name_at,
        }
    }
    push_text(&mut parts, template.get(text_from..));
    parts
}

fn push_text<'t>(parts: &mut Vec<Part<'t>>, text: Option<&'t str>) {
    parts.extend(text.filter(|text| !text.is_empty()).map(Part::Text));
}

/// The variable that is all there is to the text.
pub(super) fn sole_variable(template: &str) -> Option<&str> {
    match parts(template).as_slice() {
        [Part::Variable(name)] => Some(name),
        _ => None,
    }
}

/// `kind-1`: lower-case letters, a hyphen, a number.
pub(super) fn is_variable(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(kind, number)| {
        let is_kind = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        is_kind && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())
    })
}

/// The text as a template without variables.
pub(super) fn escape(text: &str) -> String {
    text.replace("${", "${$}{")
}

/// The template with the values of its variables; those that have none stay as they are.
pub(super) fn fill(template: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut text = String::new();
    for part in parts(template) {
        match part {
            Part::Text(plain) => text.push_str(plain),
            Part::Variable(name) => match value(name) {
                Some(value) => text.push_str(&value),
                None => text.extend(["${", name, "}"]),
            },
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_falls_into_plain_pieces_and_variables() {
        assert_eq!(
            parts("a:${name-1}:$${id-22}$"),
            [
                Part::Text("a:"),
                Part::Variable("name-1"),
                Part::Text(":$"),
                Part::Variable("id-22"),
                Part::Text("$")
            ]
        );
        assert_eq!(sole_variable("${date-1}"), Some("date-1"));
        assert_eq!(sole_variable("${date-1} "), None);
    }

    #[test]
    fn what_is_no_name_of_a_variable_is_text() {
        for text in ["${", "${}", "${name}", "${NAME-1}", "${name-}", "${name-1", "$ {name-1}"] {
            assert_eq!(parts(text), [Part::Text(text)], "{text}");
        }
        assert_eq!(parts("${x${name-1}"), [Part::Text("${x"), Part::Variable("name-1")]);
    }

    proptest! {
        #[test]
        fn an_escaped_text_is_itself_again(text in r"[${}a-z0-9\-]{0,24}") {
            prop_assert_eq!(fill(&escape(&text), |name| panic!("variable {name}")), text);
        }

        #[test]
        fn a_variable_beside_any_text_is_still_one(before in r"[${}a-z1\-]{0,9}", after in r"[${}a-z1\-]{0,9}") {
            let template = format!("{}${{name-1}}{}", escape(&before), escape(&after));
            let filled = fill(&template, |name| (name == "name-1").then(|| "!".to_owned()));
            prop_assert_eq!(filled, format!("{before}!{after}"));
        }
    }
}
