//! `--partition 3/16`: which histories belong to one part of a CI matrix.

use std::str::FromStr;

/// One of several parts, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Partition {
    part: usize,
    parts: usize,
}

impl Partition {
    /// Whether the history at this position, from 0, is in the part. Neighbours are in different parts: long and short
    /// executions are often recorded in runs.
    pub(super) const fn has(self, index: usize) -> bool {
        index % self.parts == self.part - 1
    }
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
        match numbers {
            Some((part, parts)) if (1..=parts).contains(&part) => Ok(Self { part, parts }),
            Some((_, parts)) => Err(format!("the part is one of 1 to {parts}")),
            None => Err("write a part and the number of parts, as in 3/16".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_history_is_in_exactly_one_part() {
        for index in 0..100 {
            let holders = (1..=7).filter(|part| Partition { part: *part, parts: 7 }.has(index)).count();
            assert_eq!(holders, 1, "{index}");
        }
    }

    #[test]
    fn a_part_that_is_none_is_refused() {
        assert_eq!("3/16".parse(), Ok(Partition { part: 3, parts: 16 }));
        let refused = |text: &str| text.parse::<Partition>().unwrap_err();
        assert_eq!(refused("0/16"), "the part is one of 1 to 16");
        assert_eq!(refused("17/16"), "the part is one of 1 to 16");
        assert_eq!(refused("3"), "write a part and the number of parts, as in 3/16");
        assert_eq!(refused("a/b"), "write a part and the number of parts, as in 3/16");
    }
}
