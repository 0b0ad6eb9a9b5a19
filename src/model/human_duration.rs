//! Lengths of time as people write them in tests: `90s`, `1h30m`, `250ms`.

use std::time::Duration;

const MILLIS_PER_UNIT: &[(&str, u64)] =
    &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// Reads numbers, each with its unit: `d`, `h`, `m`, `s` or `ms`. `Err` is a sentence for the user.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    let refused = || {
        format!(
            "`{text}` is no duration: write numbers with their units, such as `90s`, `5m`, `1h30m` or `250ms`"
        )
    };
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(refused());
    }
    let mut millis: u64 = 0;
    while !rest.is_empty() {
        let (part, after) = parse_part(rest).ok_or_else(refused)?;
        millis = millis.checked_add(part).ok_or_else(refused)?;
        rest = after;
    }
    Ok(Duration::from_millis(millis))
}

/// One number and its unit, in milliseconds, and what follows.
fn parse_part(text: &str) -> Option<(u64, &str)> {
    let (number, rest) = split_where(text, |c| !c.is_ascii_digit() && c != '.');
    let (unit, rest) = split_where(rest, |c| !c.is_ascii_alphabetic());
    let (_, per_unit) = MILLIS_PER_UNIT.iter().find(|(name, _)| *name == unit)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole: u64 = whole.parse().ok()?;
    let parts_per_whole = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let fraction: u64 = fraction.parse().ok()?;
    let millis_of_fraction = fraction.checked_mul(*per_unit)? / parts_per_whole;
    Some((whole.checked_mul(*per_unit)?.checked_add(millis_of_fraction)?, rest))
}

fn split_where(text: &str, stop: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(stop).unwrap_or(text.len())).unwrap_or((text, ""))
}

/// The shortest way to write it, down to milliseconds: `1d6h`, `1s500ms`, `0s`.
pub(crate) fn format_duration(duration: Duration) -> String {
    let mut millis = duration.as_millis();
    let mut text = String::new();
    for (unit, per_unit) in MILLIS_PER_UNIT.iter().rev() {
        let count = millis / u128::from(*per_unit);
        millis %= u128::from(*per_unit);
        if count > 0 {
            text.extend([count.to_string().as_str(), unit]);
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_read() {
        for (text, millis) in [
            ("90s", 90_000),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("250ms", 250),
            ("30d", 2_592_000_000),
            ("1h30m", 5_400_000),
            ("1.5s", 1500),
            ("0s", 0),
            (" 1s ", 1000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_in_a_sentence() {
        for text in
            ["", "90", "s", "90 s", "-1s", "1.s", ".5s", "1y", "1s!", "99999999999999999999s", "1..5s"]
        {
            assert_eq!(
                parse_duration(text),
                Err(format!(
                    "`{text}` is no duration: write numbers with their units, such as `90s`, `5m`, `1h30m` or `250ms`"
                ))
            );
        }
    }

    #[test]
    fn durations_are_written_with_the_largest_units_that_fit() {
        for (text, millis) in
            [("0s", 0), ("250ms", 250), ("1m30s", 90_000), ("30d", 2_592_000_000), ("1s500ms", 1500)]
        {
            assert_eq!(format_duration(Duration::from_millis(millis)), text);
        }
    }
}
