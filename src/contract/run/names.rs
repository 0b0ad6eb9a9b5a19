//! What the placeholders of a clause stand for.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::contract::expectation::Mismatch;
use crate::contract::step::Saves;
use crate::contract::target::Surroundings;
use crate::contract::template::value_at;
use crate::model::Json;

/// The names of a run of a clause.
#[derive(Debug)]
pub(super) struct Names {
    surroundings: Surroundings,
    /// Tells the clauses of a run apart.
    clause: String,
    saved: Mutex<BTreeMap<String, Json>>,
}

impl Names {
    pub(super) fn new(surroundings: Surroundings, clause_id: &str) -> Self {
        let digest = Sha256::digest(clause_id.as_bytes());
        let clause = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Self { surroundings, clause, saved: Mutex::default() }
    }

    /// `name:…` makes a name that no other run and no other clause has.
    pub(super) fn get(&self, name: &str, index: Option<usize>) -> Option<Json> {
        let Surroundings { role_arn, region, run } = &self.surroundings;
        if let Some(label) = name.strip_prefix("name:") {
            return Some(Json::from(format!("t-{run}-{}-{label}", self.clause)));
        }
        match name {
            "role" => Some(Json::from(&**role_arn)),
            "account" => role_arn.split(':').nth(4).map(Json::from),
            "partition" => role_arn.split(':').nth(1).map(Json::from),
            "region" => Some(Json::from(region.as_str())),
            "i" => index.and_then(|index| i64::try_from(index).ok()).map(Json::Int),
            _ => self.saved.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned(),
        }
    }

    pub(super) fn save(&self, saves: &Saves, answer: &Json) -> Result<(), Mismatch> {
        for (name, path) in saves {
            let value = value_at(path, answer).ok_or_else(|| {
                Mismatch::new(format!("there is no `{path}` to save as `{name}`: {answer}"))
            })?;
            self.saved.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), value);
        }
        Ok(())
    }
}
