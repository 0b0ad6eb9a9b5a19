//! Choice: the first rule whose condition holds says where to go.

use super::{Begun, Exit};
use crate::asl::choice_rule::{Condition, Operand, Operator, Relation, Test};
use crate::asl::definition::{Choice, State, StateIndex, Transition};
use crate::asl::way::Way;
use crate::interpreter::assignment::assigned;
use crate::interpreter::data_flow::{output as handed_on, through};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::Frame;
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::Interpreter;
use crate::model::{Failure, Json, Timestamp};
use crate::query::{Evaluation, Expected, Path, PayloadTemplate};

pub(super) fn begin(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    choice: &Choice,
) -> Result<Begun, Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    interpreter.note(Stage::AfterInputPath, &input);
    let chosen =
        interpreter.evaluate(frame, state, &input, |evaluation| chosen(state, choice, evaluation))?;
    let assignment =
        interpreter.evaluate(frame, state, &input, |evaluation| assigned(chosen.assign, evaluation))?;
    let output = interpreter
        .evaluate(frame, state, &input, |evaluation| handed_on(state, chosen.output, evaluation))?;
    Ok(Begun::Leave(Exit { output, assignment, transition: Transition::Next(chosen.next), way: chosen.way }))
}

/// Where to go, with `Assign` and `Output` of the rule that holds; with the state's own where none does.
struct Chosen<'d> {
    next: StateIndex,
    way: Way,
    assign: Option<&'d PayloadTemplate>,
    output: Option<&'d PayloadTemplate>,
}

fn chosen<'d>(
    state: &'d State,
    choice: &'d Choice,
    evaluation: &mut Evaluation<'_>,
) -> Result<Chosen<'d>, Failure> {
    for (index, rule) in choice.rules.iter().enumerate() {
        if holds(&rule.condition, evaluation)? {
            return Ok(Chosen {
                next: rule.next,
                way: Way::Rule(index),
                assign: rule.assign.as_ref(),
                output: rule.output.as_ref(),
            });
        }
    }
    let next = choice.default.ok_or_else(|| {
        Failure::runtime("Failed to transition out of the state. The state does not point to a next state.")
    })?;
    Ok(Chosen { next, way: Way::Left, assign: state.assign.as_ref(), output: state.output.as_ref() })
}

