//! What may come between a clause and its target: somebody who notes what is asserted, or who gives a wrong answer.

use std::sync::{Mutex, PoisonError};

use crate::contract::expectation::Expected;
use crate::contract::step::EventPattern;
use crate::endpoint::HttpResponse;
use crate::model::Json;
use crate::pattern::Pattern;

/// Comes between.
#[derive(Debug, Default)]
pub(in crate::contract) enum Hook {
    #[default]
    Nothing,
    Watch(Mutex<Vec<Asserted>>),
    /// Every answer to this step is replaced.
    Corrupt {
        step: String,
        answer: HttpResponse,
    },
}

/// An answer that a step looked at, and what it looked for.
#[derive(Debug, Clone)]
pub(in crate::contract) struct Asserted {
    pub(in crate::contract) step: String,
    pub(in crate::contract) observed: Observed,
}

#[derive(Debug, Clone)]
pub(in crate::contract) enum Observed {
    Answer {
        expected: Expected,
        answer: HttpResponse,
    },
    /// The items of all pages, below this member.
    Pages {
        member: String,
        items: Json,
        expected: Option<Pattern>,
        are_sizes_checked: bool,
    },
    History {
        events: Json,
        wanted: Vec<EventPattern>,
        details: Vec<Pattern>,
        is_whole: bool,
    },
}

impl Hook {
    pub(super) fn note(&self, step: &str, observed: impl FnOnce() -> Observed) {
        if let Self::Watch(asserted) = self {
            let asserted_now = Asserted { step: step.to_owned(), observed: observed() };
            asserted.lock().unwrap_or_else(PoisonError::into_inner).push(asserted_now);
        }
    }

    pub(super) fn answer(&self, step: &str, answer: HttpResponse) -> HttpResponse {
        match self {
            Self::Corrupt { step: corrupted, answer } if corrupted == step => answer.clone(),
            Self::Nothing | Self::Watch(_) | Self::Corrupt { .. } => answer,
        }
    }

    pub(super) fn corrupts(&self, step: &str) -> bool {
        matches!(self, Self::Corrupt { step: corrupted, .. } if corrupted == step)
    }

    /// Everything that was asserted.
    pub(in crate::contract) fn into_asserted(self) -> Vec<Asserted> {
        match self {
            Self::Watch(asserted) => asserted.into_inner().unwrap_or_else(PoisonError::into_inner),
            Self::Nothing | Self::Corrupt { .. } => Vec::new(),
        }
    }
}
