//! What AWS says of an input with a member that keeps outside the model: its own reading of the model, for comparison.

use serde_json::{Map, Value, json};

use super::model::{Member, Model, Shape, Text};

/// A member that is wrong in one way, and what is said of it.
#[derive(Debug, Clone)]
pub(super) struct Wrong {
    /// `None`: it is not there.
    pub(super) value: Option<Value>,
    pub(super) message: String,
}

/// The violations of constraints that a member of this shape can have.
pub(super) fn violations(member: &Member) -> Vec<Wrong> {
    let mut found = violations_of(member.shape, member.name);
    if member.required {
        found.push(Wrong { value: None, message: missing(member, member.name) });
    }
    found
}

fn violations_of(shape: &str, path: &str) -> Vec<Wrong> {
    match Model::shape(shape) {
        Shape::Text(text) => violations_of_text(text, path),
        Shape::Number { wanted, min, max } => {
            // As Java writes a Float.
            let point = if *wanted == "a Float" { ".0" } else { "" };
            let most = max.map(|max| (i64::from(max) + 1, format!("value less than or equal to {max}")));
            let least = min.map(|min| (i64::from(min) - 1, format!("value greater than or equal to {min}")));
            let outside = most.into_iter().chain(least);
            outside
                .map(|(value, bound)| {
                    wrong(json!(value), &format!("Value '{value}{point}'"), path, &must_have(&bound))
                })
                .collect()
        }
        Shape::List { of, min, max } => {
            let item = |value| json!([value]);
            let in_item = format!("{path}.1.member");
            let mut found: Vec<Wrong> = within(violations_of(of, &in_item), item);
            found.push(wrong(json!([null]), "Value null", &in_item, NOT_NULL));
            let lengths = [
                min.map(|min| (min - 1, format!("length greater than or equal to {min}"))),
                max.map(|max| (max + 1, format!("length less than or equal to {max}"))),
            ];
            for (length, bound) in lengths.into_iter().flatten() {
                let value = Value::Array(vec![least(of); length]);
                let subject = format!("Value '{}'", as_java(shape, &value));
                found.push(wrong(value, &subject, path, &must_have(&bound)));
            }
            found
        }
        Shape::Structure(members) => {
            members.iter().flat_map(|member| violations_of_member(shape, member, path)).collect()
        }
        Shape::Flag | Shape::Timestamp | Shape::Map { .. } => Vec::new(),
    }
}

fn violations_of_member(structure: &str, member: &Member, path: &str) -> Vec<Wrong> {
    let path = format!("{path}.{}", member.name);
    let around = |value| {
        let mut whole = least(structure);
        whole.as_object_mut().unwrap().insert(member.name.to_owned(), value);
        whole
    };
    let mut found = within(violations_of(member.shape, &path), around);
    if member.required {
        found.push(Wrong { value: Some(around(Value::Null)), message: missing(member, &path) });
    }
    found
}

fn within(inner: Vec<Wrong>, around: impl Fn(Value) -> Value) -> Vec<Wrong> {
    inner.into_iter().map(|wrong| Wrong { value: wrong.value.map(&around), ..wrong }).collect()
}

fn violations_of_text(text: &Text, path: &str) -> Vec<Wrong> {
    let mut found = Vec::new();
    let mut add = |value: String, constraint: &str| {
        let subject = if text.sensitive { "Value".to_owned() } else { format!("Value '{value}'") };
        found.push(wrong(json!(value), &subject, path, constraint));
    };
    if let Some(max) = text.max {
        let too_long = if text.in_bytes { "é".repeat(max / 2 + 1) } else { "x".repeat(max + 1) };
        add(too_long, &must_have(&format!("length less than or equal to {max}")));
    }
    // An empty text would break a pattern too.
    if text.min > 0 && text.pattern.is_none() {
        add(String::new(), &must_have(&format!("length greater than or equal to {}", text.min)));
    }
    if !text.values.is_empty() {
        let set = format!("Member must satisfy enum value set: [{}]", text.values.join(", "));
        add("no such".to_owned(), &set);
        add(text.values.concat().to_lowercase(), &set);
    }
    for (bad, pattern) in text.pattern.map(unlike).unwrap_or_default() {
        add((*bad).to_owned(), &format!("Member must satisfy regular expression pattern: {pattern}"));
    }
    found
}

