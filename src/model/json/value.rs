//! Our JSON value: keeps key order and integers, is cheap to clone, and remembers the text it was read from.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use super::parse::{self, JsonError, KeyPath};
use super::write;

/// A JSON value as Step Functions carries it.
///
/// Cloning is cheap: strings, arrays and objects are shared. An array or object that was read as a whole text
/// keeps that text, and is written back with the very same spacing: AWS passes an untouched payload on verbatim.
/// Equality ignores the text and the order of keys; `1` equals `1.0`.
#[derive(Clone)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    /// Only numbers above `i64::MAX`.
    UInt(u64),
    Float(f64),
    String(Arc<str>),
    Array(Arc<Array>),
    Object(Arc<Object>),
}

/// The keys and values of an object, in their order.
pub(crate) type Map = IndexMap<Arc<str>, Json>;

/// The items of an array, and the text they were read from.
#[derive(Clone, Default)]
pub(crate) struct Array {
    pub(super) items: Arc<Vec<Json>>,
    depth: usize,
    pub(super) text: Option<Arc<str>>,
}

/// The members of an object, and the text they were read from.
#[derive(Clone, Default)]
pub(crate) struct Object {
    pub(super) members: Arc<Map>,
    depth: usize,
    pub(super) text: Option<Arc<str>>,
}

impl Json {
    /// Reads one JSON text; an array or object remembers it.
    pub(crate) fn parse(text: &str) -> Result<Self, JsonError> {
        Ok(parse::parse(text)?.with_text(Some(text.trim().into())))
    }

    /// The same, and where objects repeat a key: of equal keys the last one wins.
    pub(crate) fn parse_noting_duplicates(text: &str) -> Result<(Self, Vec<KeyPath>), JsonError> {
        let (value, duplicates) = parse::parse_noting_duplicates(text)?;
        Ok((value.with_text(Some(text.trim().into())), duplicates))
    }

