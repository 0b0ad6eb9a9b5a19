//! In which order tasks were called.

use super::Execution;
use super::diff;
use super::history::Attempt;
use super::matcher::{Matcher, Mismatch};
use super::path::{entered, unknown};
use super::status::failure_events;
use super::subject::{Scope, Subject};
use super::task::calls;
use super::wording::{listed, times};

/// Called these tasks in this order, others between them or not.
pub(crate) struct CalledInOrder {
    pub(crate) tasks: Vec<String>,
}

/// The first call of the one came before the first call of the other.
pub(crate) struct CalledBefore {
    pub(crate) first: Subject,
    pub(crate) then: Subject,
}

/// Called nothing.
pub(crate) struct NeverCalled(pub(crate) Subject);

impl Matcher for CalledInOrder {
    fn describes(&self) -> String {
        format!("call tasks {} in this order", listed(&self.tasks))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = all_calls(execution);
        let mut rest = calls.iter();
        let missing = self.tasks.iter().find(|task| !rest.any(|(called, _)| called == *task))?;
        let called: Vec<_> = calls.iter().map(|(name, _)| *name).collect();
        let early: Vec<_> =
            calls.iter().filter(|(name, _)| name == missing).map(|(_, event)| *event).collect();
        let order = if early.is_empty() { "" } else { " in its place" };
        let mut mismatch =
            Mismatch::new(format!("`{missing}` was not called{order}; it called {}", listed(&called)));
        if early.is_empty() {
            mismatch = mismatch.guilty(failure_events(execution));
            let never_entered = execution.visits.of_state(missing).is_empty();
            mismatch =
                mismatch.hint(never_entered.then(|| unknown(execution, missing)).into_iter().flatten());
        }
        let asked_for: Vec<_> =
            called.into_iter().filter(|name| self.tasks.iter().any(|task| task == name)).collect();
        mismatch.diff = diff::of_lists(&self.tasks, &asked_for);
        Some(mismatch.guilty(early))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        let mut wanted = self.tasks.iter().peekable();
        let calls = all_calls(execution).into_iter();
        calls
            .filter(|(name, _)| wanted.next_if(|task| task == name).is_some())
            .map(|(_, event)| event)
            .collect()
    }
}

impl Matcher for CalledBefore {
    fn describes(&self) -> String {
        format!("call {} before {}", self.first, self.then)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let first_call = |task: &Subject| calls(execution, task).first().map(|call| call.event);
        let never = |task: &Subject| {
            Mismatch::new(format!("{task} was never called; {}", entered(execution, &Scope::default())))
                .guilty(failure_events(execution))
        };
        match (first_call(&self.first), first_call(&self.then)) {
            (Some(first), Some(then)) if first < then => None,
            (Some(first), Some(then)) => {
                let actual = format!("{} was called first", self.then);
                Some(Mismatch::new(actual).guilty([first, then]))
            }
            (None, _) => Some(never(&self.first)),
            (Some(_), None) => Some(never(&self.then)),
        }
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        let of = |task| calls(execution, task).first().map(|call| call.event);
        of(&self.first).into_iter().chain(of(&self.then)).collect()
    }
}

impl Matcher for NeverCalled {
    fn describes(&self) -> String {
        format!("never call task {}", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = calls(execution, &self.0);
        (!calls.is_empty()).then(|| {
            Mismatch::new(format!("{} was called {}", self.0, times(calls.len())))
                .guilty(calls.iter().map(|call| call.event))
        })
    }
}

/// The name of the state and the event of every call, in the order of the history.
fn all_calls(execution: &Execution) -> Vec<(&str, u64)> {
    let called = |attempt: &&Attempt| attempt.call.is_some();
    let of_visits = execution
        .visits
        .iter()
        .flat_map(|visit| visit.attempts.iter().filter(called).map(|attempt| (&*visit.name, attempt.event)));
    let mut calls: Vec<_> = of_visits.collect();
    calls.sort_by_key(|(_, event)| *event);
    calls
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};

    /// Pay is called at 3 and, as a retry, at 6; then Ship at 11.
    fn paid_and_shipped() -> Execution {
        let task = |history: History, name: &str| history.enters_task(name, "1").calls("1");
        let history = task(History::started_with("1"), "Pay").fails("Busy", "later").calls("1").returns("1");
        task(history.exits_task("Pay", "1"), "Ship").returns("1").exits_task("Ship", "1").succeeded("1")
    }

    fn in_order(tasks: &[&str]) -> CalledInOrder {
        CalledInOrder { tasks: tasks.iter().map(ToString::to_string).collect() }
    }

    fn before(first: &str, then: &str) -> CalledBefore {
        CalledBefore { first: first.into(), then: then.into() }
    }

    #[test]
    fn every_attempt_has_its_place_in_the_order() {
        holds(&paid_and_shipped(), &in_order(&["Pay", "Ship"]));
        holds(&paid_and_shipped(), &in_order(&["Pay", "Pay", "Ship"]));
        assert_eq!(
            why(&paid_and_shipped(), &in_order(&["Ship", "Pay"])),
            "\
expected execution `e-1` of state machine `orders` to call tasks `Ship`, `Pay` in this order
  actual: `Pay` was not called in its place; it called `Pay`, `Pay`, `Ship`

--- expected
+++ actual
@@ -1,2 +1,3 @@
-Ship
 Pay
+Pay
+Ship"
        );
        assert_eq!(guilty(&paid_and_shipped(), &in_order(&["Ship", "Pay"])), [3, 6]);
        assert!(
            why(&paid_and_shipped(), &in_order(&["Pay", "Shipp"]))
                .ends_with("hint: there is a state of a similar name: did you mean `Ship`?")
        );
    }

    #[test]
    fn first_calls_are_compared() {
        holds(&paid_and_shipped(), &before("Pay", "Ship"));
        assert_eq!(
            why(&paid_and_shipped(), &before("Ship", "Pay")),
            "expected execution `e-1` of state machine `orders` to call `Ship` before `Pay`\n  \
             actual: `Pay` was called first"
        );
        assert_eq!(guilty(&paid_and_shipped(), &before("Ship", "Pay")), [3, 11]);
        assert_eq!(
            why(&paid_and_shipped(), &before("Pay", "Bill")),
            "expected execution `e-1` of state machine `orders` to call `Pay` before `Bill`\n  \
             actual: `Bill` was never called; it entered `Pay`, `Ship`"
        );
        assert!(why(&paid_and_shipped(), &before("Bill", "Pay")).contains("`Bill` was never called"));
        assert!(why(&paid_and_shipped(), &before("Pay", "Pay")).contains("`Pay` was called first"));
    }

    #[test]
    fn a_call_that_must_not_be_is_marked_each_time() {
        holds(&paid_and_shipped(), &NeverCalled("Bill".into()));
        assert_eq!(
            why(&paid_and_shipped(), &NeverCalled("Pay".into())),
            "expected execution `e-1` of state machine `orders` to never call task `Pay`\n  \
             actual: `Pay` was called twice"
        );
        assert_eq!(guilty(&paid_and_shipped(), &NeverCalled("Pay".into())), [3, 6]);
    }
}
