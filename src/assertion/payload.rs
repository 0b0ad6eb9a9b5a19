//! Expected JSON against what a history holds: the whole value or a part of it, in one place or in one of several.

use std::sync::Arc;

use super::diff;
use super::matcher::{Compared, Mismatch};
use crate::model::{Json, fold};
use crate::pattern::{InvalidPattern, Pattern};

/// How many characters of a payload the sentences of a report show.
const WIDTH: usize = 100;

/// What a payload must be.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedJson {
    pattern: Pattern,
    /// ` {"a":1}` or ` at least {"a":1}`, to go on a sentence with.
    words: String,
}

/// A payload of the history, a JSON text, and the event that holds it.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    pub(crate) text: Arc<str>,
    pub(crate) event: u64,
}

impl ExpectedJson {
    pub(crate) fn whole(value: &serde_json::Value) -> Result<Self, InvalidPattern> {
        let json = Json::from(value);
        Ok(Self { pattern: Pattern::read(&json)?, words: fold(&json.to_text(), WIDTH) })
    }

    pub(crate) fn part(value: &serde_json::Value) -> Result<Self, InvalidPattern> {
        let whole = Self::whole(value)?;
        Ok(Self { pattern: whole.pattern.included(), words: format!("at least {}", whole.words) })
    }

    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    /// `None` if one of the payloads is as expected; otherwise what the nearest one is instead. `noun` names one of
    /// them: `output of the execution`. There must be at least one payload.
    pub(crate) fn explain(&self, noun: &str, payloads: &[Payload]) -> Option<Mismatch> {
        let mismatches: Option<Vec<_>> = payloads.iter().map(|payload| self.explain_one(payload)).collect();
        let mut nearest =
            mismatches?.into_iter().min_by_key(|mismatch| diff::distance(mismatch.diff.as_ref()))?;
        nearest.actual = match payloads.len() {
            1 => format!("the {noun} was {}", nearest.actual),
            2 => format!("the {noun} was another one both times; the nearest was {}", nearest.actual),
            all => format!("the {noun} was another one all {all} times; the nearest was {}", nearest.actual),
        };
        Some(nearest)
    }

    fn explain_one(&self, payload: &Payload) -> Option<Mismatch> {
        let actual = Json::parse(&payload.text).unwrap_or_else(|_| Json::String(Arc::clone(&payload.text)));
        let difference = self.pattern.difference(&actual)?;
        let mut mismatch = Mismatch::new(fold(&actual.compacted().to_text(), WIDTH)).guilty([payload.event]);
        let expected = self.pattern.resolved(&actual);
        mismatch.diff = diff::of_json(&expected, &actual);
        mismatch.compared = Some(Compared { path: difference.path.clone(), expected, actual });
        mismatch.difference = Some(difference);
        Some(mismatch)
    }
}
