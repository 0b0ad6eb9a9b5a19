//! Which states the execution entered, and in which order.

use super::Execution;
use super::matcher::{Matcher, Mismatch};
use super::status::failure_events;
use super::subject::{Scope, Subject};
use super::wording::{SENTENCE, listed, times};
use super::{diff, hint, telling};
use crate::model::ExecutionStatus;

/// Entered these states in this order, others between them or not.
pub(crate) struct Visited {
    pub(crate) states: Vec<String>,
    pub(crate) scope: Scope,
}

/// Entered these states in this order and no others.
pub(crate) struct VisitedExactly {
    pub(crate) states: Vec<String>,
    pub(crate) scope: Scope,
}

/// Did not enter this state.
pub(crate) struct NeverVisited(pub(crate) Subject);

impl Matcher for Visited {
    fn describes(&self) -> String {
        let order = if self.states.len() > 1 { " in this order" } else { "" };
        format!("visit {}{order}{}", listed(&self.states), self.scope.suffix())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let path = self.scope.path(execution);
        let mut rest = path.iter();
        let at = self.states.iter().position(|state| !rest.any(|entered| entered == state))?;
        let missing = self.states.get(at)?;
        let entered_before = path.contains(missing);
        let earlier =
            at.checked_sub(1).and_then(|earlier| self.states.get(earlier)).filter(|_| entered_before);
        let after = earlier.map_or(String::new(), |earlier| format!(" after `{earlier}`"));
        let actual = format!("`{missing}` was not entered{after}; {}", entered(execution, &self.scope));
        let mut mismatch = Mismatch::new(actual);
        if entered_before {
            let early = Subject::new(missing, self.scope.clone()).visits(execution);
            mismatch = mismatch.guilty(early.iter().map(|visit| visit.entered));
        } else {
            mismatch = mismatch.guilty(failure_events(execution)).hint(unknown(execution, missing));
        }
        // States that nobody asked for may lie between, so they are no difference.
        let asked_for: Vec<_> = path.iter().filter(|entered| self.states.contains(entered)).collect();
        mismatch.diff = diff::of_lists(&self.states, &asked_for);
        Some(mismatch)
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        let mut wanted = self.states.iter().peekable();
        let visits = self.scope.visits(execution).into_iter();
        let found = visits.filter(|visit| wanted.next_if(|state| **state == *visit.name).is_some());
        found.map(|visit| visit.entered).collect()
    }
}

impl Matcher for VisitedExactly {
    fn describes(&self) -> String {
        format!("visit exactly {}{}", listed(&self.states), self.scope.suffix())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let path = self.scope.path(execution);
        if path == self.states {
            return None;
        }
        let same =
            self.states.iter().zip(&path).take_while(|(expected, entered)| expected == entered).count();
        let mut mismatch = Mismatch::new(entered(execution, &self.scope));
        let visits = self.scope.visits(execution);
        mismatch = mismatch.guilty(visits.get(same).map(|visit| visit.entered));
        mismatch.diff = diff::of_lists(&self.states, &path);
        let missing = self.states.get(same).filter(|expected| !path.contains(expected));
        Some(mismatch.hint(missing.into_iter().flat_map(|name| unknown(execution, name))))
    }
}

impl Matcher for NeverVisited {
    fn describes(&self) -> String {
        format!("never visit {}", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = self.0.visits(execution);
        (!visits.is_empty()).then(|| {
            let actual = format!("{} was entered {}", self.0, times(visits.len()));
            Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered))
        })
    }
}

/// "it entered A, B", and the end if that is why there is no more.
pub(crate) fn entered(execution: &Execution, scope: &Scope) -> String {
    let path = format!("{}{}", listed(&scope.path(execution)), scope.suffix());
    match execution.status() {
        ExecutionStatus::Succeeded => format!("it entered {path}"),
        ExecutionStatus::Running => format!("it entered {path} so far"),
        ended @ (ExecutionStatus::Failed | ExecutionStatus::TimedOut | ExecutionStatus::Aborted) => {
            let ended = telling::with_failure(ended.as_str(), execution.record.failure.as_ref(), SENTENCE);
            format!("it entered {path}, then {ended}")
        }
    }
}

