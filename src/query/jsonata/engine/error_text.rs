//! Errors in the words of JSONata 2.0.6. The engine gives the code and mostly other words.

use super::inspect::Hints;
use crate::model::Json;

/// Of an expression that made the engine panic.
pub(super) const GAVE_UP: &str =
    "sfn-testkit's JSONata engine gave up on it; please report the expression as a bug of sfn-testkit";

/// The words for codes whose message says nothing of the values.
#[rustfmt::skip]
const CONSTANT: &[(&str, &str)] = &[
    ("S0101", "String literal must be terminated by a matching quote"),
    ("S0104", "The escape sequence \\u must be followed by 4 hex digits"),
    ("S0105", "Quoted property name must be terminated with a backquote (`)"),
    ("S0106", "Comment has no closing tag"),
    ("S0207", "Unexpected end of expression"),
    ("S0209", "A predicate cannot follow a grouping expression in a step"),
    ("S0210", "Each step can only have one grouping expression"),
    ("S0212", "The left side of := must be a variable name (start with $)"),
    ("S0215", "A context variable binding must precede any predicates on a step"),
    ("S0216", "A context variable binding must precede the 'order-by' clause on a step"),
    ("S0217", "The object representing the 'parent' cannot be derived from this expression"),
    ("S0301", "Empty regular expressions are not allowed"),
    ("S0302", "No terminating / in regular expression"),
    ("S0401", "Type parameters can only be applied to functions and arrays"),
    ("S0402", "Choice groups containing parameterized types are not supported"),
    ("D1004", "Regular expression matches zero length string"),
    ("T1006", "Attempted to invoke a non-function"),
    ("T1008", "Attempted to partially apply a non-function"),
    ("T2003", "The left side of the range operator (..) must evaluate to an integer"),
    ("T2004", "The right side of the range operator (..) must evaluate to an integer"),
    ("T2006", "The right side of the function application operator ~> must be a function"),
    ("T2008", "The expressions within an order-by clause must evaluate to numeric or string values"),
    ("D3001", "Attempting to invoke string function on Infinity or NaN"),
    ("D3010", "Second argument of replace function cannot be an empty string"),
    ("D3011", "Fourth argument of replace function must evaluate to a positive number"),
    ("D3012", "Attempted to replace a matched string with a non-string value"),
    ("D3020", "Third argument of split function must evaluate to a positive number"),
    ("D3040", "Third argument of match function must evaluate to a positive number"),
    ("D3050", "The second argument of reduce function must be a function with at least two arguments"),
    ("D3070", "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function"),
    ("D3080", "The picture string must only contain a maximum of two sub-pictures"),
    ("D3081", "The sub-picture must not contain more than one instance of the 'decimal-separator' character"),
    ("D3082", "The sub-picture must not contain more than one instance of the 'percent' character"),
    ("D3083", "The sub-picture must not contain more than one instance of the 'per-mille' character"),
    ("D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character"),
    ("D3085", "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'"),
    ("D3086", "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character"),
    ("D3087", "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character"),
    ("D3088", "The sub-picture must not contain a 'grouping-separator' at the end of the integer part"),
    ("D3089", "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character"),
    ("D3090", "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'"),
    ("D3091", "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'"),
    ("D3092", "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'"),
    ("D3093", "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'"),
    ("D3131", "In a decimal digit pattern, all digits must be from the same decimal group"),
    ("D3134", "The timezone integer format specifier cannot have more than four digits"),
    ("D3135", "No matching closing bracket ']' in date/time picture string"),
    ("D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more."),
];

/// What the engine calls its tokens, and how they are written.
#[rustfmt::skip]
const TOKENS: &[(&str, &str)] = &[
    ("LeftParen", "("), ("RightParen", ")"), ("LeftBracket", "["), ("RightBracket", "]"),
    ("LeftBrace", "{"), ("RightBrace", "}"), ("Comma", ","), ("Semicolon", ";"), ("Colon", ":"),
    ("Dot", "."), ("DotDot", ".."), ("Plus", "+"), ("Minus", "-"), ("Star", "*"), ("StarStar", "**"),
    ("Slash", "/"), ("Percent", "%"), ("Equal", "="), ("NotEqual", "!="), ("LessThan", "<"),
    ("LessThanOrEqual", "<="), ("GreaterThan", ">"), ("GreaterThanOrEqual", ">="), ("And", "and"),
    ("Or", "or"), ("In", "in"), ("Ampersand", "&"), ("Question", "?"), ("QuestionQuestion", "?"),
    ("QuestionColon", "?"), ("ColonEqual", ":="), ("Pipe", "|"), ("TildeArrow", "~>"), ("Tilde", "~"),
    ("Caret", "^"), ("At", "@"), ("Hash", "#"), ("Range", ".."), ("ChainPipe", "~>"),
    ("Function", "function"), ("Eof", "(end)"),
];

/// An error of a run.
pub(super) fn reworded(message: &str, hints: Hints) -> String {
    let Some((code, words)) = coded(message) else {
        return message.to_owned();
    };
    let known = constant(code).map(ToOwned::to_owned);
    let words = known.or_else(|| filled_in(code, words, hints)).unwrap_or_else(|| words.to_owned());
    format!("{code}: {words}")
}

