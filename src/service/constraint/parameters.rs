//! The parameters of a task that calls this service, as the input of the operation.

use super::shape::{Member, Shape, Structure};
use super::table;
use crate::model::json::Map;
use crate::model::{Json, Operation};

/// Names begin in lower case there; an object or array that the API takes as text becomes its JSON text.
///
/// # Errors
/// Each parameter that the operation does not know, and each that it needs.
pub(in crate::service) fn input_of_parameters(
    operation: Operation,
    parameters: &Json,
) -> Result<Json, Vec<String>> {
    let mut problems = Vec::new();
    let input = adapted(table::input_of(operation), parameters, &mut problems);
    if problems.is_empty() { Ok(input) } else { Err(problems) }
}

fn adapted(shape: &Shape, value: &Json, problems: &mut Vec<String>) -> Json {
    match (shape, value) {
        (Shape::Structure(structure), Json::Object(_)) => members(structure, value, problems),
        (Shape::List(list), Json::Array(_)) => {
            let items = value.as_array().unwrap_or_default().iter();
            Json::array(items.map(|item| adapted(list.item, item, problems)).collect())
        }
        (Shape::Text(_), Json::Object(_) | Json::Array(_)) => value.compacted().to_text().into(),
        _ => value.clone(),
    }
}

fn members(structure: &Structure, value: &Json, problems: &mut Vec<String>) -> Json {
    let mut input = Map::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        match structure.members.iter().find(|member| parameter(member) == **name) {
            None => problems.push(format!("The field \"{name}\" is not supported by Step Functions")),
            Some(_) if value.is_null() => {}
            Some(member) if needs_text(member, value) => {
                problems.push(format!("The value for the field '{name}' must be a STRING"));
            }
            Some(member) if is_payload(member) && value.as_str().is_none() => {
                input.insert(member.name.into(), value.compacted().to_text().into());
            }
            Some(member) => {
                input.insert(member.name.into(), adapted(member.shape, value, problems));
            }
        }
    }
    let missing = structure.members.iter().filter(|member| {
        let given = value.get(&parameter(member)).is_some_and(|value| !value.is_null());
        member.required && !given
    });
    problems.extend(
        missing.map(|member| format!("The field '{}' is required but was missing", parameter(member))),
    );
    Json::object(input)
}

/// Payloads may be any JSON; their text is sent.
fn is_payload(member: &Member) -> bool {
    matches!(member.shape, Shape::Text(_)) && matches!(member.name, "input" | "output")
}

fn needs_text(member: &Member, value: &Json) -> bool {
    matches!(member.shape, Shape::Text(_))
        && !is_payload(member)
        && (value.is_number() || value.as_bool().is_some())
}

/// `StateMachineArn` of `stateMachineArn`.
fn parameter(member: &Member) -> String {
    let mut letters = member.name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
