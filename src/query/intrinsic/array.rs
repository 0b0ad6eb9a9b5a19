//! Array, `ArrayPartition`, `ArrayContains`, `ArrayRange`, `ArrayGetItem`, `ArrayLength`, `ArrayUnique`.

use std::collections::BTreeSet;

use super::arguments::Arguments;
use crate::model::{Json, SeededRandom};

/// Items that States.ArrayRange gives at most.
const RANGE_ITEMS: i64 = 1000;

pub(super) fn array(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    Ok(Json::array(arguments.all().to_vec()))
}

pub(super) fn partition(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let items = arguments.array(1)?;
    let size = usize::try_from(arguments.rounded(2)?).unwrap_or_default();
    if size == 0 {
        return Err(arguments.must_be(2, "a positive integer"));
    }
    Ok(Json::array(items.chunks(size).map(|chunk| Json::array(chunk.to_vec())).collect()))
}

pub(super) fn contains(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    Ok(Json::Bool(arguments.array(1)?.contains(arguments.value(2))))
}

/// From the first number to the second, which is included if a step lands on it.
pub(super) fn range(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let (first, last, step) = (arguments.rounded(1)?, arguments.rounded(2)?, arguments.rounded(3)?);
    if step == 0 {
        return Err(arguments.must_be(3, "other than zero"));
    }
    let way = i128::from(last) - i128::from(first);
    let steps = way / i128::from(step);
    if way != 0 && (way < 0) != (step < 0) {
        return Ok(Json::array(vec![]));
    }
    if steps >= i128::from(RANGE_ITEMS) {
        return Err(format!("the range has {} items, more than {RANGE_ITEMS}", steps + 1));
    }
    let count = usize::try_from(steps + 1).unwrap_or_default();
    let numbers = std::iter::successors(Some(first), |number| number.checked_add(step));
    Ok(Json::array(numbers.take(count).map(Json::Int).collect()))
}

pub(super) fn get_item(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let items = arguments.array(1)?;
    let index = arguments.integer(2)?;
    let item = usize::try_from(index).ok().and_then(|position| items.get(position));
    item.cloned().ok_or_else(|| {
        format!(
            "argument 2 must be an index of the array, but was {index} for an array of length {}",
            items.len()
        )
    })
}

pub(super) fn length(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    Ok(Json::from(arguments.array(1)?.len()))
}

/// The first of equal items stays.
pub(super) fn unique(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let mut seen = BTreeSet::new();
    let items = arguments.array(1)?.iter().filter(|item| seen.insert(identity(item)));
    Ok(Json::array(items.cloned().collect()))
}

