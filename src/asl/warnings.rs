//! What looks like a mistake in a definition that is not wrong: a path where none is evaluated.
//!
//! Source of the codes: `ValidateStateMachineDefinitionDiagnostic` of the API. Their wording is ours.

use super::diagnostic::{Diagnostic, DiagnosticCode};
use crate::model::Json;
use crate::model::json::Map;

/// The fields of states in JSONPath whose members are evaluated if their key ends with `.$`.
const TEMPLATES: [&str; 6] =
    ["Parameters", "ResultSelector", "ItemSelector", "BatchInput", "Assign", "Credentials"];

/// The fields that hold objects with templates.
const HOLDERS: [&str; 5] = ["ItemReader", "ItemBatcher", "ResultWriter", "Catch", "Choices"];

/// The fields of a state that have a twin with a path, and in which a text is no error.
const TWINS: [&str; 2] = ["Error", "Cause"];

/// The comparisons of a choice rule that take any text.
const COMPARISONS: [&str; 5] = [
    "StringEquals",
    "StringLessThan",
    "StringGreaterThan",
    "StringLessThanEquals",
    "StringGreaterThanEquals",
];

/// All warnings, state by state.
pub(super) fn find(definition: &Json) -> Vec<Diagnostic> {
    let mut warnings = Warnings::default();
    let is_jsonata = speaks_jsonata(definition);
    warnings.scope(definition, is_jsonata, "");
    warnings.found
}

fn speaks_jsonata(value: &Json) -> bool {
    value.get("QueryLanguage").and_then(Json::as_str) == Some("JSONata")
}

#[derive(Default)]
struct Warnings {
    found: Vec<Diagnostic>,
}

impl Warnings {
    /// The states of a machine, a branch or a processor. Machines in JSONata have no state in JSONPath.
    fn scope(&mut self, scope: &Json, is_jsonata: bool, location: &str) {
        for (name, state) in members(scope.get("States")) {
            let location = format!("{location}/States/{name}");
            if !is_jsonata && !speaks_jsonata(state) {
                self.state(state, &location);
            }
            for name in ["ItemProcessor", "Iterator"] {
                if let Some(processor) = state.get(name) {
                    self.scope(processor, is_jsonata, &format!("{location}/{name}"));
                }
            }
            for (index, branch) in items(state.get("Branches")).enumerate() {
                self.scope(branch, is_jsonata, &format!("{location}/Branches[{index}]"));
            }
        }
    }

    fn state(&mut self, state: &Json, location: &str) {
        if state.get("Type").and_then(Json::as_str) == Some("Pass")
            && let Some(result) = state.get("Result")
        {
            self.static_result(result, &format!("{location}/Result"));
        }
        self.fields(state, location);
    }

    /// The fields of a state, or of an object that holds some.
    fn fields(&mut self, holder: &Json, location: &str) {
        for (name, value) in members(Some(holder)) {
            let location = format!("{location}/{name}");
            if TEMPLATES.contains(&name) {
                self.template(value, &location);
            } else if HOLDERS.contains(&name) {
                self.fields(value, &location);
                for (index, item) in items(Some(value)).enumerate() {
                    self.rule(item, &format!("{location}[{index}]"));
                }
            } else if TWINS.contains(&name) {
                self.twin(name, value, &location);
            }
        }
    }

    /// A choice rule with those inside it, or a catcher.
    fn rule(&mut self, rule: &Json, location: &str) {
        self.fields(rule, location);
        for (name, value) in members(Some(rule)) {
            let location = format!("{location}/{name}");
            if COMPARISONS.contains(&name) {
                self.twin(name, value, &location);
            }
            match name {
                "And" | "Or" => {
                    for (index, item) in items(Some(value)).enumerate() {
                        self.rule(item, &format!("{location}[{index}]"));
                    }
                }
                "Not" => self.rule(value, &location),
                _ => {}
            }
        }
    }

    fn twin(&mut self, name: &str, value: &Json, location: &str) {
        if let Some(text) = value.as_str().filter(|text| is_path(text)) {
            let message = format!("The value '{text}' looks like a path; a path belongs into '{name}Path'");
            self.add(DiagnosticCode::NoPath, message, location);
        }
    }

    fn template(&mut self, value: &Json, location: &str) {
        for (key, member) in members(Some(value)) {
            match member.as_str() {
                Some(text) if !key.ends_with(".$") && (is_path(text) || is_intrinsic(text)) => {
                    let message = format!(
                        "The value of '{key}' looks like a path or an intrinsic function; only the value of '{key}.$' is evaluated"
                    );
                    self.add(DiagnosticCode::NoDollar, message, location);
                }
                Some(_) => {}
                None => self.template(member, &format!("{location}/{key}")),
            }
        }
        for (index, item) in items(Some(value)).enumerate() {
            self.template(item, &format!("{location}[{index}]"));
        }
    }

