//! Puts a definition together that a template writes with functions and substitutions.

use super::placeholder::placeholder;
use crate::cli::source::{MappedText, Member, Node, Span, Value};

/// A name for which a placeholder stands, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Substitution {
    pub(super) name: String,
    pub(super) span: Span,
    /// Whether CloudFormation resolves it itself, and not `DefinitionSubstitutions`.
    pub(super) by_template: bool,
}

/// A definition text with placeholders for its `${Name}`.
pub(super) fn text(text: &MappedText) -> (MappedText, Vec<Substitution>) {
    let mut flattener = Flattener::default();
    flattener.fill(text, false);
    (flattener.out, flattener.substitutions)
}

/// What `DefinitionString` says: a text, or functions that make one.
pub(super) fn string(node: &Node) -> (MappedText, Vec<Substitution>) {
    let mut flattener = Flattener::default();
    flattener.part(node);
    // Of the text as a whole, what CloudFormation left in it is substituted.
    let (whole, left) = text(&flattener.out);
    flattener.substitutions.extend(left);
    (whole, flattener.substitutions)
}

/// A definition that is an object of the template: each text and each function in it by itself.
pub(super) fn tree(node: Node) -> (Node, Vec<Substitution>) {
    let mut substitutions = Vec::new();
    let node = flat(node, "", &mut substitutions);
    (node, substitutions)
}

fn flat(node: Node, key: &str, substitutions: &mut Vec<Substitution>) -> Node {
    let span = node.span.clone();
    if is_function(&node) || matches!(node.value, Value::Text(_)) {
        let mut flattener = Flattener { before: format!("\"{key}\": \""), ..Flattener::default() };
        flattener.part(&node);
        let mut filled = Flattener { before: flattener.before, ..Flattener::default() };
        filled.fill(&flattener.out, false);
        substitutions.extend(flattener.substitutions);
        substitutions.extend(filled.substitutions);
        return Node::text(filled.out, span);
    }
    let value = match node.value {
        scalar @ (Value::Scalar(_) | Value::Text(_)) => scalar,
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| flat(item, "", substitutions)).collect())
        }
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|member| Member { value: flat(member.value, &member.key, substitutions), ..member })
                .collect(),
        ),
    };
    Node { span, value }
}

fn is_function(node: &Node) -> bool {
    let [member] = node.members() else { return false };
    member.key == "Ref" || member.key.starts_with("Fn::")
}

#[derive(Default)]
struct Flattener {
    out: MappedText,
    /// What stands before it, for the choice of placeholders.
    before: String,
    substitutions: Vec<Substitution>,
}

impl Flattener {
    fn part(&mut self, node: &Node) {
        match &node.value {
            Value::Text(text) => self.out.push_part(text, 0..text.as_str().len()),
            Value::Scalar(json) => self.out.push_replacement(&json.to_text(), node.span.clone()),
            Value::Array(_) => self.stand_in("list", node.span.clone(), true),
            Value::Object(members) => match members.as_slice() {
                [member] => self.function(member),
                _ => self.stand_in("object", node.span.clone(), true),
            },
        }
    }

    fn function(&mut self, member: &Member) {
        let Member { key, value, .. } = member;
        match (key.as_str(), &value.value) {
            ("Fn::Sub", Value::Text(text)) => self.fill(text, true),
            ("Fn::Sub", Value::Array(items)) => {
                if let Some(Value::Text(text)) = items.first().map(|item| &item.value) {
                    self.fill(text, true);
                }
            }
            ("Fn::Join", Value::Array(items)) => self.join(items),
            ("Ref", Value::Text(name)) => self.stand_in(name.as_str(), value.span.clone(), true),
            ("Fn::GetAtt", _) => {
                let name = match value.as_str() {
                    Some(name) => name.to_owned(),
                    None => value.items().iter().filter_map(Node::as_str).collect::<Vec<_>>().join("."),
                };
                self.stand_in(&name, value.span.clone(), true);
            }
            (function, _) => {
                let name = function.trim_start_matches("Fn::").to_owned();
                self.stand_in(&name, value.span.clone(), true);
            }
        }
    }

