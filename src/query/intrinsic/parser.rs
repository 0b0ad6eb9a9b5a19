//! Reads a call: `States.Name(argument, …)`.

use super::call::{Argument, Intrinsic};
use super::format_template::FormatTemplate;
use super::function::{FORMAT, Function};
use crate::model::Json;
use crate::query::{Path, SyntaxError};

/// Calls within calls, the outermost included.
const MAX_DEPTH: usize = 10;

/// The whole text must be one call; blanks may follow, but not precede it.
pub(super) fn parse(text: &str) -> Result<Intrinsic, SyntaxError> {
    let mut parser = Parser { rest: text, depth: 0 };
    let call = parser.call()?;
    parser.skip_blanks();
    if parser.rest.is_empty() { Ok(call) } else { parser.fail("nothing may follow the call") }
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn fail<T>(&self, message: impl std::fmt::Display) -> Result<T, SyntaxError> {
        let before: String = self.rest.chars().take(20).collect();
        let place = if before.is_empty() { "at the end".to_owned() } else { format!("before `{before}`") };
        Err(SyntaxError::malformed(format!("{message}, {place}")))
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.skip_blanks();
        let behind = self.rest.strip_prefix(wanted);
        self.rest = behind.unwrap_or(self.rest);
        behind.is_some()
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn call(&mut self) -> Result<Intrinsic, SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(format_args!("calls nest at most {MAX_DEPTH} deep"));
        }
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '.');
        let Some(function) = Function::named(name) else {
            return self.fail(format_args!("`{name}` is no intrinsic function"));
        };
        if !self.eat('(') {
            return self.fail(format_args!("`(` must follow {name}"));
        }
        let arguments = self.arguments(function)?;
        if !function.arity.contains(&arguments.len()) {
            let count = arguments.len();
            return self.fail(format_args!("{name} does not take {count} arguments"));
        }
        self.depth -= 1;
        Ok(Intrinsic { function, arguments })
    }

    fn arguments(&mut self, function: &Function) -> Result<Vec<Argument>, SyntaxError> {
        let mut arguments = Vec::new();
        if self.eat(')') {
            return Ok(arguments);
        }
        loop {
            self.skip_blanks();
            let is_template = function.name == FORMAT && arguments.is_empty();
            arguments.push(match self.rest.chars().next() {
                Some('\'') if is_template => Argument::Template(FormatTemplate::of_literal(self.quoted()?)),
                Some('\'') => Argument::Literal(Json::from(unescaped(self.quoted()?))),
                _ => self.argument()?,
            });
            if self.eat(')') {
                return Ok(arguments);
            }
            if !self.eat(',') {
                return self.fail("`,` or `)` must follow an argument");
            }
        }
    }

    fn argument(&mut self) -> Result<Argument, SyntaxError> {
        match self.rest.chars().next() {
            Some('$') => {
                let (path, rest) = Path::parse_argument(self.rest)?;
                self.rest = rest;
                Ok(Argument::Path(path))
            }
            Some('-' | '0'..='9') => self.number(),
            _ if self.rest.starts_with("States.") => self.call().map(Argument::Call),
            _ => self.word(),
        }
    }

    fn number(&mut self) -> Result<Argument, SyntaxError> {
        let text = self.take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
        match Json::parse(text) {
            Ok(number) => Ok(Argument::Literal(number)),
            Err(_) => self.fail(format_args!("`{text}` is no number")),
        }
    }

    fn word(&mut self) -> Result<Argument, SyntaxError> {
        let literal = match self.take_while(|c| c.is_alphanumeric() || c == '_') {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            "null" => Json::Null,
            word => return self.fail(format_args!("`{word}` is no argument")),
        };
        Ok(Argument::Literal(literal))
    }

    /// The text between quotes, still with its escapes, of which only `\'`, `\{`, `\}` and `\\` exist.
    fn quoted(&mut self) -> Result<&'t str, SyntaxError> {
        self.rest = self.rest.strip_prefix('\'').unwrap_or(self.rest);
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' => {
                    let (text, behind) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
                    self.rest = behind.strip_prefix('\'').unwrap_or(behind);
                    return Ok(text);
                }
                '\\' if !matches!(chars.next(), Some((_, '\'' | '{' | '}' | '\\'))) => {
                    return self.fail(r"a backslash must be followed by one of ' { } \");
                }
                _ => {}
            }
        }
        self.fail("a text is not closed")
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::intrinsic::check::check;

    #[track_caller]
    fn check_error(text: &str, message: &str) {
        assert_eq!(parse(text).unwrap_err().0, message);
    }

    #[test]
    fn arguments_are_texts_numbers_words_paths_and_calls() {
        check(
            r#"{"a": {"b,c": [1, 2]}, "t": ")"}"#,
            "States.Array( 'x' ,1,-2.5, 1e2,true,false,null,$.a['b,c'][0],$,$$.Execution.Name,States.Array() )  ",
            r#"["x",1,-2.5,100.0,true,false,null,1,{"a":{"b,c":[1,2]},"t":")"},"run",[]]"#,
        );
        check(
            r#"{"a": [{"t": ")"}]}"#,
            "States.Array($.a[?(@.t == ')' && @.t != ',')].t, $.a.length())",
            r#"[[")"],1]"#,
        );
    }

    #[test]
    fn texts_take_four_escapes_and_real_line_breaks() {
        check("{}", r"States.Array('\'\{\}\\', '{}')", r#"["'{}\\","{}"]"#);
        check("{}", "States.Array('a\n\tb \"c\"')", r#"["a\n\tb \"c\""]"#);
        check_error(
            r#"States.StringToJson('{"text":"An \"escaped double quote\" here"}')"#,
            "a backslash must be followed by one of ' { } \\, before `{\"text\":\"An \\\"escape`",
        );
        check_error(r"States.Array('\n')", r"a backslash must be followed by one of ' { } \, before `\n')`");
        check_error(r"States.Array('a\", r"a backslash must be followed by one of ' { } \, before `a\`");
    }

    #[test]
    fn what_is_no_call_is_refused() {
        for (text, message) in [
            ("", "`` is no intrinsic function, at the end"),
            ("something else    ", "`something` is no intrinsic function, before ` else    `"),
            ("  States.UUID()", "`` is no intrinsic function, before `  States.UUID()`"),
            ("States. ", "`States.` is no intrinsic function, before ` `"),
            ("JsonToString($)", "`JsonToString` is no intrinsic function, before `($)`"),
            ("States.Xyz($.result)", "`States.Xyz` is no intrinsic function, before `($.result)`"),
            ("States.JsonToString($", "`,` or `)` must follow an argument, at the end"),
            ("States.StringToJson $.escaped)", "`(` must follow States.StringToJson, before `$.escaped)`"),
            ("States.Array(1 2)", "`,` or `)` must follow an argument, before `2)`"),
            ("States.Array(1,)", "`` is no argument, before `)`"),
            ("States.Array(x)", "`x` is no argument, before `)`"),
            ("States.Array(01)", "`01` is no number, before `)`"),
            ("States.Array('a)", "a text is not closed, before `a)`"),
            ("States.UUID() x", "nothing may follow the call, before `x`"),
            ("States.Array($.a.)", "`$.a.)` is no JSONPath: Path must not end with a '.' or '..'"),
        ] {
            check_error(text, message);
        }
    }

    #[test]
    fn a_wrong_count_of_arguments_is_refused() {
        for (text, message) in [
            ("States.UUID(1)", "States.UUID does not take 1 arguments, at the end"),
            ("States.Format()", "States.Format does not take 0 arguments, at the end"),
            ("States.MathRandom(1, 2, 3, 4)", "States.MathRandom does not take 4 arguments, at the end"),
            ("States.Array(States.MathAdd(1))", "States.MathAdd does not take 1 arguments, before `)`"),
        ] {
            check_error(text, message);
        }
    }

    #[test]
    fn ten_calls_may_nest() {
        let nested = |depth: usize| format!("{}{}", "States.Array(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(10)).is_ok());
        assert!(parse(&nested(11)).unwrap_err().0.starts_with("calls nest at most 10 deep"));
        assert!(parse(&"States.Array(".repeat(100_000)).is_err());
    }

    #[test]
    fn variables_are_arguments() {
        check(
            "{}",
            "States.Array($v, $v.w[1] ,States.ArrayLength($v['w']),$v)",
            r#"[{"w":[1,2]},2,2,{"w":[1,2]}]"#,
        );
        check_error(
            "States.Array($1)",
            "`$1)` is no JSONPath: Illegal character at position 1 expected '.' or '['",
        );
        check_error("States.Array($states.input)", "`states` is no name of a variable");
    }
}