/// And and Or look no further than they must, so that an `IsPresent` can guard what follows it.
fn holds(condition: &Condition, evaluation: &mut Evaluation<'_>) -> Result<bool, Failure> {
    match condition {
        Condition::And(all) => {
            for condition in all {
                if !holds(condition, evaluation)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Condition::Or(any) => {
            for condition in any {
                if holds(condition, evaluation)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Condition::Not(condition) => Ok(!holds(condition, evaluation)?),
        Condition::Test(test) => passes(test, evaluation),
        Condition::Literal(holds) => Ok(*holds),
        Condition::Computed(expression) => {
            let value = expression.evaluate_as(Expected::Boolean, evaluation)?;
            Ok(value.as_bool().unwrap_or_default())
        }
    }
}

fn passes(test: &Test, evaluation: &Evaluation<'_>) -> Result<bool, Failure> {
    if test.operator == Operator::IsPresent {
        let present = test.variable.select(evaluation).is_ok();
        return Ok(agrees(present, &test.operand));
    }
    let value = selected(&test.variable, evaluation)?;
    match &test.operand {
        Operand::Literal(literal) => Ok(compare(test.operator, &value, literal)),
        Operand::At(path) => Ok(compare(test.operator, &value, &selected(path, evaluation)?)),
    }
}

fn selected(path: &Path, evaluation: &Evaluation<'_>) -> Result<Json, Failure> {
    path.select(evaluation).map_err(|_| {
        Failure::runtime(format!(
            "Invalid path '{}': The choice state's condition path references an invalid value.",
            path.text()
        ))
    })
}

/// `IsX: false` holds where X is not so.
fn agrees(fact: bool, operand: &Operand) -> bool {
    matches!(operand, Operand::Literal(Json::Bool(wanted)) if *wanted == fact)
}

/// Values of another type than the operator's never compare, and never are an error.
fn compare(operator: Operator, value: &Json, operand: &Json) -> bool {
    let wanted = operand.as_bool() == Some(true);
    match operator {
        Operator::String(relation) => match (value.as_str(), operand.as_str()) {
            (Some(left), Some(right)) => relates(relation, left.encode_utf16().cmp(right.encode_utf16())),
            _ => false,
        },
        Operator::Numeric(relation) => {
            value.compare_numbers(operand).is_some_and(|ordering| relates(relation, ordering))
        }
        Operator::Timestamp(relation) => match (timestamp(value), timestamp(operand)) {
            (Some(left), Some(right)) => relates(relation, left.cmp(&right)),
            _ => false,
        },
        Operator::BooleanEquals => value.as_bool().is_some() && value.as_bool() == operand.as_bool(),
        Operator::StringMatches => match (value.as_str(), operand.as_str()) {
            (Some(text), Some(pattern)) => matches_pattern(text, pattern),
            _ => false,
        },
        Operator::IsNull => value.is_null() == wanted,
        Operator::IsPresent => wanted,
        Operator::IsNumeric => value.is_number() == wanted,
        Operator::IsString => value.as_str().is_some() == wanted,
        Operator::IsBoolean => value.as_bool().is_some() == wanted,
        Operator::IsTimestamp => timestamp(value).is_some() == wanted,
    }
}

fn timestamp(value: &Json) -> Option<Timestamp> {
    value.as_str().and_then(Timestamp::parse)
}

const fn relates(relation: Relation, ordering: std::cmp::Ordering) -> bool {
    match relation {
        Relation::Equals => ordering.is_eq(),
        Relation::LessThan => ordering.is_lt(),
        Relation::GreaterThan => ordering.is_gt(),
        Relation::LessThanEquals => ordering.is_le(),
        Relation::GreaterThanEquals => ordering.is_ge(),
    }
}

/// `*` stands for any characters, `\*` for a star, `\\` for a backslash.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let mut pieces = vec![String::new()];
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        let last = pieces.last_mut();
        match (c, last) {
            ('*', _) => pieces.push(String::new()),
            ('\\', Some(piece)) => piece.push(characters.next().unwrap_or('\\')),
            (other, Some(piece)) => piece.push(other),
            (_, None) => {}
        }
    }
    matches_pieces(text, &pieces)
}

/// Whether the pieces stand in the text in order, the first at its start and the last at its end.
fn matches_pieces(text: &str, pieces: &[String]) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return text.is_empty();
    };
    if pieces.len() == 1 {
        return text == first;
    }
    let Some(mut rest) = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
    else {
        return false;
    };
    for piece in pieces.iter().take(pieces.len() - 1).skip(1) {
        match rest.split_once(piece.as_str()) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, pattern: &str, expected: bool) {
        assert_eq!(matches_pattern(text, pattern), expected, "{text} ~ {pattern}");
    }

    #[test]
    fn stars_match_anything_and_backslashes_take_it_away() {
        check("foo.log", "*.log", true);
        check("foo.txt", "*.log", false);
        check("foo*.log", r"foo\*.log", true);
        check("foobar.log", r"foo\*.log", false);
        check("abcabc", "a*c*c", true);
        check("ac", "a*c*c", false);
        check(r"a\b", r"a\\b", true);
        check("", "*", true);
        check("aba", "ab*ba", false);
    }

    #[test]
    fn strings_compare_by_utf_16_as_in_java() {
        // U+FF61 is one unit above the surrogates that U+10002 is made of.
        let less = Operator::String(Relation::LessThan);
        assert!(compare(less, &Json::string("\u{10002}"), &Json::string("\u{FF61}")));
    }

    #[test]
    fn another_type_never_compares() {
        let number = Operator::Numeric(Relation::Equals);
        assert!(!compare(number, &Json::string("1"), &Json::Int(1)));
        assert!(compare(number, &Json::Int(1), &Json::Float(1.0)));
        assert!(!compare(Operator::BooleanEquals, &Json::Null, &Json::Null));
    }
}
