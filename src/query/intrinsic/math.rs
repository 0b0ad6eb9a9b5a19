//! `MathRandom` and `MathAdd`.

use super::arguments::Arguments;
use crate::model::{Json, SeededRandom};

/// A number from the first argument up to, but not including, the second. With a seed, always the same one.
pub(super) fn random(arguments: &Arguments<'_>, random: &mut SeededRandom) -> Result<Json, String> {
    let (start, end) = (arguments.rounded(1)?, arguments.rounded(2)?);
    let width = u64::try_from(i128::from(end) - i128::from(start)).unwrap_or_default();
    if width == 0 {
        return Err(format!("argument 2 must be greater than argument 1, but was {end} after {start}"));
    }
    let drawn = match arguments.optional(3) {
        Some(_) => {
            let seed = u64::from_ne_bytes(arguments.rounded(3)?.to_ne_bytes());
            SeededRandom::new(seed, "States.MathRandom").next_u64()
        }
        None => random.next_u64(),
    };
    let number = i128::from(start) + i128::from(drawn % width);
    Ok(i64::try_from(number).map_or(Json::Null, Json::Int))
}

/// Each number is rounded before they are added.
pub(super) fn add(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let mut sum = 0;
    for position in 1..=2 {
        let number = arguments.rounded(position)?;
        if i32::try_from(number).is_err() {
            return Err(arguments.must_be(position, "between -2147483648 and 2147483647"));
        }
        sum += number;
    }
    Ok(Json::Int(sum))
}

#[cfg(test)]
mod tests {
    use crate::query::intrinsic::check::{check, check_failure, evaluate};

    #[test]
    fn numbers_are_rounded_before_they_are_added() {
        for (call, sum) in [
            ("States.MathAdd(111, -1)", "110"),
            ("States.MathAdd(1.5, 1.51)", "4"),
            ("States.MathAdd(1.49, 1.5)", "3"),
            ("States.MathAdd(-1.5, 0)", "-1"),
            ("States.MathAdd(-1.51, 0)", "-2"),
            ("States.MathAdd(-0.5, 0.5)", "1"),
            ("States.MathAdd(-0.5, 0)", "0"),
            ("States.MathAdd(2.5, 0)", "3"),
        ] {
            check("{}", call, sum);
        }
        check_failure(
            "{}",
            "States.MathAdd(1,'-1')",
            "The intrinsic function States.MathAdd failed: argument 2 must be a number, but was the string \"-1\"",
        );
        check_failure(
            "{}",
            "States.MathAdd(2147483648, 1)",
            "The intrinsic function States.MathAdd failed: argument 1 must be between -2147483648 and 2147483647, but was the number 2147483648",
        );
    }

    #[test]
    fn random_numbers_stay_below_the_end() {
        let calls = vec!["States.MathRandom(-1, 2)"; 100].join(", ");
        let drawn = evaluate("{}", &format!("States.Array({calls})")).unwrap();
        let drawn: Vec<i64> =
            drawn.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect();
        for number in [-1, 0, 1] {
            assert!(drawn.contains(&number), "{number} of {drawn:?}");
        }
        assert!(drawn.iter().all(|number| (-1..2).contains(number)), "{drawn:?}");
        check("{}", "States.MathRandom(12.5, 14.4)", "13");
    }

    #[test]
    fn a_seed_decides_the_number() {
        let draw = |seed: &str| evaluate("{}", &format!("States.MathRandom(0, 1000000, {seed})")).unwrap();
        assert_eq!(draw("7"), draw("7"));
        assert_ne!(draw("7"), draw("8"));
        assert_ne!(draw("-7"), draw("7"));
    }

    #[test]
    fn an_empty_range_has_no_random_number() {
        check_failure(
            "{}",
            "States.MathRandom(3, 3)",
            "The intrinsic function States.MathRandom failed: argument 2 must be greater than argument 1, but was 3 after 3",
        );
    }
}
