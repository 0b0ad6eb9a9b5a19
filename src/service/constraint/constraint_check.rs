//! Whether every member keeps within the model's bounds. All violations are told in one message.

use super::shape::{List, Member, Number, NumberKind, Shape, Structure, Text};
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json};

pub(super) fn check(shape: &Shape, input: &Json, payload_bytes: usize) -> Result<(), ApiError> {
    let mut violations = Violations { found: Vec::new(), payload_bytes };
    violations.check(shape, input, "");
    violations.into_result()
}

/// The refusal of a required member that is not there, for those whose need the model does not tell.
pub(in crate::service) fn null_member(path: &str) -> ApiError {
    message_of(&[format!("Value null at '{path}' {NOT_NULL}")])
}

const NOT_NULL: &str = "failed to satisfy constraint: Member must not be null";

struct Violations {
    found: Vec<String>,
    payload_bytes: usize,
}

impl Violations {
    fn into_result(self) -> Result<(), ApiError> {
        if self.found.is_empty() { Ok(()) } else { Err(message_of(&self.found)) }
    }

    fn check(&mut self, shape: &Shape, value: &Json, path: &str) {
        match shape {
            Shape::Text(text) => self.check_text(text, value.as_str().unwrap_or_default(), path),
            Shape::Number(number) => self.check_number(number, value, path),
            Shape::Flag => {}
            Shape::List(list) => self.check_list(list, shape, value, path),
            Shape::Structure(structure) => self.check_structure(structure, value, path),
        }
    }

    fn check_structure(&mut self, structure: &Structure, value: &Json, path: &str) {
        for member in structure.members {
            let path =
                if path.is_empty() { member.name.to_owned() } else { format!("{path}.{}", member.name) };
            match value.get(member.name).filter(|value| !value.is_null()) {
                Some(value) => self.check(member.shape, value, &path),
                None if member.required => self.found.push(absent(member, &path)),
                None => {}
            }
        }
    }

    fn check_list(&mut self, list: &List, shape: &Shape, value: &Json, path: &str) {
        let items = value.as_array().unwrap_or_default();
        self.check_length(
            (list.min, list.max),
            items.len(),
            &format!("Value '{}'", written(shape, value)),
            path,
        );
        for (position, item) in items.iter().enumerate() {
            let path = format!("{path}.{}.member", position + 1);
            if item.is_null() {
                self.found.push(format!("Value null at '{path}' {NOT_NULL}"));
            } else {
                self.check(list.item, item, &path);
            }
        }
    }

    fn check_text(&mut self, text: &Text, value: &str, path: &str) {
        let subject = if text.sensitive { "Value".to_owned() } else { format!("Value '{value}'") };
        let max = if text.in_bytes { text.max.map(|max| max.min(self.payload_bytes)) } else { text.max };
        self.check_length((text.min, max), text.length_of(value), &subject, path);
        if let Some(pattern) = text.pattern
            && !pattern.matches(value)
        {
            let pattern = pattern.text();
            self.add(
                &subject,
                path,
                format_args!("Member must satisfy regular expression pattern: {pattern}"),
            );
        }
        if !text.values.is_empty() && !text.values.contains(&value) {
            let values = text.values.join(", ");
            self.add(&subject, path, format_args!("Member must satisfy enum value set: [{values}]"));
        }
    }

    fn check_length(&mut self, (min, max): (usize, Option<usize>), length: usize, subject: &str, path: &str) {
        if let Some(max) = max.filter(|max| length > *max) {
            self.add(subject, path, format_args!("Member must have length less than or equal to {max}"));
        }
        if length < min {
            self.add(subject, path, format_args!("Member must have length greater than or equal to {min}"));
        }
    }

    fn check_number(&mut self, number: &Number, value: &Json, path: &str) {
        let Some(given) = value.as_f64() else { return };
        let (given, subject) = match number.kind {
            NumberKind::Integer | NumberKind::Long => {
                (given.trunc(), format!("Value '{:.0}'", given.trunc()))
            }
            NumberKind::Float => (given, format!("Value '{}'", Json::Float(given))),
        };
        if let Some(max) = number.max.filter(|max| given > f64::from(*max)) {
            self.add(&subject, path, format_args!("Member must have value less than or equal to {max}"));
        }
        if let Some(min) = number.min.filter(|min| given < f64::from(*min)) {
            self.add(&subject, path, format_args!("Member must have value greater than or equal to {min}"));
        }
    }

    fn add(&mut self, subject: &str, path: &str, constraint: std::fmt::Arguments<'_>) {
        self.found.push(format!("{subject} at '{path}' failed to satisfy constraint: {constraint}"));
    }
}

fn message_of(violations: &[String]) -> ApiError {
    let count = violations.len();
    let errors = if count == 1 { "error" } else { "errors" };
    let all = violations.join("; ");
    ApiError::new(ApiErrorKind::ConstraintViolation, format!("{count} validation {errors} detected: {all}"))
}

