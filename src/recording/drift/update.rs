//! The cassette as it would be recorded today, as far as it was asked.

use super::compare::compare;
use super::today::Today;
use super::verify::Answered;
use crate::recording::bind::Binder;
use crate::recording::format::CassetteFile;

/// The file with the answers of today. What does not differ stays as it is, so that a review sees what has changed.
pub(super) fn updated(file: &CassetteFile, answered: &[Answered], today: &mut Today<'_>) -> CassetteFile {
    let mut updated = file.clone();
    let operation =
        |answered: &Answered| file.interactions.get(answered.at).map(|recorded| recorded.operation);
    let values = today.values().clone();
    let mut binder = Binder::with(file.vars.keys().cloned(), values);
    let messages: Vec<_> =
        answered.iter().filter_map(|answered| Some((operation(answered)?, &answered.body))).collect();
    binder.learn(&messages);
    for answer in answered {
        let Some(interaction) = updated.interactions.get_mut(answer.at) else { continue };
        let bound = binder.bind(&answer.body);
        let (differences, merged) = compare(&interaction.response, &answer.body, &bound, today);
        if !differences.is_empty() || interaction.status != answer.status {
            interaction.status = answer.status;
            interaction.error.clone_from(&answer.error);
            interaction.response = merged;
        }
    }
    let text: Vec<_> = updated
        .interactions
        .iter()
        .flat_map(|interaction| [interaction.request.to_text(), interaction.response.to_text()])
        .collect();
    let is_used = |variable: &str| text.iter().any(|text| text.contains(&format!("${{{variable}}}")));
    updated.vars.extend(binder.into_shown());
    updated.vars.retain(|variable, _| is_used(variable));
    updated
}
