//! Whether every member has the JSON type that the model gives it; AWS's serializer refuses anything else.

use super::shape::{Number, Shape, Structure};
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json};

const LIST_FOUND: &str = "Start of list found where not expected";
const STRUCTURE_FOUND: &str = "Start of structure or map found where not expected.";

/// `null` fits every type: it means that the member is absent. Members that the model lacks are ignored.
pub(super) fn check(shape: &Shape, value: &Json) -> Result<(), ApiError> {
    if value.is_null() {
        return Ok(());
    }
    match shape {
        Shape::Text(_) => scalar(value, value.as_str().is_some(), "a String"),
        Shape::Number(number) => check_number(number, value),
        Shape::Flag => scalar(value, value.as_bool().is_some(), "a Boolean"),
        Shape::List(list) => match (value.as_array(), value.as_object()) {
            (Some(items), _) => items.iter().try_for_each(|item| check(list.item, item)),
            (None, Some(_)) => Err(refused(STRUCTURE_FOUND)),
            (None, None) => Err(refused("Expected list or null")),
        },
        Shape::Structure(structure) => check_structure(structure, value),
    }
}

fn check_number(number: &Number, value: &Json) -> Result<(), ApiError> {
    scalar(value, value.is_number(), number.kind.described())
}

fn check_structure(structure: &Structure, value: &Json) -> Result<(), ApiError> {
    let Some(members) = value.as_object() else {
        return Err(refused(if value.as_array().is_some() { LIST_FOUND } else { "Expected null" }));
    };
    structure
        .members
        .iter()
        .filter_map(|member| Some((member, members.get(member.name)?)))
        .try_for_each(|(member, value)| check(member.shape, value))
}

fn scalar(value: &Json, fits: bool, wanted: &str) -> Result<(), ApiError> {
    let found = match value {
        _ if fits => return Ok(()),
        Json::Array(_) => return Err(refused(LIST_FOUND)),
        Json::Object(_) => return Err(refused(STRUCTURE_FOUND)),
        Json::Bool(true) => "TRUE_VALUE",
        Json::Bool(false) => "FALSE_VALUE",
        Json::String(_) => "STRING_VALUE",
        Json::Int(_) | Json::UInt(_) | Json::Float(_) => "NUMBER_VALUE",
        Json::Null => "NULL_VALUE",
    };
    Err(refused(format!("{found} can not be converted to {wanted}")))
}

fn refused(message: impl Into<String>) -> ApiError {
    ApiError::new(ApiErrorKind::SerializationException, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Operation;
    use crate::service::constraint::table::input_of;

    #[track_caller]
    fn check_input(operation: Operation, input: &str, expected: &str) {
        let found = check(input_of(operation), &Json::parse(input).unwrap());
        assert_eq!(found.map_err(|error| error.message).err().unwrap_or_default(), expected);
    }

    #[test]
    fn a_wrong_type_is_named_as_the_serializer_names_it() {
        let list = Operation::ListExecutions;
        check_input(list, r#"{"maxResults":"5"}"#, "STRING_VALUE can not be converted to an Integer");
        check_input(list, r#"{"statusFilter":1}"#, "NUMBER_VALUE can not be converted to a String");
        check_input(list, r#"{"statusFilter":true}"#, "TRUE_VALUE can not be converted to a String");
        check_input(list, r#"{"statusFilter":{}}"#, STRUCTURE_FOUND);
        check_input(list, r#"{"statusFilter":[]}"#, LIST_FOUND);
        check_input(list, "[]", LIST_FOUND);
        check_input(list, "7", "Expected null");
        let create = Operation::CreateStateMachine;
        check_input(create, r#"{"publish":"yes"}"#, "STRING_VALUE can not be converted to a Boolean");
        check_input(create, r#"{"tags":{}}"#, STRUCTURE_FOUND);
        check_input(create, r#"{"tags":"x"}"#, "Expected list or null");
        check_input(create, r#"{"tags":[{"key":1}]}"#, "NUMBER_VALUE can not be converted to a String");
        check_input(create, r#"{"loggingConfiguration":[]}"#, LIST_FOUND);
    }

    #[test]
    fn null_and_unknown_members_and_whole_floats_pass() {
        check_input(Operation::ListExecutions, r#"{"maxResults":5.0,"statusFilter":null,"colour":1}"#, "");
    }
}
