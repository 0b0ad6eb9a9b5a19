//! What of payloads is nobody else's business: `$.input.card`.

use std::collections::BTreeSet;

use super::nested::container;
use crate::model::Json;
use crate::model::json::Map;

/// What stands where something was.
pub(crate) const REDACTED: &str = "[redacted]";

/// Shorter values are replaced only where the path leads: `yes` stands in too many texts.
const SHORTEST_ELSEWHERE: usize = 6;

/// Where payloads have what a cassette must not show: a path from the root of a request or response, through strings
/// that hold JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redaction {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    /// `.*` or `[*]`
    Every,
    /// `..`: here and at any depth below.
    Anywhere,
}

impl Redaction {
    /// `$.input.card`, `$.input['card no']`, `$.events[0].input`, `$.input.items[*].card`, `$..card`.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with the path.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let flawed = || {
            format!(
                "`{text}` is no path of a redaction: write `$` and then steps such as `.input`, `['a key']`, `[0]`, `[*]`, `.*` or `..card`"
            )
        };
        let mut rest = text.strip_prefix('$').ok_or_else(flawed)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            rest = step(rest, &mut steps).ok_or_else(flawed)?;
        }
        if matches!(steps.last(), None | Some(Step::Anywhere)) {
            return Err(flawed());
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    /// As it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

fn step<'t>(text: &'t str, steps: &mut Vec<Step>) -> Option<&'t str> {
    if let Some(rest) = text.strip_prefix("..") {
        steps.push(Step::Anywhere);
        return if rest.starts_with('[') { Some(rest) } else { key(rest, steps) };
    }
    if let Some(rest) = text.strip_prefix('.') {
        return key(rest, steps);
    }
    let inside = text.strip_prefix('[')?;
    for quote in ['\'', '"'] {
        if let Some(quoted) = inside.strip_prefix(quote) {
            let (name, rest) = quoted.split_once(quote)?;
            steps.push(Step::Key(name.to_owned()));
            return rest.strip_prefix(']');
        }
    }
    let (index, rest) = inside.split_once(']')?;
    steps.push(if index == "*" { Step::Every } else { Step::Index(index.parse().ok()?) });
    Some(rest)
}

fn key<'t>(text: &'t str, steps: &mut Vec<Step>) -> Option<&'t str> {
    let (name, rest) = text.split_at_checked(text.find(['.', '[']).unwrap_or(text.len()))?;
    if name.is_empty() {
        return None;
    }
    steps.push(if name == "*" { Step::Every } else { Step::Key(name.to_owned()) });
    Some(rest)
}

/// Takes out of messages what paths lead to, and the same texts wherever else they show.
#[derive(Debug, Clone, Default)]
pub(super) struct Redactor {
    paths: Vec<Redaction>,
    /// What paths have led to, longest first.
    values: Vec<String>,
}

impl Redactor {
    pub(super) fn new(paths: Vec<Redaction>) -> Self {
        Self { paths, values: Vec::new() }
    }

    /// Remembers what the paths lead to.
    pub(super) fn learn(&mut self, message: &Json) {
        let mut found = BTreeSet::new();
        for path in &self.paths {
            collect(message, &path.steps, &mut found);
        }
        let new = found.into_iter().filter(|value| value.len() >= SHORTEST_ELSEWHERE && value != REDACTED);
        self.values.extend(new);
        self.values.sort_by(|left, right| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
        self.values.dedup();
    }

    /// The message without what is nobody else's business.
    pub(super) fn redact(&self, message: &Json) -> Json {
        let mut message = message.clone();
        for path in &self.paths {
            message = without(&message, &path.steps);
        }
        if self.values.is_empty() { message } else { self.elsewhere(&message) }
    }

    fn elsewhere(&self, value: &Json) -> Json {
        if let Some(text) = value.as_str() {
            return Json::from(self.text(text));
        }
        if let Some(items) = value.as_array() {
            return Json::array(items.iter().map(|item| self.elsewhere(item)).collect());
        }
        if let Some(members) = value.as_object() {
            let redacted = members.iter().map(|(key, member)| (self.text(key), self.elsewhere(member)));
            return Json::from_members(redacted);
        }
        if value.is_number() && self.values.contains(&value.to_text()) {
            Json::from(REDACTED)
        } else {
            value.clone()
        }
    }

    fn text(&self, text: &str) -> String {
        // Inside JSON a value may be written with escapes, and a number has no quotes that `[redacted]` would need.
        if let Some(inner) = container(text)
            && self.values.iter().any(|value| shows(&inner, value))
        {
            return self.elsewhere(&inner).compacted().to_text();
        }
        self.values.iter().fold(text.to_owned(), |text, value| text.replace(value.as_str(), REDACTED))
    }
}

fn shows(value: &Json, wanted: &str) -> bool {
    match value {
        Json::String(text) => {
            text.contains(wanted) || container(text).is_some_and(|inner| shows(&inner, wanted))
        }
        Json::Array(_) => value.as_array().is_some_and(|items| items.iter().any(|item| shows(item, wanted))),
        Json::Object(_) => value.as_object().is_some_and(|members| {
            members.iter().any(|(key, member)| key.contains(wanted) || shows(member, wanted))
        }),
        Json::Int(_) | Json::UInt(_) | Json::Float(_) => value.to_text() == wanted,
        Json::Null | Json::Bool(_) => false,
    }
}

/// The value without what the steps lead to.
fn without(value: &Json, steps: &[Step]) -> Json {
    let Some((first, rest)) = steps.split_first() else { return Json::from(REDACTED) };
    if let Some(inner) = value.as_str().and_then(container) {
        let mut found = BTreeSet::new();
        if !leads_on(&inner, steps, &mut found) {
            return value.clone();
        }
        return Json::from(without(&inner, steps).compacted().to_text());
    }
    let value = if *first == Step::Anywhere { &without(value, rest) } else { value };
    let into = |name: &str, index: Option<usize>, child: &Json| match first {
        Step::Key(key) if key == name && index.is_none() => without(child, rest),
        Step::Index(wanted) if index == Some(*wanted) => without(child, rest),
        Step::Every => without(child, rest),
        Step::Anywhere => without(child, steps),
        Step::Key(_) | Step::Index(_) => child.clone(),
    };
    if let Some(items) = value.as_array() {
        return Json::array(items.iter().enumerate().map(|(at, item)| into("", Some(at), item)).collect());
    }
    match value.as_object() {
        Some(members) => {
            let changed = members.iter().map(|(key, member)| (key.clone(), into(key, None, member)));
            Json::object(changed.collect::<Map>())
        }
        None => value.clone(),
    }
}

fn leads_on(value: &Json, steps: &[Step], found: &mut BTreeSet<String>) -> bool {
    collect(value, steps, found)
}

/// Gathers the texts that the steps lead to; whether they lead anywhere.
fn collect(value: &Json, steps: &[Step], found: &mut BTreeSet<String>) -> bool {
    let Some((first, rest)) = steps.split_first() else {
        texts(value, found);
        return true;
    };
    if let Some(inner) = value.as_str().and_then(container) {
        return collect(&inner, steps, found);
    }
    let mut leads = *first == Step::Anywhere && collect(value, rest, found);
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        leads |= match first {
            Step::Index(wanted) if *wanted == at => collect(item, rest, found),
            Step::Every => collect(item, rest, found),
            Step::Anywhere => collect(item, steps, found),
            Step::Key(_) | Step::Index(_) => false,
        };
    }
    for (key, member) in value.as_object().into_iter().flatten() {
        leads |= match first {
            Step::Key(wanted) if **wanted == **key => collect(member, rest, found),
            Step::Every => collect(member, rest, found),
            Step::Anywhere => collect(member, steps, found),
            Step::Key(_) | Step::Index(_) => false,
        };
    }
    leads
}

