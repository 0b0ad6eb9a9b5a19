//! What an expression in JSONata refers to, as far as plain paths go: `$states.input.order.id`, `$limit`.

/// A plain path in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// As it stands there.
    pub(super) text: String,
    /// `None`: the input of the state.
    pub(super) variable: Option<String>,
    /// From there: `$.order.id`.
    pub(super) path: String,
}

const INPUT: &str = "$states.input";
const RESULT: &str = "$states.result";

/// In the order of the text, each once. Calls of functions, `$states.context` and `$states.result` are left out.
pub(super) fn in_expression(text: &str) -> Vec<Reference> {
    all_in(text).into_iter().filter(|reference| reference.variable.as_deref() != Some(RESULT)).collect()
}

/// Those that start at the result of the state, each once.
pub(super) fn of_result(text: &str) -> Vec<Reference> {
    all_in(text).into_iter().filter(|reference| reference.variable.as_deref() == Some(RESULT)).collect()
}

fn all_in(text: &str) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    for (at, _) in text.match_indices('$') {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let is_start =
            before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '$' | '_' | '.' | '\'' | '"'));
        let Some(reference) = text.get(at..).filter(|_| is_start).and_then(read) else { continue };
        if !found.contains(&reference) {
            found.push(reference);
        }
    }
    found
}

fn read(rest: &str) -> Option<Reference> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$');
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let (text, after) = rest.split_at_checked(end)?;
    if after.trim_start().starts_with('(') {
        return None; // A function.
    }
    let text = text.trim_end_matches('.').to_owned();
    let below = |start: &str| {
        text.strip_prefix(start)
            .filter(|path| path.is_empty() || path.starts_with('.'))
            .map(|path| format!("${path}"))
    };
    if let Some(path) = below(INPUT) {
        return Some(Reference { text, variable: None, path });
    }
    if let Some(path) = below(RESULT) {
        return Some(Reference { text, variable: Some(RESULT.to_owned()), path });
    }
    let name = text.strip_prefix('$').filter(|name| !name.starts_with("states"))?;
    let (name, path) =
        name.split_once('.').map_or((name, String::new()), |(name, path)| (name, format!(".{path}")));
    let variable = Some(name.to_owned()).filter(|name| !name.is_empty())?;
    let path = format!("${path}");
    Some(Reference { text, variable: Some(variable), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_and_variables_are_found_but_no_functions() {
        let found = in_expression(
            "{% $states.input.order.total > $limit and $count($states.input.items) = $states.context.x %}",
        );
        let texts: Vec<_> = found.iter().map(|reference| &*reference.text).collect();
        assert_eq!(texts, ["$states.input.order.total", "$limit", "$states.input.items"]);
        assert_eq!(found[0].path, "$.order.total");
        assert_eq!((found[1].variable.as_deref(), &*found[1].path), (Some("limit"), "$"));
        assert_eq!(of_result("{% $states.result.Payload.id %}")[0].path, "$.Payload.id");
        assert_eq!(in_expression("{% $states.input %}")[0].path, "$");
    }
}
