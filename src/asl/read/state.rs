//! One state: what all types share, and the way to the readers of each type. Pass and Succeed are read here.

use super::cursor::{Cursor, Fields};
use super::field;
use super::jsonata::{self, Site};
use super::report::Language;
use super::scope::ScopeReader;
use super::{choice, fail, map, parallel, task, variables, wait};
use crate::asl::definition::{Pass, PathField, ResultPath, State, StateIndex, StateKind, Transition};
use crate::asl::diagnostic::DiagnosticCode;
use crate::query::{PayloadTemplate, StatesMember};

/// In the order in which AWS names them.
const TYPES: [&str; 8] = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];
const LONGEST_NAME: usize = 80;

/// A state while it is read.
#[derive(Debug)]
pub(super) struct StateReader<'j, 's> {
    pub(super) fields: Fields<'j>,
    pub(super) scope: &'s ScopeReader<'j>,
    pub(super) language: Language,
    index: StateIndex,
}

pub(super) fn read<'j>(
    scope: &ScopeReader<'j>,
    index: StateIndex,
    name: &str,
    cursor: &Cursor<'j>,
) -> Option<State> {
    check_name(name, cursor);
    cursor.report().within_state(name, || read_fields(scope, index, name, cursor))
}

fn read_fields<'j>(
    scope: &ScopeReader<'j>,
    index: StateIndex,
    name: &str,
    cursor: &Cursor<'j>,
) -> Option<State> {
    let number = cursor.report().next_state_number();
    let Some((type_name, fields)) = read_type(cursor) else {
        scope.note_gap();
        return None;
    };
    let mut state = StateReader { fields, scope, language: cursor.report().language, index };
    state.read_language();
    let kind = match type_name {
        "Task" => task::read(&mut state),
        "Wait" => wait::read(&mut state),
        "Pass" => state.pass(),
        "Succeed" => state.succeed(),
        "Choice" => choice::read(&mut state),
        "Parallel" => parallel::read(&mut state),
        "Map" => map::read(&mut state),
        _ => fail::read(&mut state),
    };
    let assign = state.assign(type_name);
    let language = state.language;
    let (input_path, output_path) = state.paths(type_name);
    let output = state.output(type_name);
    state.finish();
    Some(State { name: name.into(), number, language, input_path, output_path, output, assign, kind: kind? })
}

fn check_name(name: &str, cursor: &Cursor<'_>) {
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        let message = format!("A state name must have between 1 and {LONGEST_NAME} characters");
        cursor.finding(DiagnosticCode::InvalidStateName, message);
    }
    if !cursor.report().is_new_state(name) {
        cursor.finding(DiagnosticCode::DuplicateStateName, format!("Duplicate State name: {name}"));
    }
}

fn read_type<'j>(cursor: &Cursor<'j>) -> Option<(&'static str, Fields<'j>)> {
    let mut fields = cursor.fields()?;
    fields.require(&["Type"]);
    let type_name = fields.take("Type")?.one_of("Type", &TYPES)?;
    Some((type_name, fields))
}

/// What `Output` and `Assign` of a state may read: those that do work have a result.
fn result_of(type_name: &str) -> &'static [StatesMember] {
    if matches!(type_name, "Task" | "Parallel" | "Map") { &[StatesMember::Result] } else { &[] }
}

