//! `Assign`: the values it computes, what they may take, and setting the variables of a scope.

use std::sync::Arc;

use super::frame::Frame;
use super::interpret::Interpreter;
use crate::asl::definition::State;
use crate::model::failure::error_name;
use crate::model::{Failure, Json, Quota};
use crate::query::{Evaluation, PayloadTemplate};

/// Variables and the values they get when the state is left, in the order of `Assign`.
pub(super) type Assignment = Vec<(Arc<str>, Json)>;

/// Variables and their values as JSON texts.
pub(super) type Texts = Vec<(Arc<str>, Arc<str>)>;

/// What `Assign` makes of the evaluation's input. Every value sees the variables as they were when the state was
/// entered.
pub(super) fn assigned(
    template: Option<&PayloadTemplate>,
    evaluation: &mut Evaluation<'_>,
) -> Result<Assignment, Failure> {
    let Some(template) = template else {
        return Ok(Assignment::new());
    };
    let values = template.evaluate(evaluation)?;
    let members = values.as_object().into_iter().flatten();
    Ok(members.map(|(name, value)| (Arc::clone(name), value.clone())).collect())
}

impl Interpreter {
    /// Sets the variables, and returns their values as JSON texts. Nothing is set if they take too much.
    pub(super) fn assign(
        &self,
        frame: &mut Frame,
        state: &State,
        assignment: Assignment,
    ) -> Result<Texts, Failure> {
        if assignment.is_empty() {
            return Ok(Texts::new());
        }
        let texts: Texts =
            assignment.iter().map(|(name, value)| (Arc::clone(name), value.to_text().into())).collect();
        self.check_sizes(frame, state, &texts)?;
        let variables = Arc::make_mut(&mut frame.variables);
        for ((name, value), (_, text)) in assignment.into_iter().zip(&texts) {
            variables.set(name, value, text.len());
        }
        Ok(texts)
    }

    fn check_sizes(
        &self,
        frame: &Frame,
        state: &State,
        texts: &[(Arc<str>, Arc<str>)],
    ) -> Result<(), Failure> {
        let most = self.payload_bytes();
        if let Some((name, _)) = texts.iter().find(|(_, text)| text.len() > most) {
            return Err(too_large(&format!("variable '{name}' of the state '{}'", state.name)));
        }
        let added: usize = texts.iter().map(|(_, text)| text.len()).sum();
        if added > most {
            return Err(too_large(&format!("Assign field of the state '{}'", state.name)));
        }
        // The frame is at work, so it is not among the others.
        let others: usize = self.frames.values().map(|other| other.variables.own_bytes()).sum();
        let replaced: usize = texts.iter().map(|(name, _)| frame.variables.own_bytes_of(name)).sum();
        if others + frame.variables.own_bytes() - replaced + added
            > self.about.quotas.count(Quota::VariablesBytes)
        {
            return Err(too_large("variables of the execution"));
        }
        Ok(())
    }
}

fn too_large(what: &str) -> Failure {
    Failure::new(
        error_name::DATA_LIMIT_EXCEEDED,
        format!("The size of the {what} exceeds the maximum number of bytes service limit."),
    )
}
