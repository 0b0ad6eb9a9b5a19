//! What a test may write for a length of time.

use std::time::Duration;

use super::human_duration::parse_duration;

/// A length of time: a [`Duration`], or text such as `"90s"`, `"5m"`, `"1h30m"`, `"30d"` or `"250ms"`.
pub trait IntoDuration {
    /// The duration, or a sentence that says why the text is none.
    ///
    /// # Errors
    /// Text that is not numbers with units.
    fn into_duration(self) -> Result<Duration, String>;
}

impl IntoDuration for Duration {
    fn into_duration(self) -> Result<Duration, String> {
        Ok(self)
    }
}

impl IntoDuration for &str {
    fn into_duration(self) -> Result<Duration, String> {
        parse_duration(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_durations_mean_the_same() {
        let expected = Ok(Duration::from_millis(1500));
        assert_eq!("1.5s".into_duration(), expected);
        assert_eq!(Duration::from_millis(1500).into_duration(), expected);
        assert!("1.5".into_duration().is_err());
    }
}