/// The words of a message that has values in it, as far as they can be known.
fn filled_in(code: &str, words: &str, hints: Hints) -> Option<String> {
    match code {
        "T0410" | "T0412" => of_argument(words, hints.function?),
        "T2001" | "T2002" => with_operator(words),
        "T2010" => {
            let operator = hints.comparison?;
            Some(format!(
                "The expressions either side of operator \"{operator}\" must evaluate to numeric or string values"
            ))
        }
        "D3030" => {
            let text = words.strip_prefix("Cannot convert '")?.strip_suffix("' to number")?;
            Some(format!("Unable to cast value to a number: {}", quoted(text)))
        }
        "D3100" => {
            let (_, radix) = words.rsplit_once(" got ")?;
            Some(format!(
                "The radix of the formatBase function must be between 2 and 36.  It was given {radix}"
            ))
        }
        "D3130" => Some(format!(
            "Formatting or parsing an integer as a sequence starting with {} is not supported by this implementation",
            quoted(words)
        )),
        "D3132" => Some(format!("Unknown component specifier {} in date/time picture string", quoted(words))),
        "D3133" => Some(format!(
            "The 'name' modifier can only be applied to months and days in the date/time picture string, not {}",
            quoted(words)
        )),
        _ => None,
    }
}

/// `Argument 1 must be String`, `Argument 1 must be an array of Number`.
fn of_argument(words: &str, function: &str) -> Option<String> {
    let (argument, wanted) = words.split_once(" must be ")?;
    if !argument.starts_with("Argument ") || argument.contains(" of ") {
        return None;
    }
    let function = quoted(function);
    Some(match wanted.strip_prefix("an array of ") {
        Some(item) => {
            let items = quoted(&format!("{}s", item.to_lowercase()));
            format!("{argument} of function {function} must be an array of {items}")
        }
        None => format!("{argument} of function {function} does not match function signature"),
    })
}

/// An error of reading.
pub(super) fn of_syntax(message: &str) -> String {
    let Some((code, _)) = coded(message) else {
        return message.to_owned();
    };
    let words = constant(code).map(ToOwned::to_owned);
    let words = words.or_else(|| of_token(code, message)).unwrap_or_else(|| after_code(message).to_owned());
    format!("{code}: {words}")
}

/// The words of a message that names tokens.
fn of_token(code: &str, message: &str) -> Option<String> {
    let words = after_code(message);
    match code {
        "S0102" => {
            Some(format!("Number out of range: {}", quoted(words.strip_prefix("Number out of range: ")?)))
        }
        "S0103" => {
            let escaped = words.strip_prefix("Unsupported escape sequence: \\")?;
            Some(format!("Unsupported escape sequence: \\{}", quoted(escaped)))
        }
        "S0201" => Some(format!("Syntax error: {}", token(words.strip_prefix("Syntax error: ")?))),
        "S0202" => {
            let (expected, found) = words.strip_prefix("Expected ")?.split_once(", got ")?;
            Some(format!("Expected {}, got {}", token(expected), token(found)))
        }
        "S0203" => {
            let expected = words.strip_prefix("Expected ")?.strip_suffix(" before end of expression")?;
            Some(format!("Expected {} before end of expression", token(expected)))
        }
        "S0204" => Some(format!("Unknown operator: {}", quoted(words.strip_prefix("Unknown operator: ")?))),
        "S0211" => {
            let symbol =
                words.strip_prefix("The symbol ")?.strip_suffix(" cannot be used as a unary operator")?;
            Some(format!("The symbol {} cannot be used as a unary operator", token(symbol)))
        }
        "S0214" => {
            let (_, symbol) = words.rsplit_once(" after ")?;
            Some(format!("The right side of {} must be a variable name (start with $)", quoted(symbol)))
        }
        _ => None,
    }
}

fn after_code(message: &str) -> &str {
    coded(message).map_or(message, |(_, words)| words)
}

fn quoted(text: &str) -> String {
    Json::from(text).to_text()
}

/// The code and what follows it.
fn coded(message: &str) -> Option<(&str, &str)> {
    let (code, words) = message.split_once(": ")?;
    let is_code = code.len() == 5
        && code.starts_with(|c: char| c.is_ascii_uppercase())
        && code.chars().skip(1).all(|c| c.is_ascii_digit());
    is_code.then_some((code, words))
}

fn constant(code: &str) -> Option<&'static str> {
    CONSTANT.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}

/// `The left side of the + operator…` with the operator in quotes.
fn with_operator(words: &str) -> Option<String> {
    let (before, rest) = words.split_once(" side of the ")?;
    let (operator, after) = rest.split_once(" operator")?;
    Some(format!("{before} side of the {} operator{after}", quoted(operator)))
}

/// A token as messages show it: in quotes, unless it is a literal. Names and literals come with their content:
/// `Identifier("a")`.
fn token(name: &str) -> String {
    if let Some((_, symbol)) = TOKENS.iter().find(|(known, _)| *known == name) {
        return quoted(symbol);
    }
    let Some((kind, content)) = name.split_once('(') else {
        return match name {
            "True" | "False" | "Null" => name.to_lowercase(),
            _ => quoted(name),
        };
    };
    let content = content.trim_end_matches(')');
    match kind {
        "Number" => content.trim_end_matches(".0").to_owned(),
        _ => quoted(content.trim_matches('"')),
    }
}
