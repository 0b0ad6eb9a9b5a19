//! Where a step stands in its path, and the sentences about what is missing there.

use super::json_path::{JsonPath, PathError, Start};
use super::token::Token;
use crate::model::Json;
use crate::query::java_text::{java_class, java_text};

pub(super) struct Place<'p> {
    pub(super) path: &'p JsonPath,
    pub(super) position: usize,
    pub(super) token: &'p Token,
    /// Whether all steps before lead to one place at most: only then is nothing there an error.
    pub(super) upstream_definite: bool,
}

impl Place<'_> {
    pub(super) fn is_leaf(&self) -> bool {
        self.position + 1 == self.path.tokens.len()
    }

    /// Whether this step and all before lead to one place at most.
    pub(super) fn is_definite(&self) -> bool {
        self.upstream_definite && self.token.is_definite(self.is_leaf())
    }

    pub(super) fn next(&self) -> Option<&Token> {
        self.path.tokens.get(self.position + 1)
    }

    /// The path up to here, as Jayway writes it.
    pub(super) fn upstream(&self) -> String {
        let mut text = String::from(if self.path.start == Start::Root { "$" } else { "@" });
        for token in self.path.tokens.iter().take(self.position) {
            match token {
                Token::Property(name) => text.extend(["['", &name.name, "']"]),
                Token::Properties(_)
                | Token::Wildcard
                | Token::Scan
                | Token::Index(_)
                | Token::Indexes(_)
                | Token::Slice(..)
                | Token::Filter(_)
                | Token::Function(_) => text.push_str(&token.to_string()),
            }
        }
        text
    }

    /// This step and all behind it.
    pub(super) fn downstream(&self) -> String {
        self.path.tokens.iter().skip(self.position).map(ToString::to_string).collect()
    }

    pub(super) fn no_object(&self, found: &Json) -> Result<Option<Json>, PathError> {
        if !self.upstream_definite {
            return Ok(None);
        }
        Err(PathError::NotFound(format!(
            "Expected to find an object with property {} in path {} but found '{}'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
            self.token,
            self.upstream(),
            java_class(found)
        )))
    }

    /// The items of an array; where there is none, an error or, when many places are searched, nothing.
    pub(super) fn items<'j>(&self, at: &'j Json) -> Result<Option<&'j [Json]>, PathError> {
        match at.as_array() {
            Some(items) => Ok(Some(items)),
            None if !self.upstream_definite => Ok(None),
            None if at.is_null() => Err(PathError::NotFound(format!("The path {} is null", self.upstream()))),
            None => Err(PathError::Invalid(format!(
                "Filter: {} can only be applied to arrays. Current context is: {}",
                self.downstream(),
                java_text(at)
            ))),
        }
    }
}
