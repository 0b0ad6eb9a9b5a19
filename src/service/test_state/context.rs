//! The context object that a caller of `TestState` may give: which fields it may have.

use super::subject::Subject;
use crate::model::{ApiError, Json};
use crate::service::error;

/// What a field of the context object must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Text,
    Number,
}

const OBJECTS: &[(&str, &[(&str, Kind)])] = &[
    (
        "Execution",
        &[
            ("Id", Kind::Text),
            ("Input", Kind::Any),
            ("Name", Kind::Text),
            ("RoleArn", Kind::Text),
            ("StartTime", Kind::Text),
            ("RedriveCount", Kind::Number),
            ("RedriveTime", Kind::Text),
        ],
    ),
    ("State", &[("EnteredTime", Kind::Text), ("Name", Kind::Text), ("RetryCount", Kind::Number)]),
    ("StateMachine", &[("Id", Kind::Text), ("Name", Kind::Text)]),
    ("Task", &[("Token", Kind::Text)]),
];

/// Reads the context object, or says what is wrong with it.
pub(crate) fn read(text: &str, subject: &Subject) -> Result<Json, ApiError> {
    let context = Json::parse(text).map_err(|_| invalid("Context object must be valid JSON"))?;
    let members = context.as_object().ok_or_else(|| invalid("Context object must be a JSON object"))?;
    for (name, value) in members {
        if &**name == "Map" {
            return Err(invalid("'Map' field is not supported when mocking a Context object"));
        }
        let object = OBJECTS.iter().find(|(object, _)| *object == &**name);
        let (object, fields) = object.ok_or_else(|| not_allowed(name))?;
        check(object, fields, value)?;
    }
    if members.contains_key("Task") && !subject.waits_for_answer() {
        return Err(invalid(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
        ));
    }
    Ok(context)
}

fn check(object: &str, fields: &[(&str, Kind)], value: &Json) -> Result<(), ApiError> {
    let members = value.as_object().ok_or_else(|| invalid(&format!("{object} must be an object")))?;
    for (name, value) in members {
        let field = fields.iter().find(|(field, _)| *field == &**name);
        let (_, kind) = field.ok_or_else(|| not_allowed(name))?;
        let (fits, what) = match kind {
            Kind::Any => (true, ""),
            Kind::Text => (value.as_str().is_some(), "a string"),
            Kind::Number => (value.is_number(), "a number"),
        };
        if !fits {
            return Err(invalid(&format!("{object}.{name} must be {what}")));
        }
    }
    Ok(())
}

fn not_allowed(field: &str) -> ApiError {
    invalid(&format!("Field '{field}' is not allowed"))
}

fn invalid(why: &str) -> ApiError {
    error::validation(format!("Invalid Context object provided: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(resource: &str, context: &str, expected: &str) {
        let state = format!(r#"{{"Type":"Task","End":true,"Resource":"arn:aws:states:::{resource}"}}"#);
        let subject = Subject::read(&state, None).unwrap();
        let found = match read(context, &subject) {
            Ok(context) => context.to_text(),
            Err(refusal) => refusal.message,
        };
        assert_eq!(found, expected, "{context}");
    }

    #[test]
    fn a_context_object_has_the_fields_that_aws_fills() {
        for context in ["{}", r#"{"Execution": {"Input": 1, "Id": "x"}, "State": {"RetryCount": 2}}"#] {
            check("lambda:invoke", context, context);
        }
        check("lambda:invoke.waitForTaskToken", r#"{"Task":{"Token":"t"}}"#, r#"{"Task":{"Token":"t"}}"#);
        for (context, why) in [
            (r#"{"Pokedex":{}}"#, "Field 'Pokedex' is not allowed"),
            (r#"{"Execution":{"pokemon":1}}"#, "Field 'pokemon' is not allowed"),
            (r#"{"Execution":{"Id":1}}"#, "Execution.Id must be a string"),
            (r#"{"State":{"RetryCount":"1"}}"#, "State.RetryCount must be a number"),
            (r#"{"State":1}"#, "State must be an object"),
            (r#"{"Map":{}}"#, "'Map' field is not supported when mocking a Context object"),
            (
                r#"{"Task":{"Token":"t"}}"#,
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
            ),
            ("1", "Context object must be a JSON object"),
            ("{", "Context object must be valid JSON"),
        ] {
            check("lambda:invoke", context, &format!("Invalid Context object provided: {why}"));
        }
    }
}
