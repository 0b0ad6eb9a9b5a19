//! Points in time with millisecond precision, as Step Functions writes them.

use std::fmt;
use std::time::Duration;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::Json;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment so many milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment `duration` later; fractions of a millisecond are cut off.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Reads an ISO-8601 extended date-time with an offset, as the `Timestamp` field of a Wait state:
    /// `2016-03-14T01:59:00Z`, `2016-03-14T01:59:00.5+02:00`. `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let clock_and_offset = rest.strip_prefix('T')?;
        let offset_at = clock_and_offset.find(['Z', '+', '-'])?;
        let (clock, offset) = clock_and_offset.split_at_checked(offset_at)?;
        let moment = PrimitiveDateTime::new(parse_date(date)?, parse_clock(clock)?)
            .assume_offset(parse_offset(offset)?);
        Some(Self(i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).ok()?))
    }

    /// The wire form: a JSON number of seconds with a millisecond fraction.
    pub(crate) fn to_epoch_seconds(self) -> Json {
        if self.0 % 1000 == 0 {
            return Json::Int(self.0 / 1000);
        }
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium fit a double")]
        let millis = self.0 as f64;
        Json::Float(millis / 1000.0)
    }

    /// As in the header `Date` of HTTP: `Tue, 14 Nov 2023 22:13:20 GMT`.
    pub(crate) fn to_http_date(self) -> String {
        let utc = self.to_utc();
        let (year, month, day) = utc.to_calendar_date();
        let (hour, minute, second) = utc.to_hms();
        let (weekday, month) = (utc.weekday().to_string(), month.to_string());
        let short = |name: &str| name.chars().take(3).collect::<String>();
        format!(
            "{}, {day:02} {} {year:04} {hour:02}:{minute:02}:{second:02} GMT",
            short(&weekday),
            short(&month)
        )
    }

    /// The inverse: seconds with a fraction, as a JSON number.
    pub(crate) fn from_epoch_seconds(seconds: &Json) -> Option<Self> {
        let millis = seconds.as_f64()? * 1000.0;
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        (millis.abs() < 1e15).then(|| Self(millis.round() as i64))
    }

    fn to_utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// `2025-08-27T10:04:42.001Z`; a zero fraction is left out, as in AWS's context object.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.to_utc();
        let (year, month, day) = utc.to_calendar_date();
        let (hour, minute, second) = utc.to_hms();
        write!(f, "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", u8::from(month))?;
        match utc.millisecond() {
            0 => f.write_str("Z"),
            millis => {
                let digits = format!("{millis:03}");
                write!(f, ".{}Z", digits.trim_end_matches('0'))
            }
        }
    }
}

/// `YYYY-MM-DD`.
fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(u8::try_from(digits(month, 2)?).ok()?).ok()?;
    Date::from_calendar_date(
        i32::try_from(digits(year, 4)?).ok()?,
        month,
        u8::try_from(digits(day, 2)?).ok()?,
    )
    .ok()
}

/// `hh:mm:ss` with an optional fraction, or `hh:mm`.
fn parse_clock(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next().unwrap_or("00"));
    if parts.next().is_some() || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let nanos = digits(fraction, fraction.len())? * 10_u32.pow(9 - u32::try_from(fraction.len()).ok()?);
    Time::from_hms_nano(
        u8::try_from(digits(hour, 2)?).ok()?,
        u8::try_from(digits(minute, 2)?).ok()?,
        u8::try_from(digits(second, 2)?).ok()?,
        nanos,
    )
    .ok()
}

/// `Z`, `+hh:mm` or `-hh:mm`.
fn parse_offset(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = clock.split_once(':')?;
    UtcOffset::from_hms(
        sign * i8::try_from(digits(hours, 2)?).ok()?,
        sign * i8::try_from(digits(minutes, 2)?).ok()?,
        0,
    )
    .ok()
}

/// Exactly `count` ASCII digits.
fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_print_without_a_zero_fraction() {
        assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::from_millis(1_756_289_082_001).to_string(), "2025-08-27T10:04:42.001Z");
        assert_eq!(Timestamp::from_millis(1_756_289_082_500).to_string(), "2025-08-27T10:04:42.5Z");
    }

    #[test]
    fn offsets_and_fractions_are_read() {
        let base = Timestamp::parse("2016-03-14T01:59:00Z").unwrap();
        assert_eq!(Timestamp::parse("2016-03-14T03:59:00+02:00"), Some(base));
        assert_eq!(
            Timestamp::parse("2016-03-14T01:59:00.250000Z"),
            Some(base.plus(Duration::from_millis(250)))
        );
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        for text in [
            "2016-12-05 21:29:29Z",
            "2016-12-05T21:29:29",
            "2016-13-05T21:29:29Z",
            "2016-12-05T25:29:29Z",
            "05-12-2016T21:29:29Z",
            "",
            "2016-12-05TZ",
            "2016-12-05T21:29:29+",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_wire_form_is_seconds() {
        assert_eq!(
            Timestamp::from_millis(1_716_997_200_123).to_epoch_seconds().to_text(),
            "1.716997200123E9"
        );
    }
}
