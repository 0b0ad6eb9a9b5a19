//! A document as a tree that knows where each value stands.

use std::ops::Range;

use super::MappedText;
use crate::model::Json;
use crate::model::json::Map;

/// Bytes of a text.
pub(in crate::cli) type Span = Range<usize>;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Node {
    pub(in crate::cli) span: Span,
    pub(in crate::cli) value: Value,
}

#[derive(Debug, Clone)]
pub(in crate::cli) enum Value {
    /// `null`, a boolean or a number.
    Scalar(Json),
    Text(MappedText),
    Array(Vec<Node>),
    /// Every member of the text, also those of one key.
    Object(Vec<Member>),
}

#[derive(Debug, Clone)]
pub(in crate::cli) struct Member {
    pub(in crate::cli) key: String,
    pub(in crate::cli) key_span: Span,
    pub(in crate::cli) value: Node,
}

impl Node {
    pub(in crate::cli) fn text(text: MappedText, span: Span) -> Self {
        Self { span, value: Value::Text(text) }
    }

    /// The last member of this key: that is the one that counts.
    pub(in crate::cli) fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.key == key)
    }

    pub(in crate::cli) fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    pub(in crate::cli) fn as_str(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text.as_str()) } else { None }
    }

    pub(in crate::cli) fn members(&self) -> &[Member] {
        if let Value::Object(members) = &self.value { members } else { &[] }
    }

    pub(in crate::cli) fn items(&self) -> &[Self] {
        if let Value::Array(items) = &self.value { items } else { &[] }
    }

    pub(in crate::cli) fn to_json(&self) -> Json {
        match &self.value {
            Value::Scalar(json) => json.clone(),
            Value::Text(text) => Json::string(text.as_str()),
            Value::Array(items) => Json::array(items.iter().map(Self::to_json).collect()),
            Value::Object(members) => {
                let mut map = Map::new();
                for Member { key, value, .. } in members {
                    map.insert(key.as_str().into(), value.to_json());
                }
                Json::object(map)
            }
        }
    }

    /// The same tree, each place in it moved to where `text` has it from.
    pub(in crate::cli) fn mapped(mut self, text: &MappedText) -> Self {
        self.map_spans(text);
        self
    }

    fn map_spans(&mut self, text: &MappedText) {
        self.span = text.source_of(self.span.clone());
        match &mut self.value {
            Value::Scalar(_) | Value::Text(_) => {}
            Value::Array(items) => items.iter_mut().for_each(|item| item.map_spans(text)),
            Value::Object(members) => {
                for Member { key_span, value, .. } in members {
                    *key_span = text.source_of(key_span.clone());
                    value.map_spans(text);
                }
            }
        }
    }
}