/// Of a state that was not entered where it was expected: where it was, or what is named like it.
pub(crate) fn unknown(execution: &Execution, name: &str) -> Vec<String> {
    match execution.visits.of_state(name).len() {
        0 => hint::of_unknown_state(execution, name),
        elsewhere => vec![format!("`{name}` was entered {} elsewhere in the execution", times(elsewhere))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};

    fn states(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn visited(states: Vec<String>) -> Visited {
        Visited { states, scope: Scope::default() }
    }

    fn exactly(states: Vec<String>) -> VisitedExactly {
        VisitedExactly { states, scope: Scope::default() }
    }

    fn abcb() -> Execution {
        let history = History::started_with("1").passes("A", "1", "1").passes("B", "1", "1");
        history.passes("C", "1", "1").passes("B", "1", "1").succeeded("1")
    }

    #[test]
    fn other_states_may_lie_between() {
        for path in [&["A", "C"][..], &["A", "B", "C", "B"], &["B", "B"], &[]] {
            holds(&abcb(), &visited(states(path)));
        }
    }

    #[test]
    fn a_wrong_order_is_told_and_marked() {
        let matcher = visited(states(&["A", "C", "A"]));
        assert_eq!(
            why(&abcb(), &matcher),
            "\
expected execution `e-1` of state machine `orders` to visit `A`, `C`, `A` in this order
  actual: `A` was not entered after `C`; it entered `A`, `B`, `C`, `B`

--- expected
+++ actual
@@ -1,3 +1,2 @@
 A
 C
-A"
        );
        assert_eq!(guilty(&abcb(), &matcher), [2]);
    }

    #[test]
    fn a_state_of_a_similar_name_is_hinted_at() {
        let execution = History::started_with("1").passes("SaveUser", "1", "1").succeeded("1");
        assert_eq!(
            why(&execution, &visited(states(&["saveUsers"]))),
            "\
expected execution `e-1` of state machine `orders` to visit `saveUsers`
  actual: `saveUsers` was not entered; it entered `SaveUser`

--- expected
+++ actual
@@ -1 +0,0 @@
-saveUsers

hint: there is a state of a similar name: did you mean `SaveUser`?"
        );
    }

    #[test]
    fn a_failure_on_the_way_is_told_and_marked() {
        let history = History::started_with("1").passes("A", "1", "1").enters_task("B", "1").calls("1");
        let execution = history.fails("Boom", "it broke").failed("Boom", "it broke");
        let matcher = visited(states(&["A", "Finish"]));
        assert_eq!(
            why(&execution, &matcher),
            "\
expected execution `e-1` of state machine `orders` to visit `A`, `Finish` in this order
  actual: `Finish` was not entered; it entered `A`, `B`, then FAILED: Boom: it broke

--- expected
+++ actual
@@ -1,2 +1 @@
 A
-Finish"
        );
        assert_eq!(guilty(&execution, &matcher), [7, 8]);
        let running = History::started_with("1").passes("A", "1", "1").running();
        assert!(why(&running, &matcher).contains("it entered `A` so far\n"));
    }

    #[test]
    fn the_whole_path_leaves_nothing_out() {
        holds(&abcb(), &exactly(states(&["A", "B", "C", "B"])));
        let matcher = exactly(states(&["A", "C", "B"]));
        assert_eq!(
            why(&abcb(), &matcher),
            "\
expected execution `e-1` of state machine `orders` to visit exactly `A`, `C`, `B`
  actual: it entered `A`, `B`, `C`, `B`

--- expected
+++ actual
@@ -1,3 +1,4 @@
 A
+B
 C
 B"
        );
        assert_eq!(guilty(&abcb(), &matcher), [4]);
    }

    #[test]
    fn every_entry_of_a_forbidden_state_is_marked() {
        holds(&abcb(), &NeverVisited("D".into()));
        let matcher = NeverVisited("B".into());
        assert_eq!(
            why(&abcb(), &matcher),
            "expected execution `e-1` of state machine `orders` to never visit `B`\n  actual: `B` was entered twice"
        );
        assert_eq!(guilty(&abcb(), &matcher), [4, 8]);
    }
}