    /// How deeply arrays and objects are nested: 1 for `[]`, 0 for a scalar.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Array(array) => array.depth,
            Self::Object(object) => object.depth,
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::UInt(_) | Self::Float(_) | Self::String(_) => 0,
        }
    }

    pub(crate) fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    pub(crate) fn array(items: Vec<Self>) -> Self {
        let depth = 1 + items.iter().map(Self::depth).max().unwrap_or_default();
        Self::Array(Arc::new(Array { items: Arc::new(items), depth, text: None }))
    }

    pub(crate) fn object(members: Map) -> Self {
        let depth = 1 + members.values().map(Self::depth).max().unwrap_or_default();
        Self::Object(Arc::new(Object { members: Arc::new(members), depth, text: None }))
    }

    pub(crate) fn empty_object() -> Self {
        Self::object(Map::new())
    }

    /// An object of the given members, in their order.
    pub(crate) fn from_members<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    fn with_text(self, text: Option<Arc<str>>) -> Self {
        match self {
            Self::Array(array) => {
                Self::Array(Arc::new(Array { items: Arc::clone(&array.items), depth: array.depth, text }))
            }
            Self::Object(object) => Self::Object(Arc::new(Object {
                members: Arc::clone(&object.members),
                depth: object.depth,
                text,
            })),
            scalar @ (Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::UInt(_)
            | Self::Float(_)
            | Self::String(_)) => scalar,
        }
    }

    /// The same value and its text, which an array or object remembers: whoever needs the text again shares it.
    pub(crate) fn remembering_text(&self) -> (Self, Arc<str>) {
        match self.text() {
            Some(text) => (self.clone(), Arc::clone(text)),
            None => {
                let text: Arc<str> = self.to_text().into();
                (self.clone().with_text(Some(Arc::clone(&text))), text)
            }
        }
    }

    /// The same, unless the text has more than `most` bytes.
    pub(crate) fn remembering_text_within(&self, most: usize) -> Option<(Self, Arc<str>)> {
        if let Some(text) = self.text() {
            return (text.len() <= most).then(|| self.remembering_text());
        }
        let text: Arc<str> = write::to_text_within(self, most)?.into();
        Some((self.clone().with_text(Some(Arc::clone(&text))), text))
    }

    /// The text that an array or object remembers.
    fn text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Array(array) => array.text.as_ref(),
            Self::Object(object) => object.text.as_ref(),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::UInt(_) | Self::Float(_) | Self::String(_) => {
                None
            }
        }
    }

    pub(crate) fn remembers_text(&self) -> bool {
        self.text().is_some()
    }

    /// The text of this value: as it was read if it is untouched, compact otherwise.
    pub(crate) fn to_text(&self) -> String {
        write::to_text(self)
    }

    /// The same value without the spacing it was read with.
    pub(crate) fn compacted(&self) -> Self {
        if self.remembers_text() { self.clone().with_text(None) } else { self.clone() }
    }

    /// Indented by two spaces, for people.
    pub(crate) fn to_pretty_text(&self) -> String {
        write::to_pretty_text(self)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    pub(crate) fn as_object(&self) -> Option<&Map> {
        if let Self::Object(object) = self { Some(&object.members) } else { None }
    }

    pub(crate) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(array) = self { Some(&array.items) } else { None }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The value as an integer; also of a float without a fraction, such as `2.0`.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub(crate) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::UInt(value) => i64::try_from(*value).ok(),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(*value as i64),
            Self::Float(_)
            | Self::Null
            | Self::Bool(_)
            | Self::String(_)
            | Self::Array(_)
            | Self::Object(_) => None,
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "JSON numbers compare as doubles, as in JavaScript and Java"
    )]
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::UInt(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Null | Self::Bool(_) | Self::String(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::UInt(_) | Self::Float(_))
    }

    /// `null`, `boolean`, `number`, `string`, `array` or `object`.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Int(_) | Self::UInt(_) | Self::Float(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Orders two numbers; `None` when either is none.
    pub(crate) fn compare_numbers(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => Some(left.cmp(right)),
            (Self::UInt(left), Self::UInt(right)) => Some(left.cmp(right)),
            _ => self.as_f64()?.partial_cmp(&other.as_f64()?),
        }
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::String(left), Self::String(right)) => left == right,
            (Self::Array(left), Self::Array(right)) => left.items == right.items,
            (Self::Object(left), Self::Object(right)) => left.members == right.members,
            _ => self.compare_numbers(other) == Some(Ordering::Equal),
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roundtrip(text: &str) -> String {
        Json::parse(text).unwrap().to_text()
    }

    #[test]
    fn an_untouched_array_or_object_keeps_its_spacing() {
        assert_eq!(roundtrip("[[1, 2, 3], [4, 5, 6]]"), "[[1, 2, 3], [4, 5, 6]]");
        assert_eq!(roundtrip(" { \"b\": 1,\n \"a\" : 2 } "), "{ \"b\": 1,\n \"a\" : 2 }");
    }

    #[test]
    fn a_part_of_a_text_is_written_compact() {
        let whole = Json::parse(r#"{"a": [1, 2],  "b": {"x": null}}"#).unwrap();
        assert_eq!(whole.get("a").unwrap().to_text(), "[1,2]");
        assert_eq!(whole.compacted().to_text(), r#"{"a":[1,2],"b":{"x":null}}"#);
    }

    #[test]
    fn a_kept_text_shows_inside_a_new_array() {
        let inner = Json::parse("[1, 2]").unwrap();
        assert_eq!(Json::array(vec![inner, Json::Int(3)]).to_text(), "[[1, 2],3]");
    }

    #[test]
    fn numbers_keep_their_kind() {
        assert_eq!(roundtrip("0.0"), "0.0");
        assert_eq!(roundtrip("-0"), "0");
        assert_eq!(roundtrip("18446744073709551615"), "18446744073709551615");
        assert_eq!(roundtrip("1.50"), "1.5");
        assert_eq!(roundtrip("1e3"), "1000.0");
    }

    #[test]
    fn equality_ignores_order_text_and_the_kind_of_number() {
        assert_eq!(Json::parse(r#"{"a":1,"b":2}"#).unwrap(), Json::parse(r#"{"b": 2.0, "a": 1}"#).unwrap());
        assert_ne!(Json::parse("[1,2]").unwrap(), Json::parse("[2,1]").unwrap());
        assert_ne!(Json::Null, Json::Bool(false));
    }
}
