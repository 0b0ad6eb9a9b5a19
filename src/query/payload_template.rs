//! Payload templates: JSON whose keys ending in `.$` are computed.

use std::sync::Arc;

use super::compact::compact;
use super::{Effort, Evaluation, SyntaxError, TemplateValue};
use crate::model::json::Map;
use crate::model::{Failure, Json};

/// Parameters, `ResultSelector`, `ItemSelector`, Credentials.
///
/// Members come out in the order of the template; AWS gives them the order of a Java `HashMap`.
#[derive(Debug, Clone)]
pub(crate) struct PayloadTemplate {
    node: Node,
}

/// A template that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateError {
    /// `The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call`
    pub(crate) message: String,
    /// JSON pointer of the object that holds the bad key, below the template: empty for the template itself.
    pub(crate) pointer: String,
    /// Whether AWS may well accept the value: it reads a variable.
    pub(crate) is_variable: bool,
}

#[derive(Debug, Clone)]
enum Node {
    Static(Json),
    Array(Vec<Self>),
    Object(Vec<(Arc<str>, Member)>),
}

#[derive(Debug, Clone)]
enum Member {
    Plain(Node),
    Computed { field: Arc<str>, value: TemplateValue },
}

impl PayloadTemplate {
    /// Every problem of the template, not only the first.
    pub(crate) fn parse(template: &Json) -> Result<Self, Vec<TemplateError>> {
        let mut parser = Parser { errors: Vec::new() };
        let node = parser.node(template, "");
        if parser.errors.is_empty() { Ok(Self { node }) } else { Err(parser.errors) }
    }

    /// Failures come without the "An error occurred while executing the state…" that the interpreter puts before.
    pub(crate) fn evaluate(&self, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        self.node.evaluate(evaluation)
    }
}

impl Node {
    fn evaluate(&self, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        match self {
            Self::Static(value) => Ok(value.clone()),
            Self::Array(nodes) => {
                let mut items = Vec::with_capacity(nodes.len());
                for node in nodes {
                    items.push(node.evaluate(evaluation)?);
                }
                Ok(Json::array(items))
            }
            Self::Object(members) => {
                let mut evaluated = Map::new();
                for (key, member) in members {
                    evaluated.insert(Arc::clone(key), member.evaluate(evaluation)?);
                }
                Ok(Json::object(evaluated))
            }
        }
    }

    fn is_static(&self) -> bool {
        matches!(self, Self::Static(_))
    }
}

impl Member {
    fn evaluate(&self, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        match self {
            Self::Plain(node) => node.evaluate(evaluation),
            Self::Computed { field, value } => value.evaluate(field, evaluation),
        }
    }

    fn is_static(&self) -> bool {
        matches!(self, Self::Plain(Node::Static(_)))
    }
}

struct Parser {
    errors: Vec<TemplateError>,
}

impl Parser {
    fn node(&mut self, template: &Json, pointer: &str) -> Node {
        if let Some(members) = template.as_object() {
            let members = self.members(members, pointer);
            if !members.iter().all(|(_, member)| member.is_static()) {
                return Node::Object(members);
            }
        } else if let Some(items) = template.as_array() {
            let items: Vec<Node> = items
                .iter()
                .enumerate()
                .map(|(position, item)| self.node(item, &format!("{pointer}/{position}")))
                .collect();
            if !items.iter().all(Node::is_static) {
                return Node::Array(items);
            }
        }
        Node::Static(compact(template, &Effort::default()).unwrap_or_else(|_| template.clone()))
    }

    fn members(&mut self, template: &Map, pointer: &str) -> Vec<(Arc<str>, Member)> {
        let mut members = Vec::with_capacity(template.len());
        for (key, value) in template {
            let Some(name) = key.strip_suffix(".$") else {
                let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                members.push((Arc::clone(key), Member::Plain(self.node(value, &below))));
                continue;
            };
            if template.contains_key(name) {
                let message = format!("The fields '{name}' and '{key}' both set '{name}'");
                self.errors.push(TemplateError { message, pointer: pointer.to_owned(), is_variable: false });
            }
            members.extend(self.computed(key, value, pointer).map(|member| (Arc::from(name), member)));
        }
        members
    }

