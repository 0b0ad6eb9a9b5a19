//! Expressions that would take all memory, all time or the process down: each ends soon, and says why.

use super::program::Program;
use crate::model::{Json, SeededRandom, Timestamp};
use crate::query::jsonata::outcome::{Outcome, Trouble};
use crate::query::{Effort, Evaluation, JsonataScope, Variables};

fn evaluate(expr: &str) -> Result<Outcome, Trouble> {
    evaluate_with(expr, &Json::Null)
}

fn evaluate_with(expr: &str, input: &Json) -> Result<Outcome, Trouble> {
    let program = Program::compile(expr).map_err(Trouble::Failed)?;
    let mut evaluation = Evaluation {
        input: &Json::Null,
        context: &Json::empty_object,
        variables: &Variables::default(),
        random: &mut SeededRandom::new(1, "hostile"),
        effort: Effort::within(500_000),
        jsonata: JsonataScope::at(Timestamp::from_millis(0)),
    };
    evaluation.jsonata.input = Some(input);
    program.evaluate(&mut evaluation)
}

#[test]
fn what_doubles_again_and_again_is_stopped() {
    for expr in [
        r#"$reduce([1..60], function($a, $i) { $a & $a }, "xxxxxxxx")"#,
        r#"$length($reduce([1..60], function($a, $i) { $join([$a, $a], "-") }, "x"))"#,
        "$count($reduce([1..60], function($a, $i) { [$a, $a] }, [1]))",
        "$count($reduce([1..60], function($a, $i) { $append($a, $a) }, [1]))",
        r#"$reduce([1..60], function($a, $i) { {"a": $a, "b": $a} }, 1)"#,
        r#"$string($reduce([1..60], function($a, $i) { {"a": $a, "b": $a} }, 1))"#,
        r#"($f := function($n) { $reduce([1..60], function($a, $i) { {"a": $a, "b": $a} }, $n) }; $f(1) = $f(1))"#,
        "$count([1..5000000])",
    ] {
        assert_eq!(evaluate(expr), Err(Trouble::Endless), "{expr}");
    }
}

#[test]
fn what_never_ends_is_stopped() {
    let loops = "($f := function($n) { $f($n + 1) }; $f(0))";
    assert_eq!(evaluate(loops), Err(Trouble::Endless));
}

#[test]
fn calls_within_calls_without_end_fail() {
    let Err(Trouble::Failed(why)) = evaluate("($f := function($n) { 1 + $f($n + 1) }; $f(0))") else {
        panic!("did not fail");
    };
    assert!(why.starts_with("D1011: ") || why.starts_with("U1001: "), "{why}");
}

#[test]
fn absurd_widths_are_stopped() {
    for expr in [
        r#"$pad("a", 1e9)"#,
        r#"$pad("a", -1e12, "b")"#,
        r#""a" ~> $pad(1e9)"#,
        r#"$formatInteger(1.4e12, "I")"#,
        r#"($p := "i"; $formatInteger(1.4e12, $p))"#,
    ] {
        assert_eq!(evaluate(expr), Err(Trouble::Endless), "{expr}");
    }
    let words = evaluate("$formatInteger(1400000000000, '#,##0')");
    assert_eq!(words, Ok(Outcome::Value(Json::from("1,400,000,000,000"))));
}

#[test]
fn a_panic_of_the_engine_is_a_failure_of_the_expression() {
    let Err(Trouble::Failed(why)) = evaluate("$parseInteger(\"x\", \"###\u{ff10}\")") else {
        panic!("did not fail");
    };
    assert_eq!(
        why,
        "sfn-testkit's JSONata engine gave up on it; please report the expression as a bug of sfn-testkit"
    );
}

#[test]
fn deep_and_long_expressions_are_read_or_refused() {
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(evaluate(&nested(300)), Ok(Outcome::Value(Json::Int(1))));
    assert!(evaluate(&nested(100_000)).is_err());
    let sum = |terms: usize| vec!["1"; terms].join("+");
    assert_eq!(evaluate(&sum(400)), Ok(Outcome::Value(Json::Int(400))));
    assert!(evaluate(&sum(100_000)).is_err());
    assert!(evaluate(&"[".repeat(50_000)).is_err());
}

#[test]
fn deep_values_go_through() {
    let text = format!("{}1{}", r#"{"a":["#.repeat(490), "]}".repeat(490));
    let input = Json::parse(&text).unwrap();
    for expr in ["$states.input", "$states.input.a.a", "[$states.input]", r#"$string($states.input) & """#] {
        assert!(evaluate_with(expr, &input).is_ok(), "{expr}");
    }
    assert_eq!(evaluate_with("$states.input", &input), Ok(Outcome::Value(input.clone())));
    assert_eq!(evaluate_with("$states.input = $states.input", &input), Ok(Outcome::Value(Json::Bool(true))));
}

#[test]
fn values_that_no_payload_can_hold_fail() {
    let why = "Document nesting depth (1001) exceeds the maximum allowed (1000)";
    let deep = "$reduce([1..5000], function($a, $i) { {'a': $a} }, 1)";
    assert_eq!(evaluate(deep), Err(Trouble::Failed(why.to_owned())));
    let deeper = "$count($reduce([1..20000], function($a, $i) { {'a': $a} }, 1))";
    assert_eq!(evaluate(deeper), Ok(Outcome::Value(Json::Int(1))));
}

#[test]
fn deep_expressions_of_every_kind_are_read_or_refused() {
    let wrapped = |open: &str, close: &str| format!("{}1{}", open.repeat(900), close.repeat(900));
    for (open, close) in [
        ("[", "]"),
        ("-", ""),
        ("{\"a\":", "}"),
        ("function($x) { ", " }"),
        ("$f(", ")"),
        ("true ? ", " : 0"),
        ("a.(", ")"),
        ("a[", "]"),
    ] {
        let expr = wrapped(open, close);
        let _read_or_refused = Program::compile(&expr);
    }
    for operator in [" & ", " ~> ", ".", " and ", " = "] {
        let expr = vec!["$x"; 900].join(operator);
        let _read_or_refused = Program::compile(&expr);
    }
}
