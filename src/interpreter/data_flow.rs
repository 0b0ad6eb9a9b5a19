//! `InputPath`, Parameters, `ResultSelector`, `ResultPath`, `OutputPath`, and their like in JSONata: how JSON flows
//! through a state.

use super::failing::Failing;
use crate::asl::definition::{PathField, ResultPath, State};
use crate::asl::retrier::Catcher;
use crate::model::failure::error_name;
use crate::model::{Failure, Json, quota};
use crate::query::{Evaluation, FailedEvaluation, PayloadTemplate};

/// What `InputPath` or `OutputPath` lets through of the evaluation's input.
pub(super) fn through(field: &PathField, evaluation: &Evaluation<'_>) -> Result<Json, Failure> {
    match field {
        PathField::Whole => Ok(evaluation.input.clone()),
        PathField::Empty => Ok(Json::empty_object()),
        PathField::At(path) => path
            .select(evaluation)
            .map_err(|why| Failure::runtime(format!("Invalid path '{}' : {why}", path.text()))),
    }
}

/// What Parameters, Arguments, `ResultSelector` or `ItemSelector` makes of the evaluation's input; without one, the input.
pub(super) fn filled(
    template: Option<&PayloadTemplate>,
    evaluation: &mut Evaluation<'_>,
) -> Result<Json, Failure> {
    match template {
        Some(template) => template.evaluate(evaluation),
        None => Ok(evaluation.input.clone()),
    }
}

/// What the state hands on: `Output`, or in JSONPath what `OutputPath` lets through.
pub(super) fn output(
    state: &State,
    template: Option<&PayloadTemplate>,
    evaluation: &mut Evaluation<'_>,
) -> Result<Json, Failure> {
    match template {
        Some(template) => template.evaluate(evaluation),
        None => through(&state.output_path, evaluation),
    }
}

/// What a catcher hands on: its `Output`, or in JSONPath the raw input with the error output put into it.
pub(super) fn caught(
    catcher: &Catcher,
    raw_input: &Json,
    evaluation: &mut Evaluation<'_>,
) -> Result<Json, Failure> {
    match &catcher.output {
        Some(template) => template.evaluate(evaluation),
        None => merged(&catcher.result_path, raw_input, evaluation.input.clone()),
    }
}

/// A failure of JSONata's side that no expression has thrown.
pub(super) fn not_usable(
    failed: FailedEvaluation,
    cause: String,
    evaluation: &mut Evaluation<'_>,
) -> Failure {
    evaluation.jsonata.failed = Some(failed);
    Failure::new(error_name::QUERY_EVALUATION_ERROR, cause)
}

/// The raw input of the state with the result put where `ResultPath` says.
pub(super) fn merged(result_path: &ResultPath, raw_input: &Json, result: Json) -> Result<Json, Failure> {
    match result_path {
        ResultPath::Replace => Ok(result),
        ResultPath::Discard => Ok(raw_input.clone()),
        ResultPath::At(path) => path.put(raw_input, result).ok_or_else(|| {
            Failure::new(
                error_name::RESULT_PATH_MATCH_FAILURE,
                format!("Unable to apply the ResultPath to the input '{}'", raw_input.compacted()),
            )
        }),
    }
}

/// The failure of a payload that is too large; `who` is the state, service or function that gave it.
pub(super) fn too_large(payload: &str, most: usize, who: &str) -> Option<Failure> {
    (payload.len() > most).then(|| too_large_result(who))
}

/// What a state hands to its branches, iterations or task, if it is not too large for a payload.
pub(super) fn within_limits(input: &Json, most: usize, state: &State) -> Result<Json, Failing> {
    let kept = input.remembering_text_within(most);
    kept.map(|(input, _)| input).ok_or_else(|| Failing::new(too_large_result(&state.name)))
}

/// The failure of an output that wraps its input once too often: AWS would refuse to read what it has written
/// there, and we recurse through it.
pub(super) fn too_deep(depth: usize) -> Failure {
    let most = quota::JSON_DEPTH;
    Failure::runtime(format!("Document nesting depth ({depth}) exceeds the maximum allowed ({most})"))
}

pub(super) fn too_large_result(who: &str) -> Failure {
    Failure::new(
        error_name::DATA_LIMIT_EXCEEDED,
        format!(
            "The state/task '{who}' returned a result with a size exceeding the maximum number of bytes service limit."
        ),
    )
}
