//! Reads the condition of a filter: `@.price < 10 && !(@.category == 'fiction')`.

use super::cursor::Cursor;
use super::filter::{Comparison, Filter, Operand};
use super::json_path::PathSyntaxError;
use super::literal;
use super::operator::Operator;
use super::path_parser::{self, Within};
use super::pattern::Pattern;
use crate::model::Json;

/// Everything up to the closing parenthesis, which stays unread.
pub(super) fn filter(cursor: &mut Cursor<'_>) -> Result<Filter, PathSyntaxError> {
    chain(cursor, "||", and, Filter::Or)
}

fn and(cursor: &mut Cursor<'_>) -> Result<Filter, PathSyntaxError> {
    chain(cursor, "&&", operand_of_and, Filter::And)
}

fn chain(
    cursor: &mut Cursor<'_>,
    separator: &str,
    read: fn(&mut Cursor<'_>) -> Result<Filter, PathSyntaxError>,
    join: fn(Vec<Filter>) -> Filter,
) -> Result<Filter, PathSyntaxError> {
    let first = read(cursor)?;
    if !cursor.eat_significant(separator) {
        return Ok(first);
    }
    let mut all = vec![first, read(cursor)?];
    while cursor.eat_significant(separator) {
        all.push(read(cursor)?);
    }
    Ok(join(all))
}

fn operand_of_and(cursor: &mut Cursor<'_>) -> Result<Filter, PathSyntaxError> {
    if cursor.eat_significant("!") {
        let negated = cursor.nested(operand_of_and)?;
        return Ok(Filter::Not(Box::new(negated)));
    }
    if cursor.eat_significant("(") {
        let inner = cursor.nested(filter)?;
        if !cursor.eat_significant(")") {
            return cursor.fail(format!("Expected character: ) at position {}", cursor.at()));
        }
        return Ok(inner);
    }
    test(cursor)
}

/// A comparison, or the bare path of an existence check.
fn test(cursor: &mut Cursor<'_>) -> Result<Filter, PathSyntaxError> {
    let left = operand(cursor)?;
    let Some(operator) = operator(cursor)? else {
        return match left {
            Operand::Path(path) => Ok(Filter::Exists(path)),
            Operand::Value(_) | Operand::Pattern(_) => cursor.fail("Expected path node"),
        };
    };
    let right = operand(cursor)?;
    Ok(Filter::Compare(Box::new(Comparison { left, operator, right })))
}

/// `None` where no operator follows.
fn operator(cursor: &mut Cursor<'_>) -> Result<Option<Operator>, PathSyntaxError> {
    cursor.skip_blanks();
    let symbol = match cursor.peek() {
        Some('<' | '>' | '=' | '~' | '!') => cursor.take_while(|c| matches!(c, '<' | '>' | '=' | '~' | '!')),
        Some(c) if c.is_alphabetic() => cursor.take_while(char::is_alphabetic),
        _ => return Ok(None),
    };
    match Operator::written(symbol) {
        Some(operator) => Ok(Some(operator)),
        None => cursor.fail(format!("Filter operator {symbol} is not supported!")),
    }
}

fn operand(cursor: &mut Cursor<'_>) -> Result<Operand, PathSyntaxError> {
    cursor.skip_blanks();
    match cursor.peek() {
        Some('$' | '@') => {
            let path = cursor.nested(|cursor| path_parser::path(cursor, Within::Filter))?;
            Ok(Operand::Path(path))
        }
        Some('/') => Pattern::parse(cursor).map(Operand::Pattern),
        Some(c) if c.is_alphabetic() => Ok(Operand::Value(word(cursor))),
        _ => cursor.nested(literal::value).map(Operand::Value),
    }
}

/// `true`, `false` or `null`. Any other word is a text that lost its quotes: AWS takes definitions with it (they
/// are in its own samples), but no filter can be made of it.
fn word(cursor: &mut Cursor<'_>) -> Json {
    let start = cursor.at();
    match cursor.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        "null" => Json::Null,
        word => {
            cursor.refuse(format!("Failed to parse filter, error on position: {start}: {word}"));
            Json::Null
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::query::jayway::{JsonPath, PathSyntaxError};

    #[track_caller]
    fn check_error(filter: &str, message: &str) {
        let parsed = JsonPath::parse(&format!("$[?({filter})]"));
        assert_eq!(parsed.map(|path| path.to_string()), Err(PathSyntaxError(message.to_owned())));
    }

    #[test]
    fn broken_filters_are_refused() {
        check_error("@.a == 1 2", "Expected end of filter expression instead of: 2)]");
        check_error("@.a === ", "Could not parse a literal at position 12");
        check_error("@.a nosuch 1", "Filter operator nosuch is not supported!");
        check_error("@.a =! 1", "Filter operator =! is not supported!");
        check_error("(@.a", "Expected end of filter expression instead of: ]");
        check_error("1", "Expected path node");
        check_error("@.a == 'x", "String literal is not closed at position 15");
    }

    #[test]
    fn nesting_without_end_is_refused() {
        check_error(&"!".repeat(100_000), "The path nests deeper than 50 levels");
        check_error(&"(".repeat(100_000), "The path nests deeper than 50 levels");
        check_error(&"@[?(".repeat(100_000), "The path nests deeper than 50 levels");
        check_error(&format!("@.a == {}", "[".repeat(100_000)), "The path nests deeper than 50 levels");
    }

    #[test]
    fn a_word_without_quotes_fails_when_the_path_is_read() {
        let path = JsonPath::parse("$..a[?(@.status==Failure)]").unwrap();
        assert_eq!(
            path.read(&Json::empty_object()).unwrap_err().into_message(),
            "Failed to parse filter, error on position: 17: Failure"
        );
    }
}
