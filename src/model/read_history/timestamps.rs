//! The instants of events, in the forms that clients write them.

use crate::model::{Json, Timestamp};

/// Seconds since the epoch, as on the wire; or the text of the AWS CLI (`2025-08-27T12:04:42.001000+02:00`) or of
/// Python, which has a space for the `T`.
pub(super) fn instant(value: &Json) -> Option<Timestamp> {
    if let Some(text) = value.as_str() {
        return Timestamp::parse(&text.replacen(' ', "T", 1));
    }
    Timestamp::from_epoch_seconds(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        let value = Json::parse(text).unwrap();
        assert_eq!(instant(&value).map(Timestamp::as_millis), expected, "{text}");
    }

    #[test]
    fn instants_are_seconds_or_dates() {
        check("1716997200.123", Some(1_716_997_200_123));
        check("1716997200", Some(1_716_997_200_000));
        check(r#""2024-05-29T15:40:00.123000+00:00""#, Some(1_716_997_200_123));
        check(r#""2024-05-29 17:40:00.123000+02:00""#, Some(1_716_997_200_123));
        check(r#""2024-05-29T15:40:00.123Z""#, Some(1_716_997_200_123));
        check(r#""yesterday""#, None);
        check("1e300", None);
        check("null", None);
    }
}