/// The strings and numbers of a value that is taken out.
fn texts(value: &Json, found: &mut BTreeSet<String>) {
    if let Some(inner) = value.as_str().and_then(container) {
        texts(&inner, found);
    } else if let Some(text) = value.as_str() {
        found.insert(text.to_owned());
    } else if value.is_number() {
        found.insert(value.to_text());
    }
    value.as_array().into_iter().flatten().for_each(|item| texts(item, found));
    value.as_object().into_iter().flatten().for_each(|(_, member)| texts(member, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(paths: &[&str], message: &str) -> String {
        let paths = paths.iter().map(|path| Redaction::parse(path).unwrap()).collect();
        let mut redactor = Redactor::new(paths);
        let message = Json::parse(message).unwrap();
        redactor.learn(&message);
        redactor.redact(&message).to_text()
    }

    #[test]
    fn a_path_leads_through_strings_that_hold_json() {
        assert_eq!(
            redacted(&["$.input.card"], r#"{"input":"{\"card\":\"4111\",\"id\":7}","card":"4111"}"#),
            r#"{"input":"{\"card\":\"[redacted]\",\"id\":7}","card":"4111"}"#
        );
    }

    #[test]
    fn paths_have_indexes_wildcards_and_depth() {
        let message = r#"{"a":[{"k":"1"},{"k":"2"}],"b":{"c":{"k":"3"}},"a key":"4"}"#;
        for (path, expected) in [
            ("$.a[1].k", r#"{"a":[{"k":"1"},{"k":"[redacted]"}],"b":{"c":{"k":"3"}},"a key":"4"}"#),
            ("$.a[*].k", r#"{"a":[{"k":"[redacted]"},{"k":"[redacted]"}],"b":{"c":{"k":"3"}},"a key":"4"}"#),
            ("$.b.*", r#"{"a":[{"k":"1"},{"k":"2"}],"b":{"c":"[redacted]"},"a key":"4"}"#),
            (
                "$..k",
                r#"{"a":[{"k":"[redacted]"},{"k":"[redacted]"}],"b":{"c":{"k":"[redacted]"}},"a key":"4"}"#,
            ),
            ("$['a key']", r#"{"a":[{"k":"1"},{"k":"2"}],"b":{"c":{"k":"3"}},"a key":"[redacted]"}"#),
        ] {
            assert_eq!(redacted(&[path], message), expected, "{path}");
        }
    }

    #[test]
    fn the_same_value_is_taken_out_wherever_it_shows() {
        assert_eq!(
            redacted(
                &["$.input.card"],
                r#"{"input":"{\"card\":4111111111111111}","output":"{\"n\":4111111111111111,\"text\":\"card 4111111111111111\"}","4111111111111111":1}"#
            ),
            r#"{"input":"{\"card\":\"[redacted]\"}","output":"{\"n\":\"[redacted]\",\"text\":\"card [redacted]\"}","[redacted]":1}"#
        );
    }

    #[test]
    fn what_a_path_does_not_lead_to_keeps_its_bytes() {
        let message = r#"{"input":"{\"id\": 7}"}"#;
        assert_eq!(redacted(&["$.input.card", "$.output", "$..card"], message), message);
    }

    #[test]
    fn other_texts_are_no_paths() {
        for path in ["", "$", "input", "$.", "$..", "$[x]", "$['a", "$.a[0", "$a"] {
            let error = Redaction::parse(path).unwrap_err();
            assert!(
                error.starts_with(&format!("`{path}` is no path of a redaction: write `$` and then")),
                "{error}"
            );
        }
    }
}
