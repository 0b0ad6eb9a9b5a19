//! What a verification against a live endpoint has found.

use super::compare::Difference;
use super::render;
use crate::model::{Operation, Timestamp};
use crate::recording::format::CassetteFile;
use crate::recording::secrets::{self, InUse};

/// How the answers of an endpoint differ today from those that a cassette has.
#[derive(Debug, Clone)]
#[must_use = "a drift that nobody looks at is not noticed"]
pub struct Drift {
    /// What reports call the cassette: its path.
    pub(super) name: String,
    pub(super) endpoint: String,
    /// Of the verification, UTC.
    pub(super) day: String,
    pub(super) recorded: CassetteFile,
    pub(super) updated: CassetteFile,
    pub(super) checks: Vec<Check>,
    /// What an update must not hold.
    pub(super) in_use: InUse,
}

/// A recorded call, made again.
#[derive(Debug, Clone)]
pub(super) struct Check {
    /// Of the interaction, counted from 1.
    pub(super) number: usize,
    pub(super) operation: Operation,
    pub(super) outcome: Outcome,
}

#[derive(Debug, Clone)]
pub(super) enum Outcome {
    Same,
    Drifted(Vec<Difference>),
    /// Why not.
    NotCompared(String),
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DriftFormat {
    /// For people: differences by path, and a diff.
    Text,
    /// For programs.
    Json,
    /// For CI servers.
    Junit,
}

impl Check {
    pub(super) const fn was_compared(&self) -> bool {
        !matches!(self.outcome, Outcome::NotCompared(_))
    }
}

impl Drift {
    /// Whether an answer differs.
    #[must_use]
    pub fn has_drifted(&self) -> bool {
        self.counts().1 > 0
    }

    /// How many calls were answered as recorded, otherwise, and not compared.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&Outcome) -> bool| self.checks.iter().filter(|check| is(&check.outcome)).count();
        (
            count(|outcome| matches!(outcome, Outcome::Same)),
            count(|outcome| matches!(outcome, Outcome::Drifted(_))),
            count(|outcome| matches!(outcome, Outcome::NotCompared(_))),
        )
    }

    /// How many days ago the cassette was recorded; `None` if it does not tell.
    #[must_use]
    pub fn age_in_days(&self) -> Option<u64> {
        let day = |day: &str| Timestamp::parse(&format!("{day}T00:00:00Z"));
        let (recorded, today) = (day(self.recorded.recorded.as_deref()?)?, day(&self.day)?);
        Some(today.since(recorded).as_secs() / (24 * 60 * 60))
    }

    /// The report.
    #[must_use]
    pub fn render(&self, format: DriftFormat) -> String {
        render::all(std::slice::from_ref(self), format)
    }

    /// Panics if an answer differs.
    ///
    /// # Panics
    /// With the report, if the cassette no longer says what the endpoint answers.
    #[track_caller]
    #[expect(clippy::panic, reason = "a cassette that has drifted fails the test")]
    pub fn assert_none(&self) {
        if self.has_drifted() {
            panic!("{}", self.render(DriftFormat::Text));
        }
    }
}

#[cfg(feature = "cli")]
impl Drift {
    /// The cassette with the answers of today.
    ///
    /// # Errors
    /// One of these holds a credential.
    pub(crate) fn updated_file(&self) -> Result<CassetteFile, String> {
        match secrets::in_text(&self.updated.to_text(), &self.in_use) {
            Some(what) => Err(format!(
                "{} was not updated, because it would hold {what}: record it again with a redaction",
                self.name
            )),
            None => Ok(self.updated.clone()),
        }
    }

    /// How an update would change the file; `None` if it would not.
    pub(crate) fn update_diff(&self) -> Option<String> {
        render::diff_of_texts(&self.recorded.to_text(), &self.updated.to_text())
    }
}
