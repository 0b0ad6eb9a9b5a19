//! Reading an expression, with the codes of version 2.0.6 for what is wrong with it.

use jsonata_core::ast::AstNode;
use jsonata_core::parser::{self, ParserError};

use super::error_text;

pub(super) fn parse(text: &str) -> Result<AstNode, String> {
    parser::parse(text).map_err(|error| match error {
        ParserError::UnclosedComment => "S0106: Comment has no closing tag".to_owned(),
        ParserError::InvalidSyntax(why) | ParserError::InvalidNumber(why) => error_text::of_syntax(&why),
        error => error_text::of_syntax(&error.to_string()),
    })
}
