//! How the tests of the functions call them.

use super::Intrinsic;
use crate::model::failure::error_name;
use crate::model::{Failure, Json, SeededRandom, Timestamp};
use crate::query::{Effort, Evaluation, JsonataScope, Variables};

pub(super) fn evaluate(input: &str, call: &str) -> Result<Json, Failure> {
    let mut variables = Variables::default();
    variables.set("v".into(), Json::parse(r#"{"w": [1,  2]}"#).unwrap(), 0);
    let mut evaluation = Evaluation {
        input: &Json::parse(input).unwrap(),
        context: &|| Json::parse(r#"{"Execution": {"Name": "run"}}"#).unwrap(),
        variables: &variables,
        random: &mut SeededRandom::new(1, "test"),
        effort: Effort::default(),
        jsonata: JsonataScope::at(Timestamp::from_millis(0)),
    };
    Intrinsic::parse(call).unwrap().evaluate("value.$", &mut evaluation)
}

#[track_caller]
pub(super) fn check(input: &str, call: &str, result: &str) {
    assert_eq!(
        evaluate(input, call).map(|value| value.to_text()),
        Ok(result.to_owned()),
        "{call} of {input}"
    );
}

#[track_caller]
pub(super) fn check_failure(input: &str, call: &str, cause: &str) {
    assert_eq!(
        evaluate(input, call),
        Err(Failure::new(error_name::INTRINSIC_FAILURE, cause)),
        "{call} of {input}"
    );
}
