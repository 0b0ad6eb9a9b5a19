//! Wrong answers: an answer that a step accepted, bent in one place that the step looked at.

use super::expectation::{Expected, Raw, Refusal};
use crate::endpoint::HttpResponse;
use crate::model::Json;
use crate::model::json::Map;
use crate::pattern::{Kind, Pattern};

/// An answer that must be rejected, and what is wrong about it.
#[derive(Debug, Clone)]
pub(super) struct Mutant {
    pub(super) what: String,
    pub(super) answer: HttpResponse,
}

/// A value bent in one place; `None` where it is left out.
type Bent = (String, Option<Json>);

impl Mutant {
    fn new(what: impl Into<String>, status: u16, body: &Json) -> Self {
        let answer = HttpResponse { status, headers: Vec::new(), body: body.to_text().into_bytes() };
        Self { what: what.into(), answer }
    }

    /// An answer with the headers of the right one.
    fn with_headers_of(mut self, answer: &HttpResponse) -> Self {
        self.answer.headers.clone_from(&answer.headers);
        self
    }
}

/// All that a step must not accept which expects this and accepted that.
pub(super) fn mutants_of(expected: &Expected, answer: &HttpResponse) -> Vec<Mutant> {
    let text = String::from_utf8_lossy(&answer.body);
    let body = Json::parse(&text).unwrap_or_else(|_| Json::from(&*text));
    match expected {
        Expected::Success(pattern) => {
            let mut mutants = vec![refused()];
            mutants.extend(pattern.iter().flat_map(|pattern| bodies(pattern, &body, answer)));
            mutants
        }
        Expected::Refusal(refusal) => mutants_of_refusal(refusal, &body, answer),
        Expected::Raw(raw) => mutants_of_raw(raw, &body, answer),
    }
}

/// A refusal that nobody expects.
pub(super) fn refused() -> Mutant {
    let body = Json::from_members([
        ("__type", Json::from("com.amazonaws.swf.service.v2.model#Mutant")),
        ("message", Json::from("mutant")),
    ]);
    Mutant::new("a refusal", 400, &body)
}

fn mutants_of_refusal(refusal: &Refusal, body: &Json, answer: &HttpResponse) -> Vec<Mutant> {
    let mut mutants = vec![
        Mutant::new("a success", 200, &Json::empty_object()),
        Mutant::new(
            "another code",
            answer.status,
            &with_type(body, "com.amazonaws.swf.service.v2.model#Mutant"),
        ),
        Mutant::new("another status", answer.status + 1, body),
    ];
    if refusal.namespace.is_some() {
        mutants.push(Mutant::new(
            "another namespace",
            answer.status,
            &with_type(body, &format!("a#{}", refusal.code)),
        ));
    }
    mutants.extend(bodies(&refusal.body, body, answer));
    mutants
}

fn with_type(body: &Json, name: &str) -> Json {
    let mut members: Map = body.as_object().cloned().unwrap_or_default();
    members.insert("__type".into(), Json::from(name));
    Json::object(members)
}

fn mutants_of_raw(raw: &Raw, body: &Json, answer: &HttpResponse) -> Vec<Mutant> {
    let mut mutants = vec![Mutant::new("another status", answer.status + 1, body).with_headers_of(answer)];
    for (name, pattern) in &raw.headers {
        let value = Json::from(answer.header(name).unwrap_or_default());
        for (what, bent) in bent(pattern, &value, false) {
            let mut mutant = answer.clone();
            mutant.headers.retain(|(header, _)| header != name);
            if let Some(value) = bent {
                mutant.headers.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
            }
            mutants.push(Mutant { what: format!("the header `{name}` with {what}"), answer: mutant });
        }
        let mut mutant = answer.clone();
        mutant.headers.retain(|(header, _)| header != name);
        mutants.push(Mutant { what: format!("no header `{name}`"), answer: mutant });
    }
    mutants.extend(raw.body.iter().flat_map(|pattern| bodies(pattern, body, answer)));
    if raw.text.is_some() {
        let mut mutant = answer.clone();
        mutant.body = b"mutant".to_vec();
        mutants.push(Mutant { what: "another text".to_owned(), answer: mutant });
    }
    mutants
}

/// Answers whose bodies are bent.
fn bodies(pattern: &Pattern, body: &Json, answer: &HttpResponse) -> Vec<Mutant> {
    let bent = bent(pattern, body, false).into_iter();
    bent.filter_map(|(what, body)| Some(Mutant::new(what, answer.status, &body?).with_headers_of(answer)))
        .collect()
}

/// The value, bent in each place that the pattern looks at. `is_part`: further keys do not matter.
pub(super) fn bent(pattern: &Pattern, actual: &Json, is_part: bool) -> Vec<Bent> {
    match pattern {
        Pattern::Literal(value) => match Pattern::of_literal(value) {
            Some(pattern) => bent(&pattern, actual, false),
            None => vec![other_value("$", actual)],
        },
        Pattern::Includes(part) => bent(part, actual, true),
        Pattern::Any(Kind::Value) | Pattern::Absent => Vec::new(),
        Pattern::Any(_)
        | Pattern::Matches(_)
        | Pattern::StartsWith(_)
        | Pattern::EndsWith(_)
        | Pattern::Range(_)
        | Pattern::Length(_)
        | Pattern::OneOf(_) => vec![("$: null".to_owned(), Some(Json::Null))],
        Pattern::AllOf(patterns) => {
            patterns.iter().flat_map(|pattern| bent(pattern, actual, is_part)).collect()
        }
        Pattern::Unordered(items) => vec![if items.is_empty() {
            ("$: a further item".to_owned(), Some(Json::array(vec![Json::Null])))
        } else {
            ("$: []".to_owned(), Some(Json::array(Vec::new())))
        }],
        Pattern::Not(other) => {
            let excluded = if let Pattern::Literal(value) = &**other { Some(value.clone()) } else { None };
            excluded.into_iter().map(|value| ("$: what is excluded".to_owned(), Some(value))).collect()
        }
        Pattern::Contains(_) => vec![("$: []".to_owned(), Some(Json::array(Vec::new())))],
        Pattern::Text(inner) => bent_text(inner, actual, is_part),
        Pattern::Array(items) => bent_items(items, actual, is_part),
        Pattern::Object(_) => bent_members(pattern, actual, is_part),
    }
}

