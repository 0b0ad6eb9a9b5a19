//! Reads YAML for the places of its values. A tag of CloudFormation's becomes the function it stands for.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as YamlSpan, StrInput, Tag};

use super::{Member, Node, SourceFile, Span, Value, yaml_scalar, yaml_text};

/// Why a text is no YAML that we can read, and where.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) struct YamlError {
    pub(in crate::cli) message: String,
    pub(in crate::cli) span: Span,
}

/// More nodes than any definition has: an alias of aliases stands for as many as its author likes.
const MOST_NODES: usize = 500_000;

/// As deep as the JSON of a definition.
const DEEPEST: usize = 400;

/// The tree of the first document.
pub(in crate::cli) fn read_yaml(file: &SourceFile) -> Result<Node, YamlError> {
    let char_offsets = file.text.char_indices().map(|(at, _)| at).chain([file.text.len()]).collect();
    let mut reader = Reader {
        file,
        char_offsets,
        events: Parser::new_from_str(&file.text),
        anchors: BTreeMap::new(),
        nodes: 0,
        depth: 0,
    };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => {}
            Event::StreamEnd | Event::DocumentEnd => {
                return Ok(Node { span, value: Value::Scalar(crate::model::Json::Null) });
            }
            event @ (Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd) => return reader.node(event, span),
        }
    }
}

struct Reader<'t> {
    file: &'t SourceFile,
    char_offsets: Vec<usize>,
    events: Parser<'t, StrInput<'t>>,
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), YamlError> {
        match self.events.next() {
            Some(Ok((event, span))) => Ok((event, self.span(span))),
            Some(Err(error)) => Err(self.error_of(&error)),
            None => Err(self.error("unexpected end of the file", self.file.text.len())),
        }
    }

    fn span(&self, span: YamlSpan) -> Span {
        let offset = |index| self.char_offsets.get(index).copied().unwrap_or(self.file.text.len());
        let start = offset(span.start.index());
        start..offset(span.end.index()).max(start)
    }

    fn error_of(&self, error: &ScanError) -> YamlError {
        let at = self.char_offsets.get(error.marker().index()).copied();
        self.error(error.info(), at.unwrap_or(self.file.text.len()))
    }

    fn error(&self, message: &str, at: usize) -> YamlError {
        YamlError { message: message.to_owned(), span: at..(at + 1).min(self.file.text.len()).max(at) }
    }

    /// Objects and arrays come back here: the recursion is bounded.
    fn node(&mut self, event: Event<'t>, span: Span) -> Result<Node, YamlError> {
        let start = span.start;
        let known = self.nodes;
        self.count(1, start)?;
        if self.depth >= DEEPEST {
            return Err(self.error(&format!("values are nested more than {DEEPEST} deep"), start));
        }
        self.depth += 1;
        let (node, anchor, tag) = match event {
            Event::Alias(anchor) => (self.alias(anchor, &span)?, 0, None),
            Event::Scalar(text, style, anchor, tag) => {
                (self.scalar(&text, style, tag.is_some(), span), anchor, tag)
            }
            Event::SequenceStart(anchor, tag) => (self.sequence(start)?, anchor, tag),
            Event::MappingStart(anchor, tag) => (self.mapping(start)?, anchor, tag),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Err(self.error("a value is missing here", start)),
        };
        self.depth -= 1;
        let node = with_tag(node, tag.as_deref());
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), self.nodes - known));
        }
        Ok(node)
    }

    fn count(&mut self, nodes: usize, at: usize) -> Result<(), YamlError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MOST_NODES {
            Ok(())
        } else {
            Err(self.error("the file stands for too many values", at))
        }
    }

    /// What the anchor names, shown where it is named.
    fn alias(&mut self, anchor: usize, span: &Span) -> Result<Node, YamlError> {
        let Some((_, nodes)) = self.anchors.get(&anchor) else {
            return Err(self.error("this alias names no anchor", span.start));
        };
        let nodes = *nodes;
        self.count(nodes, span.start)?;
        match self.anchors.get(&anchor) {
            Some((node, _)) => Ok(node.clone()),
            None => Err(self.error("this alias names no anchor", span.start)),
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, is_tagged: bool, span: Span) -> Node {
        let json = if style == ScalarStyle::Plain && !is_tagged { yaml_scalar::meaning(text) } else { None };
        match json {
            Some(json) => Node { span, value: Value::Scalar(json) },
            None => Node::text(yaml_text::mapped(text, &self.file.text, &span), self.trimmed(span)),
        }
    }

    /// Blocks end with the line end before the next value.
    fn trimmed(&self, span: Span) -> Span {
        let text = self.file.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.trim_end().len()
    }

    fn sequence(&mut self, start: usize) -> Result<Node, YamlError> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Node { span: start..span.end, value: Value::Array(items) });
            }
            items.push(self.node(event, span)?);
        }
    }

    fn mapping(&mut self, start: usize) -> Result<Node, YamlError> {
        let mut members = Vec::new();
        loop {
            let (event, key_span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Node { span: start..key_span.end, value: Value::Object(merged(members)) });
            }
            let Event::Scalar(text, ..) = &event else {
                return Err(self.error("a key is no scalar", key_span.start));
            };
            let key = text.to_string();
            let (event, span) = self.next()?;
            let value = self.node(event, span)?;
            members.push(Member { key, key_span, value });
        }
    }
}

