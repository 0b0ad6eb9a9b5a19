//! What version 2.0.6 of the reference implementation made of many expressions (`tools/generate_jsonata_goldens.mjs`), and
//! where we differ: each difference has a name here and is told in docs/deviations.md.

use std::collections::BTreeSet;

use super::program::Program;
use crate::model::{Json, SeededRandom, Timestamp};
use crate::query::jsonata::outcome::{Outcome, Trouble};
use crate::query::{Effort, Evaluation, JsonataScope, Variables};

const GOLDENS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/goldens/jsonata.json"));

/// Expressions that give something else, or another error, each for a reason.
const OTHER_OUTCOMES: &[(&str, &[&str])] = &[
    (
        "regular expressions have no look-around and no backreferences",
        &[r#"$contains("foobar", /foo(?=bar)/)"#, r#"$contains("abab", /(ab)\1/)"#],
    ),
    (
        "a group that took part in no match is left out, not null",
        &[r#"$match("abc", /(a)(x)?/)"#, r#"$match("x", /(y)?x/).groups"#],
    ),
    (
        "a built-in function takes no more arguments than it has when one is left open",
        &["$sum(?, 1, 2)([1])"],
    ),
    (
        "version 2.0.6 crashes on one of these pictures and lets the other pass",
        &[r##"$formatNumber(1, "abc")"##, r##"$formatNumber(1, "#0#")"##],
    ),
    (
        "another code for a syntax error that is found all the same",
        &[
            "(",
            "$sum(",
            "function(",
            "$list^(",
            "$list.[",
            "$list[",
            "$list{",
            "function($x)<n { $x }",
            "/abc",
        ],
    ),
    ("a no-break space is a blank", &["\u{a0} 1"]),
    ("the name of $eval has a value, although calling it fails", &["$exists($eval)"]),
];

/// Codes whose messages say less than those of version 2.0.6, or say it otherwise.
const OTHER_WORDS: &[&str] = &["D1002", "D2014", "S0202", "S0208", "T2009", "T2011", "T2012"];

/// Expressions whose message says less, of codes that are worded right elsewhere.
const OTHER_WORDS_OF: &[&str] = &["function($x)<n:n> { $x }(\"a\")", "$exists()"];

struct Case {
    expr: String,
    /// Variables beside those of all cases.
    with: Json,
    expected: String,
    /// Of an error: its message.
    message: Option<String>,
}

fn cases(goldens: &Json) -> Vec<Case> {
    let cases = goldens.get("cases").unwrap().as_array().unwrap();
    cases.iter().map(case).collect()
}

fn case(one: &Json) -> Case {
    let text = |value: &Json| value.as_str().map(ToOwned::to_owned);
    let expr = text(one.get("expr").unwrap()).unwrap();
    let with = one.get("with").cloned().unwrap_or_else(Json::empty_object);
    let flag = |name: &str| one.get(name).is_some();
    if let Some(error) = one.get("error") {
        let code = text(error.get("code").unwrap()).unwrap_or_default();
        return Case {
            expr,
            with,
            expected: format!("error {code}"),
            message: text(error.get("message").unwrap()),
        };
    }
    let expected = match one.get("result") {
        Some(result) => result.to_text(),
        None if flag("undefined") => "undefined".to_owned(),
        None => "no JSON".to_owned(),
    };
    Case { expr, with, expected, message: None }
}

fn evaluate(case: &Case, goldens: &Json) -> Result<Outcome, Trouble> {
    let program = Program::compile(&case.expr).map_err(Trouble::Failed)?;
    let bindings = goldens.get("bindings").unwrap();
    let mut variables = Variables::default();
    let own = case.with.as_object().unwrap();
    for (name, value) in bindings.as_object().unwrap().iter().chain(own) {
        variables.set(name.clone(), value.clone(), 0);
    }
    let states = bindings.get("states").unwrap();
    let mut evaluation = Evaluation {
        input: &Json::Null,
        context: &|| states.get("context").unwrap().clone(),
        variables: &variables,
        random: &mut SeededRandom::new(1, "goldens"),
        effort: Effort::default(),
        jsonata: JsonataScope::at(Timestamp::from_millis(1_756_289_082_001)),
    };
    evaluation.jsonata.input = states.get("input");
    evaluation.jsonata.result = states.get("result");
    program.evaluate(&mut evaluation)
}

/// The outcome as the goldens have it, and the message of an error.
fn shown(outcome: Result<Outcome, Trouble>) -> (String, Option<String>) {
    match outcome {
        Ok(Outcome::Value(value)) => (value.to_text(), None),
        Ok(Outcome::Undefined) => ("undefined".to_owned(), None),
        Ok(Outcome::NoJson) => ("no JSON".to_owned(), None),
        Err(Trouble::Endless) => ("endless".to_owned(), None),
        Err(Trouble::Failed(message)) => match message.split_once(": ") {
            Some((code, words)) if code.len() == 5 && code.is_ascii() => {
                (format!("error {code}"), Some(words.to_owned()))
            }
            _ => ("error ".to_owned(), Some(message)),
        },
    }
}

fn is_same(expected: &str, found: &str) -> bool {
    expected == found
        || match (Json::parse(expected), Json::parse(found)) {
            (Ok(expected), Ok(found)) => expected == found,
            _ => false,
        }
}

#[test]
fn expressions_give_what_version_2_0_6_gives_but_for_known_differences() {
    let goldens = Json::parse(GOLDENS).unwrap();
    let cases = cases(&goldens);
    assert!(cases.len() > 900, "{}", cases.len());
    let known: BTreeSet<&str> = OTHER_OUTCOMES.iter().flat_map(|(_, exprs)| exprs.iter().copied()).collect();
    assert_eq!(known.len(), 18, "docs/deviations.md says how many differ");
    let mut surprises = Vec::new();
    for case in &cases {
        let Case { expr, expected, .. } = case;
        let (found, message) = shown(evaluate(case, &goldens));
        if is_same(expected, &found) == known.contains(expr.as_str()) {
            surprises.push(format!(
                "{expr}\n    golden: {expected}\n    found:  {found} {}",
                message.unwrap_or_default()
            ));
        }
    }
    assert!(surprises.is_empty(), "{} of {}:\n{}", surprises.len(), cases.len(), surprises.join("\n"));
}

#[test]
fn errors_are_worded_as_version_2_0_6_words_them_but_for_known_codes() {
    let goldens = Json::parse(GOLDENS).unwrap();
    let mut surprises = Vec::new();
    for case in cases(&goldens) {
        let (found, found_message) = shown(evaluate(&case, &goldens));
        let Case { expr, expected, message, .. } = case;
        let is_known = OTHER_WORDS.iter().any(|code| expected == format!("error {code}"))
            || OTHER_WORDS_OF.contains(&expr.as_str());
        if message.is_some() && expected == found && message != found_message && !is_known {
            let (golden, found) = (message.unwrap_or_default(), found_message.unwrap_or_default());
            surprises.push(format!("{expected} {expr}\n    golden: {golden}\n    found:  {found}"));
        }
    }
    assert!(surprises.is_empty(), "{}:\n{}", surprises.len(), surprises.join("\n"));
}
