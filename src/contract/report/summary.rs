//! All verdicts on a target.

use crate::contract::verdict::{Outcome, Verdict};

/// What a verification found out.
#[derive(Debug, Clone)]
#[must_use = "a report that nobody looks at proves nothing: call `.assert_upheld()`"]
pub struct Report {
    target: String,
    verdicts: Vec<Verdict>,
}

impl Report {
    pub(in crate::contract) const fn new(target: String, verdicts: Vec<Verdict>) -> Self {
        Self { target, verdicts }
    }

    /// What was verified: a URL's host, or the name of a door.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The verdicts, in the order of the clauses.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter()
    }

    /// The verdicts on clauses that are broken.
    pub fn broken(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(|verdict| verdict.breach().is_some())
    }

    /// How many clauses are upheld, are broken, and could not run.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is_meant: fn(&Outcome) -> bool| {
            self.verdicts.iter().filter(|verdict| is_meant(verdict.outcome())).count()
        };
        (
            count(|outcome| matches!(outcome, Outcome::Upheld)),
            count(|outcome| matches!(outcome, Outcome::Broken(_))),
            count(|outcome| matches!(outcome, Outcome::NotRunnable(_))),
        )
    }

    /// `3 upheld, 1 broken, 2 not runnable here`.
    #[must_use]
    pub fn summary(&self) -> String {
        let (upheld, broken, not_runnable) = self.counts();
        format!("{upheld} upheld, {broken} broken, {not_runnable} not runnable here")
    }

    /// Fails the test if a clause is broken, or if none could run.
    ///
    /// # Panics
    /// With every broken clause: the claim, its source, the step, and what was different.
    #[track_caller]
    pub fn assert_upheld(&self) {
        let (upheld, broken, _) = self.counts();
        assert!(broken == 0, "{}", self.render(super::Format::Text));
        assert!(upheld > 0, "no clause could run:\n{}", self.render(super::Format::Text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::report::sample::sample;

    #[test]
    #[should_panic(expected = "BROKEN  exec-b  The second\nclaim.")]
    fn a_broken_clause_fails_the_test() {
        sample().assert_upheld();
    }

    #[test]
    #[should_panic(expected = "no clause could run:")]
    fn a_report_without_an_upheld_clause_fails_the_test() {
        Report::new("nothing".to_owned(), Vec::new()).assert_upheld();
    }
}
