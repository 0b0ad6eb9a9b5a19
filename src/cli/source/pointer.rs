//! From a location as diagnostics write it, such as `/States/Pay/Retry[0]`, to a place in the text.

use super::{Node, Span, Value};

/// A value, and the place to show for it: a text or number itself, of an object or array its key.
#[derive(Debug)]
pub(in crate::cli) struct Located<'n> {
    pub(in crate::cli) node: &'n Node,
    pub(in crate::cli) span: Span,
}

/// Locations that do not lead all the way lead as far as they do.
pub(in crate::cli) fn locate<'n>(root: &'n Node, location: &str) -> Located<'n> {
    let start = Located { node: root, span: root.span.start..root.span.start + 1 };
    walk(start, location.trim_end_matches('/')).unwrap_or_else(|nearest| nearest)
}

/// The end of the way, or the last place before it breaks off. Keys may hold `/` and `[` themselves: all ways are
/// tried, since any of them may be meant.
fn walk<'n>(from: Located<'n>, rest: &str) -> Result<Located<'n>, Located<'n>> {
    let node = from.node;
    if rest.is_empty() {
        return Ok(match &node.value {
            Value::Scalar(_) | Value::Text(_) => Located { node, span: node.span.clone() },
            Value::Array(_) | Value::Object(_) => from,
        });
    }
    if let Some((item, rest)) = item_step(node, rest) {
        return walk(Located { node: item, span: item.span.start..item.span.start + 1 }, rest);
    }
    let Some(key) = rest.strip_prefix('/') else { return Err(from) };
    let mut nearest = from;
    for member in node.members().iter().rev() {
        let Some(rest) = key.strip_prefix(member.key.as_str()) else { continue };
        if !(rest.is_empty() || rest.starts_with(['/', '['])) {
            continue;
        }
        match walk(Located { node: &member.value, span: member.key_span.clone() }, rest) {
            Ok(found) => return Ok(found),
            Err(near) => nearest = near,
        }
    }
    Err(nearest)
}

/// The item that `[3]…` leads to, and what follows.
fn item_step<'n, 't>(node: &'n Node, rest: &'t str) -> Option<(&'n Node, &'t str)> {
    let (index, rest) = rest.strip_prefix('[')?.split_once(']')?;
    Some((node.items().get(index.parse::<usize>().ok()?)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::source::read_json;

    const TEXT: &str =
        r#"{"States": {"A/B": {"X": [{"y": 1}, 2]}, "A": {"B": {"Z": "z"}}, "C[0]": 3, "D": 4, "D": 5}}"#;

    #[track_caller]
    fn check(location: &str, expected: &str) {
        let tree = read_json(TEXT).unwrap();
        let Located { span, .. } = locate(&tree, location);
        assert_eq!(TEXT.get(span).unwrap(), expected, "{location}");
    }

    #[test]
    fn scalars_are_shown_themselves_and_others_by_their_keys() {
        check("/", "{");
        check("/States", "\"States\"");
        check("/States/A/B/Z", "\"z\"");
        check("/States/A", "\"A\"");
        check("/States/A/B/X", "\"X\"");
        check("/States/A/B/X[1]", "2");
        check("/States/A/B/X[0]", "{");
        check("/States/A/B/X[0]/y", "1");
    }

    #[test]
    fn keys_may_look_like_ways_and_the_last_of_equal_keys_counts() {
        check("/States/A/B", "\"B\"");
        check("/States/C[0]", "3");
        check("/States/D", "5");
    }

    #[test]
    fn a_way_that_breaks_off_is_gone_as_far_as_it_leads() {
        check("/States/Gone/Next", "\"States\"");
        check("nonsense", "{");
        check("/States/A/B/X[7]", "\"X\"");
    }
}
