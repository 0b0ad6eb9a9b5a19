//! The state that `TestState` tries: a definition of its own, or one of the states of a whole machine.

use std::sync::Arc;

use indexmap::IndexSet;

use crate::asl;
use crate::asl::definition::{Definition, Scope, State, StateIndex, StateKind};
use crate::asl::diagnostic::{DefinitionError, DiagnosticCode};
use crate::asl::distributed_map::ItemFormat;
use crate::asl::resource::{IntegrationPattern, ResourceKind};
use crate::interpreter::inspection::STATE_NAME;
use crate::model::{ApiError, Json, StateMachineType};
use crate::service::error;

/// A state that can be tried, and how it is written.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) definition: Arc<Definition>,
    pub(crate) scope: Arc<Scope>,
    pub(crate) index: StateIndex,
    /// The state as it stands in the definition.
    pub(crate) written: Json,
    pub(crate) is_jsonata: bool,
}

impl Subject {
    /// The whole definition is read, and refused, as `CreateStateMachine` does.
    pub(crate) fn read(text: &str, state_name: Option<&str>) -> Result<Self, ApiError> {
        let (definition, machine) = match state_name {
            Some(_) => read_machine(text, Json::parse(text).ok()),
            None => read_state(text),
        }
        .map_err(|why| error::definition(&why))?;
        let name = state_name.unwrap_or(STATE_NAME);
        let found = find(&definition.scope, name).zip(written(&machine, name));
        let Some(((scope, index), written)) = found else {
            return Err(error::validation("State not found in definition"));
        };
        let language = written.get("QueryLanguage").or_else(|| machine.get("QueryLanguage"));
        let is_jsonata = language.and_then(Json::as_str) == Some("JSONata");
        let written = written.clone();
        Ok(Self { definition: Arc::new(definition), scope, index, written, is_jsonata })
    }

    pub(crate) fn state(&self) -> Option<&State> {
        self.scope.state(self.index)
    }

    pub(crate) fn type_name(&self) -> &str {
        self.written.get("Type").and_then(Json::as_str).unwrap_or_default()
    }

    /// Whether it is a Parallel or Map, whose children are not run here.
    pub(crate) fn has_children(&self) -> bool {
        self.state().is_some_and(|state| matches!(state.kind, StateKind::Parallel(_) | StateKind::Map(_)))
    }

    /// What a Task calls.
    pub(crate) fn resource(&self) -> Option<&ResourceKind> {
        match &self.state()?.kind {
            StateKind::Task(task) => Some(&task.resource.kind),
            StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed
            | StateKind::Fail(_)
            | StateKind::Parallel(_)
            | StateKind::Map(_) => None,
        }
    }

    /// How the `ItemReader` of a Map reads.
    pub(crate) fn item_format(&self) -> Option<&ItemFormat> {
        match &self.state()?.kind {
            StateKind::Map(map) => Some(&map.distributed.as_ref()?.reader.as_ref()?.format),
            StateKind::Task(_)
            | StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed
            | StateKind::Fail(_)
            | StateKind::Parallel(_) => None,
        }
    }

    /// Whether somebody else ends the task: a job, or whoever has its token.
    pub(crate) fn waits_for_answer(&self) -> bool {
        matches!(
            self.resource(),
            Some(ResourceKind::Integration {
                pattern: IntegrationPattern::Sync
                    | IntegrationPattern::Sync2
                    | IntegrationPattern::WaitForTaskToken,
                ..
            })
        )
    }

    /// Whether a state of this name stands within the Parallel or Map.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.state().is_some_and(|state| state.inner_scopes().iter().any(|scope| find(scope, name).is_some()))
    }
}

type Read = Result<(Definition, Json), DefinitionError>;

fn read_machine(text: &str, json: Option<Json>) -> Read {
    let definition = asl::read_definition(text, StateMachineType::Standard)?;
    Ok((definition, json.unwrap_or(Json::Null)))
}