/// Texts that the pattern does not match, and how the message writes it.
fn unlike(pattern: &str) -> &'static [(&'static str, &'static str)] {
    match pattern {
        "AliasName" => &[
            ("123", r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"),
            ("a b", r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"),
            ("live\n", r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$"),
        ],
        "VisibleAscii" => &[("a b", "[!-~]+"), ("é", "[!-~]+")],
        "Ascii" => &[("é", r"\p{ASCII}*")],
        _ => panic!("{pattern}"),
    }
}

const NOT_NULL: &str = "Member must not be null";

fn must_have(bound: &str) -> String {
    format!("Member must have {bound}")
}

fn wrong(value: Value, subject: &str, path: &str, constraint: &str) -> Wrong {
    let message = format!("{subject} at '{path}' failed to satisfy constraint: {constraint}");
    Wrong { value: Some(value), message }
}

fn missing(member: &Member, path: &str) -> String {
    let sensitive = matches!(Model::shape(member.shape), Shape::Text(Text { sensitive: true, .. }));
    let subject = if sensitive { "Value" } else { "Value null" };
    format!("{subject} at '{path}' failed to satisfy constraint: {NOT_NULL}")
}

/// The smallest value of a shape that keeps within the model.
pub(super) fn least(shape: &str) -> Value {
    match Model::shape(shape) {
        Shape::Text(text) => match text.values.first() {
            Some(first) => json!(first),
            None => json!("a".repeat(text.min)),
        },
        Shape::Number { min, .. } => json!(min.unwrap_or(0)),
        Shape::Flag => json!(false),
        Shape::Timestamp => json!(0),
        Shape::List { of, min, .. } => json!(vec![least(of); min.unwrap_or(0)]),
        Shape::Map { .. } => json!({}),
        Shape::Structure(members) => {
            let required = members.iter().filter(|member| member.required);
            Value::Object(
                required.map(|member| (member.name.to_owned(), least(member.shape))).collect::<Map<_, _>>(),
            )
        }
    }
}

/// A value as the Java object of AWS writes itself.
fn as_java(shape: &str, value: &Value) -> String {
    match (Model::shape(shape), value) {
        (_, Value::Null) => "null".to_owned(),
        (Shape::List { of, .. }, Value::Array(items)) => {
            let items: Vec<_> = items.iter().map(|item| as_java(of, item)).collect();
            format!("[{}]", items.join(", "))
        }
        (Shape::Structure(members), value) => {
            let shown = |member: &Member| {
                format!(
                    "{}={}",
                    member.name,
                    as_java(member.shape, value.get(member.name).unwrap_or(&Value::Null))
                )
            };
            format!("{shape}({})", members.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

/// Values of the wrong JSON type for a member of this shape, with what the serializer of AWS says of each.
pub(super) fn misfits(shape: &str) -> Vec<Wrong> {
    const LIST: &str = "Start of list found where not expected";
    const STRUCTURE: &str = "Start of structure or map found where not expected.";
    let misfit = |value: Value, message: &str| Wrong { value: Some(value), message: message.to_owned() };
    let scalars = |wanted: &str, own: fn(&Value) -> bool| {
        let others = [
            (json!("5"), "STRING_VALUE"),
            (json!(5), "NUMBER_VALUE"),
            (json!(true), "TRUE_VALUE"),
            (json!(false), "FALSE_VALUE"),
        ];
        let others = others.into_iter().filter(|(value, _)| !own(value));
        let mut found: Vec<_> = others
            .map(|(value, token)| misfit(value, &format!("{token} can not be converted to {wanted}")))
            .collect();
        found.extend([misfit(json!([]), LIST), misfit(json!({}), STRUCTURE)]);
        found
    };
    match Model::shape(shape) {
        Shape::Text(_) => scalars("a String", Value::is_string),
        Shape::Number { wanted, .. } => scalars(wanted, Value::is_number),
        Shape::Flag => scalars("a Boolean", Value::is_boolean),
        Shape::Timestamp | Shape::Map { .. } => Vec::new(),
        Shape::List { of, .. } => {
            let mut found = within(misfits(of), |value| json!([value]));
            found.extend([misfit(json!({}), STRUCTURE), misfit(json!("x"), "Expected list or null")]);
            found
        }
        Shape::Structure(members) => {
            let inner = |member: &Member| within(misfits(member.shape), |value| json!({member.name: value}));
            let mut found: Vec<_> = members.iter().flat_map(inner).collect();
            found.extend([misfit(json!([]), LIST), misfit(json!("x"), "Expected null")]);
            found
        }
    }
}