/// `<<` stands for the members of other objects, as far as the object has none of their keys.
fn merged(members: Vec<Member>) -> Vec<Member> {
    let (merges, mut members): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| member.key == "<<");
    for merge in merges {
        let Node { value, .. } = merge.value;
        let sources = match value {
            Value::Array(items) => items,
            value @ (Value::Object(_) | Value::Scalar(_) | Value::Text(_)) => {
                vec![Node { span: 0..0, value }]
            }
        };
        for source in sources {
            for member in source.members() {
                if !members.iter().any(|own| own.key == member.key) {
                    members.push(member.clone());
                }
            }
        }
    }
    members
}

/// `!Sub x` is `{"Fn::Sub": x}`; tags of YAML's own say what is known already.
fn with_tag(node: Node, tag: Option<&Tag>) -> Node {
    let Some(tag) = tag.filter(|tag| tag.handle == "!") else { return node };
    let function = match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        suffix => format!("Fn::{suffix}"),
    };
    let span = node.span.clone();
    let member = Member { key: function, key_span: span.clone(), value: node };
    Node { span, value: Value::Object(vec![member]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::source::{Notation, locate};

    fn file(text: &str) -> SourceFile {
        SourceFile::new("a.yaml".to_owned(), text.to_owned(), Notation::Yaml)
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let tree = read_yaml(&file(text)).map(|tree| tree.to_json().to_text());
        assert_eq!(tree.as_deref(), Ok(expected));
    }

    #[track_caller]
    fn check_error(text: &str, message: &str, at: usize) {
        let error = read_yaml(&file(text)).unwrap_err();
        assert_eq!((error.message.as_str(), error.span.start), (message, at));
    }

    #[test]
    fn the_tree_is_the_document() {
        check("a: 1\nb: [x, \"1\", ~]\nc:\n  - d: true\n", r#"{"a":1,"b":["x","1",null],"c":[{"d":true}]}"#);
        check("a: |\n  one\n  two\nb: >\n  one\n  two\n", r#"{"a":"one\ntwo\n","b":"one two\n"}"#);
        check("", "null");
    }

    #[test]
    fn tags_are_functions() {
        check(
            "a: !Sub '${B}'\nb: !GetAtt C.Arn\nc: !Ref D\n",
            r#"{"a":{"Fn::Sub":"${B}"},"b":{"Fn::GetAtt":"C.Arn"},"c":{"Ref":"D"}}"#,
        );
        check("a: !Join ['', [x, !Ref Y]]\n", r#"{"a":{"Fn::Join":["",["x",{"Ref":"Y"}]]}}"#);
        check("a: !!str 1\n", r#"{"a":"1"}"#);
    }

    #[test]
    fn anchors_and_merge_keys_are_resolved() {
        check(
            "base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\n",
            r#"{"base":{"x":1,"y":2},"own":{"y":3,"x":1}}"#,
        );
    }

    #[test]
    fn values_know_their_places() {
        let text = "States:\n  Pay:\n    Next: Gone\n    Text: |\n      block\n  # end\n";
        let tree = read_yaml(&file(text)).unwrap();
        assert_eq!(text.get(locate(&tree, "/States/Pay/Next").span).unwrap(), "Gone");
        assert_eq!(text.get(locate(&tree, "/States/Pay").span).unwrap(), "Pay");
        let Value::Text(block) = &tree.get("States").unwrap().get("Pay").unwrap().get("Text").unwrap().value
        else {
            panic!("no text")
        };
        assert_eq!(text.get(block.source_of(0..5)).unwrap(), "block");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        check_error("a: [1\nb: 2", "illegal placement of ':' indicator", 7);
        check_error("[x]: 1", "a key is no scalar", 0);
    }

    #[test]
    fn aliases_do_not_multiply_without_end() {
        let line = |n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1);
        let text: String = ["a0: &a0 [x]\n".to_owned()].into_iter().chain((1..30).map(line)).collect();
        assert_eq!(read_yaml(&file(&text)).unwrap_err().message, "the file stands for too many values");
        let deep = "[".repeat(3000);
        assert!(read_yaml(&file(&deep)).is_err());
    }
}
