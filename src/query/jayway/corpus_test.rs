//! The cases of the JSONPath corpus: Jayway's manual and AWS recordings. The corpus is not part of the package.

use std::fs;

use super::{JsonPath, PathError};
use crate::model::Json;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/jayway-cases.json");

#[test]
fn every_case_of_the_corpus_holds() {
    let Ok(text) = fs::read_to_string(CORPUS) else {
        report_absence();
        return;
    };
    let corpus = Json::parse(&text).unwrap();
    let cases = corpus.as_array().unwrap();
    let broken: Vec<String> = cases.iter().filter_map(broken).collect();
    assert!(broken.is_empty(), "{} of {} cases:\n{}", broken.len(), cases.len(), broken.join("\n"));
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn report_absence() {
    eprintln!("skipped: there is no {CORPUS}");
}

/// What is wrong with a case; `None` if nothing.
fn broken(case: &Json) -> Option<String> {
    let path = case.get("path").unwrap().as_str().unwrap();
    let expected = case.get("expect").unwrap();
    let found = outcome(path, case.get("data").unwrap());
    let holds = match (expected.as_str(), &found) {
        (Some("ERR?"), Outcome::SyntaxError) | (Some("MISSING"), Outcome::Error(_)) => true,
        (None, Outcome::Matches(matches)) => matches == expected,
        _ => false,
    };
    (!holds).then(|| format!("{path}: {found:?}, expected {expected}"))
}

#[derive(Debug)]
enum Outcome {
    Matches(Json),
    Error(#[expect(dead_code, reason = "shown by Debug")] PathError),
    SyntaxError,
}

fn outcome(path: &str, data: &Json) -> Outcome {
    let Ok(path) = JsonPath::parse(path) else {
        return Outcome::SyntaxError;
    };
    match path.read(data) {
        Ok(value) if path.is_definite() => Outcome::Matches(Json::array(vec![value])),
        Ok(matches) => Outcome::Matches(matches),
        Err(error) => Outcome::Error(error),
    }
}
