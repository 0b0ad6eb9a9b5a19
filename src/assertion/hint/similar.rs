//! Names that are nearly the one that was meant.

use similar::get_close_matches;

/// How alike two names must be to be taken for each other: 1 is equal.
const ALIKE: f32 = 0.6;

/// The candidate that is most like the name, cases aside, if any is.
pub(crate) fn closest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let candidates: Vec<_> = candidates.collect();
    let lower = name.to_lowercase();
    let lowered: Vec<_> = candidates.iter().map(|candidate| candidate.to_lowercase()).collect();
    let words: Vec<_> = lowered.iter().map(String::as_str).collect();
    let closest = get_close_matches(lower.as_str(), &words, 1, ALIKE).first().copied()?;
    let at = lowered.iter().position(|candidate| candidate == closest)?;
    candidates.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_and_single_letters_make_no_other_name() {
        let names = ["SaveUser", "Refund"];
        assert_eq!(closest("saveUsers", names.into_iter()), Some("SaveUser"));
        assert_eq!(closest("REFUND", names.into_iter()), Some("Refund"));
        assert_eq!(closest("Ship", names.into_iter()), None);
    }
}