fn absent(member: &Member, path: &str) -> String {
    let sensitive = matches!(member.shape, Shape::Text(Text { sensitive: true, .. }));
    let subject = if sensitive { "Value" } else { "Value null" };
    format!("{subject} at '{path}' {NOT_NULL}")
}

/// A value written out as AWS's Java objects write themselves: `[Tag(key=a, value=null)]`.
fn written(shape: &Shape, value: &Json) -> String {
    match (shape, value) {
        (_, Json::Null) => "null".to_owned(),
        (Shape::Text(Text { sensitive: true, .. }), _) => "***Sensitive Data Redacted***".to_owned(),
        (Shape::List(list), _) => {
            let items = value.as_array().unwrap_or_default().iter();
            format!("[{}]", items.map(|item| written(list.item, item)).collect::<Vec<_>>().join(", "))
        }
        (Shape::Structure(structure), _) => {
            let members = structure.members.iter().map(|member| {
                let value = value.get(member.name).unwrap_or(&Json::Null);
                format!("{}={}", member.name, written(member.shape, value))
            });
            format!("{}({})", structure.name, members.collect::<Vec<_>>().join(", "))
        }
        (Shape::Text(_) | Shape::Number(_) | Shape::Flag, _) => {
            value.as_str().map_or_else(|| value.to_text(), str::to_owned)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Operation, quota};
    use crate::service::constraint::table::input_of;

    #[track_caller]
    fn check_input(operation: Operation, input: &Json, expected: &str) {
        let found = check(input_of(operation), input, quota::PAYLOAD_BYTES);
        assert_eq!(found.map_err(|error| error.message).err().unwrap_or_default(), expected);
    }

    #[track_caller]
    fn check_text(operation: Operation, input: &str, expected: &str) {
        check_input(operation, &Json::parse(input).unwrap(), expected);
    }

    #[test]
    fn the_recorded_messages_come_out_word_for_word() {
        use Operation::{CreateStateMachineAlias, ListExecutions, ListStateMachines};
        check_text(
            ListStateMachines,
            r#"{"maxResults":1001}"#,
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
        );
        let token = "x".repeat(1025);
        check_text(
            ListStateMachines,
            &format!(r#"{{"nextToken":"{token}"}}"#),
            &format!(
                "1 validation error detected: Value '{token}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 1024"
            ),
        );
        check_text(ListExecutions, &format!(r#"{{"nextToken":"{token}"}}"#), "");
        check_text(
            ListExecutions,
            r#"{"statusFilter":"succeeded"}"#,
            "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
        );
        check_text(
            CreateStateMachineAlias,
            r#"{"name":"123","routingConfiguration":[{"stateMachineVersionArn":"a","weight":101}]}"#,
            r"2 validation errors detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$; Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
        );
    }

    #[test]
    fn too_many_items_are_written_out() {
        let item = r#"{"stateMachineVersionArn":"a:1","weight":50}"#;
        check_text(
            Operation::CreateStateMachineAlias,
            &format!(
                r#"{{"name":"live","routingConfiguration":[{item},{item},{{"stateMachineVersionArn":"b"}}]}}"#
            ),
            "2 validation errors detected: Value '[RoutingConfigurationListItem(stateMachineVersionArn=a:1, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=a:1, weight=50), RoutingConfigurationListItem(stateMachineVersionArn=b, weight=null)]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2; Value null at 'routingConfiguration.3.member.weight' failed to satisfy constraint: Member must not be null",
        );
    }

    #[test]
    fn a_missing_sensitive_member_is_told_without_a_value() {
        check_text(
            Operation::SendTaskSuccess,
            r#"{"taskToken":"t"}"#,
            "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must not be null",
        );
        check_text(
            Operation::StartExecution,
            r#"{"stateMachineArn":null}"#,
            "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
        );
    }

    #[test]
    fn a_payload_counts_bytes_and_a_name_counts_characters() {
        let input =
            |text: String| Json::from_members([("stateMachineArn", "a".into()), ("input", text.into())]);
        check_input(Operation::StartExecution, &input("é".repeat(131_072)), "");
        check_input(
            Operation::StartExecution,
            &input("é".repeat(131_073)),
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
        );
        let named =
            |name: String| Json::from_members([("stateMachineArn", "a".into()), ("name", name.into())]);
        check_input(Operation::StartExecution, &named("é".repeat(80)), "");
    }

    #[test]
    fn lower_bounds_and_nulls_in_lists_are_told() {
        check_text(
            Operation::UntagResource,
            r#"{"resourceArn":"","tagKeys":[null,""]}"#,
            "3 validation errors detected: Value '' at 'resourceArn' failed to satisfy constraint: Member must have length greater than or equal to 1; Value null at 'tagKeys.1.member' failed to satisfy constraint: Member must not be null; Value '' at 'tagKeys.2.member' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
        check_text(
            Operation::UpdateMapRun,
            r#"{"mapRunArn":"a","maxConcurrency":-1,"toleratedFailurePercentage":100.5}"#,
            "2 validation errors detected: Value '-1' at 'maxConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 0; Value '100.5' at 'toleratedFailurePercentage' failed to satisfy constraint: Member must have value less than or equal to 100",
        );
    }
}
