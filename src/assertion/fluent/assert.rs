//! Assertions on one execution: what they are made on, and what becomes of those that do not hold.

use super::ledger::Ledger;
use crate::assertion::failure::fail;
use crate::assertion::matcher::{Matcher, check};
use crate::assertion::{AssertionFailure, Execution};
use crate::pattern::InvalidPattern;

/// Assertions on one execution, to be chained: each holds or panics.
///
/// The panic names the line of the test, and tells what was expected and what was found, where the two first differ,
/// the timeline of the execution with the guilty lines marked, and what to do next where that is known.
///
/// Expected JSON may hold patterns, such as [`any::uuid()`](crate::any::uuid), [`matching`](crate::matching) and
/// [`includes`](crate::includes). An object with exactly one key that starts with `$` is always read as a pattern:
/// wrap a payload that really has one into [`literal`](crate::literal).
///
/// What is asserted can be [turned around](Self::does_not), [collected](Execution::assert_softly) so that all that is
/// wrong is told at once, and had as a [`Result`](Execution::check). [`has`](Self::has) takes matchers of your own.
#[derive(Debug, Clone, Copy)]
pub struct Assert<'e> {
    execution: &'e Execution,
    /// Where assertions are noted that are not to fail at once.
    ledger: Option<&'e Ledger>,
}

impl<'e> Assert<'e> {
    pub(crate) const fn new(execution: &'e Execution) -> Self {
        Self { execution, ledger: None }
    }

    pub(crate) const fn execution(self) -> &'e Execution {
        self.execution
    }

    /// It is as a matcher says: one of your own. See [`Matcher`].
    #[track_caller]
    pub fn has(self, matcher: &dyn Matcher) -> Self {
        match self.ledger {
            Some(ledger) => {
                ledger.note(self.execution, matcher, false);
            }
            None => self.fail_unless(matcher),
        }
        self
    }

    /// It is not so that all assertions in `then` hold:
    /// `.does_not(|it| it.visited(["Refund"]))`, `.does_not(|it| it.state("Pay", |pay| pay.caught("Declined")))`.
    ///
    /// What assertions take as given counts as well: no state `Pay`, no such `caught`.
    ///
    /// # Panics
    /// If they all hold; and if `then` asserts nothing.
    #[track_caller]
    pub fn does_not(self, then: impl FnOnce(Assert<'_>) -> Assert<'_>) -> Self {
        self.not(|asserted| {
            then(asserted);
        })
    }

    /// Asserts that not all assertions hold that `then` makes.
    #[track_caller]
    pub(super) fn not(self, then: impl FnOnce(Assert<'_>)) -> Self {
        let ledger = Ledger::default();
        then(Assert { execution: self.execution, ledger: Some(&ledger) });
        let negated = ledger.negated();
        if negated.is_empty() {
            fail(
                "`does_not` was given no assertion: write one, such as `.does_not(|it| it.visited([\"Refund\"]))`",
            );
        }
        self.has(&negated)
    }

    /// What the assertions that follow take as given; `false`: they have nothing to look at, and are left out.
    #[track_caller]
    pub(super) fn premise(self, matcher: &dyn Matcher) -> bool {
        match self.ledger {
            Some(ledger) => ledger.note(self.execution, matcher, true),
            None => {
                self.fail_unless(matcher);
                true
            }
        }
    }

    #[track_caller]
    fn fail_unless(self, matcher: &dyn Matcher) {
        if let Err(report) = check(self.execution, matcher) {
            let text = report.to_string();
            self.execution.tell_onlooker(&text);
            fail(&text);
        }
    }
}

impl Execution {
    /// Makes all assertions in `then`, and panics once with all that do not hold.
    ///
    /// ```
    /// # fn of_a_test(execution: &sfn_testkit::Execution) {
    /// execution.assert_softly(|it| {
    ///     it.failed_with("Billing.Declined").visited(["Pay", "Apologise"]).finished_within("5s")
    /// });
    /// # }
    /// ```
    ///
    /// What a state or task must do is left out if the state was not entered; that is told instead.
    #[track_caller]
    pub fn assert_softly(&self, then: impl FnOnce(Assert<'_>) -> Assert<'_>) {
        if let Err(failure) = self.check(then) {
            let text = failure.to_string();
            self.tell_onlooker(&text);
            fail(&text);
        }
    }

    /// Makes all assertions in `then` without a panic, for plain `assert!`, for `?`, and for code that goes on.
    ///
    /// ```
    /// # use sfn_testkit::{AssertionFailure, Execution};
    /// # fn of_a_test(execution: &Execution) -> Result<(), AssertionFailure> {
    /// assert!(execution.check(|it| it.succeeded()).is_ok());
    /// execution.check(|it| it.succeeded().output(7).never_visited("Refund"))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// All that does not hold, in the words of the panic.
    ///
    /// # Panics
    /// If an argument of an assertion means nothing, such as a pattern that does not exist.
    #[track_caller]
    pub fn check(&self, then: impl FnOnce(Assert<'_>) -> Assert<'_>) -> Result<(), AssertionFailure> {
        let ledger = Ledger::default();
        then(Assert { execution: self, ledger: Some(&ledger) });
        ledger.verdict(self)
    }
}

/// What the test wrote, or a panic that says what is wrong with it.
#[track_caller]
pub(crate) fn read<T>(written: Result<T, impl Into<Unreadable>>) -> T {
    match written {
        Ok(value) => value,
        Err(why) => fail(&why.into().0),
    }
}

/// Why an argument of an assertion means nothing.
pub(crate) struct Unreadable(String);

impl From<InvalidPattern> for Unreadable {
    fn from(invalid: InvalidPattern) -> Self {
        Self(format!("the expected JSON is no valid pattern at {invalid}"))
    }
}

impl From<String> for Unreadable {
    fn from(reason: String) -> Self {
        Self(reason)
    }
}
