//! What there is to say of a definition that nobody wants to run, as `ValidateStateMachineDefinition` says it.

use super::diagnostic::{DefinitionError, Diagnostic};
use super::{read_definition, warnings};
use crate::model::{Json, StateMachineType};

/// Errors refuse a definition, warnings do not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
}

/// A definition that we cannot run is checked all the same. The error is for JSONata expressions that nobody
/// reads in a build without the engine: a definition that is fine but for them may or may not be.
pub(crate) fn diagnose(text: &str, machine_type: StateMachineType) -> Result<Diagnosis, DefinitionError> {
    let json = Json::parse(text).unwrap_or(Json::Null);
    let errors = match read_definition(text, machine_type) {
        Ok(_) => Vec::new(),
        Err(DefinitionError::Invalid(errors)) => errors,
        Err(DefinitionError::NotEmulated { .. }) => Vec::new(),
        Err(DefinitionError::NeedsFeature { feature, .. }) => match first_expression(&json) {
            None => Vec::new(),
            Some(location) => return Err(DefinitionError::NeedsFeature { feature, location }),
        },
    };
    Ok(Diagnosis { errors, warnings: warnings::find(&json) })
}

/// Where the first JSONata expression stands, if anything in the definition is in JSONata.
fn first_expression(definition: &Json) -> Option<String> {
    let is_jsonata =
        |key: Option<&str>, value: &Json| key == Some("QueryLanguage") && value.as_str() == Some("JSONata");
    find(definition, &is_jsonata)?;
    find(definition, &|_, value| value.as_str().is_some_and(|text| text.starts_with("{%")))
}

/// The location of the first value that is wanted, in the order of the document. `wanted` sees the key of a member.
fn find(value: &Json, wanted: &dyn Fn(Option<&str>, &Json) -> bool) -> Option<String> {
    let step = |key: Option<&str>, below: &Json, step: String| {
        if wanted(key, below) { Some(step) } else { find(below, wanted).map(|rest| step + &rest) }
    };
    match value {
        Json::Object(_) => {
            value.as_object()?.iter().find_map(|(key, below)| step(Some(key), below, format!("/{key}")))
        }
        Json::Array(_) => {
            let items = value.as_array()?.iter().enumerate();
            items.into_iter().find_map(|(index, below)| step(None, below, format!("[{index}]")))
        }
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares `errors / warnings`, or what is not emulated.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let joined = |diagnostics: &[Diagnostic]| {
            diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let found = match diagnose(text, StateMachineType::Standard) {
            Ok(Diagnosis { errors, warnings }) => format!("{} / {}", joined(&errors), joined(&warnings)),
            Err(DefinitionError::NotEmulated { feature, location }) => format!("{feature} at {location}"),
            Err(DefinitionError::NeedsFeature { feature, location }) => {
                format!("feature {feature} at {location}")
            }
            Err(DefinitionError::Invalid(errors)) => format!("error: {}", joined(&errors)),
        };
        assert_eq!(found, expected);
    }

    fn machine(state: &str) -> String {
        format!(r#"{{"StartAt":"S","States":{{"S":{state}}}}}"#)
    }

    #[test]
    fn a_right_definition_leaves_nothing_to_say() {
        check(&machine(r#"{"Type":"Succeed"}"#), " / ");
    }

    #[test]
    fn errors_and_warnings_stand_apart() {
        check(
            &machine(r#"{"Type":"Pass","Result":"$.a","Next":"Gone"}"#),
            "MISSING_END_STATE: At least one state must be terminal at /States, \
             MISSING_TRANSITION_TARGET: Missing 'Next' target: Gone at /States/S/Next / \
             PASS_RESULT_IS_STATIC: The Result of a Pass state is static: '$.a' is not evaluated at /States/S/Result",
        );
        check(
            "not a definition",
            "INVALID_JSON_DESCRIPTION: Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4] / ",
        );
    }

    #[test]
    fn a_distributed_map_is_checked_though_it_is_not_run() {
        let map = |label: &str| {
            machine(&format!(
                r#"{{"Type":"Map","End":true,"Label":"{label}","ItemProcessor":{{"ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"}},"StartAt":"A","States":{{"A":{{"Type":"Succeed"}}}}}}}}"#
            ))
        };
        check(&map("good"), " / ");
        check(&map(""), "INVALID_LABEL_NAME: Label cannot be empty at /States/S/Label / ");
    }

    #[test]
    fn a_state_in_jsonata_without_expressions_can_be_judged() {
        check(&machine(r#"{"Type":"Pass","QueryLanguage":"JSONata","Output":{"a":1},"End":true}"#), " / ");
        check(
            &machine(r#"{"Type":"Pass","QueryLanguage":"JSONata","Parameters":{},"End":true}"#),
            "SCHEMA_VALIDATION_FAILED: Field 'Parameters' is not supported when 'QueryLanguage' is 'JSONata' at /States/S / ",
        );
    }

    #[test]
    fn jsonata_expressions_are_judged_where_there_is_the_engine() {
        let pass = |more: &str| {
            machine(&format!(
                r#"{{"Type":"Pass","QueryLanguage":"JSONata","Output":{{"a":[1,"{{% 1 %}}"]}},"End":true{more}}}"#
            ))
        };
        let fine = if cfg!(feature = "jsonata") { " / " } else { "feature jsonata at /States/S/Output/a[1]" };
        check(&pass(""), fine);
        check(&pass(r#","X":1"#), "SCHEMA_VALIDATION_FAILED: Field 'X' is not supported at /States/S / ");
        check(&machine(r#"{"Type":"Pass","Result":"{% 1 %}","End":true}"#), " / ");
    }
}
