//! Which states the execution entered, and in which order.

use super::Execution;
use super::matcher::{Matcher, Mismatch};
use super::wording::{listed, times};
use super::{diff, hint};

/// Entered these states in this order, others between them or not.
pub(crate) struct Visited(pub(crate) Vec<String>);

/// Entered these states in this order and no others.
pub(crate) struct VisitedExactly(pub(crate) Vec<String>);

/// Did not enter this state.
pub(crate) struct NeverVisited(pub(crate) String);

impl Matcher for Visited {
    fn describes(&self) -> String {
        format!("visit {}{}", listed(&self.0), if self.0.len() > 1 { " in this order" } else { "" })
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let path = execution.path();
        let mut rest = path.iter();
        let missing = self.0.iter().find(|state| !rest.any(|entered| entered == *state))?;
        let entered_before = path.contains(missing);
        let actual = match (entered_before, self.0.iter().take_while(|state| *state != missing).last()) {
            (true, Some(earlier)) => {
                format!("`{missing}` was not entered after `{earlier}`; {}", entered(&path))
            }
            (true, None) | (false, _) => format!("`{missing}` was not entered; {}", entered(&path)),
        };
        let mut mismatch = Mismatch::new(actual);
        if entered_before {
            let early = execution.visits.of_state(missing);
            mismatch = mismatch.guilty(early.iter().map(|visit| visit.entered));
        } else {
            mismatch = mismatch.hint(hint::of_unknown_state(execution, missing));
        }
        // States that nobody asked for may lie between, so they are no difference.
        let asked_for: Vec<_> = path.iter().filter(|entered| self.0.contains(entered)).collect();
        mismatch.diff = diff::of_lists(&self.0, &asked_for);
        Some(mismatch)
    }
}

impl Matcher for VisitedExactly {
    fn describes(&self) -> String {
        format!("visit exactly {}", listed(&self.0))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let path = execution.path();
        if path == self.0 {
            return None;
        }
        let same = self.0.iter().zip(&path).take_while(|(expected, entered)| expected == entered).count();
        let mut mismatch = Mismatch::new(entered(&path));
        mismatch = mismatch.guilty(execution.visits.iter().nth(same).map(|visit| visit.entered));
        mismatch.diff = diff::of_lists(&self.0, &path);
        let unknown = self.0.get(same).filter(|expected| !path.contains(expected));
        Some(mismatch.hint(unknown.into_iter().flat_map(|name| hint::of_unknown_state(execution, name))))
    }
}

impl Matcher for NeverVisited {
    fn describes(&self) -> String {
        format!("never visit `{}`", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = execution.visits.of_state(&self.0);
        (!visits.is_empty()).then(|| {
            let actual = format!("`{}` was entered {}", self.0, times(visits.len()));
            Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered))
        })
    }
}

pub(crate) fn entered(path: &[String]) -> String {
    format!("it entered {}", listed(path))
}
