//! The values that expressions see: `$states` and the variables, converted when they are first read.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use jsonata_core::evaluator::Context;
use jsonata_core::value::JValue;

use super::convert::{parts_to_engine, to_engine};
use crate::model::Json;
use crate::query::Evaluation;
use crate::query::jsonata::references::{Reads, References};

/// Values that were converted in one evaluation, for all its expressions.
#[derive(Default)]
pub(in crate::query::jsonata) struct Bindings {
    /// By name: `input`, `context`.
    states: BTreeMap<&'static str, JValue>,
    variables: BTreeMap<Arc<str>, JValue>,
}

impl fmt::Debug for Bindings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bindings").finish_non_exhaustive()
    }
}

/// A context in which everything that `references` names has its value.
pub(super) fn bind(references: &References, evaluation: &mut Evaluation<'_>) -> Result<Context, String> {
    let mut context = Context::new();
    let states = states_object(&references.states, evaluation)?;
    context.bind("states".to_owned(), states);
    for name in references.variables.iter().chain(&references.functions) {
        if let Some(value) = variable(name, evaluation)? {
            context.bind(name.to_string(), value);
        }
    }
    Ok(context)
}

fn variable(name: &Arc<str>, evaluation: &mut Evaluation<'_>) -> Result<Option<JValue>, String> {
    let known = &mut evaluation.jsonata.bindings.variables;
    if let Some(value) = known.get(name) {
        return Ok(Some(value.clone()));
    }
    let Some(value) = evaluation.variables.get(name) else {
        return Ok(None);
    };
    let value = to_engine(value, &evaluation.effort)?;
    known.insert(Arc::clone(name), value.clone());
    Ok(Some(value))
}

/// Only the members that are read.
fn states_object(reads: &Reads, evaluation: &mut Evaluation<'_>) -> Result<JValue, String> {
    let mut members = IndexMap::new();
    for name in ["input", "result", "errorOutput", "context"] {
        if let Some(reads) = reads.of(name)
            && let Some(value) = member(name, reads, evaluation)?
        {
            members.insert(name.to_owned(), value);
        }
    }
    Ok(JValue::object(members))
}

/// A value of which all is read is kept for the other expressions.
fn member(
    name: &'static str,
    reads: &Reads,
    evaluation: &mut Evaluation<'_>,
) -> Result<Option<JValue>, String> {
    if let Some(value) = evaluation.jsonata.bindings.states.get(name) {
        return Ok(Some(value.clone()));
    }
    let context: Json;
    let value = match name {
        "input" => evaluation.jsonata.input,
        "result" => evaluation.jsonata.result,
        "errorOutput" => evaluation.jsonata.error_output,
        _ => {
            context = (evaluation.context)();
            Some(&context)
        }
    };
    let Some(value) = value else {
        return Ok(None);
    };
    let value = parts_to_engine(value, reads, &evaluation.effort)?;
    if reads.whole {
        evaluation.jsonata.bindings.states.insert(name, value.clone());
    }
    Ok(Some(value))
}
