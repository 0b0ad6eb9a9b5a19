//! Errors in the words of JSONata 2.0.6. The engine gives the code and mostly other words.

/// Of an expression that made the engine panic.
pub(super) const GAVE_UP: &str =
    "sfn-testkit's JSONata engine gave up on it; please report the expression as a bug of sfn-testkit";

/// The words for codes whose message says nothing of the values.
#[rustfmt::skip]
const CONSTANT: [(&str, &str); 48] = [
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
const TOKENS: [(&str, &str); 44] = [
    ("LeftParen", "("),
    ("RightParen", ")"),
    ("LeftBracket", "["),
    ("RightBracket", "]"),
    ("LeftBrace", "{"),
    ("RightBrace", "}"),
    ("Comma", ","),
    ("Semicolon", ";"),
    ("Colon", ":"),
    ("Dot", "."),
    ("DotDot", ".."),
    ("Plus", "+"),
    ("Minus", "-"),
    ("Star", "*"),
    ("StarStar", "**"),
    ("Slash", "/"),
    ("Percent", "%"),
    ("Equal", "="),
    ("NotEqual", "!="),
    ("LessThan", "<"),
    ("LessThanOrEqual", "<="),
    ("GreaterThan", ">"),
    ("GreaterThanOrEqual", ">="),
    ("And", "and"),
    ("Or", "or"),
    ("In", "in"),
    ("Ampersand", "&"),
    ("Question", "?"),
    ("QuestionQuestion", "?"),
    ("QuestionColon", "?"),
    ("ColonEqual", ":="),
    ("Pipe", "|"),
    ("TildeArrow", "~>"),
    ("Tilde", "~"),
    ("Caret", "^"),
    ("At", "@"),
    ("Hash", "#"),
    ("Range", ".."),
    ("ChainPipe", "~>"),
    ("Function", "function"),
    ("True", "true"),
    ("False", "false"),
    ("Null", "null"),
    ("Eof", "(end)"),
];

/// An error of a run. `comparison` is the only comparison operator of the expression, if it has one.
pub(super) fn reworded(message: &str, comparison: Option<&str>) -> String {
    let Some((code, words)) = coded(message) else {
        return message.to_owned();
    };
    let words = match code {
        // These say what the expression says.
        "D3137" | "D3141" => return words.to_owned(),
        "D3139" => words.to_owned(),
        "T2001" | "T2002" => with_operator(words),
        "T2010" => match comparison {
            Some(operator) => format!(
                "The expressions either side of operator \"{operator}\" must evaluate to numeric or string values"
            ),
            None => words.to_owned(),
        },
        _ => constant(code).map_or_else(|| words.to_owned(), ToOwned::to_owned),
    };
    format!("{code}: {words}")
}

/// An error of reading.
pub(super) fn of_syntax(message: &str) -> String {
    let Some((code, words)) = coded(message) else {
        return message.to_owned();
    };
    let words = match (code, words.split_once(", got ")) {
        (_, None) if constant(code).is_some() => constant(code).unwrap_or_default().to_owned(),
        ("S0202", Some((expected, found))) => {
            let expected = expected.trim_start_matches("Expected ");
            format!("Expected \"{}\", got \"{}\"", token(expected), token(found))
        }
        ("S0203", _) => {
            let expected =
                words.trim_start_matches("Expected ").trim_end_matches(" before end of expression");
            format!("Expected \"{}\" before end of expression", token(expected))
        }
        ("S0211", _) => {
            let symbol = words.trim_start_matches("The symbol ");
            let symbol = symbol.trim_end_matches(" cannot be used as a unary operator");
            format!("The symbol \"{}\" cannot be used as a unary operator", token(symbol))
        }
        _ => words.to_owned(),
    };
    format!("{code}: {words}")
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
fn with_operator(words: &str) -> String {
    let Some((before, rest)) = words.split_once(" side of the ") else {
        return words.to_owned();
    };
    match rest.split_once(" operator") {
        Some((operator, after)) => format!("{before} side of the \"{operator}\" operator{after}"),
        None => words.to_owned(),
    }
}

/// A token as it is written. Names and literals come with their content: `Identifier("a")`.
fn token(name: &str) -> String {
    if let Some((_, symbol)) = TOKENS.iter().find(|(known, _)| *known == name) {
        return (*symbol).to_owned();
    }
    let content = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    content.unwrap_or(name).trim_matches('"').to_owned()
}
