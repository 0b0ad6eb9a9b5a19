//! Definitions that other people wrote, where their folder lies beside the repository: how many of them we read as
//! their authors and AWS do.

use std::fs;
use std::path::PathBuf;

use super::diagnostic::DefinitionError;
use super::read_definition;
use crate::model::{Json, StateMachineType};

struct Case {
    about: Json,
    answer: Result<(), DefinitionError>,
}

impl Case {
    fn is(&self, key: &str, values: &[&str]) -> bool {
        self.text(key).is_some_and(|value| values.contains(&value))
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.about.get(key)?.as_str()
    }

    fn features(&self) -> String {
        self.about.get("features").map(Json::to_text).unwrap_or_default()
    }
}

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/definitions");
    folder.is_dir().then_some(folder)
}

fn cases(kind: &str) -> Option<Vec<Case>> {
    let folder = folder()?;
    let index = Json::parse(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let read = |about: &Json| {
        let text = fs::read_to_string(folder.join(about.get("file").unwrap().as_str().unwrap())).unwrap();
        let machine_type = match about.get("type").and_then(Json::as_str) {
            Some("EXPRESS") => StateMachineType::Express,
            _ => StateMachineType::Standard,
        };
        Case { about: about.clone(), answer: read_definition(&text, machine_type).map(drop) }
    };
    Some(index.get(kind).unwrap().as_array().unwrap().iter().map(read).collect())
}

/// Asserts that at least `percent` of the cases are good, and shows the others.
fn assert_rate(cases: &[Case], percent: usize, is_good: impl Fn(&Case) -> bool) {
    let misses: Vec<String> = cases
        .iter()
        .filter(|case| !is_good(case))
        .map(|case| format!("{}: {:?}", case.text("file").unwrap(), case.answer))
        .collect();
    let good = cases.len() - misses.len();
    assert!(good * 100 >= percent * cases.len(), "{good} of {}\n{}", cases.len(), misses.join("\n"));
}

#[test]
fn valid_definitions_of_others_are_accepted() {
    let Some(mut cases) = cases("valid") else { return };
    cases.retain(|case| {
        case.is("confidence", &["high"])
            && case.is("query_language", &["JSONPath"])
            && !case.features().contains("Map:DISTRIBUTED")
    });
    assert_rate(&cases, 97, |case| case.answer.is_ok());
}

#[test]
fn valid_definitions_that_are_not_emulated_are_not_called_invalid() {
    let Some(mut cases) = cases("valid") else { return };
    cases.retain(|case| case.is("confidence", &["high"]));
    assert_rate(&cases, 97, |case| !matches!(case.answer, Err(DefinitionError::Invalid(_))));
}

#[test]
fn invalid_definitions_of_others_are_refused() {
    let Some(mut cases) = cases("invalid") else { return };
    cases.retain(|case| case.is("confidence", &["aws", "aws-docs", "high"]));
    assert_rate(&cases, 90, |case| matches!(case.answer, Err(DefinitionError::Invalid(_))));
}

#[test]
fn refusals_that_aws_recorded_are_worded_as_recorded() {
    let Some(mut cases) = cases("invalid") else { return };
    cases.retain(|case| case.text("aws_message").is_some());
    assert_rate(&cases, 100, |case| {
        let Err(DefinitionError::Invalid(findings)) = &case.answer else { return false };
        let texts: Vec<String> = findings.iter().map(ToString::to_string).collect();
        let message = format!("Invalid State Machine Definition: '{}'", texts.join(", "));
        let recorded = case.text("aws_message").unwrap().replace("<partition>", "aws");
        message == recorded || texts.join(", ") == recorded || findings[0].code.as_str() == recorded
    });
}