impl<'j> StateReader<'j, '_> {
    fn read_language(&mut self) {
        let Some(cursor) = self.fields.take("QueryLanguage") else { return };
        let Some(language) = field::language(&cursor) else { return };
        if (self.language, language) == (Language::Jsonata, Language::JsonPath) {
            self.fields
                .cursor()
                .invalid("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
        } else if language == Language::Jsonata {
            jsonata::require_engine(&cursor);
        }
        self.language = language;
    }

    fn pass(&mut self) -> Option<StateKind> {
        let (mut result, mut parameters, mut result_path) = (None, None, ResultPath::Replace);
        if self.language == Language::JsonPath {
            result = self.fields.take("Result").map(|result| result.value().clone());
            parameters = self.template("Parameters");
            result_path = field::result_path(self.fields.take("ResultPath"));
        }
        let transition = self.transition()?;
        Some(StateKind::Pass(Box::new(Pass { result, parameters, result_path, transition })))
    }

    fn succeed(&self) -> Option<StateKind> {
        self.scope.note_end();
        Some(StateKind::Succeed)
    }

    fn assign(&mut self, type_name: &str) -> Option<PayloadTemplate> {
        if matches!(type_name, "Succeed" | "Fail") {
            return None;
        }
        let site = Site::of_state(self.language, result_of(type_name));
        variables::assign(&mut self.fields, self.scope, &site)
    }

    /// What all types but Fail have in JSONPath: `InputPath` and `OutputPath`.
    fn paths(&mut self, type_name: &str) -> (PathField, PathField) {
        match self.language {
            Language::JsonPath if type_name != "Fail" => (
                field::path_field(self.fields.take("InputPath")),
                field::path_field(self.fields.take("OutputPath")),
            ),
            Language::JsonPath | Language::Jsonata => (PathField::Whole, PathField::Whole),
        }
    }

    /// What all types but Fail have in JSONata.
    fn output(&mut self, type_name: &str) -> Option<PayloadTemplate> {
        if self.language == Language::JsonPath || type_name == "Fail" {
            return None;
        }
        jsonata::output(&mut self.fields, &Site::of_state(self.language, result_of(type_name)))
    }

    /// A payload template; in JSONata, a value that may hold expressions.
    pub(super) fn template(&mut self, name: &'static str) -> Option<PayloadTemplate> {
        let cursor = self.fields.take(name)?;
        match self.language {
            Language::JsonPath => field::template(&cursor),
            Language::Jsonata => jsonata::template(&cursor, name, &[]),
        }
    }

    /// `Next` or `End`.
    pub(super) fn transition(&mut self) -> Option<Transition> {
        self.fields.exactly_one(&["Next", "End"]);
        let end = self.fields.take("End").and_then(|end| self.end(&end));
        let next = self.fields.take("Next").and_then(|next| self.target(&next, "Next"));
        end.or(next.map(Transition::Next))
    }

    fn end(&self, cursor: &Cursor<'_>) -> Option<Transition> {
        // A faulty End is meant as an end: not also missed among the terminal states.
        self.scope.note_end();
        let end = cursor.boolean()?;
        if !end {
            cursor.invalid("The field 'End' must be true");
        }
        end.then_some(Transition::End)
    }

    /// The state that `cursor` names as one that may come after this one.
    pub(super) fn target(&self, cursor: &Cursor<'j>, field: &str) -> Option<StateIndex> {
        self.scope.transition(self.index, cursor, field)
    }

    fn finish(mut self) {
        let language = self.language;
        let cursor = self.fields.cursor().clone();
        for name in self.fields.untaken() {
            cursor.invalid(match (language, field::language_of(name)) {
                (Language::Jsonata, Some(Language::JsonPath)) => {
                    format!("Field '{name}' is not supported when 'QueryLanguage' is 'JSONata'")
                }
                (Language::JsonPath, Some(Language::Jsonata)) => {
                    format!("Field '{name}' is not supported when 'QueryLanguage' is 'JSONPath'")
                }
                _ => format!("Field '{name}' is not supported"),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check, check_schema, check_state, machine_of, read};

    #[test]
    fn names_have_1_to_80_characters() {
        let machine =
            |name: &str| format!(r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Succeed"}}}}}}"#);
        check(&machine(&"ü".repeat(80)), &[]);
        let long = "n".repeat(81);
        for (name, location) in [("", "/States/"), (long.as_str(), &format!("/States/{long}"))] {
            let text = format!(
                "INVALID_STATE_NAME: A state name must have between 1 and 80 characters at {location}"
            );
            check(&machine(name), &[&text]);
        }
    }

    #[test]
    fn a_state_is_an_object_with_a_type() {
        check_schema("[]", &["Expected value of type Object at ~"]);
        check_schema("{}", &["These fields are required: [Type] at ~"]);
        check_schema(r#"{"Type":8}"#, &["Expected value of type String at ~/Type"]);
        check_schema(
            r#"{"Type":"task"}"#,
            &[
                "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at ~/Type",
            ],
        );
    }

    #[test]
    fn every_type_has_its_own_fields() {
        for (state, field) in [
            (r#"{"Type":"Pass","End":true,"ResultSelector":{}}"#, "ResultSelector"),
            (r#"{"Type":"Pass","End":true,"Retry":[]}"#, "Retry"),
            (r#"{"Type":"Succeed","ResultPath":"$"}"#, "ResultPath"),
            (r#"{"Type":"Succeed","Parameters":{}}"#, "Parameters"),
            (r#"{"Type":"Succeed","End":true}"#, "End"),
            (r#"{"Type":"Succeed","Assign":{}}"#, "Assign"),
            (r#"{"Type":"Fail","Next":"S"}"#, "Next"),
            (r#"{"Type":"Fail","InputPath":"$"}"#, "InputPath"),
            (r#"{"Type":"Fail","Assign":{}}"#, "Assign"),
            (r#"{"Type":"Wait","Seconds":1,"End":true,"ResultPath":"$"}"#, "ResultPath"),
            (r#"{"Type":"Wait","Seconds":1,"End":true,"Parameters":{}}"#, "Parameters"),
            (r#"{"Type":"Pass","End":true,"comment":"c"}"#, "comment"),
        ] {
            check_schema(state, &[&format!("Field '{field}' is not supported at ~")]);
        }
    }

    #[test]
    fn the_fields_of_one_language_are_not_those_of_the_other() {
        for field in
            ["Parameters", "InputPath", "OutputPath", "ResultPath", "ResultSelector", "TimeoutSecondsPath"]
        {
            let task = format!(
                r#"{{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::sqs:sendMessage","End":true,"{field}":{{}}}}"#
            );
            let message = format!("Field '{field}' is not supported when 'QueryLanguage' is 'JSONata' at ~");
            check_schema(&task, &[&message]);
        }
        for field in ["Arguments", "Output"] {
            let task = format!(
                r#"{{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true,"{field}":{{}}}}"#
            );
            let message = format!("Field '{field}' is not supported when 'QueryLanguage' is 'JSONPath' at ~");
            check_schema(&task, &[&message]);
        }
    }

    #[test]
    fn a_state_may_switch_to_jsonata_but_not_back() {
        check_state(r#"{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% 1 %}","End":true}"#, &[]);
        check_schema(
            r#"{"Type":"Pass","QueryLanguage":"JSONAta","End":true}"#,
            &[
                "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata] at ~/QueryLanguage",
            ],
        );
        check(
            r#"{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","QueryLanguage":"JSONPath","End":true}}}"#,
            &[
                "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/S",
            ],
        );
    }

    #[test]
    fn a_state_goes_on_or_ends() {
        check_state(
            r#"{"Type":"Pass"}"#,
            &[
                "MISSING_END_STATE: At least one state must be terminal at /States",
                "SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at ~",
            ],
        );
        check_schema(
            r#"{"Type":"Pass","Next":"S","End":true}"#,
            &["Only one of these fields is allowed: [Next, End] at ~"],
        );
        check_schema(r#"{"Type":"Pass","End":"yes"}"#, &["Expected value of type Boolean at ~/End"]);
        check_schema(r#"{"Type":"Pass","End":false}"#, &["The field 'End' must be true at ~/End"]);
    }

    #[test]
    fn a_pass_state_is_read_with_its_data_flow() {
        let definition = read(&machine_of(
            r#"{"Type":"Pass","Comment":"c","InputPath":null,"OutputPath":"$.o","Result":{"a.$":"$"},"ResultPath":null,"End":true}"#,
        ));
        let state = &definition.scope.states[0];
        assert!(matches!(state.input_path, PathField::Empty));
        assert!(matches!(&state.output_path, PathField::At(path) if &**path.text() == "$.o"));
        let StateKind::Pass(pass) = &state.kind else { panic!("{state:?}") };
        assert_eq!(pass.result.as_ref().unwrap().to_text(), r#"{"a.$":"$"}"#);
        assert!(matches!(pass.result_path, ResultPath::Discard));
        assert_eq!(pass.transition, Transition::End);
    }
}