    fn static_result(&mut self, value: &Json, location: &str) {
        if let Some(text) = value.as_str().filter(|text| is_path(text)) {
            let message = format!("The Result of a Pass state is static: '{text}' is not evaluated");
            self.add(DiagnosticCode::PassResultIsStatic, message, location);
        }
        for (key, member) in members(Some(value)) {
            self.static_result(member, &format!("{location}/{key}"));
        }
        for (index, item) in items(Some(value)).enumerate() {
            self.static_result(item, &format!("{location}[{index}]"));
        }
    }

    fn add(&mut self, code: DiagnosticCode, message: String, location: &str) {
        self.found.push(Diagnostic { code, message, location: Some(location.to_owned()) });
    }
}

fn members(value: Option<&Json>) -> impl Iterator<Item = (&str, &Json)> {
    let members: Option<&Map> = value.and_then(Json::as_object);
    members.into_iter().flatten().map(|(key, member)| (&**key, member))
}

fn items(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    value.and_then(Json::as_array).unwrap_or_default().iter()
}

/// `$`, `$.a`, `$[0]`, `$$.Execution.Id`
fn is_path(text: &str) -> bool {
    let rest = text.strip_prefix("$$").or_else(|| text.strip_prefix('$'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// `States.Format('{}', $.a)`
fn is_intrinsic(text: &str) -> bool {
    text.starts_with("States.") && text.contains('(') && text.ends_with(')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(state: &str, expected: &[&str]) {
        let machine = Json::parse(&format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#)).unwrap();
        let found: Vec<String> = find(&machine).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    fn no_dollar(key: &str, location: &str) -> String {
        format!(
            "NO_DOLLAR: The value of '{key}' looks like a path or an intrinsic function; only the value of '{key}.$' is evaluated at /States/{location}"
        )
    }

    fn no_path(value: &str, field: &str, location: &str) -> String {
        format!(
            "NO_PATH: The value '{value}' looks like a path; a path belongs into '{field}Path' at /States/{location}"
        )
    }

    #[test]
    fn a_path_in_a_template_needs_a_key_with_a_dollar() {
        check(
            r#"{"Type":"Task","Parameters":{"a":"$.a","b":[{"c":"States.UUID()"}],"d.$":"$.d","e":"$5","f":"States."}}"#,
            &[&no_dollar("a", "S/Parameters"), &no_dollar("c", "S/Parameters/b[0]")],
        );
        check(
            r#"{"Type":"Map","ItemReader":{"Parameters":{"Key":"$$.Execution.Id"}}}"#,
            &[&no_dollar("Key", "S/ItemReader/Parameters")],
        );
        check(r#"{"Type":"Task","Catch":[{"Assign":{"a":"$"}}]}"#, &[&no_dollar("a", "S/Catch[0]/Assign")]);
    }

    #[test]
    fn a_path_needs_a_field_that_takes_one() {
        check(
            r#"{"Type":"Fail","Error":"$.error","Cause":"because"}"#,
            &[&no_path("$.error", "Error", "S/Error")],
        );
        check(
            r#"{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"$.b"},{"And":[{"Not":{"Variable":"$.a","StringLessThan":"$[0]"}}]}]}"#,
            &[
                &no_path("$.b", "StringEquals", "S/Choices[0]/StringEquals"),
                &no_path("$[0]", "StringLessThan", "S/Choices[1]/And[0]/Not/StringLessThan"),
            ],
        );
    }

    #[test]
    fn the_result_of_a_pass_state_is_static() {
        let warning = |text: &str, location: &str| {
            format!(
                "PASS_RESULT_IS_STATIC: The Result of a Pass state is static: '{text}' is not evaluated at /States/S/Result{location}"
            )
        };
        check(
            r#"{"Type":"Pass","Result":{"a.$":"$.a","b":["$"],"c":"States.UUID()"}}"#,
            &[&warning("$.a", "/a.$"), &warning("$", "/b[0]")],
        );
    }

    #[test]
    fn nested_states_are_looked_at_too() {
        let fail = r#"{"States":{"F":{"Type":"Fail","Cause":"$.c"}}}"#;
        check(
            &format!(r#"{{"Type":"Parallel","Branches":[{fail},{fail}]}}"#),
            &[
                &no_path("$.c", "Cause", "S/Branches[0]/States/F/Cause"),
                &no_path("$.c", "Cause", "S/Branches[1]/States/F/Cause"),
            ],
        );
        check(
            &format!(r#"{{"Type":"Map","QueryLanguage":"JSONata","ItemProcessor":{fail}}}"#),
            &[&no_path("$.c", "Cause", "S/ItemProcessor/States/F/Cause")],
        );
    }

    #[test]
    fn jsonata_has_no_paths() {
        check(r#"{"Type":"Fail","QueryLanguage":"JSONata","Cause":"$.c"}"#, &[]);
        let machine =
            Json::parse(r#"{"QueryLanguage":"JSONata","States":{"F":{"Type":"Fail","Cause":"$.c"}}}"#);
        assert_eq!(find(&machine.unwrap()), []);
    }

    #[test]
    fn odd_shapes_leave_nothing_to_warn_of() {
        check(r#"{"Type":"Map","ItemProcessor":[],"Branches":{},"Choices":1,"Parameters":"$.a"}"#, &[]);
        assert_eq!(find(&Json::Null), []);
    }
}
