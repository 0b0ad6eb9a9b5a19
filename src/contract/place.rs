//! Paths to a value in an answer: `$.events[0].input.order`, through strings that hold JSON too.

use crate::model::Json;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<'p> {
    Key(&'p str),
    Index(usize),
}

pub(super) fn is_path(path: &str) -> bool {
    parts(path).is_some()
}

/// The value there.
pub(super) fn value_at(path: &str, root: &Json) -> Option<Json> {
    let mut value = root.clone();
    for part in parts(path)? {
        if let Some(text) = value.as_str() {
            value = Json::parse(text).ok()?;
        }
        value = match part {
            Part::Key(key) => value.get(key)?.clone(),
            Part::Index(index) => value.as_array()?.get(index)?.clone(),
        };
    }
    Some(value)
}

fn parts(path: &str) -> Option<Vec<Part<'_>>> {
    let mut rest = path.strip_prefix('$')?;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let (key, after) = after.split_at_checked(after.find(['.', '[']).unwrap_or(after.len()))?;
            if key.is_empty() {
                return None;
            }
            parts.push(Part::Key(key));
            rest = after;
        } else {
            let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
            parts.push(Part::Index(index.parse().ok()?));
            rest = after;
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_through_objects_arrays_and_texts_of_json() {
        let json = Json::parse(r#"{"a":[{"input":"{\"b\":[1,2]}"}]}"#).unwrap();
        for (path, expected) in [
            ("$.a[0].input.b[1]", Some("2")),
            ("$.a[0].input", Some(r#""{\"b\":[1,2]}""#)),
            ("$.a[1]", None),
            ("$.a.b", None),
        ] {
            assert_eq!(value_at(path, &json).map(|value| value.to_text()).as_deref(), expected, "{path}");
        }
        assert_eq!(value_at("$", &json), Some(json));
    }

    #[test]
    fn other_texts_are_no_paths() {
        for path in ["", "a", "$a", "$.", "$[x]", "$[0", "$..a"] {
            assert!(!is_path(path), "{path}");
        }
    }
}