/// Reads one state as a machine of its own. The states it leads to are stood in for.
fn read_state(text: &str) -> Read {
    let Some(state) = Json::parse(text).ok().filter(|state| state.as_object().is_some()) else {
        return read_machine(text, None);
    };
    let successors: String = successors(&state)
        .into_iter()
        .map(|name| format!(r#",{}:{{"Type":"Succeed"}}"#, Json::string(name).to_text()))
        .collect();
    let machine = format!(r#"{{"StartAt":"{STATE_NAME}","States":{{"{STATE_NAME}":{text}{successors}}}}}"#);
    let read = Json::parse(&machine).ok();
    read_machine(&machine, read).map_err(without_missing_end)
}

/// The names of the states that may come after this one.
fn successors(state: &Json) -> IndexSet<&str> {
    let items = |field| state.get(field).and_then(Json::as_array).unwrap_or_default();
    let places = [state.get("Next"), state.get("Default")].into_iter();
    let all = places.chain(items("Choices").iter().chain(items("Catch")).map(|item| item.get("Next")));
    all.flatten().filter_map(Json::as_str).filter(|name| *name != STATE_NAME).collect()
}

/// A state without `Next` and `End` is told just that.
fn without_missing_end(mut error: DefinitionError) -> DefinitionError {
    if let DefinitionError::Invalid(diagnostics) = &mut error
        && diagnostics.len() > 1
    {
        diagnostics.retain(|found| {
            found.code != DiagnosticCode::MissingEndState || found.location.as_deref() != Some("/States")
        });
    }
    error
}

/// The state of that name, in this scope or one within.
fn find(scope: &Arc<Scope>, name: &str) -> Option<(Arc<Scope>, StateIndex)> {
    if let Some(position) = scope.states.iter().position(|state| &*state.name == name) {
        return Some((Arc::clone(scope), StateIndex(position)));
    }
    scope.states.iter().find_map(|state| state.inner_scopes().iter().find_map(|inner| find(inner, name)))
}

/// The same in the text of the definition, which has passed every check.
fn written<'j>(scope: &'j Json, name: &str) -> Option<&'j Json> {
    let states = scope.get("States")?.as_object()?;
    if let Some(state) = states.get(name) {
        return Some(state);
    }
    states.values().find_map(|state| {
        let branches = state.get("Branches").and_then(Json::as_array).unwrap_or_default().iter();
        let processors = [state.get("ItemProcessor"), state.get("Iterator")].into_iter().flatten();
        branches.chain(processors).find_map(|inner| written(inner, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, state_name: Option<&str>) -> String {
        Subject::read(text, state_name).unwrap_err().message
    }

    const MACHINE: &str = r#"{"StartAt":"A","States":{
        "A":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Succeed"}}}}}}"#;

    #[test]
    fn a_state_alone_may_lead_anywhere() {
        let subject = Subject::read(
            r#"{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"X"}],"Default":"Y \"2\""}"#,
            None,
        )
        .unwrap();
        let names: Vec<_> = subject.scope.states.iter().map(|state| &*state.name).collect();
        assert_eq!(names, ["StateName", "Y \"2\"", "X"]);
        assert_eq!(subject.type_name(), "Choice");
    }

    #[test]
    fn a_state_of_a_machine_is_found_also_within_others() {
        let subject = Subject::read(MACHINE, Some("B")).unwrap();
        assert_eq!(&*subject.state().unwrap().name, "B");
        assert_eq!(subject.written.get("Next").and_then(Json::as_str), Some("C"));
        let map = Subject::read(MACHINE, Some("A")).unwrap();
        assert!(map.has_children() && map.contains("C") && !map.contains("A"));
        assert_eq!(refused(MACHINE, Some("D")), "State not found in definition");
    }

    #[test]
    fn what_is_wrong_is_told_of_the_state_alone() {
        assert_eq!(
            refused(r#"{"Type":"Pass"}"#, None),
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at /States/StateName'"
        );
        assert_eq!(
            refused("[]", None),
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'"
        );
        assert!(refused("{'", None).contains("INVALID_JSON_DESCRIPTION: Unexpected character"));
    }
}
