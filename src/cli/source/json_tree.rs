//! Reads JSON that is known to be right a second time, for the places of its values.

use super::{MappedText, Member, Node, Span, Value};
use crate::model::Json;

/// The tree of a JSON text; `None` if it is none.
pub(in crate::cli) fn read_json(text: &str) -> Option<Node> {
    // Checks the text, and how deeply it is nested: the scanner below takes both for granted.
    Json::parse(text).ok()?;
    Scanner { text, at: 0 }.value()
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no blank.
    fn peek_token(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.peek()
    }

    fn eat(&mut self, wanted: u8) -> bool {
        let found = self.peek_token() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Option<Node> {
        match self.peek_token()? {
            b'{' => self.object(),
            b'[' => self.array(),
            b'"' => self.string().map(|(text, span)| Node::text(text, span)),
            _ => self.scalar(),
        }
    }

    fn object(&mut self) -> Option<Node> {
        let start = self.at;
        let mut members = Vec::new();
        self.eat(b'{');
        while !self.eat(b'}') {
            self.eat(b',');
            self.peek_token()?;
            let (key, key_span) = self.string()?;
            self.eat(b':');
            let value = self.value()?;
            members.push(Member { key: key.as_str().to_owned(), key_span, value });
        }
        Some(Node { span: start..self.at, value: Value::Object(members) })
    }

    fn array(&mut self) -> Option<Node> {
        let start = self.at;
        let mut items = Vec::new();
        self.eat(b'[');
        while !self.eat(b']') {
            self.eat(b',');
            items.push(self.value()?);
        }
        Some(Node { span: start..self.at, value: Value::Array(items) })
    }

    fn scalar(&mut self) -> Option<Node> {
        let start = self.at;
        while !matches!(self.peek(), None | Some(b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        let json = Json::parse(self.text.get(start..self.at)?).ok()?;
        Some(Node { span: start..self.at, value: Value::Scalar(json) })
    }

    /// What the string holds, and its span with the quotes.
    fn string(&mut self) -> Option<(MappedText, Span)> {
        let start = self.at;
        let mut out = MappedText::default();
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.find(['"', '\\'])?;
            out.push_verbatim(rest.get(..plain)?, self.at);
            self.at += plain;
            if self.peek()? == b'"' {
                self.at += 1;
                return Some((out, start..self.at));
            }
            self.escape(&mut out)?;
        }
    }

    fn escape(&mut self, out: &mut MappedText) -> Option<()> {
        let start = self.at;
        self.at += match self.text.as_bytes().get(start + 1)? {
            b'u' => 6,
            _ => 2,
        };
        let mut escape = self.text.get(start..self.at)?;
        if escape.starts_with("\\uD") || escape.starts_with("\\ud") {
            // Perhaps the first half of a pair.
            let pair = self.text.get(start..start + 12).filter(|pair| decoded(pair).is_some());
            if let Some(pair) = pair.filter(|_| decoded(escape).is_none()) {
                escape = pair;
                self.at = start + 12;
            }
        }
        out.push_replacement(&decoded(escape)?, start..self.at);
        Some(())
    }
}

fn decoded(escape: &str) -> Option<String> {
    Json::parse(&format!("\"{escape}\"")).ok()?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_the_document() {
        let text =
            r#" {"a" : [1, -2.5e1, true, null, "x\n\"y\u00e9\ud83d\ude00"], "b":{}, "c":[], "d":{"e":"f"}} "#;
        let tree = read_json(text).unwrap();
        assert_eq!(tree.to_json(), Json::parse(text).unwrap());
        assert!(read_json("{").is_none());
    }

    #[test]
    fn values_and_keys_know_their_places() {
        let text = r#"{"one": [10, "two"]}"#;
        let tree = read_json(text).unwrap();
        let member = tree.member("one").unwrap();
        assert_eq!(text.get(member.key_span.clone()).unwrap(), "\"one\"");
        let places: Vec<_> =
            member.value.items().iter().map(|item| text.get(item.span.clone()).unwrap()).collect();
        assert_eq!(places, ["10", "\"two\""]);
    }

    #[test]
    fn what_a_string_holds_leads_through_its_escapes() {
        let text = r#"["{\"a\":\n 1}"]"#;
        let tree = read_json(text).unwrap();
        let Value::Text(inner) = &tree.items()[0].value else { panic!("no text") };
        let inner_tree = read_json(inner.as_str()).unwrap().mapped(inner);
        assert_eq!(text.get(inner_tree.span.clone()).unwrap(), r#"{\"a\":\n 1}"#);
        assert_eq!(text.get(inner_tree.member("a").unwrap().key_span.clone()).unwrap(), r#"\"a\""#);
        assert_eq!(text.get(inner_tree.get("a").unwrap().span.clone()).unwrap(), "1");
    }
}
