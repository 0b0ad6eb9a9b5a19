//! Arrays whose items may come in any order.

use super::compare::{Extent, Location};
use super::read::Pattern;
use crate::model::Json;

/// What keeps items and patterns from being paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unpaired {
    /// The pattern that no item is left for.
    Pattern(usize),
    /// The item that no pattern is left for.
    Item(usize),
}

/// `None` if every pattern can have an item of its own, and no item is left over. An item that several patterns
/// would take goes to whichever lets the others be satisfied as well.
pub(super) fn unpaired(
    patterns: &[Pattern],
    items: &[Json],
    extent: Extent,
    at: &Location<'_>,
) -> Option<Unpaired> {
    let fits = |pattern: &Pattern, item| pattern.compare(item, extent, at).is_none();
    let candidates: Vec<Vec<usize>> = patterns
        .iter()
        .map(|pattern| {
            (0..items.len())
                .filter(|index| items.get(*index).is_some_and(|item| fits(pattern, item)))
                .collect()
        })
        .collect();
    let mut taken_by: Vec<Option<usize>> = vec![None; items.len()];
    for pattern in 0..patterns.len() {
        if !give_item(pattern, &candidates, &mut taken_by) {
            return Some(Unpaired::Pattern(pattern));
        }
    }
    taken_by.iter().position(Option::is_none).map(Unpaired::Item)
}

/// Gives the pattern an item, taking it from another pattern that can have a different one: breadth first, so that
/// nothing recurses however long the array is.
fn give_item(pattern: usize, candidates: &[Vec<usize>], taken_by: &mut [Option<usize>]) -> bool {
    // Of each item that was reached: the pattern that would take it.
    let mut wanted_by: Vec<Option<usize>> = vec![None; taken_by.len()];
    let mut asking = std::collections::VecDeque::from([pattern]);
    while let Some(asker) = asking.pop_front() {
        for item in candidates.get(asker).into_iter().flatten().copied() {
            let Some(wanted @ None) = wanted_by.get_mut(item) else { continue };
            *wanted = Some(asker);
            match taken_by.get(item).copied().flatten() {
                Some(owner) => asking.push_back(owner),
                None => {
                    hand_over(item, pattern, &wanted_by, taken_by);
                    return true;
                }
            }
        }
    }
    false
}

/// Follows the chain of askers back from a free item to the pattern that had none.
fn hand_over(free: usize, first: usize, wanted_by: &[Option<usize>], taken_by: &mut [Option<usize>]) {
    let mut item = free;
    while let Some(asker) = wanted_by.get(item).copied().flatten() {
        let before = taken_by.iter().position(|owner| *owner == Some(asker));
        if let Some(owner) = taken_by.get_mut(item) {
            *owner = Some(asker);
        }
        if asker == first {
            return;
        }
        let Some(before) = before else { return };
        item = before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(patterns: &str, items: &str, expected: Option<Unpaired>) {
        let Pattern::Array(patterns) = Pattern::read(&Json::parse(patterns).unwrap()).unwrap() else {
            panic!("no array")
        };
        let items = Json::parse(items).unwrap();
        let found = unpaired(&patterns, items.as_array().unwrap(), Extent::Whole, &Location::Root);
        assert_eq!(found, expected);
    }

    #[test]
    fn every_item_has_one_pattern() {
        check("[1,2,2]", "[2,1,2]", None);
        check("[]", "[]", None);
        check("[1,2]", "[2]", Some(Unpaired::Pattern(0)));
        check("[1,1]", "[1,2]", Some(Unpaired::Pattern(1)));
        check("[1]", "[2,1]", Some(Unpaired::Item(0)));
    }

    #[test]
    fn a_loose_pattern_leaves_the_item_that_a_strict_one_needs() {
        check(r#"[{"$any":"value"},{"$any":"number"},1]"#, r#"[1,2,"x"]"#, None);
        check(r#"[{"$any":"number"},{"$any":"number"},1]"#, r#"[1,2,"x"]"#, Some(Unpaired::Pattern(2)));
        check(r#"[{"$oneOf":[1,2]},{"$oneOf":[2,3]},{"$oneOf":[1,3]},1]"#, "[1,2,3,1]", None);
    }
}
