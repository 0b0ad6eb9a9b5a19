//! From which state the execution went to which.

use super::Execution;
use super::history::Visit;
use super::matcher::{Matcher, Mismatch};
use super::path::unknown;
use super::subject::Subject;
use super::wording::listed;

/// Went straight from the one state to the other.
pub(crate) struct Went {
    pub(crate) from: Subject,
    pub(crate) to: String,
}

impl Matcher for Went {
    fn describes(&self) -> String {
        format!("go from {} to `{}`", self.from, self.to)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.from.visits(execution);
        let next: Vec<_> = visits.iter().filter_map(|visit| next(execution, visit)).collect();
        if next.iter().any(|visit| *visit.name == *self.to) {
            return None;
        }
        let from = &self.from;
        if visits.is_empty() {
            let mismatch = Mismatch::new(format!("{from} was not entered"));
            return Some(mismatch.hint(unknown(execution, &from.name)));
        }
        let mut names: Vec<_> = next.iter().map(|visit| &visit.name).collect();
        names.dedup();
        let actual = match names.as_slice() {
            [] => format!("nothing came after {from}"),
            names => format!("it went from {from} to {}", listed(names)),
        };
        let guilty = if next.is_empty() { visits } else { next };
        let mismatch = Mismatch::new(actual).guilty(guilty.iter().map(|visit| visit.entered));
        let misspelt = execution.visits.of_state(&self.to).is_empty();
        Some(mismatch.hint(misspelt.then(|| unknown(execution, &self.to)).into_iter().flatten()))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        let visits = self.from.visits(execution).into_iter();
        let next = visits.filter_map(|visit| next(execution, visit));
        next.filter(|visit| *visit.name == *self.to).map(|visit| visit.entered).collect()
    }
}

/// The visit that follows from the end of this one, in the same branch or iteration.
fn next<'e>(execution: &'e Execution, visit: &Visit) -> Option<&'e Visit> {
    let exit = visit.exit()?;
    let follows = |id: u64| execution.event(id).is_some_and(|event| event.previous_event_id == exit);
    execution.visits.iter().find(|next| next.place == visit.place && follows(next.entered))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};
    use crate::model::HistoryEventType as Type;

    fn went(from: &str, to: &str) -> Went {
        Went { from: from.into(), to: to.to_owned() }
    }

    /// A, then two iterations of a Map over B and C, then D.
    fn mapped() -> Execution {
        History::started_with("1")
            .passes("A", "1", "1") // 2, 3
            .enters(Type::MapStateEntered, "Each", "[1,2]") // 4
            .map_started(2) // 5
            .iteration(Type::MapIterationStarted, "Each", 0)
            .passes("B", "1", "1") // 7, 8
            .following(5)
            .iteration(Type::MapIterationStarted, "Each", 1)
            .passes("B", "2", "2") // 10, 11
            .following(8)
            .passes("C", "1", "1") // 12, 13
            .iteration(Type::MapIterationSucceeded, "Each", 0)
            .following(11)
            .passes("C", "2", "2") // 15, 16
            .iteration(Type::MapIterationSucceeded, "Each", 1)
            .bare(Type::MapStateSucceeded)
            .following(17)
            .exits(Type::MapStateExited, "Each", "[1,2]") // 19
            .passes("D", "1", "1") // 20, 21
            .succeeded("1")
    }

    #[test]
    fn neighbours_are_those_that_follow_from_each_other() {
        for (from, to) in [("A", "Each"), ("B", "C"), ("Each", "D")] {
            holds(&mapped(), &went(from, to));
        }
        assert_eq!(
            why(&mapped(), &went("B", "B")),
            "expected execution `e-1` of state machine `orders` to go from `B` to `B`\n  actual: it went from `B` to `C`"
        );
        assert_eq!(guilty(&mapped(), &went("B", "B")), [12, 15]);
        assert_eq!(
            why(&mapped(), &went("D", "A")),
            "expected execution `e-1` of state machine `orders` to go from `D` to `A`\n  actual: nothing came after `D`"
        );
        assert_eq!(
            why(&mapped(), &went("Aa", "D")),
            "expected execution `e-1` of state machine `orders` to go from `Aa` to `D`\n  \
             actual: `Aa` was not entered\n\n\
             hint: there is a state of a similar name: did you mean `A`?"
        );
    }
}
