//! Reading an expression, with the codes of version 2.0.6 for what is wrong with it.

use jsonata_core::ast::AstNode;
use jsonata_core::parser::{self, ParserError};

use super::error_text;

pub(super) fn parse(text: &str) -> Result<AstNode, String> {
    parser::parse(text).map_err(|error| {
        if matches!(error, ParserError::UnclosedComment) {
            return "S0106: Comment has no closing tag".to_owned();
        }
        // The engine puts these before some of its codes.
        let message = error.to_string();
        let message = message.trim_start_matches("Invalid syntax: ").trim_start_matches("Invalid number: ");
        error_text::of_syntax(message)
    })
}
