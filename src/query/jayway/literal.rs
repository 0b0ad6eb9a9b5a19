//! Literals in filters and function arguments: JSON that may use single quotes.

use super::cursor::Cursor;
use super::json_path::PathSyntaxError;
use crate::model::Json;

pub(super) fn value(cursor: &mut Cursor<'_>) -> Result<Json, PathSyntaxError> {
    cursor.skip_blanks();
    let start = cursor.at();
    match cursor.peek() {
        Some(quote @ ('\'' | '"')) => Ok(Json::string(string(cursor, quote)?)),
        Some('[') => cursor.nested(array),
        Some('{') => cursor.nested(object),
        Some('-' | '0'..='9') => number(cursor, start),
        _ => word(cursor, start),
    }
}

fn number(cursor: &mut Cursor<'_>, start: usize) -> Result<Json, PathSyntaxError> {
    let text = cursor.take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
    Json::parse(text).or_else(|_| unreadable(cursor, start))
}

fn word(cursor: &mut Cursor<'_>, start: usize) -> Result<Json, PathSyntaxError> {
    match cursor.take_while(char::is_alphabetic) {
        "true" => Ok(Json::Bool(true)),
        "false" => Ok(Json::Bool(false)),
        "null" => Ok(Json::Null),
        _ => unreadable(cursor, start),
    }
}

fn unreadable(cursor: &Cursor<'_>, start: usize) -> Result<Json, PathSyntaxError> {
    cursor.fail(format!("Could not parse a literal at position {start}"))
}

fn array(cursor: &mut Cursor<'_>) -> Result<Json, PathSyntaxError> {
    cursor.eat("[");
    let mut items = Vec::new();
    if cursor.eat_significant("]") {
        return Ok(Json::array(items));
    }
    loop {
        items.push(value(cursor)?);
        if cursor.eat_significant("]") {
            return Ok(Json::array(items));
        }
        expect(cursor, ",")?;
    }
}

fn object(cursor: &mut Cursor<'_>) -> Result<Json, PathSyntaxError> {
    cursor.eat("{");
    let mut members = Vec::new();
    if cursor.eat_significant("}") {
        return Ok(Json::from_members(members));
    }
    loop {
        cursor.skip_blanks();
        let Some(quote @ ('\'' | '"')) = cursor.peek() else {
            return cursor.fail(format!("Expected a quoted key at position {}", cursor.at()));
        };
        let key = string(cursor, quote)?;
        expect(cursor, ":")?;
        members.push((key, value(cursor)?));
        if cursor.eat_significant("}") {
            return Ok(Json::from_members(members));
        }
        expect(cursor, ",")?;
    }
}

fn expect(cursor: &mut Cursor<'_>, wanted: &str) -> Result<(), PathSyntaxError> {
    if cursor.eat_significant(wanted) {
        return Ok(());
    }
    cursor.fail(format!("Expected character: {wanted} at position {}", cursor.at()))
}

fn string(cursor: &mut Cursor<'_>, quote: char) -> Result<String, PathSyntaxError> {
    cursor.bump();
    let mut text = String::new();
    loop {
        match cursor.bump() {
            Some(c) if c == quote => return Ok(text),
            Some('\\') => text.extend(escaped(cursor)),
            Some(c) => text.push(c),
            None => return cursor.fail(format!("String literal is not closed at position {}", cursor.at())),
        }
    }
}

/// What stands behind a backslash, read as Java reads it: an unknown escape is the character itself.
fn escaped(cursor: &mut Cursor<'_>) -> Option<char> {
    match cursor.bump()? {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'u' => {
            let digits: String = cursor.rest().chars().take(4).take_while(char::is_ascii_hexdigit).collect();
            cursor.eat(&digits);
            u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, json: &str) {
        assert_eq!(value(&mut Cursor::new(text)).map(|value| value.to_text()), Ok(json.to_owned()), "{text}");
    }

    #[test]
    fn literals_are_json_with_either_quote() {
        check("'it''s'", r#""it""#);
        check(r"'it\'s \u00e9\n'", r#""it's é\n""#);
        check("\"a\"", r#""a""#);
        check(" [ 'a' , 1.5, [true], {'k': null} ] ", r#"["a",1.5,[true],{"k":null}]"#);
        check("[]", "[]");
        check("{}", "{}");
        check("-1e3)", "-1000.0");
    }

    #[test]
    fn broken_literals_are_errors() {
        for text in ["", "[1", "[1 2]", "{a:1}", "{'a' 1}", "{'a':1", "'a", "1.2.3", "--1", "nul", "'\\", ")"]
        {
            assert!(value(&mut Cursor::new(text)).is_err(), "{text}");
        }
    }
}
