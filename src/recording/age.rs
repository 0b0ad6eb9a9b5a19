//! How old a cassette is.

use std::time::{Duration, SystemTime};

use crate::model::Timestamp;

#[expect(clippy::disallowed_methods, reason = "a cassette says on which day it was recorded")]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or_default())
}

/// Today in UTC, `2026-11-25`.
pub(crate) fn today() -> String {
    now().to_string().chars().take(10).collect()
}

/// How long ago a day began; zero for one to come, `None` for what is no day.
pub(crate) fn age(day: &str) -> Option<Duration> {
    Some(now().since(start_of(day)?))
}

fn start_of(day: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{day}T00:00:00Z"))
}

/// What is said of a cassette that was recorded longer ago than it should have been.
pub(super) fn warning(path: &str, day: &str, age: Duration, most: Duration) -> Option<String> {
    const DAY: u64 = 24 * 60 * 60;
    (age > most + Duration::from_secs(DAY)).then(|| {
        format!(
            "the cassette {path} is {} days old (recorded {day}), and should be recorded again after {}",
            age.as_secs() / DAY,
            most.as_secs() / DAY
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[test]
    fn today_is_a_day_that_is_not_old() {
        let today = today();
        assert_eq!(today.len(), 10);
        assert!(age(&today).unwrap() < DAY * 2);
        assert!(age("2020-01-01").unwrap() > DAY * 2000);
        assert_eq!(age("soon"), None);
    }

    #[test]
    fn only_what_is_older_than_wished_is_warned_of() {
        assert_eq!(warning("a.json", "2026-01-01", DAY * 90, DAY * 90), None);
        assert_eq!(
            warning("a.json", "2026-01-01", DAY * 92, DAY * 90).unwrap(),
            "the cassette a.json is 92 days old (recorded 2026-01-01), and should be recorded again after 90"
        );
    }
}