/// A text that equal values, and only they, have in common.
fn identity(value: &Json) -> String {
    match value {
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::String(_) => value.to_text(),
        Json::Float(_) => value.as_i64().map_or_else(|| value.to_text(), |integer| integer.to_string()),
        Json::Array(_) => {
            let items: Vec<String> = value.as_array().into_iter().flatten().map(identity).collect();
            format!("[{}]", items.join(","))
        }
        Json::Object(_) => {
            let mut members: Vec<String> = Vec::new();
            for (key, member) in value.as_object().into_iter().flatten() {
                members.push(format!("{}:{}", Json::String(key.clone()), identity(member)));
            }
            members.sort();
            format!("{{{}}}", members.join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::query::intrinsic::check::{check, check_failure};

    #[test]
    fn array_holds_its_arguments() {
        check("{}", "States.Array()", "[]");
        check(
            r#"{"x": {"k": 1}}"#,
            "States.Array('Foo', 2020, $.x, null, 2.3, true)",
            r#"["Foo",2020,{"k":1},null,2.3,true]"#,
        );
    }

    #[test]
    fn partition_cuts_chunks_and_the_last_may_be_shorter() {
        let call = "States.ArrayPartition($.a, $.n)";
        check(r#"{"a": [1,2,3,4,5,6,7,8,9], "n": 4}"#, call, "[[1,2,3,4],[5,6,7,8],[9]]");
        check(r#"{"a": [1,2], "n": 9}"#, call, "[[1,2]]");
        check(r#"{"a": [1,2,3], "n": 1.5}"#, call, "[[1,2],[3]]");
        check(r#"{"a": [], "n": 2}"#, call, "[]");
        check_failure(
            r#"{"a": [1], "n": 0}"#,
            call,
            "The intrinsic function States.ArrayPartition failed: argument 2 must be a positive integer, but was the number 0",
        );
        check_failure(
            r#"{"a": [1], "n": "2"}"#,
            call,
            "The intrinsic function States.ArrayPartition failed: argument 2 must be a number, but was the string \"2\"",
        );
    }

    #[test]
    fn contains_compares_deeply() {
        let call = "States.ArrayContains($.a, $.v)";
        check(r#"{"a": [[1,2,3],2], "v": [1,2,3]}"#, call, "true");
        check(r#"{"a": [{"x":1,"y":2}], "v": {"y":2,"x":1}}"#, call, "true");
        check(r#"{"a": [{"x":1}], "v": []}"#, call, "false");
        check(r#"{"a": [], "v": null}"#, call, "false");
        check(r#"{"a": [null], "v": null}"#, call, "true");
        check(r#"{"a": [1], "v": "1"}"#, call, "false");
    }

    #[test]
    fn range_includes_its_end_if_a_step_lands_there() {
        for (call, result) in [
            ("States.ArrayRange(0, 9, 3)", "[0,3,6,9]"),
            ("States.ArrayRange(0, 10, 3)", "[0,3,6,9]"),
            ("States.ArrayRange(1, 9, 9)", "[1]"),
            ("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]"),
            ("States.ArrayRange(3, -3, -3)", "[3,0,-3]"),
            ("States.ArrayRange(1.5, 3.4, 1)", "[2,3]"),
            ("States.ArrayRange(5, 1, 1)", "[]"),
            ("States.ArrayRange(1, 5, -10)", "[]"),
            ("States.ArrayRange(4, 4, -1)", "[4]"),
            ("States.ArrayLength(States.ArrayRange(1, 1000, 1))", "1000"),
        ] {
            check("{}", call, result);
        }
        check_failure(
            "{}",
            "States.ArrayRange(0, 1000, 1)",
            "The intrinsic function States.ArrayRange failed: the range has 1001 items, more than 1000",
        );
        check_failure(
            "{}",
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)",
            "The intrinsic function States.ArrayRange failed: the range has 18446744073709551616 items, more than 1000",
        );
        check_failure(
            "{}",
            "States.ArrayRange(0, 9, 0.4)",
            "The intrinsic function States.ArrayRange failed: argument 3 must be other than zero, but was the number 0.4",
        );
    }

    #[test]
    fn items_are_counted_from_zero() {
        check(r#"{"a": [1,2,3]}"#, "States.ArrayGetItem($.a, 2)", "3");
        check(r#"{"a": [1,2,3]}"#, "States.ArrayLength($.a)", "3");
        for index in ["3", "-1"] {
            check_failure(
                r#"{"a": [1,2,3]}"#,
                &format!("States.ArrayGetItem($.a, {index})"),
                &format!(
                    "The intrinsic function States.ArrayGetItem failed: argument 2 must be an index of the array, but was {index} for an array of length 3"
                ),
            );
        }
        check_failure(
            r#"{"a": [1,2,3]}"#,
            "States.ArrayGetItem($.a, 0.5)",
            "The intrinsic function States.ArrayGetItem failed: argument 2 must be an integer, but was the number 0.5",
        );
    }

    #[test]
    fn unique_keeps_the_first_of_equal_items() {
        check(
            r#"{"a": [null, null, true, false, 1, 1, 1.0, 1.1, "1", [], [[]], [], {"a":1,"b":2}, {"b":2,"a":1}, {"a":1,"b":1}]}"#,
            "States.ArrayUnique($.a)",
            r#"[null,true,false,1,1.1,"1",[],[[]],{"a":1,"b":2},{"a":1,"b":1}]"#,
        );
    }
}
