//! Which invocations of a state an answer is for: `0`, or `1-3`.

use std::fmt;

/// Invocation numbers, both ends included. The first attempt of a state has the number 0; every retry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Invocations {
    first: u64,
    last: u64,
}

impl Invocations {
    /// Reads a key of a mocked response, or says what is wrong with it.
    pub(super) fn read(key: &str) -> Result<Self, String> {
        let ends = match key.split_once('-') {
            Some((first, last)) => number(first).zip(number(last)),
            None => number(key).map(|only| (only, only)),
        };
        let Some((first, last)) = ends else {
            return Err("is no invocation number such as `0`, and no range such as `1-3`".to_owned());
        };
        if first > last {
            return Err("is a range that ends before it begins".to_owned());
        }
        Ok(Self { first, last })
    }

    pub(super) const fn contain(self, invocation: u64) -> bool {
        self.first <= invocation && invocation <= self.last
    }

    pub(super) const fn overlap(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

impl fmt::Display for Invocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last } = self;
        if first == last { write!(f, "{first}") } else { write!(f, "{first}-{last}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ranges_are_read() {
        for (key, inside, outside) in [("0", 0, 1), ("7", 7, 6), ("1-3", 1, 0), ("1-3", 3, 4), ("2-2", 2, 3)]
        {
            let invocations = Invocations::read(key).unwrap();
            assert!(invocations.contain(inside), "{key}");
            assert!(!invocations.contain(outside), "{key}");
        }
    }

    #[test]
    fn other_keys_are_refused() {
        let neither = "is no invocation number such as `0`, and no range such as `1-3`";
        for key in ["", "-1", "1-", "a", "1-b", "+1", "1-2-3", " 1", "1.0", "99999999999999999999"] {
            assert_eq!(Invocations::read(key).unwrap_err(), neither, "{key}");
        }
        assert_eq!(Invocations::read("3-1").unwrap_err(), "is a range that ends before it begins");
    }
}
