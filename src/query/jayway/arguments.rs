//! Reads the arguments of a function: JSON values and paths.

use super::cursor::Cursor;
use super::function::Function;
use super::json_path::{JsonPath, PathSyntaxError};
use super::literal;
use super::path_parser::{self, Within};
use super::token::{Argument, Call, Token};

/// The call of the function `name`, whose opening parenthesis has been read.
pub(super) fn call(cursor: &mut Cursor<'_>, name: &str) -> Result<Call, PathSyntaxError> {
    let Some(function) = Function::named(name) else {
        return cursor.fail(format!("Function with name: {name} does not exist."));
    };
    let mut arguments = Vec::new();
    if cursor.eat_significant(")") {
        return Ok(Call { function, arguments });
    }
    loop {
        arguments.push(cursor.nested(|cursor| argument(cursor, function))?);
        if cursor.eat_significant(")") {
            return Ok(Call { function, arguments });
        }
        if !cursor.eat_significant(",") {
            return cursor.fail(format!("Arguments to function: '{name}' are not closed properly."));
        }
    }
}

fn argument(cursor: &mut Cursor<'_>, function: Function) -> Result<Argument, PathSyntaxError> {
    cursor.skip_blanks();
    if !matches!(cursor.peek(), Some('$' | '@')) {
        return Ok(Argument::Value(literal::value(cursor)?));
    }
    let path = path_parser::path(cursor, Within::Arguments)?;
    Ok(Argument::Path(of_function(function, path)))
}

/// The path as the function wants it: what counts things counts those below the path.
pub(super) fn of_function(function: Function, mut path: JsonPath) -> JsonPath {
    let is_function_path = matches!(path.tokens.last(), Some(Token::Function(_)));
    if function == Function::Length && !path.tokens.is_empty() && !is_function_path {
        path.tokens.push(Token::Wildcard);
    }
    path
}
