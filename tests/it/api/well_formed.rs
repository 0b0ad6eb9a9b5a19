//! Whether an answer is one that the model allows.

use serde_json::Value;

use super::door::Answer;
use super::model::{Model, Operation, Shape, Text};
use super::{SERIALIZATION, VALIDATION};

/// The errors that are not the model's: they are of the protocol, or ours.
const COMMON: [&str; 3] = [SERIALIZATION, "RequestEntityTooLargeException", "NotEmulated"];

const SERVICE: &str = "com.amazonaws.swf.service.v2.model#";

/// What is wrong with the answer to an operation.
pub(super) fn breach(operation: &Operation, answer: &Answer) -> Option<String> {
    match answer.status {
        200 if answer.error_type.is_some() => Some("a success with an error type".to_owned()),
        200 => value_breach(operation.output, &answer.body, "$"),
        400..=499 | 501 => error_breach(operation, answer),
        status => Some(format!("status {status}")),
    }
}

fn error_breach(operation: &Operation, answer: &Answer) -> Option<String> {
    let text = |name: &str| answer.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (Some(whole_type), Some(_)) = (text("__type"), text("message")) else {
        return Some("an error without a type or a message".to_owned());
    };
    let name = whole_type.rsplit('#').next().unwrap_or(whole_type);
    let members = answer.body.as_object()?.keys();
    let known = |member: &String| ["__type", "message", "reason", "resourceName"].contains(&member.as_str());
    if answer.error_type.as_deref() != Some(name) {
        return Some(format!("the header says {:?}", answer.error_type));
    }
    if let Some(unknown) = members.into_iter().find(|member| !known(member)) {
        return Some(format!("an error has no member {unknown}"));
    }
    let modelled = whole_type.strip_prefix(SERVICE).is_some_and(|name| operation.errors.contains(&name));
    let of_model = modelled || whole_type == VALIDATION || COMMON.contains(&whole_type);
    (!of_model).then(|| format!("{} has no error {whole_type}", operation.name))
}

fn value_breach(shape: &str, value: &Value, path: &str) -> Option<String> {
    let fits = match Model::shape(shape) {
        Shape::Text(text) => return text_breach(text, value, path),
        Shape::Structure(_) => return structure_breach(shape, value, path),
        Shape::List { of, min, max } => match value.as_array() {
            Some(items) => {
                let items_in = |(at, item): (usize, &Value)| value_breach(of, item, &format!("{path}[{at}]"));
                if let Some(breach) = items.iter().enumerate().find_map(items_in) {
                    return Some(breach);
                }
                min.is_none_or(|min| items.len() >= min) && max.is_none_or(|max| items.len() <= max)
            }
            None => false,
        },
        Shape::Map { of } => match value.as_object() {
            Some(members) => {
                let member_in =
                    |(key, value): (&String, &Value)| value_breach(of, value, &format!("{path}.{key}"));
                return members.iter().find_map(member_in);
            }
            None => false,
        },
        Shape::Number { min, max, .. } => value.as_f64().is_some_and(|number| {
            min.is_none_or(|min| number >= f64::from(min)) && max.is_none_or(|max| number <= f64::from(max))
        }),
        Shape::Flag => value.is_boolean(),
        Shape::Timestamp => value.as_f64().is_some_and(|seconds| seconds >= 0.0),
    };
    (!fits).then(|| format!("{path}: {value} is no {shape}"))
}

fn text_breach(text: &Text, value: &Value, path: &str) -> Option<String> {
    let Some(found) = value.as_str() else { return Some(format!("{path}: {value} is no text")) };
    let length = text.length_of(found);
    if length < text.min || text.max.is_some_and(|max| length > max) {
        return Some(format!("{path}: a text of {length}"));
    }
    let known = text.values.is_empty() || text.values.contains(&found);
    (!known).then(|| format!("{path}: {found} is none of {:?}", text.values))
}

fn structure_breach(shape: &str, value: &Value, path: &str) -> Option<String> {
    let Some(found) = value.as_object() else { return Some(format!("{path}: {value} is no {shape}")) };
    let members = Model::members(shape);
    if let Some(unknown) = found.keys().find(|key| !members.iter().any(|member| member.name == key.as_str()))
    {
        return Some(format!("{path}: {shape} has no {unknown}"));
    }
    members.iter().find_map(|member| match found.get(member.name) {
        // A poll that found nothing.
        Some(Value::Null) if member.name == "taskToken" => None,
        Some(value) => value_breach(member.shape, value, &format!("{path}.{}", member.name)),
        None if member.required => Some(format!("{path}: {shape} without {}", member.name)),
        None => None,
    })
}