fn bent_text(inner: &Pattern, actual: &Json, is_part: bool) -> Vec<Bent> {
    let Some(Ok(value)) = actual.as_str().map(Json::parse) else { return Vec::new() };
    let as_text = |(what, bent): Bent| {
        let text = bent.map_or_else(String::new, |value| value.to_text());
        (what, Some(Json::from(text)))
    };
    bent(inner, &value, is_part).into_iter().map(as_text).collect()
}

fn other_value(at: &str, actual: &Json) -> Bent {
    let other = match actual {
        Json::String(text) => Json::from(format!("{text}~")),
        Json::Bool(value) => Json::Bool(!value),
        Json::Int(_) | Json::UInt(_) | Json::Float(_) => {
            Json::Float(actual.as_f64().unwrap_or_default() + 1.0)
        }
        Json::Null | Json::Array(_) | Json::Object(_) => Json::from("mutant"),
    };
    (format!("{at}: another value"), Some(other))
}

fn bent_items(patterns: &[Pattern], actual: &Json, is_part: bool) -> Vec<Bent> {
    let items = actual.as_array().unwrap_or_default();
    let mut found = Vec::new();
    for (position, (pattern, item)) in patterns.iter().zip(items).enumerate() {
        for (what, bent) in bent(pattern, item, is_part) {
            let mut items = items.to_vec();
            match (bent, items.get_mut(position)) {
                (Some(bent), Some(item)) => *item = bent,
                (None, _) | (_, None) => drop(items.remove(position)),
            }
            found.push((format!("[{position}]{what}"), Some(Json::array(items))));
        }
    }
    let mut longer = items.to_vec();
    longer.push(Json::from("mutant"));
    found.push(("one more item".to_owned(), Some(Json::array(longer))));
    if let Some((_, shorter)) = items.split_last() {
        found.push(("one item less".to_owned(), Some(Json::array(shorter.to_vec()))));
    }
    found
}

fn bent_members(pattern: &Pattern, actual: &Json, is_part: bool) -> Vec<Bent> {
    let (Pattern::Object(patterns), Some(members)) = (pattern, actual.as_object()) else { return Vec::new() };
    let mut found = Vec::new();
    let with = |key: &str, value: Option<Json>| {
        let mut members = members.clone();
        match value {
            Some(value) => drop(members.insert(key.into(), value)),
            None => drop(members.shift_remove(key)),
        }
        Some(Json::object(members))
    };
    for (key, pattern) in patterns {
        let Some(member) = members.get(key) else {
            found.push((format!("`{key}` is there"), with(key, Some(Json::from("mutant")))));
            continue;
        };
        if !matches!(pattern, Pattern::Absent) {
            found.push((format!("no `{key}`"), with(key, None)));
        }
        for (what, bent) in bent(pattern, member, is_part) {
            found.push((format!("{key}.{what}"), with(key, bent)));
        }
    }
    if !is_part {
        found.push(("one more member".to_owned(), with("mutant", Some(Json::Null))));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every bent value must be one that the pattern rejects, and there must be as many as given.
    #[track_caller]
    fn check(pattern: &str, actual: &str, count: usize) {
        let pattern = Pattern::read(&Json::parse(pattern).unwrap()).unwrap();
        let actual = Json::parse(actual).unwrap();
        assert_eq!(pattern.difference(&actual), None);
        let bent = bent(&pattern, &actual, false);
        for (what, value) in &bent {
            let rejected = value.as_ref().is_none_or(|value| pattern.difference(value).is_some());
            assert!(rejected, "{what}: {value:?}");
        }
        assert_eq!(bent.len(), count, "{bent:?}");
    }

    #[test]
    fn every_place_that_a_pattern_looks_at_is_bent() {
        check(r#"{"a":1,"b":"x"}"#, r#"{"a":1,"b":"x"}"#, 5);
        check(
            r#"{"$includes":{"a":{"$any":"uuid"}}}"#,
            r#"{"a":"3e7f1b2a-0c4d-4e5f-8a9b-0123456789ab","c":1}"#,
            2,
        );
        check(r#"{"$includes":{"a":{"$absent":true}}}"#, "{}", 1);
        check(r#"[{"$any":"string"},true]"#, r#"["x",true]"#, 4);
        check(r#"{"$json":{"a":null}}"#, r#""{\"a\":null}""#, 3);
        check(r#"{"$contains":1}"#, "[1,2]", 1);
        check(r#"{"$oneOf":[1,2]}"#, "2", 1);
        check(r#"{"$not":1}"#, "2", 1);
        check(r#"{"$any":"value"}"#, "2", 0);
    }
}