    fn join(&mut self, items: &[Node]) {
        let delimiter = items.first().and_then(Node::as_str).unwrap_or_default().to_owned();
        let parts = items.get(1).map(Node::items).unwrap_or_default();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 && !delimiter.is_empty() {
                self.out.push_replacement(&delimiter, part.span.clone());
            }
            self.part(part);
        }
    }

    /// A text whose `${Name}` are substituted; in `Fn::Sub`, `${!Name}` means `${Name}` itself.
    fn fill(&mut self, text: &MappedText, is_sub: bool) {
        let all = text.as_str();
        let mut at = 0;
        while let Some((start, name, end)) = next_substitution(all, at) {
            self.out.push_part(text, at..start);
            let span = text.source_of(start..end);
            match name.strip_prefix('!') {
                Some(literal) if is_sub => {
                    self.out.push_replacement(&format!("${{{literal}}}"), span);
                }
                Some(_) => self.out.push_part(text, start..end),
                None => self.stand_in(name, span, is_sub),
            }
            at = end;
        }
        self.out.push_part(text, at..all.len());
    }

    fn stand_in(&mut self, name: &str, span: Span, by_template: bool) {
        let before = format!("{}{}", self.before, self.out.as_str());
        self.out.push_replacement(&placeholder(name, &before), span.clone());
        self.substitutions.push(Substitution { name: name.to_owned(), span, by_template });
    }
}

/// Start, name and end of the next `${Name}` from `at` on. `{}` and other braces of templates are no names.
fn next_substitution(text: &str, at: usize) -> Option<(usize, &str, usize)> {
    let mut from = at;
    loop {
        let start = from + text.get(from..)?.find("${")?;
        let inner = text.get(start + 2..)?;
        let length = inner.find('}')?;
        let name = inner.get(..length)?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-' | '!');
        if !name.is_empty() && name.chars().all(is_name) {
            return Some((start, name, start + 2 + length + 1));
        }
        from = start + 2;
    }
}

/// The function that makes a definition of something that is not written here, such as `Fn::If` or `Fn::Transform`.
pub(super) fn opaque_function(node: &Node) -> Option<&str> {
    let [member] = node.members() else { return None };
    let is_opaque = is_function(node) && member.key != "Fn::Sub" && member.key != "Fn::Join";
    is_opaque.then_some(member.key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::source::read_json;

    #[track_caller]
    fn check_string(node: &str, expected: &str, names: &[&str]) {
        let (text, substitutions) = string(&read_json(node).unwrap());
        assert_eq!(text.as_str(), expected);
        let found: Vec<_> = substitutions.iter().map(|substitution| substitution.name.as_str()).collect();
        assert_eq!(found, names);
    }

    #[test]
    fn texts_sub_and_join_become_one_text() {
        check_string(r#""{\"TimeoutSeconds\": ${Seconds}}""#, r#"{"TimeoutSeconds": 1}"#, &["Seconds"]);
        check_string(
            r#"{"Fn::Sub": ["{\"Comment\": \"${A} ${!B}\"}", {"A": 1}]}"#,
            r#"{"Comment": "A B"}"#,
            &["A", "B"],
        );
        check_string(
            r#"{"Fn::Join": ["", ["{\"Resource\":\"arn:", {"Ref": "AWS::Partition"}, ":states\",\"F\":\"", {"Fn::GetAtt": ["Pay", "Arn"]}, "\"}"]]}"#,
            r#"{"Resource":"arn:aws:states","F":"arn:aws:lambda:us-east-1:123456789012:function:Pay-Arn"}"#,
            &["AWS::Partition", "Pay.Arn"],
        );
        check_string(r#"{"Fn::Join": ["-", ["a", {"Fn::ImportValue": "x"}]]}"#, "a-1", &["ImportValue"]);
    }

    #[test]
    fn an_object_is_filled_text_by_text() {
        let node = read_json(
            r#"{"Resource": {"Fn::GetAtt": "Pay.Arn"}, "X": ["${Y} ${} ${a b}"], "Seconds": 5, "Resource2": {"Resource": "${F}"}}"#,
        );
        let (node, substitutions) = tree(node.unwrap());
        assert_eq!(
            node.to_json().to_text(),
            r#"{"Resource":"arn:aws:lambda:us-east-1:123456789012:function:Pay-Arn","X":["Y ${} ${a b}"],"Seconds":5,"Resource2":{"Resource":"arn:aws:lambda:us-east-1:123456789012:function:F"}}"#
        );
        let found: Vec<_> = substitutions.iter().map(|s| (s.name.as_str(), s.by_template)).collect();
        assert_eq!(found, [("Pay.Arn", true), ("Y", false), ("F", false)]);
    }
}
