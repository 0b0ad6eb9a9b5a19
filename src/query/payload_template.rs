//! Payload templates: JSON whose keys ending in `.$` are computed, or in JSONata, whose texts `{% … %}` are.

use std::sync::Arc;

use super::compact::compact;
use super::{Effort, Evaluation, Expected, Expression, SyntaxError, TemplateValue};
use crate::model::json::Map;
use crate::model::{Failure, Json};

/// Parameters, `ResultSelector`, `ItemSelector`, Credentials, Assign; in JSONata also Arguments, Output and Items.
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
}

#[derive(Debug, Clone)]
enum Node {
    Static(Json),
    Array(Vec<Self>),
    Object(Vec<(Arc<str>, Member)>),
    Expression(Expression),
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

    /// The same in JSONata. `field` is what failures call it: `Output`.
    pub(crate) fn parse_jsonata(template: &Json, field: &str) -> Result<Self, Vec<TemplateError>> {
        if !holds_expressions(template) {
            return Ok(Self { node: literal(template) });
        }
        if template.depth() > DEEPEST {
            let message =
                format!("A value with expressions cannot be nested more than {DEEPEST} levels deep");
            return Err(vec![TemplateError { message, pointer: String::new() }]);
        }
        let mut parser = JsonataParser { errors: Vec::new() };
        let node = parser.node(template, field, "");
        if parser.errors.is_empty() { Ok(Self { node }) } else { Err(parser.errors) }
    }

    /// Its expressions in JSONata.
    pub(crate) fn expressions(&self) -> Vec<&Expression> {
        let mut expressions = Vec::new();
        self.node.list_expressions(&mut expressions);
        expressions
    }

    /// Failures come without the "An error occurred while executing the state…" that the interpreter puts before.
    pub(crate) fn evaluate(&self, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
        self.node.evaluate(evaluation)
    }

    /// The same, of a field that takes values of one type, if it is one expression in JSONata.
    pub(crate) fn evaluate_as(
        &self,
        expected: Expected,
        evaluation: &mut Evaluation<'_>,
    ) -> Result<Json, Failure> {
        match &self.node {
            Node::Expression(expression) => expression.evaluate_as(expected, evaluation),
            node @ (Node::Static(_) | Node::Array(_) | Node::Object(_)) => node.evaluate(evaluation),
        }
    }

    /// The names of the variables that it reads, as often as it reads them.
    pub(crate) fn variables(&self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        self.node.list_variables(&mut names);
        names
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
            Self::Expression(expression) => expression.evaluate(evaluation),
        }
    }

    fn list_expressions<'n>(&'n self, expressions: &mut Vec<&'n Expression>) {
        match self {
            Self::Static(_) => {}
            Self::Array(nodes) => nodes.iter().for_each(|node| node.list_expressions(expressions)),
            Self::Object(members) => {
                for (_, member) in members {
                    if let Member::Plain(node) = member {
                        node.list_expressions(expressions);
                    }
                }
            }
            Self::Expression(expression) => expressions.push(expression),
        }
    }

    fn list_variables(&self, names: &mut Vec<Arc<str>>) {
        match self {
            Self::Static(_) => {}
            Self::Array(nodes) => nodes.iter().for_each(|node| node.list_variables(names)),
            Self::Object(members) => {
                for (_, member) in members {
                    match member {
                        Member::Plain(node) => node.list_variables(names),
                        Member::Computed { value, .. } => value.list_variables(names),
                    }
                }
            }
            Self::Expression(expression) => names.extend(expression.variables().iter().cloned()),
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
        literal(template)
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
                self.errors.push(TemplateError { message, pointer: pointer.to_owned() });
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
            Err(_) => {
                let message = format!(
                    "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
                );
                self.errors.push(TemplateError { message, pointer: pointer.to_owned() });
                None
            }
        }
    }
}

/// How deeply values with expressions may be nested: we recurse through them.
const DEEPEST: usize = 200;

/// Whether any text is an expression, or looks like one that was cut.
fn holds_expressions(template: &Json) -> bool {
    let mut open = vec![template];
    while let Some(value) = open.pop() {
        if value.as_str().is_some_and(|text| text.starts_with("{%") || text.ends_with("%}")) {
            return true;
        }
        open.extend(value.as_array().unwrap_or_default());
        open.extend(value.as_object().into_iter().flat_map(Map::values));
    }
    false
}

struct JsonataParser {
    errors: Vec<TemplateError>,
}

