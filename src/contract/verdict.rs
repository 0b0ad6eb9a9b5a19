//! What was found out about one clause.

use std::fmt;

use super::clause::Clause;
use super::expectation::Mismatch;

/// What was found out about one clause at one target.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub(super) clause: Clause,
    pub(super) outcome: Outcome,
}

/// Whether a clause holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The target does as the clause says.
    Upheld,
    /// It does not.
    Broken(Breach),
    /// The target lacks something that the clause needs; a sentence that says what.
    NotRunnable(String),
}

/// Where and how a clause is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    pub(super) step: String,
    pub(super) explanation: String,
    pub(super) diff: Option<String>,
}

impl Breach {
    pub(super) fn at(step: &str, mismatch: Mismatch) -> Self {
        Self { step: step.to_owned(), explanation: mismatch.explanation, diff: mismatch.diff }
    }

    /// Where in the clause: `/steps/2: StartExecution`.
    #[must_use]
    pub fn step(&self) -> &str {
        &self.step
    }

    /// What was different: `$.status: "RUNNING" != "SUCCEEDED"`.
    #[must_use]
    pub fn explanation(&self) -> &str {
        &self.explanation
    }

    /// A unified diff of what was expected and what came, where both are more than single values.
    #[must_use]
    pub fn diff(&self) -> Option<&str> {
        self.diff.as_deref()
    }
}

/// Step and explanation, then the diff.
impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.step, self.explanation)?;
        match &self.diff {
            Some(diff) => write!(f, "\n{}", diff.trim_end()),
            None => Ok(()),
        }
    }
}

impl Verdict {
    /// The clause.
    #[must_use]
    pub const fn clause(&self) -> &Clause {
        &self.clause
    }

    /// Whether it holds.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// How it is broken, if it is.
    #[must_use]
    pub const fn breach(&self) -> Option<&Breach> {
        match &self.outcome {
            Outcome::Broken(breach) => Some(breach),
            Outcome::Upheld | Outcome::NotRunnable(_) => None,
        }
    }
}
