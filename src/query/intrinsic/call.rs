//! A parsed call, and its evaluation.

use std::sync::Arc;

use super::arguments::Arguments;
use super::format_template::FormatTemplate;
use super::function::Function;
use super::parser;
use crate::model::failure::error_name;
use crate::model::{Failure, Json};
use crate::query::template_value::select;
use crate::query::{Evaluation, Path, SyntaxError};

/// A call of an intrinsic function, parsed once.
#[derive(Debug, Clone)]
pub(in crate::query) struct Intrinsic {
    pub(super) function: &'static Function,
    pub(super) arguments: Vec<Argument>,
}

#[derive(Debug, Clone)]
pub(super) enum Argument {
    Literal(Json),
    /// The template of States.Format, if it stands in the definition.
    Template(FormatTemplate),
    Path(Path),
    Call(Intrinsic),
}

impl Intrinsic {
    pub(in crate::query) fn parse(text: &str) -> Result<Self, SyntaxError> {
        parser::parse(text)
    }

    pub(in crate::query) fn may_be_text(&self) -> bool {
        self.function.may_be_text
    }

    pub(in crate::query) fn list_variables(&self, names: &mut Vec<Arc<str>>) {
        for argument in &self.arguments {
            match argument {
                Argument::Literal(_) | Argument::Template(_) => {}
                Argument::Path(path) => names.extend(path.variable().cloned()),
                Argument::Call(call) => call.list_variables(names),
            }
        }
    }

    /// Arguments are evaluated in their order. `field` is named when a path leads nowhere.
    pub(in crate::query) fn evaluate(
        &self,
        field: &str,
        evaluation: &mut Evaluation<'_>,
    ) -> Result<Json, Failure> {
        let mut template = None;
        let mut values = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            match argument {
                Argument::Literal(value) => values.push(value.clone()),
                Argument::Template(fixed) => template = Some(fixed),
                Argument::Path(path) => values.push(select(path, field, evaluation)?),
                Argument::Call(call) => values.push(call.evaluate(field, evaluation)?),
            }
        }
        let affordable = values.iter().try_for_each(|value| evaluation.effort.spend_on(value));
        let result = affordable.and_then(|()| match template {
            Some(template) => template.fill(&values),
            None => (self.function.run)(&Arguments::new(&values), evaluation.random),
        });
        result.map_err(|reason| {
            let cause = format!("The intrinsic function {} failed: {reason}", self.function.name);
            Failure::new(error_name::INTRINSIC_FAILURE, cause)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::intrinsic::check::{check, check_failure, evaluate};

    #[test]
    fn calls_nest() {
        check("{}", "States.Array(States.Array(1, States.Array()), 2)", "[[1,[]],2]");
        check(
            r#"{"name": "a-b-c"}"#,
            "States.ArrayGetItem(States.StringSplit($.name, '-'), States.MathAdd(States.ArrayLength(States.StringSplit($.name, '-')), -1))",
            r#""c""#,
        );
    }

    #[test]
    fn a_failure_names_the_function_and_the_argument() {
        check_failure(
            r#"{"a": "x"}"#,
            "States.Array(States.ArrayLength($.a))",
            r#"The intrinsic function States.ArrayLength failed: argument 1 must be an array, but was the string "x""#,
        );
    }

    #[test]
    fn a_path_that_leads_nowhere_fails_as_in_a_template() {
        assert_eq!(
            evaluate(r#"{"a": 1}"#, "States.Array(1, $.b)"),
            Err(Failure::runtime(
                r#"The JSONPath '$.b' specified for the field 'value.$' could not be found in the input '{"a":1}'"#
            ))
        );
    }

    #[test]
    fn deep_values_are_no_danger() {
        let deep = format!("{}{}", "[".repeat(998), "]".repeat(998));
        let input = format!(r#"{{"a": {deep}, "b": {deep}, "l": [{deep}]}}"#);
        check(&input, "States.ArrayContains(States.Array($.a), $.b)", "true");
        check(&input, "States.ArrayLength(States.ArrayUnique(States.Array($.a, $.b)))", "1");
        check(&input, "States.Format('{}', $.a)", &format!("\"{deep}\""));
        check(&input, "States.StringToJson(States.JsonToString($.a))", &deep);
        check(&input, "States.ArrayLength($.l[?(@ == $.a)])", "1");
    }

    #[test]
    fn indefinite_paths_are_arrays() {
        check(r#"{"a": [{"b": 1}, {"b": 2}]}"#, "States.ArrayLength($.a[?(@.b > 1)])", "1");
        check(r#"{"a": [{"b": 1}, {"b": 2}]}"#, "States.Array($..b, $.no[*])", "[[1,2],[]]");
    }
}