impl JsonataParser {
    fn node(&mut self, template: &Json, field: &str, pointer: &str) -> Node {
        if let Some(text) = template.as_str() {
            return self.text(template, text, field, pointer);
        }
        if let Some(members) = template.as_object() {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| {
                    let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                    (Arc::clone(key), Member::Plain(self.node(value, &format!("{field}/{key}"), &pointer)))
                })
                .collect();
            if !members.iter().all(|(_, member)| member.is_static()) {
                return Node::Object(members);
            }
        } else if let Some(items) = template.as_array() {
            let items: Vec<_> = items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    self.node(item, &format!("{field}[{index}]"), &format!("{pointer}/{index}"))
                })
                .collect();
            if !items.iter().all(Node::is_static) {
                return Node::Array(items);
            }
        }
        literal(template)
    }

    fn text(&mut self, template: &Json, text: &str, field: &str, pointer: &str) -> Node {
        match Expression::parse(text, field) {
            Ok(Some(expression)) => return Node::Expression(expression),
            Ok(None) => {}
            Err(message) => self.errors.push(TemplateError { message, pointer: pointer.to_owned() }),
        }
        literal(template)
    }
}

/// What is handed on as it stands.
fn literal(template: &Json) -> Node {
    Node::Static(compact(template, &Effort::default()).unwrap_or_else(|_| template.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SeededRandom, Timestamp};
    use crate::query::{JsonataScope, Variables};

    const INPUT: &str = r#"{"a": 1, "list": [1, 2], "o": {"k": "v"}, "template": "<{}>"}"#;

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set("x".into(), Json::parse(r#"{"y": [1,  2]}"#).unwrap(), 0);
        variables
    }

    fn evaluate(template: &str) -> Result<String, Failure> {
        let template = PayloadTemplate::parse(&Json::parse(template).unwrap()).unwrap();
        let mut evaluation = Evaluation {
            input: &Json::parse(INPUT).unwrap(),
            context: &|| Json::parse(r#"{"State": {"Name": "S"}}"#).unwrap(),
            variables: &variables(),
            random: &mut SeededRandom::new(1, "test"),
            effort: Effort::default(),
            jsonata: JsonataScope::at(Timestamp::from_millis(0)),
        };
        template.evaluate(&mut evaluation).map(|value| value.to_text())
    }

    #[track_caller]
    fn check(template: &str, result: &str) {
        assert_eq!(evaluate(template), Ok(result.to_owned()));
    }

    #[track_caller]
    fn check_errors(template: &str, errors: &[(&str, &str)]) {
        let found = PayloadTemplate::parse(&Json::parse(template).unwrap()).unwrap_err();
        let found: Vec<_> = found.iter().map(|error| (&*error.message, &*error.pointer)).collect();
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
                ),
                (
                    "The value for the field 'c.$' must be a valid JSONPath or a valid intrinsic function call",
                    "/b",
                ),
                (
                    "The value for the field 'f.$' must be a valid JSONPath or a valid intrinsic function call",
                    "/d~1~0e/0",
                ),
            ],
        );
        check_errors(r#"{"x.$": "$.a", "x": 1}"#, &[("The fields 'x' and 'x.$' both set 'x'", "")]);
    }

    #[test]
    fn variables_are_read_by_computed_members_alone() {
        check(
            r#"{"a.$": "$x.y[0]", "b": "$x.y", "c.$": "States.ArrayLength($x.y)", "d": ["$x", {"e.$": "$x"}]}"#,
            r#"{"a":1,"b":"$x.y","c":2,"d":["$x",{"e":{"y":[1,2]}}]}"#,
        );
    }

    #[test]
    fn a_variable_without_the_wanted_value_fails_with_path_and_field() {
        assert_eq!(
            evaluate(r#"{"value.$": "$x.z"}"#),
            Err(Failure::runtime(
                r#"The JSONPath '$x.z' specified for the field 'value.$' could not be found in the input '{"y":[1,2]}'"#
            ))
        );
        assert_eq!(
            evaluate(r#"{"value.$": "States.Array($none)"}"#),
            Err(Failure::runtime(
                r#"The JSONPath '$none' specified for the field 'value.$' could not be found in the input '{"a":1,"list":[1,2],"o":{"k":"v"},"template":"<{}>"}'"#
            ))
        );
    }

    #[test]
    fn a_template_names_the_variables_that_it_reads() {
        let template = r#"{"a.$": "$x.y", "b": "$no", "c.$": "States.Format($t, States.Array($.a, $x, $$.no))", "d": [{"e.$": "$z"}], "f": {"$no": 1}}"#;
        let template = PayloadTemplate::parse(&Json::parse(template).unwrap()).unwrap();
        assert_eq!(template.variables(), ["x".into(), "t".into(), "x".into(), "z".into()]);
    }

    #[test]
    fn deep_templates_are_no_danger() {
        let template = format!("{}{}{}", r#"{"a":"#.repeat(990), r#"{"b.$":"$.a"}"#, "}".repeat(990));
        assert!(evaluate(&template).unwrap().contains(r#"{"b":1}"#));
    }
}