    fn computed(&mut self, field: &Arc<str>, value: &Json, pointer: &str) -> Option<Member> {
        let parsed = match value.as_str() {
            Some(text) => TemplateValue::parse(text),
            None => Err(SyntaxError::malformed("not a text")),
        };
        match parsed {
            Ok(value) => Some(Member::Computed { field: Arc::clone(field), value }),
            Err(error) => {
                let message = format!(
                    "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
                );
                let is_variable = error.is_variable();
                self.errors.push(TemplateError { message, pointer: pointer.to_owned(), is_variable });
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SeededRandom;

    const INPUT: &str = r#"{"a": 1, "list": [1, 2], "o": {"k": "v"}, "template": "<{}>"}"#;

    fn evaluate(template: &str) -> Result<String, Failure> {
        let template = PayloadTemplate::parse(&Json::parse(template).unwrap()).unwrap();
        let mut evaluation = Evaluation {
            input: &Json::parse(INPUT).unwrap(),
            context: &|| Json::parse(r#"{"State": {"Name": "S"}}"#).unwrap(),
            random: &mut SeededRandom::new(1, "test"),
            effort: Effort::default(),
        };
        template.evaluate(&mut evaluation).map(|value| value.to_text())
    }

    #[track_caller]
    fn check(template: &str, result: &str) {
        assert_eq!(evaluate(template), Ok(result.to_owned()));
    }

    #[track_caller]
    fn check_errors(template: &str, errors: &[(&str, &str, bool)]) {
        let found = PayloadTemplate::parse(&Json::parse(template).unwrap()).unwrap_err();
        let found: Vec<_> =
            found.iter().map(|error| (&*error.message, &*error.pointer, error.is_variable)).collect();
        assert_eq!(found, errors);
    }

    #[test]
    fn computed_members_stand_among_the_others_in_their_order() {
        check(
            r#"{"z.$": "$.a", "plain": {"x": [1, null]}, "b.$": "$.list[*]", "c.$": "$$.State.Name"}"#,
            r#"{"z":1,"plain":{"x":[1,null]},"b":[1,2],"c":"S"}"#,
        );
    }

    #[test]
    fn objects_are_processed_at_any_depth_and_texts_in_arrays_are_not() {
        check(
            r#"{"l": ["$.a", "States.UUID()", {"k.$": "$.a"}, [{"k.$": "$.o.k"}]], "o": {"p": {"q.$": "$.o"}}}"#,
            r#"{"l":["$.a","States.UUID()",{"k":1},[{"k":"v"}]],"o":{"p":{"q":{"k":"v"}}}}"#,
        );
    }

    #[test]
    fn intrinsic_calls_are_evaluated() {
        check(
            r#"{"f.$": "States.Format($.template, $.a)", "n.$": "States.MathAdd($.list[0], 41)"}"#,
            r#"{"f":"<1>","n":42}"#,
        );
    }

    #[test]
    fn a_template_without_computed_members_is_written_compact() {
        check(r#"{ "a" : [ 1 ] }"#, r#"{"a":[1]}"#);
        check("{}", "{}");
    }

    #[test]
    fn a_missing_place_fails_with_path_field_and_input() {
        assert_eq!(
            evaluate(r#"{"deep": {"value.$": "$.x"}}"#),
            Err(Failure::runtime(
                r#"The JSONPath '$.x' specified for the field 'value.$' could not be found in the input '{"a":1,"list":[1,2],"o":{"k":"v"},"template":"<{}>"}'"#
            ))
        );
    }

    #[test]
    fn every_problem_is_reported_at_its_object() {
        check_errors(
            r#"{"a.$": 1, "b": {"c.$": "nonsense"}, "d/~e": [{"f.$": "$.x."}]}"#,
            &[
                (
                    "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call",
                    "",
                    false,
                ),
                (
                    "The value for the field 'c.$' must be a valid JSONPath or a valid intrinsic function call",
                    "/b",
                    false,
                ),
                (
                    "The value for the field 'f.$' must be a valid JSONPath or a valid intrinsic function call",
                    "/d~1~0e/0",
                    false,
                ),
            ],
        );
        check_errors(r#"{"x.$": "$.a", "x": 1}"#, &[("The fields 'x' and 'x.$' both set 'x'", "", false)]);
    }

    #[test]
    fn variables_are_told_from_mistakes() {
        let message =
            "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call";
        check_errors(r#"{"a.$": "$name.x"}"#, &[(message, "", true)]);
        check_errors(r#"{"a.$": "States.Format('{}', $name)"}"#, &[(message, "", true)]);
    }

    #[test]
    fn deep_templates_are_no_danger() {
        let template = format!("{}{}{}", r#"{"a":"#.repeat(990), r#"{"b.$":"$.a"}"#, "}".repeat(990));
        assert!(evaluate(&template).unwrap().contains(r#"{"b":1}"#));
    }
}
