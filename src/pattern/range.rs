//! Ranges of numbers: `{"$range": {"min": 1, "below": 10}}`.

use std::cmp::Ordering;

use crate::model::Json;

/// Numbers between two bounds, each of which may be left out, but not both.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NumberRange {
    low: Option<Bound>,
    high: Option<Bound>,
}

#[derive(Debug, Clone, PartialEq)]
struct Bound {
    number: Json,
    /// Whether the number itself belongs to the range.
    inclusive: bool,
}

impl NumberRange {
    /// From the argument of `$range`: any of `min` or `above`, and `max` or `below`.
    pub(super) fn read(argument: &Json) -> Result<Self, String> {
        let unreadable = || {
            format!(
                "`$range` takes an object with `min` or `above`, `max` or `below`, each a number, not {argument}"
            )
        };
        let members = argument.as_object().ok_or_else(unreadable)?;
        let mut range = Self { low: None, high: None };
        for (key, number) in members {
            let (bound, inclusive) = match &**key {
                "min" => (&mut range.low, true),
                "above" => (&mut range.low, false),
                "max" => (&mut range.high, true),
                "below" => (&mut range.high, false),
                _ => return Err(unreadable()),
            };
            if !number.is_number() || bound.replace(Bound { number: number.clone(), inclusive }).is_some() {
                return Err(unreadable());
            }
        }
        if range.low.is_none() && range.high.is_none() {
            return Err(unreadable());
        }
        Ok(range)
    }

    /// Whether the value is a number of this range.
    pub(super) fn has(&self, value: &Json) -> bool {
        let within = |bound: Option<&Bound>, side: Ordering| {
            bound.is_none_or(|bound| match value.compare_numbers(&bound.number) {
                Some(Ordering::Equal) => bound.inclusive,
                order => order == Some(side),
            })
        };
        within(self.low.as_ref(), Ordering::Greater) && within(self.high.as_ref(), Ordering::Less)
    }

    /// `a number of at least 1 and below 10`.
    pub(super) fn phrase(&self) -> String {
        let side = |bound: &Option<Bound>, inclusive: &str, exclusive: &str| {
            bound.as_ref().map(|bound| {
                format!("{} {}", if bound.inclusive { inclusive } else { exclusive }, bound.number)
            })
        };
        let sides = [side(&self.low, "of at least", "above"), side(&self.high, "of at most", "below")];
        format!("a number {}", sides.into_iter().flatten().collect::<Vec<_>>().join(" and "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(argument: &str) -> Result<NumberRange, String> {
        NumberRange::read(&Json::parse(argument).unwrap())
    }

    #[track_caller]
    fn check(argument: &str, phrase: &str, inside: &[&str], outside: &[&str]) {
        let range = range(argument).unwrap();
        assert_eq!(range.phrase(), phrase);
        for text in inside {
            assert!(range.has(&Json::parse(text).unwrap()), "{text}");
        }
        for text in outside {
            assert!(!range.has(&Json::parse(text).unwrap()), "{text}");
        }
    }

    #[test]
    fn each_bound_is_part_of_the_range_or_not() {
        check(
            r#"{"min":1,"max":5}"#,
            "a number of at least 1 and of at most 5",
            &["1", "2.5", "5"],
            &["0.9", "6"],
        );
        check(r#"{"above":1,"below":5}"#, "a number above 1 and below 5", &["1.1", "4.9"], &["1", "5", "-1"]);
        check(r#"{"above":0}"#, "a number above 0", &["1e-9", "9007199254740993"], &["0", "-1"]);
        check(r#"{"max":-1.5}"#, "a number of at most -1.5", &["-1.5", "-2"], &["-1"]);
        check(r#"{"min":0}"#, "a number of at least 0", &["0"], &["\"1\"", "null", "[1]", "true"]);
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for argument in ["1", "{}", r#"{"min":"1"}"#, r#"{"from":1}"#, r#"{"min":1,"above":2}"#] {
            assert_eq!(
                range(argument).unwrap_err(),
                format!(
                    "`$range` takes an object with `min` or `above`, `max` or `below`, each a number, not {argument}"
                )
            );
        }
    }
}
