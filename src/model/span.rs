//! Spans of time as tests write them and reports show them: `1.5s`, `1h30m`, `30d`.

use std::time::Duration;

/// Unit and its length in milliseconds, longest first: the order in which they are written.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// A span of time: a [`Duration`], or a text such as `"500ms"`, `"1.5s"`, `"90s"`, `"1h30m"`, `"30d"`.
///
/// The units are `d`, `h`, `m`, `s` and `ms`; what is finer than a millisecond is cut off.
pub trait IntoDuration {
    /// The span as a [`Duration`].
    ///
    /// # Errors
    ///
    /// Says what is wrong with a text that is no span.
    fn into_duration(self) -> Result<Duration, String>;
}

impl IntoDuration for Duration {
    fn into_duration(self) -> Result<Duration, String> {
        Ok(self)
    }
}

impl IntoDuration for &str {
    fn into_duration(self) -> Result<Duration, String> {
        read(self).ok_or_else(|| {
            format!(
                "`{self}` is no span of time: write a number and d, h, m, s or ms, such as `1.5s` or `1h30m`"
            )
        })
    }
}

fn read(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number = leading(rest, |c| c.is_ascii_digit() || c == '.');
        rest = rest.strip_prefix(number)?;
        let unit = leading(rest, |c| c.is_ascii_alphabetic());
        rest = rest.strip_prefix(unit)?.trim_start();
        let (_, millis) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(times(number, *millis)?)?;
    }
    Some(total)
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at_checked(end).map_or(text, |(head, _)| head)
}

/// `number` units of `millis` each; the fraction is read as digits, so that `0.1s` is exactly 100 ms.
fn times(number: &str, millis: u64) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let scale = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let part = fraction.parse::<u64>().ok()?.checked_mul(millis)? / scale;
    Some(Duration::from_millis(whole.parse::<u64>().ok()?.checked_mul(millis)?.checked_add(part)?))
}

/// The shortest exact form, in units from days to seconds: `0s`, `1.5s`, `1m30s`, `30d`.
pub(crate) fn write(span: Duration) -> String {
    let mut millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let mut parts = Vec::new();
    for (unit, length) in UNITS.into_iter().take(3) {
        let count = millis / length;
        millis %= length;
        if count > 0 {
            parts.push(format!("{count}{unit}"));
        }
    }
    if millis > 0 || parts.is_empty() {
        parts.push(seconds(millis));
    }
    parts.concat()
}

fn seconds(millis: u64) -> String {
    let (whole, fraction) = (millis / 1000, format!("{:03}", millis % 1000));
    match fraction.trim_end_matches('0') {
        "" => format!("{whole}s"),
        digits => format!("{whole}.{digits}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_every_unit() {
        for (text, millis) in [
            ("0s", 0),
            ("500ms", 500),
            ("1.5s", 1500),
            ("0.1s", 100),
            ("90s", 90_000),
            ("1m30s", 90_000),
            ("1h 30m", 5_400_000),
            ("30d", 2_592_000_000),
        ] {
            assert_eq!(text.into_duration(), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused_with_an_example() {
        assert_eq!(
            "5 minutes".into_duration().unwrap_err(),
            "`5 minutes` is no span of time: write a number and d, h, m, s or ms, such as `1.5s` or `1h30m`"
        );
        for text in ["", "5", "s", "1.s", ".5s", "1.2.3s", "-1s", "1y", "99999999999999999999d"] {
            assert!(text.into_duration().is_err(), "{text}");
        }
    }

    #[test]
    fn spans_are_written_short_and_exact() {
        for (millis, text) in [
            (0, "0s"),
            (1, "0.001s"),
            (1500, "1.5s"),
            (90_000, "1m30s"),
            (86_400_000, "1d"),
            (2_592_000_250, "30d0.25s"),
            (3_600_000, "1h"),
        ] {
            assert_eq!(write(Duration::from_millis(millis)), text);
            assert_eq!(text.into_duration(), Ok(Duration::from_millis(millis)));
        }
    }
}
