//! Where a plain path leads in a value, and where it stops leading anywhere.

use crate::assertion::wording::listed;
use crate::model::Json;

use super::similar::closest;

/// What lies at a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found<'j> {
    Value(&'j Json),
    /// `reached` is there, and has no `key`.
    Missing {
        reached: String,
        key: String,
        at: &'j Json,
    },
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    Key(String),
    Index(usize),
}

/// The steps of `$.a['b c'][0]`; `None` of any other path.
pub(super) fn segments(path: &str) -> Option<Vec<Segment>> {
    let mut rest = path.strip_prefix('$')?;
    let mut segments = Vec::new();
    while !rest.is_empty() {
        let segment;
        if let Some(quoted) = rest.strip_prefix("['") {
            let (key, after) = quoted.split_once("']")?;
            (segment, rest) = (Segment::Key(key.to_owned()), after);
        } else if let Some(bracketed) = rest.strip_prefix('[') {
            let (index, after) = bracketed.split_once(']')?;
            (segment, rest) = (Segment::Index(index.parse().ok()?), after);
        } else {
            let plain = rest.strip_prefix('.')?;
            let end = plain.find(['.', '[']).unwrap_or(plain.len());
            let (key, after) = plain.split_at_checked(end)?;
            let is_name =
                !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'));
            (segment, rest) = (Segment::Key(is_name.then(|| key.to_owned())?), after);
        }
        segments.push(segment);
    }
    Some(segments)
}

/// Follows a path as far as it leads; `None` of a path that is not plain.
pub(super) fn follow<'j>(root: &'j Json, path: &str) -> Option<Found<'j>> {
    let mut at = root;
    let mut reached = "$".to_owned();
    for segment in segments(path)? {
        let (next, key) = match &segment {
            Segment::Key(key) => (at.get(key), key.clone()),
            Segment::Index(index) => {
                (at.as_array().and_then(|items| items.get(*index)), format!("[{index}]"))
            }
        };
        let Some(next) = next else { return Some(Found::Missing { reached, key, at }) };
        reached = match &segment {
            Segment::Key(key) => format!("{reached}.{key}"),
            Segment::Index(index) => format!("{reached}[{index}]"),
        };
        at = next;
    }
    Some(Found::Value(at))
}

/// The value at a path, if it leads to one.
pub(super) fn value_at<'j>(root: &'j Json, path: &str) -> Option<&'j Json> {
    match follow(root, path)? {
        Found::Value(value) => Some(value),
        Found::Missing { .. } => None,
    }
}

/// `$.user has no emial, only name, email: did you mean email?`, each in code quotes.
pub(super) fn whats_missing(reached: &str, key: &str, at: &Json) -> String {
    let Some(members) = at.as_object() else {
        let what = match at.as_array() {
            Some(items) => format!("an array of {}", items.len()),
            None => format!("a {}", at.type_name()),
        };
        return format!("`{reached}` is {what} and has no `{key}`");
    };
    let keys: Vec<_> = members.keys().collect();
    if keys.is_empty() {
        return format!("`{reached}` is empty and has no `{key}`");
    }
    let similar = closest(key, keys.iter().map(|key| &***key));
    let question = similar.map_or(String::new(), |similar| format!(": did you mean `{similar}`?"));
    format!("`{reached}` has no `{key}`, only {}{question}", listed(&keys))
}

/// All places where a value lies, as paths, each with the value.
pub(super) fn places(root: &Json) -> Vec<(String, &Json)> {
    /// Enough for any payload that a person reads.
    const MOST: usize = 10_000;
    let mut found = vec![("$".to_owned(), root)];
    let mut at = 0;
    while let Some((path, value)) = found.get(at).cloned() {
        at += 1;
        if found.len() > MOST {
            break;
        }
        if let Some(members) = value.as_object() {
            found.extend(members.iter().map(|(key, member)| (format!("{path}{}", step(key)), member)));
        }
        let items = value.as_array().unwrap_or_default();
        found.extend(items.iter().enumerate().map(|(index, item)| (format!("{path}[{index}]"), item)));
    }
    found
}

fn step(key: &str) -> String {
    let is_plain =
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'));
    if is_plain { format!(".{key}") } else { format!("['{key}']") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(json: &str, path: &str) -> String {
        let json = Json::parse(json).unwrap();
        match follow(&json, path) {
            Some(Found::Missing { reached, key, at }) => whats_missing(&reached, &key, at),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_path_is_followed_to_its_value() {
        let json = Json::parse(r#"{"a":{"b c":[1,2]}}"#).unwrap();
        assert_eq!(value_at(&json, "$.a['b c'][1]"), Some(&Json::Int(2)));
        assert_eq!(value_at(&json, "$"), Some(&json));
        assert_eq!(follow(&json, "$..a"), None);
        assert_eq!(follow(&json, "$.a[*]"), None);
        assert_eq!(follow(&json, "$.a[?(@.b)]"), None);
    }

    #[test]
    fn what_is_missing_is_told_with_what_is_there() {
        assert_eq!(
            missing(r#"{"user":{"name":1,"email":2}}"#, "$.user.emial.x"),
            "`$.user` has no `emial`, only `name`, `email`: did you mean `email`?"
        );
        assert_eq!(missing(r#"{"user":{"name":1}}"#, "$.order"), "`$` has no `order`, only `user`");
        assert_eq!(missing("{}", "$.a"), "`$` is empty and has no `a`");
        assert_eq!(missing(r#"{"a":"x"}"#, "$.a.b"), "`$.a` is a string and has no `b`");
        assert_eq!(missing(r#"{"a":[1]}"#, "$.a[3]"), "`$.a` is an array of 1 and has no `[3]`");
    }

    #[test]
    fn all_places_of_a_value_are_found() {
        let json = Json::parse(r#"{"a":[1],"b c":2}"#).unwrap();
        let paths: Vec<_> = places(&json).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["$", "$.a", "$['b c']", "$.a[0]"]);
    }
}
