//! Reads a step in brackets: names, indexes, slices, wildcards, filters.

use super::cursor::Cursor;
use super::filter_parser;
use super::json_path::PathSyntaxError;
use super::token::{Name, Token};

/// The step at `[`; `None` for a script expression, which parses but never runs.
pub(super) fn token(cursor: &mut Cursor<'_>) -> Result<Option<Token>, PathSyntaxError> {
    let start = cursor.at();
    cursor.eat("[");
    cursor.skip_blanks();
    match cursor.peek() {
        Some(quote @ ('\'' | '"')) => names(cursor, quote).map(Some),
        Some('*') => {
            cursor.bump();
            if !cursor.eat_significant("]") {
                let at = cursor.at();
                return cursor.fail(format!("Expected wildcard token to end with ']' on position {at}"));
            }
            Ok(Some(Token::Wildcard))
        }
        Some('?') => filter(cursor).map(Some),
        Some('(') => script(cursor, start).map(|()| None),
        Some('0'..='9' | '-' | ':') => numbers(cursor).map(Some),
        _ => cursor.fail(expected_token(start)),
    }
}

fn expected_token(start: usize) -> String {
    format!("Could not parse token starting at position {start}. Expected ?, ', 0-9, * ")
}

fn names(cursor: &mut Cursor<'_>, quote: char) -> Result<Token, PathSyntaxError> {
    let mut names = Vec::new();
    loop {
        names.push(Name { name: name(cursor, quote)?.into(), quote });
        if cursor.eat_significant("]") {
            break;
        }
        if !cursor.eat_significant(",") {
            return cursor.fail(format!(
                "Property must be separated by comma or Property must be terminated close square bracket at index {}",
                cursor.at()
            ));
        }
        cursor.skip_blanks();
        if cursor.peek() != Some(quote) {
            return cursor.fail(format!("Found empty property at index {}", cursor.at()));
        }
    }
    match names.pop() {
        Some(only) if names.is_empty() => Ok(Token::Property(only)),
        last => {
            names.extend(last);
            Ok(Token::Properties(names))
        }
    }
}

/// A quoted name. A backslash only guards the quote; before anything else it is part of the name, as on AWS, where
/// `$['Test\""Name"']` finds the key `Test\""Name"`.
fn name(cursor: &mut Cursor<'_>, quote: char) -> Result<String, PathSyntaxError> {
    cursor.bump();
    let mut name = String::new();
    loop {
        match cursor.bump() {
            Some(c) if c == quote => return Ok(name),
            Some('\\') if cursor.peek() == Some(quote) => {
                cursor.bump();
                name.push(quote);
            }
            Some(c) => name.push(c),
            None => return cursor.fail(format!("Property has not been closed - missing closing {quote}")),
        }
    }
}

fn filter(cursor: &mut Cursor<'_>) -> Result<Token, PathSyntaxError> {
    let start = cursor.at();
    cursor.bump();
    if !cursor.eat_significant("(") {
        return cursor.fail(format!("Not enough predicates supplied for filter [?] at position {start}"));
    }
    let filter = cursor.nested(filter_parser::filter)?;
    if cursor.eat_significant(")") && cursor.eat_significant("]") {
        return Ok(Token::Filter(filter));
    }
    cursor.skip_blanks();
    cursor.fail(format!("Expected end of filter expression instead of: {}", cursor.rest()))
}

/// `[(@.length-1)]`: JSONPath's script expressions. AWS's linter knows them, Jayway does not.
fn script(cursor: &mut Cursor<'_>, start: usize) -> Result<(), PathSyntaxError> {
    cursor.take_while(|c| c != ')');
    if !(cursor.eat(")") && cursor.eat_significant("]")) {
        return cursor.fail(expected_token(start));
    }
    cursor.refuse(expected_token(start));
    Ok(())
}

