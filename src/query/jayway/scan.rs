//! `..`: all containers below a value, in the order in which they are written.

use super::evaluate::Reader;
use super::json_path::PathError;
use super::token::Token;
use crate::model::Json;

/// The containers that `target`, the step behind the dots, is applied to.
///
/// Walks with a list of its own instead of recursion, so that deep data is no danger.
pub(super) fn scan(reader: &Reader<'_>, from: &Json, target: Option<&Token>) -> Result<Vec<Json>, PathError> {
    let mut found = Vec::new();
    let mut open = vec![from];
    while let Some(value) = open.pop() {
        reader.step()?;
        if is_wanted(reader, value, target)? {
            found.push(value.clone());
        }
        if let Some(items) = value.as_array() {
            open.extend(items.iter().rev());
        }
        if let Some(members) = value.as_object() {
            open.extend(members.values().rev());
        }
    }
    Ok(found)
}

fn is_wanted(reader: &Reader<'_>, value: &Json, target: Option<&Token>) -> Result<bool, PathError> {
    match target {
        Some(Token::Property(name)) => Ok(value.get(&name.name).is_some()),
        Some(Token::Properties(_)) => Ok(value.as_object().is_some()),
        Some(Token::Wildcard) => Ok(value.as_object().is_some() || value.as_array().is_some()),
        Some(Token::Index(_) | Token::Indexes(_) | Token::Slice(..)) => Ok(value.as_array().is_some()),
        Some(Token::Filter(filter)) => reader.accepts(filter, value),
        Some(Token::Scan | Token::Function(_)) | None => Ok(false),
    }
}
