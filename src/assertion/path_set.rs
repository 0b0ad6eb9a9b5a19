//! Which states the execution entered, in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use super::Execution;
use super::matcher::{Matcher, Mismatch};
use super::path::{entered, unknown};
use super::status::failure_events;
use super::subject::{Scope, Subject};
use super::wording::{listed, times};

/// Entered all of these states, each as often as it is named or more.
pub(crate) struct VisitedInAnyOrder {
    pub(crate) states: Vec<String>,
    pub(crate) scope: Scope,
}

/// Entered these states and no others, however often.
pub(crate) struct VisitedSet {
    pub(crate) states: Vec<String>,
    pub(crate) scope: Scope,
}

impl Matcher for VisitedInAnyOrder {
    fn describes(&self) -> String {
        format!("visit {} in any order{}", listed(&self.states), self.scope.suffix())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let path = self.scope.path(execution);
        let entries = counted(&path);
        let wanted = counted(&self.states);
        let too_rare = |state: &&String| entries.get(state.as_str()) < wanted.get(state.as_str());
        let missing = self.states.iter().find(too_rare)?;
        let happened = entered(execution, &self.scope);
        let mismatch = match entries.get(missing.as_str()) {
            Some(entries) => {
                let visits = Subject::new(missing, self.scope.clone()).visits(execution);
                Mismatch::new(format!("`{missing}` was entered {} only; {happened}", times(*entries)))
                    .guilty(visits.iter().map(|visit| visit.entered))
            }
            None => Mismatch::new(format!("`{missing}` was not entered; {happened}"))
                .guilty(failure_events(execution))
                .hint(unknown(execution, missing)),
        };
        Some(mismatch)
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        let visits = self.scope.visits(execution).into_iter();
        visits
            .filter(|visit| self.states.iter().any(|state| **state == *visit.name))
            .map(|visit| visit.entered)
            .collect()
    }
}

impl Matcher for VisitedSet {
    fn describes(&self) -> String {
        format!("visit {} and no other state{}", listed(&self.states), self.scope.suffix())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let wanted: BTreeSet<&str> = self.states.iter().map(String::as_str).collect();
        let visits = self.scope.visits(execution);
        let found: BTreeSet<&str> = visits.iter().map(|visit| &*visit.name).collect();
        let missing: Vec<_> = wanted.difference(&found).collect();
        let unexpected: Vec<_> = found.difference(&wanted).collect();
        if missing.is_empty() && unexpected.is_empty() {
            return None;
        }
        let mut parts = Vec::new();
        if !missing.is_empty() {
            parts.push(format!("it never entered {}", listed(&missing)));
        }
        if !unexpected.is_empty() {
            parts.push(format!("it also entered {}", listed(&unexpected)));
        }
        let intruders = visits.iter().filter(|visit| unexpected.contains(&&&*visit.name));
        let mut mismatch = Mismatch::new(parts.join(", and "))
            .guilty(intruders.map(|visit| visit.entered))
            .hint(missing.iter().flat_map(|state| unknown(execution, state)));
        if unexpected.is_empty() {
            mismatch = mismatch.guilty(failure_events(execution));
        }
        Some(mismatch)
    }
}

fn counted(states: &[String]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for state in states {
        *counts.entry(state.as_str()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};

    fn abcb() -> Execution {
        let history = History::started_with("1").passes("A", "1", "1").passes("B", "1", "1");
        history.passes("C", "1", "1").passes("B", "1", "1").succeeded("1")
    }

    fn any_order(states: &[&str]) -> VisitedInAnyOrder {
        VisitedInAnyOrder {
            states: states.iter().map(ToString::to_string).collect(),
            scope: Scope::default(),
        }
    }

    fn set(states: &[&str]) -> VisitedSet {
        VisitedSet { states: states.iter().map(ToString::to_string).collect(), scope: Scope::default() }
    }

    #[test]
    fn all_that_is_named_was_entered_as_often() {
        holds(&abcb(), &any_order(&["C", "A"]));
        holds(&abcb(), &any_order(&["B", "B", "A"]));
        assert_eq!(
            why(&abcb(), &any_order(&["C", "Aa", "B"])),
            "expected execution `e-1` of state machine `orders` to visit `C`, `Aa`, `B` in any order\n  \
             actual: `Aa` was not entered; it entered `A`, `B`, `C`, `B`\n\n\
             hint: there is a state of a similar name: did you mean `A`?"
        );
        assert_eq!(
            why(&abcb(), &any_order(&["B", "A", "A"])),
            "expected execution `e-1` of state machine `orders` to visit `B`, `A`, `A` in any order\n  \
             actual: `A` was entered once only; it entered `A`, `B`, `C`, `B`"
        );
        assert_eq!(guilty(&abcb(), &any_order(&["A", "A"])), [2]);
    }

    #[test]
    fn a_set_of_states_has_no_others() {
        holds(&abcb(), &set(&["C", "B", "A"]));
        assert_eq!(
            why(&abcb(), &set(&["A", "C"])),
            "expected execution `e-1` of state machine `orders` to visit `A`, `C` and no other state\n  \
             actual: it also entered `B`"
        );
        assert_eq!(guilty(&abcb(), &set(&["A", "C"])), [4, 8]);
        assert_eq!(
            why(&abcb(), &set(&["A", "B", "Refund"])),
            "expected execution `e-1` of state machine `orders` to visit `A`, `B`, `Refund` and no other state\n  \
             actual: it never entered `Refund`, and it also entered `C`"
        );
    }
}
