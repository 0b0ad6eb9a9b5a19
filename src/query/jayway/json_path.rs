//! A parsed path, and reading a document with it.

use std::fmt;

use super::cursor::Cursor;
use super::evaluate::Reader;
use super::path_parser::{self, Within};
use super::token::Token;
use crate::model::Json;
use crate::query::Effort;

/// A JSONPath, parsed once.
#[derive(Debug, Clone)]
pub(in crate::query) struct JsonPath {
    pub(super) start: Start,
    pub(super) tokens: Vec<Token>,
    /// Why it can never be read, for constructs that only fail when they run.
    pub(super) refusal: Option<String>,
}

/// What a path begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// `$`, the whole document.
    Root,
    /// `@`, the item that a filter looks at. Outside of filters it is the document too.
    Item,
}

/// A text that is no JSONPath, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::query) struct PathSyntaxError(pub(in crate::query) String);

/// Why a path gives no value, in Jayway's words. The kinds matter inside filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::query) enum PathError {
    /// Nothing is there.
    NotFound(String),
    /// The path cannot be applied to what is there. A filter that meets it is false.
    Invalid(String),
    /// Evaluation failed; it fails the whole path even from within a filter.
    Failed(String),
}

/// A step of a path that names one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::query) enum Step<'p> {
    Name(&'p std::sync::Arc<str>),
    Index(i64),
}

impl JsonPath {
    pub(in crate::query) fn parse(text: &str) -> Result<Self, PathSyntaxError> {
        let text = text.trim();
        let rooted;
        let text = if text.starts_with(['$', '@']) {
            text
        } else {
            rooted = format!("$.{text}");
            &rooted
        };
        if text.ends_with('.') {
            return Err(PathSyntaxError("Path must not end with a '.' or '..'".to_owned()));
        }
        let mut cursor = Cursor::new(text);
        let mut path = path_parser::path(&mut cursor, Within::Text)?;
        path.refusal = cursor.into_refusal();
        Ok(path)
    }

    /// The path at the start of `text`, up to a blank, comma or closing parenthesis; and the text behind it.
    pub(in crate::query) fn parse_argument(text: &str) -> Result<(Self, &str), PathSyntaxError> {
        let mut cursor = Cursor::new(text);
        let mut path = path_parser::path(&mut cursor, Within::Arguments)?;
        let rest = cursor.rest();
        path.refusal = cursor.into_refusal();
        Ok((path, rest))
    }

    /// Whether the path leads to one place at most, so that reading gives the value itself and not an array.
    pub(in crate::query) fn is_definite(&self) -> bool {
        let last = self.tokens.len().saturating_sub(1);
        self.tokens.iter().enumerate().all(|(position, token)| token.is_definite(position == last))
    }

    /// Whether the path is the start alone: `$`.
    pub(in crate::query) fn is_whole(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The steps of a path made of names and single indexes only.
    pub(in crate::query) fn steps(&self) -> Option<Vec<Step<'_>>> {
        self.tokens
            .iter()
            .map(|token| match token {
                Token::Property(name) => Some(Step::Name(&name.name)),
                Token::Index(index) => Some(Step::Index(*index)),
                Token::Properties(_)
                | Token::Wildcard
                | Token::Scan
                | Token::Indexes(_)
                | Token::Slice(..)
                | Token::Filter(_)
                | Token::Function(_) => None,
            })
            .collect()
    }

    /// The value at a definite path, or the array of all matches of an indefinite one.
    ///
    /// Unlike Jayway, and as recorded from AWS, an indefinite path below something missing gives `[]`.
    pub(in crate::query) fn read_within(&self, document: &Json, effort: &Effort) -> Result<Json, PathError> {
        if let Some(refusal) = &self.refusal {
            return Err(PathError::Failed(refusal.clone()));
        }
        let result = Reader::new(document, effort).read(self, document);
        match result {
            Err(PathError::NotFound(_)) if !self.is_definite() => Ok(Json::array(vec![])),
            result => result,
        }
    }
}

#[cfg(test)]
impl JsonPath {
    pub(in crate::query) fn read(&self, document: &Json) -> Result<Json, PathError> {
        self.read_within(document, &Effort::default())
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.start == Start::Root { "$" } else { "@" })?;
        self.tokens.iter().try_for_each(|token| write!(f, "{token}"))
    }
}

impl PathError {
    pub(in crate::query) fn into_message(self) -> String {
        match self {
            Self::NotFound(message) | Self::Invalid(message) | Self::Failed(message) => message,
        }
    }
}
