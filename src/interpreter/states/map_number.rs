//! The numbers of Map states: written out, or found in the input at a path.

use crate::asl::definition::Number;
use crate::asl::distributed_map::{MaxItems, Percentage};
use crate::model::{Failure, Json};
use crate::query::{Evaluation, Expected, Path};

/// A count. AWS takes `"1"` for 1 here.
pub(super) fn whole(field: &str, number: &Number, evaluation: &mut Evaluation<'_>) -> Result<u64, Failure> {
    match number {
        Number::Fixed(number) => Ok(*number),
        Number::Computed(expression) => expression.evaluate_whole(0, evaluation),
        Number::At(path) => {
            let value = selected(path, evaluation)?;
            let whole = integer(&value).ok_or_else(|| not_valid(field, "integer", path, &value))?;
            u64::try_from(whole).map_err(|_| not_valid(field, "integer", path, &value))
        }
    }
}

/// A count whose name AWS gives when it is negative.
pub(super) fn not_negative(
    name: &str,
    number: &Number,
    evaluation: &mut Evaluation<'_>,
) -> Result<u64, Failure> {
    let Number::At(path) = number else { return whole(name, number, evaluation) };
    let value = selected(path, evaluation)?;
    let field = format!("{name}Path");
    let whole = integer(&value).ok_or_else(|| not_valid(&field, "integer", path, &value))?;
    u64::try_from(whole).map_err(|_| Failure::runtime(format!("{name} cannot be negative.")))
}

/// `MaxItems`, which may be negative.
pub(super) fn max_items(max_items: &MaxItems, evaluation: &mut Evaluation<'_>) -> Result<i64, Failure> {
    match max_items {
        MaxItems::Fixed(number) => Ok(*number),
        MaxItems::Computed(expression) => {
            let whole = expression.evaluate_whole(0, evaluation)?;
            Ok(i64::try_from(whole).unwrap_or(i64::MAX))
        }
        MaxItems::At(path) => {
            let value = selected(path, evaluation)?;
            integer(&value).ok_or_else(|| not_valid("MaxItemsPath", "integer", path, &value))
        }
    }
}

/// `ToleratedFailurePercentage`: 0 to 100.
pub(super) fn percentage(percentage: &Percentage, evaluation: &mut Evaluation<'_>) -> Result<f64, Failure> {
    let percentage = match percentage {
        Percentage::Fixed(percentage) => *percentage,
        Percentage::Computed(expression) => {
            let number = expression.evaluate_as(Expected::Number, evaluation)?;
            number.as_f64().unwrap_or(f64::NAN)
        }
        Percentage::At(path) => {
            let value = selected(path, evaluation)?;
            let number = match value.as_str() {
                Some(text) => text.parse().ok(),
                None => value.as_f64(),
            };
            number.ok_or_else(|| not_valid("ToleratedFailurePercentagePath", "float", path, &value))?
        }
    };
    if (0.0..=100.0).contains(&percentage) {
        Ok(percentage)
    } else {
        Err(Failure::runtime("ToleratedFailurePercentage must be between 0 and 100."))
    }
}

fn selected(path: &Path, evaluation: &Evaluation<'_>) -> Result<Json, Failure> {
    path.select(evaluation).map_err(|why| Failure::runtime(format!("Invalid path '{}' : {why}", path.text())))
}

fn integer(value: &Json) -> Option<i64> {
    match value.as_str() {
        Some(text) => text.parse().ok(),
        None => value.as_i64(),
    }
}

fn not_valid(field: &str, kind: &str, path: &Path, value: &Json) -> Failure {
    let shown = value.as_str().map_or_else(|| value.compacted().to_text(), ToOwned::to_owned);
    Failure::runtime(format!(
        "The {field} field refers to value \"{shown}\" which is not a valid {kind}: {}",
        path.text()
    ))
}
