//! Reads a path: names in dot notation, functions, and the dots between the steps.

use super::arguments;
use super::bracket;
use super::cursor::Cursor;
use super::json_path::{JsonPath, PathSyntaxError, Start};
use super::token::{Argument, Call, Name, Token};

/// Where a path stands, which decides where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// The path is the whole text.
    Text,
    /// An operand in a filter: `@.price < 10`.
    Filter,
    /// An argument of a function: `concat($.a, $.b)`.
    Arguments,
}

/// Steps of one path: a longer one is no honest path, and could build JSON deeper than any parser reads.
const MAX_TOKENS: usize = 500;

pub(super) fn path(cursor: &mut Cursor<'_>, within: Within) -> Result<JsonPath, PathSyntaxError> {
    let start = match cursor.bump() {
        Some('$') => Start::Root,
        Some('@') => Start::Item,
        _ => return cursor.fail("Path must start with '$' or '@'"),
    };
    let mut parser = PathParser { cursor, within, tokens: Vec::new() };
    if !parser.at_end() && !matches!(parser.cursor.peek(), Some('.' | '[')) {
        let at = parser.cursor.at();
        return parser.cursor.fail(format!("Illegal character at position {at} expected '.' or '['"));
    }
    while !parser.at_end() {
        parser.step()?;
        if parser.tokens.len() > MAX_TOKENS {
            return parser.cursor.fail(format!("The path has more than {MAX_TOKENS} steps"));
        }
    }
    Ok(aggregate_scan(JsonPath { start, tokens: parser.tokens, refusal: None }))
}

struct PathParser<'c, 't> {
    cursor: &'c mut Cursor<'t>,
    within: Within,
    tokens: Vec<Token>,
}

impl PathParser<'_, '_> {
    fn at_end(&self) -> bool {
        let Some(c) = self.cursor.peek() else {
            return true;
        };
        match self.within {
            Within::Text => false,
            Within::Arguments => c.is_ascii_whitespace() || matches!(c, ',' | ')'),
            Within::Filter => {
                c.is_ascii_whitespace()
                    || matches!(c, ')' | ']' | ',' | '<' | '>' | '=' | '~' | '!')
                    || self.cursor.rest().starts_with("&&")
                    || self.cursor.rest().starts_with("||")
            }
        }
    }

    fn step(&mut self) -> Result<(), PathSyntaxError> {
        if self.cursor.eat("..") {
            self.tokens.push(Token::Scan);
            self.after_dots()
        } else if self.cursor.eat(".") {
            self.after_dots()
        } else {
            self.target()
        }
    }

    fn after_dots(&mut self) -> Result<(), PathSyntaxError> {
        if self.at_end() {
            return self.cursor.fail("Path must not end with a '.' or '..'");
        }
        if self.cursor.peek() == Some('.') {
            return self.cursor.fail(format!("Character '.' on position {} is not valid.", self.cursor.at()));
        }
        self.target()
    }

    fn target(&mut self) -> Result<(), PathSyntaxError> {
        let token = match self.cursor.peek() {
            Some('[') => bracket::token(self.cursor)?,
            Some('*') => {
                self.cursor.bump();
                Some(Token::Wildcard)
            }
            _ => Some(self.name_or_function()?),
        };
        self.tokens.extend(token);
        Ok(())
    }

    fn name_or_function(&mut self) -> Result<Token, PathSyntaxError> {
        let start = self.cursor.at();
        while !self.at_end() {
            match self.cursor.peek() {
                None | Some('.' | '[' | '(') => break,
                Some(' ') => {
                    return self.cursor.fail(format!(
                        "Use bracket notion ['my prop'] if your property contains blank characters. position: {start}"
                    ));
                }
                Some(_) => {
                    self.cursor.bump();
                }
            }
        }
        let name = self.cursor.since(start);
        if name.is_empty() {
            return self.cursor.fail(format!("Could not parse token starting at position {start}"));
        }
        if self.cursor.eat("(") {
            return Ok(Token::Function(arguments::call(self.cursor, name)?));
        }
        Ok(Token::Property(Name { name: name.into(), quote: '\'' }))
    }
}

/// `$..a.sum()` sums all that `$..a` finds, as if it were `$.sum($..a)`.
fn aggregate_scan(mut path: JsonPath) -> JsonPath {
    let scans = matches!(path.tokens.first(), Some(Token::Scan));
    let functions = path.tokens.iter().filter(|token| matches!(token, Token::Function(_))).count();
    if !scans || functions != 1 {
        return path;
    }
    match path.tokens.pop() {
        Some(Token::Function(Call { function, .. })) => {
            let start = path.start;
            let argument = arguments::of_function(function, path);
            let call = Call { function, arguments: vec![Argument::Path(argument)] };
            JsonPath { start, tokens: vec![Token::Function(call)], refusal: None }
        }
        last => {
            path.tokens.extend(last);
            path
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn steps_read_alike_in_dots_and_in_brackets() {
        check("$", "$");
        check("$.a.b", "$['a']['b']");
        check("$['a'].b[0]", "$['a']['b'][0]");
        check("$.[0].[ 'a' ]", "$[0]['a']");
        check("$.*[*]", "$[*][*]");
        check("$..a..[0]", "$..['a']..[0]");
        check("$[\"a\"]", "$[\"a\"]");
    }

    #[test]
    fn names_in_dots_hold_anything_but_dots_blanks_and_brackets() {
        check("$.delivery-partner.é.a:b@c", "$['delivery-partner']['é']['a:b@c']");
    }

    #[test]
    fn a_path_is_trimmed_and_may_leave_out_its_root() {
        check("  $.a ", "$['a']");
        check("a.b", "$['a']['b']");
        check("@.a", "@['a']");
    }

    #[test]
    fn functions_keep_their_arguments_to_themselves() {
        check("$.a.length()", "$['a'].length()");
        check("$.concat($.a, \"x\")", "$.concat(...)");
        check("$..a.sum()", "$.sum(...)");
    }

    #[test]
    fn what_jayway_cannot_read_is_refused_in_its_words() {
        check_error("$.a.", "Path must not end with a '.' or '..'");
        check_error("$...", "Path must not end with a '.' or '..'");
        check_error("$...a", "Character '.' on position 3 is not valid.");
        check_error("$a", "Illegal character at position 1 expected '.' or '['");
        check_error(
            "$.a b",
            "Use bracket notion ['my prop'] if your property contains blank characters. position: 2",
        );
        check_error("$.a.(", "Could not parse token starting at position 4");
        check_error("$.a.nosuch()", "Function with name: nosuch does not exist.");
    }

    #[test]
    fn a_path_beyond_all_reason_is_refused() {
        assert!(JsonPath::parse(&format!("${}", ".a".repeat(500))).is_ok());
        check_error(&format!("${}", ".a".repeat(501)), "The path has more than 500 steps");
    }
}
