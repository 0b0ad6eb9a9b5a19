//! Assertions that are noted instead of failing at once: collected, or turned into their opposite.

use std::sync::{Mutex, PoisonError};

use crate::assertion::matcher::{Matcher, Mismatch, report};
use crate::assertion::{AssertionFailure, Execution};

/// What was asserted, in order. A mutex, so that assertions can be sent and panic as they like.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    description: String,
    /// The events that show it, if it holds.
    shown: Vec<u64>,
    mismatch: Option<Mismatch>,
    /// Whether it only clears the way for the assertions that follow: `.state("Pay", …)` is nothing by itself.
    is_premise: bool,
}

impl Ledger {
    pub(super) fn note(&self, execution: &Execution, matcher: &dyn Matcher, is_premise: bool) -> bool {
        let mismatch = matcher.explains(execution);
        let holds = mismatch.is_none();
        let shown = if holds { matcher.shows(execution) } else { Vec::new() };
        let entry = Entry { description: matcher.describes(), shown, mismatch, is_premise };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        holds
    }

    fn into_entries(self) -> Vec<Entry> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing if all of it holds; otherwise one text that tells of all that does not.
    pub(super) fn verdict(self, execution: &Execution) -> Result<(), AssertionFailure> {
        let entries = self.into_entries();
        let asserted = entries.iter().filter(|entry| !entry.is_premise || entry.mismatch.is_some()).count();
        let mut broken: Vec<(String, Mismatch)> =
            entries.into_iter().filter_map(|entry| Some((entry.description, entry.mismatch?))).collect();
        let failure = match broken.len() {
            0 => return Ok(()),
            1 => broken.pop().map(|(description, mismatch)| report(execution, &description, mismatch)),
            _ => Some(report(
                execution,
                &format!("be as {asserted} assertions say"),
                combined(broken, asserted),
            )),
        };
        failure.map_or(Ok(()), |failure| Err(AssertionFailure::new(failure.to_string())))
    }

    /// The opposite of all that was asserted.
    pub(super) fn negated(self) -> Negated {
        let entries = self.into_entries();
        let holds = entries.iter().all(|entry| entry.mismatch.is_none());
        let shown = entries.iter().flat_map(|entry| entry.shown.iter().copied()).collect();
        let mut descriptions: Vec<String> =
            entries.iter().filter(|entry| !entry.is_premise).map(|entry| entry.description.clone()).collect();
        if descriptions.is_empty() {
            descriptions = entries.into_iter().map(|entry| entry.description).collect();
        }
        Negated { descriptions, holds, shown }
    }
}

/// All that does not hold, as one: the verdicts one below the other, above one timeline that marks all of them.
fn combined(broken: Vec<(String, Mismatch)>, asserted: usize) -> Mismatch {
    let count = broken.len();
    let which = if count == asserted {
        format!("none of the {count} holds")
    } else {
        format!("{count} of the {asserted} do not hold")
    };
    let mut whole = Mismatch::new(which);
    for (number, (description, mismatch)) in (1..).zip(broken) {
        whole.actual.extend(["\n\n", &verdict(number, &description, &mismatch)]);
        whole = whole.guilty(mismatch.guilty);
        let new: Vec<_> = mismatch.hints.into_iter().filter(|hint| !whole.hints.contains(hint)).collect();
        whole = whole.hint(new);
    }
    whole
}

/// `  2. to succeed`, and below it what is there instead.
fn verdict(number: usize, description: &str, mismatch: &Mismatch) -> String {
    let first = format!("to {description}");
    let difference = mismatch.difference.as_ref();
    let difference =
        difference.map(|difference| format!("first difference (actual != expected): {difference}"));
    let diff = mismatch.diff.iter().flat_map(|diff| diff.lines());
    let lines = [format!("actual: {}", mismatch.actual)].into_iter().chain(difference);
    let lines = lines.chain(diff.map(str::to_owned));
    let below: String = lines.map(|line| format!("\n     {line}").trim_end().to_owned()).collect();
    format!("  {number}. {first}{below}")
}

/// That at least one of these is not so.
#[derive(Debug)]
pub(super) struct Negated {
    descriptions: Vec<String>,
    holds: bool,
    shown: Vec<u64>,
}

impl Negated {
    /// Whether anything was asserted at all.
    pub(super) const fn is_empty(&self) -> bool {
        self.descriptions.is_empty()
    }
}

impl Matcher for Negated {
    fn describes(&self) -> String {
        match self.descriptions.as_slice() {
            [one] => format!("not {one}"),
            several => format!("not do all of this: {}", several.join("; ")),
        }
    }

    fn explains(&self, _: &Execution) -> Option<Mismatch> {
        let did = if self.descriptions.len() > 1 { "it did all of it" } else { "it did" };
        self.holds.then(|| Mismatch::new(did).guilty(self.shown.iter().copied()))
    }
}
