//! A definition as hints read it: its states as they are written, wherever they are nested.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::assertion::Execution;
use crate::model::Json;

/// The states of a definition by their names, which are unique in the whole of it.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) root: Json,
    states: IndexMap<Arc<str>, WrittenState>,
}

#[derive(Debug)]
pub(super) struct WrittenState {
    pub(super) json: Json,
    pub(super) in_jsonata: bool,
}

/// A way from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) to: Arc<str>,
    pub(super) by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Next,
    Rule(usize),
    Default,
    Catcher(usize),
    /// It is the first state of a branch, or of the iterations.
    Start,
}

impl Written {
    /// `None` where only the history is known.
    pub(super) fn of(execution: &Execution) -> Option<Self> {
        let root = Json::parse(execution.record.definition.as_deref()?).ok()?;
        let mut states = IndexMap::new();
        collect(&root, is_jsonata(&root, false), &mut states);
        Some(Self { root, states })
    }

    pub(super) fn state(&self, name: &str) -> Option<&WrittenState> {
        self.states.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.states.keys()
    }

    pub(super) fn ways_from(&self, name: &str) -> Vec<Way> {
        let Some(state) = self.state(name).map(|state| &state.json) else { return Vec::new() };
        let way = |to: &str, by| Way { to: to.into(), by };
        let mut ways = Vec::new();
        for (at, rule) in items(state, "Choices").iter().enumerate() {
            ways.extend(text(rule, "Next").map(|to| way(to, By::Rule(at))));
        }
        ways.extend(text(state, "Default").map(|to| way(to, By::Default)));
        ways.extend(text(state, "Next").map(|to| way(to, By::Next)));
        for (at, catcher) in items(state, "Catch").iter().enumerate() {
            ways.extend(text(catcher, "Next").map(|to| way(to, By::Catcher(at))));
        }
        for scope in scopes(state) {
            ways.extend(text(scope, "StartAt").map(|to| way(to, By::Start)));
        }
        ways
    }
}

fn collect(scope: &Json, in_jsonata: bool, states: &mut IndexMap<Arc<str>, WrittenState>) {
    for (name, state) in scope.get("States").and_then(Json::as_object).into_iter().flatten() {
        let in_jsonata = is_jsonata(state, in_jsonata);
        states.insert(Arc::clone(name), WrittenState { json: state.clone(), in_jsonata });
        for inner in scopes(state) {
            collect(inner, in_jsonata, states);
        }
    }
}

fn is_jsonata(of: &Json, around: bool) -> bool {
    text(of, "QueryLanguage").map_or(around, |language| language == "JSONata")
}

fn scopes(state: &Json) -> impl Iterator<Item = &Json> {
    let iterated = ["ItemProcessor", "Iterator"].into_iter().filter_map(|field| state.get(field));
    items(state, "Branches").iter().chain(iterated)
}

/// The items of a field, none if there is no such array.
pub(super) fn items<'j>(of: &'j Json, field: &str) -> &'j [Json] {
    of.get(field).and_then(Json::as_array).unwrap_or_default()
}

pub(super) fn text<'j>(of: &'j Json, field: &str) -> Option<&'j str> {
    of.get(field).and_then(Json::as_str)
}

/// The names in `ErrorEquals`.
pub(super) fn error_names(handler: &Json) -> Vec<&str> {
    items(handler, "ErrorEquals").iter().filter_map(Json::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::History;

    #[test]
    fn nested_states_and_all_ways_are_known() {
        let definition = r#"{"StartAt": "Which", "States": {
            "Which": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "Both"}], "Default": "End"},
            "Both": {"Type": "Parallel", "Next": "End", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}],
                     "Branches": [{"StartAt": "In", "QueryLanguage": "JSONata", "States": {"In": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true}}}]},
            "End": {"Type": "Succeed"}
        }}"#;
        let execution = History::started_with("1").of_definition(definition).running();
        let written = Written::of(&execution).unwrap();
        assert_eq!(written.names().map(|name| &**name).collect::<Vec<_>>(), ["Which", "Both", "In", "End"]);
        let way = |to: &str, by| Way { to: to.into(), by };
        assert_eq!(written.ways_from("Which"), [way("Both", By::Rule(0)), way("End", By::Default)]);
        assert_eq!(
            written.ways_from("Both"),
            [way("End", By::Next), way("End", By::Catcher(0)), way("In", By::Start)]
        );
        assert!(written.state("In").unwrap().in_jsonata && !written.state("Both").unwrap().in_jsonata);
        assert!(Written::of(&History::started_with("1").running()).is_none());
    }
}
