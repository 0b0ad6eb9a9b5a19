//! What stands in for the engine without the feature `jsonata`: definitions that need it are refused.

use super::outcome::{Outcome, Trouble};
use super::references::References;
use crate::query::Evaluation;

/// Values that were made for the engine.
#[derive(Debug, Default)]
pub(super) struct Bindings {}

/// An expression that nobody reads.
#[derive(Debug, Clone)]
pub(super) struct Program {
    references: References,
}

impl Program {
    pub(super) fn compile(_text: &str) -> Result<Self, String> {
        Ok(Self { references: References::default() })
    }

    pub(super) const fn references(&self) -> &References {
        &self.references
    }

    pub(super) fn evaluate(&self, _evaluation: &mut Evaluation<'_>) -> Result<Outcome, Trouble> {
        Err(Trouble::Failed("sfn-testkit was built without the feature `jsonata`".to_owned()))
    }
}
