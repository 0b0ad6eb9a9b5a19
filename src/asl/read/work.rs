//! What states that do work share: Task, Parallel and Map.

use super::error_handler;
use super::field;
use super::report::Language;
use super::state::StateReader;
use crate::asl::definition::{ResultPath, Work};
use crate::query::PayloadTemplate;

/// `Parameters`, or `Arguments` in JSONata.
pub(super) fn arguments(state: &mut StateReader<'_, '_>) -> Option<PayloadTemplate> {
    match state.language {
        Language::JsonPath => state.template("Parameters"),
        Language::Jsonata => state.template("Arguments"),
    }
}

pub(super) fn read(state: &mut StateReader<'_, '_>, parameters: Option<PayloadTemplate>) -> Option<Work> {
    let (mut result_selector, mut result_path) = (None, ResultPath::Replace);
    if state.language == Language::JsonPath {
        result_selector = state.template("ResultSelector");
        result_path = field::result_path(state.fields.take("ResultPath"));
    }
    let retry = error_handler::retriers(state);
    let catch = error_handler::catchers(state);
    let transition = state.transition()?;
    Some(Work { parameters, result_selector, result_path, retry, catch, transition })
}