fn numbers(cursor: &mut Cursor<'_>) -> Result<Token, PathSyntaxError> {
    let text = cursor.take_while(|c| c != ']').trim();
    if !cursor.eat("]") {
        return cursor.fail("Property has not been closed - missing closing ]");
    }
    if text.contains(':') { slice(text) } else { indexes(text) }
}

fn indexes(text: &str) -> Result<Token, PathSyntaxError> {
    let indexes = text
        .split(',')
        .map(|index| number(index.trim()))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| PathSyntaxError(format!("Failed to parse ArrayIndexOperation: {text}")))?;
    match indexes.as_slice() {
        [only] => Ok(Token::Index(*only)),
        _ => Ok(Token::Indexes(indexes)),
    }
}

fn slice(text: &str) -> Result<Token, PathSyntaxError> {
    let failed = || PathSyntaxError(format!("Failed to parse SliceOperation: {text}"));
    let (from, to) = text.split_once(':').ok_or_else(failed)?;
    let bound = |text: &str| match text.trim() {
        "" => Ok(None),
        digits => number(digits).map(Some).ok_or_else(failed),
    };
    Ok(Token::Slice(bound(from)?, bound(to)?))
}

/// Java's `int`, which is what Jayway counts with.
fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<i32>().ok().filter(|_| plain).map(i64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::jayway::JsonPath;

    #[track_caller]
    fn check(text: &str, canonical: &str) {
        assert_eq!(JsonPath::parse(text).map(|path| path.to_string()), Ok(canonical.to_owned()), "{text}");
    }

    #[track_caller]
    fn check_error(text: &str, message: &str) {
        assert_eq!(
            JsonPath::parse(text).map(|path| path.to_string()),
            Err(PathSyntaxError(message.to_owned()))
        );
    }

    #[test]
    fn indexes_and_slices_take_blanks_and_negative_numbers() {
        check("$[ 0 ]", "$[0]");
        check("$[-1]", "$[-1]");
        check("$[0 , 2]", "$[0,2]");
        check("$[1:]", "$[1:]");
        check("$[:-2]", "$[:-2]");
        check("$[1:3]", "$[1:3]");
        check("$[:]", "$[:]");
    }

    #[test]
    fn a_slice_has_no_step() {
        check_error("$[::2]", "Failed to parse SliceOperation: ::2");
        check_error("$[0:9:2]", "Failed to parse SliceOperation: 0:9:2");
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        check_error("$[1-2]", "Failed to parse ArrayIndexOperation: 1-2");
        check_error("$[1,]", "Failed to parse ArrayIndexOperation: 1,");
        check_error("$[99999999999]", "Failed to parse ArrayIndexOperation: 99999999999");
        check_error("$[-+1]", "Failed to parse ArrayIndexOperation: -+1");
    }

    #[test]
    fn names_are_quoted_listed_and_closed() {
        check("$['a','b c']", "$['a','b c']");
        check("$['it\\'s']", "$['it's']");
        check(r#"$['Test\""Name"']"#, r#"$['Test\""Name"']"#);
        check_error("$['a", "Property has not been closed - missing closing '");
        check_error("$['a',]", "Found empty property at index 6");
        check_error(
            "$['a'x]",
            "Property must be separated by comma or Property must be terminated close square bracket at index 5",
        );
        check_error("$[", "Could not parse token starting at position 1. Expected ?, ', 0-9, * ");
        check_error("$[a]", "Could not parse token starting at position 1. Expected ?, ', 0-9, * ");
        check_error("$[*", "Expected wildcard token to end with ']' on position 3");
        check_error("$[?]", "Not enough predicates supplied for filter [?] at position 2");
    }

    #[test]
    fn a_script_expression_parses_but_does_not_run() {
        let path = JsonPath::parse("$[(@.length-1)].bar").unwrap();
        let error = path.read(&crate::model::Json::array(vec![])).unwrap_err();
        assert_eq!(
            error.into_message(),
            "Could not parse token starting at position 1. Expected ?, ', 0-9, * "
        );
    }
}
