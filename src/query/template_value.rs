//! What stands behind a `.$` key: a path or an intrinsic call.

use std::sync::Arc;

use super::intrinsic::Intrinsic;
use super::{Evaluation, Path, SyntaxError};
use crate::model::{Failure, Json};

/// What stands behind a `.$` key, in `ErrorPath` or `CausePath`: a path or an intrinsic call.
#[derive(Debug, Clone)]
pub(crate) struct TemplateValue {
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Path(Path),
    Intrinsic(Intrinsic),
}

impl TemplateValue {
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        let kind = if text.starts_with('$') {
            Kind::Path(Path::parse(text)?)
        } else {
            Kind::Intrinsic(Intrinsic::parse(text)?)
        };
        Ok(Self { kind })
    }

    /// `field` is named in failures: `The JSONPath '$.x' specified for the field 'ErrorPath' could not be found…`.
    pub(crate) fn evaluate(&self, field: &str, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        match &self.kind {
            Kind::Path(path) => select(path, field, evaluation),
            Kind::Intrinsic(intrinsic) => intrinsic.evaluate(field, evaluation),
        }
    }

    /// The names of the variables that it reads, as often as it reads them.
    pub(crate) fn variables(&self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        self.list_variables(&mut names);
        names
    }

    pub(super) fn list_variables(&self, names: &mut Vec<Arc<str>>) {
        match &self.kind {
            Kind::Path(path) => names.extend(path.variable().cloned()),
            Kind::Intrinsic(intrinsic) => intrinsic.list_variables(names),
        }
    }

    /// Whether it can be a text: true of paths and of the intrinsic functions that may stand in `ErrorPath` and
    /// `CausePath` (<https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html>).
    pub(crate) fn may_be_text(&self) -> bool {
        match &self.kind {
            Kind::Path(_) => true,
            Kind::Intrinsic(intrinsic) => intrinsic.may_be_text(),
        }
    }
}

/// What a path of a template selects.
pub(super) fn select(path: &Path, field: &str, evaluation: &Evaluation<'_>) -> Result<Json, Failure> {
    path.select_compact(evaluation).map_err(|why| {
        if evaluation.effort.is_exhausted() {
            return Failure::runtime(why);
        }
        Failure::runtime(format!(
            "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
            path.text(),
            path.document_text(evaluation)
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SeededRandom, Timestamp};
    use crate::query::{Effort, JsonataScope, Variables};

    fn evaluate(text: &str) -> Result<String, Failure> {
        let mut evaluation = Evaluation {
            input: &Json::parse(r#"{"a": "x",  "l": [1, 2]}"#).unwrap(),
            context: &|| Json::parse(r#"{"Execution": {"Input": [1,  2]}}"#).unwrap(),
            variables: &Variables::default(),
            random: &mut SeededRandom::new(1, "test"),
            effort: Effort::default(),
            jsonata: JsonataScope::at(Timestamp::from_millis(0)),
        };
        TemplateValue::parse(text)
            .unwrap()
            .evaluate("CausePath", &mut evaluation)
            .map(|value| value.to_text())
    }

    #[test]
    fn paths_and_calls_are_told_apart_by_the_dollar() {
        assert_eq!(evaluate("$.a"), Ok(r#""x""#.to_owned()));
        assert_eq!(evaluate("States.Format('{}!', $.a)"), Ok(r#""x!""#.to_owned()));
        assert!(TemplateValue::parse("something else").is_err());
    }

    #[test]
    fn values_are_compact_even_when_whole() {
        assert_eq!(evaluate("$"), Ok(r#"{"a":"x","l":[1,2]}"#.to_owned()));
        assert_eq!(evaluate("$$.Execution.Input"), Ok("[1,2]".to_owned()));
    }

    #[test]
    fn a_missing_place_names_path_field_and_input() {
        assert_eq!(
            evaluate("$.x"),
            Err(Failure::runtime(
                r#"The JSONPath '$.x' specified for the field 'CausePath' could not be found in the input '{"a":"x","l":[1,2]}'"#
            ))
        );
        assert_eq!(
            evaluate("$$.Execution.Input.x"),
            Err(Failure::runtime(
                r#"The JSONPath '$$.Execution.Input.x' specified for the field 'CausePath' could not be found in the input '{"Execution":{"Input":[1,2]}}'"#
            ))
        );
    }

    #[test]
    fn only_some_functions_can_give_a_text() {
        let may = |text| TemplateValue::parse(text).unwrap().may_be_text();
        for text in [
            "$.a",
            "$$.a",
            "States.Format('x')",
            "States.UUID()",
            "States.ArrayGetItem($.a, 0)",
            "States.JsonToString($)",
        ] {
            assert!(may(text), "{text}");
        }
        for text in ["States.StringToJson($.a)", "States.MathAdd(1, 2)", "States.Array()"] {
            assert!(!may(text), "{text}");
        }
    }
}
