//! Reads the graph out of the JSON of a definition.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::condition::describe;
use super::state::{Graph, Owner, Scope, ScopeId, State, StateId};
use super::transition::{Transition, TransitionKind};
use crate::assertion::history::StateKind;
use crate::model::Json;

/// Why a text has no graph: a sentence that says where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoGraph(String);

impl std::error::Error for NoGraph {}

impl fmt::Display for NoGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Graph {
    /// Of the text of a definition, or of the `ItemProcessor` that a child of a Map Run runs.
    pub(crate) fn of_text(definition: &str) -> Result<Self, NoGraph> {
        let json = Json::parse(definition)
            .map_err(|error| NoGraph(format!("the definition is no JSON: {error}: mend that first")))?;
        Self::of(&json)
    }

    pub(crate) fn of(definition: &Json) -> Result<Self, NoGraph> {
        let mut graph = Self { states: Vec::new(), scopes: Vec::new(), transitions: Vec::new() };
        graph.read_scope(definition, Owner::Machine)?;
        Ok(graph)
    }

    fn read_scope(&mut self, scope: &Json, owner: Owner) -> Result<ScopeId, NoGraph> {
        let place = self.place(owner);
        let states = scope.get("States").and_then(Json::as_object);
        let states = states.ok_or_else(|| NoGraph(format!("{place} has no `States` object: add one")))?;
        let id = ScopeId(self.scopes.len());
        self.scopes.push(Scope { id, owner, start: StateId(self.states.len()), states: Vec::new() });
        let mut ids = BTreeMap::new();
        for (name, state) in states {
            ids.insert(Arc::clone(name), self.read_state(name, state, id)?);
        }
        let names = Names { ids, place };
        let start = names.find(scope.get("StartAt"), "StartAt")?;
        if let Some(scope) = self.scopes.get_mut(id.0) {
            scope.start = start;
            scope.states = states.keys().filter_map(|name| names.ids.get(name).copied()).collect();
        }
        self.connect(id, start, states.values().zip(states.keys()), &names)?;
        Ok(id)
    }

    fn place(&self, owner: Owner) -> String {
        let name = |id: StateId| self.state(id).map(|state| state.name.to_string()).unwrap_or_default();
        match owner {
            Owner::Machine => "the definition".to_owned(),
            Owner::Branch(of, index) => format!("branch {index} of `{}`", name(of)),
            Owner::Processor(of) => format!("the processor of `{}`", name(of)),
        }
    }

    fn read_state(&mut self, name: &Arc<str>, state: &Json, scope: ScopeId) -> Result<StateId, NoGraph> {
        let id = StateId(self.states.len());
        let kind = kind_of(state).ok_or_else(|| {
            NoGraph(format!("the state `{name}` has no `Type` that is known: give it one of the eight types"))
        })?;
        self.states.push(State {
            id,
            name: Arc::clone(name),
            kind,
            scope,
            inner: Vec::new(),
            detail: detail(kind, state),
            retriers: items(state, "Retry").iter().map(error_names).collect(),
            is_distributed: mode(state) == Some("DISTRIBUTED"),
        });
        let mut inner = Vec::new();
        for (index, branch) in items(state, "Branches").iter().enumerate() {
            inner.push(self.read_scope(branch, Owner::Branch(id, index))?);
        }
        if let Some(processor) = processor(state) {
            inner.push(self.read_scope(processor, Owner::Processor(id))?);
        }
        if let Some(state) = self.states.get_mut(id.0) {
            state.inner = inner;
        }
        Ok(id)
    }

    fn connect<'j>(
        &mut self,
        scope: ScopeId,
        start: StateId,
        states: impl Iterator<Item = (&'j Json, &'j Arc<str>)>,
        names: &Names,
    ) -> Result<(), NoGraph> {
        let mut add = |from, kind, to, label, errors| {
            self.transitions.push(Transition { scope, from, kind, to, label, errors });
        };
        add(None, TransitionKind::Start, Some(start), String::new(), Vec::new());
        for (state, name) in states {
            let from = names.ids.get(name).copied();
            for (index, rule) in items(state, "Choices").iter().enumerate() {
                let to = names.find(rule.get("Next"), &format!("Choices[{index}].Next` of `{name}"))?;
                add(from, TransitionKind::ChoiceRule(index), Some(to), describe(rule), Vec::new());
            }
            for (key, kind) in [("Default", TransitionKind::ChoiceDefault), ("Next", TransitionKind::Next)] {
                if let Some(next) = state.get(key).filter(|next| !next.is_null()) {
                    let to = names.find(Some(next), &format!("{key}` of `{name}"))?;
                    add(from, kind, Some(to), String::new(), Vec::new());
                }
            }
            for (index, catcher) in items(state, "Catch").iter().enumerate() {
                let to = names.find(catcher.get("Next"), &format!("Catch[{index}].Next` of `{name}"))?;
                let errors = error_names(catcher);
                add(from, TransitionKind::Catch(index), Some(to), errors.join(", "), errors);
            }
            if state.get("End").and_then(Json::as_bool) == Some(true) {
                add(from, TransitionKind::End, None, String::new(), Vec::new());
            }
        }
        Ok(())
    }
}

/// The states of one scope by name.
struct Names {
    ids: BTreeMap<Arc<str>, StateId>,
    /// The scope, in words.
    place: String,
}

impl Names {
    /// `field` stands between backticks in what the user reads.
    fn find(&self, target: Option<&Json>, field: &str) -> Result<StateId, NoGraph> {
        let target = target.and_then(Json::as_str).ok_or_else(|| {
            NoGraph(format!("`{field}` is missing in {}: name the state that it leads to", self.place))
        })?;
        let found = self.ids.get(target).copied();
        found.ok_or_else(|| {
            NoGraph(format!(
                "`{field}` leads to `{target}`, which is no state of {}: name one that is",
                self.place
            ))
        })
    }
}

fn items<'j>(state: &'j Json, key: &str) -> &'j [Json] {
    state.get(key).and_then(Json::as_array).unwrap_or_default()
}

fn error_names(handler: &Json) -> Vec<Arc<str>> {
    items(handler, "ErrorEquals").iter().filter_map(Json::as_str).map(Into::into).collect()
}

fn processor(state: &Json) -> Option<&Json> {
    state.get("ItemProcessor").or_else(|| state.get("Iterator"))
}

fn mode(state: &Json) -> Option<&str> {
    processor(state)?.get("ProcessorConfig")?.get("Mode")?.as_str()
}

fn kind_of(state: &Json) -> Option<StateKind> {
    use StateKind::{Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};
    let name = state.get("Type")?.as_str()?;
    [Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait].into_iter().find(|kind| kind.as_str() == name)
}

/// What a state does, beside its type.
fn detail(kind: StateKind, state: &Json) -> String {
    let text = |key: &str| state.get(key).map(shown);
    match kind {
        StateKind::Task => task_detail(state),
        StateKind::Wait => text("Seconds")
            .map(
                |seconds| {
                    if seconds.starts_with(|c: char| c.is_ascii_digit()) { seconds + "s" } else { seconds }
                },
            )
            .or_else(|| text("SecondsPath").map(|path| format!("{path} seconds")))
            .or_else(|| text("Timestamp").or_else(|| text("TimestampPath")).map(|at| format!("until {at}")))
            .unwrap_or_default(),
        StateKind::Fail => text("Error").or_else(|| text("ErrorPath")).unwrap_or_default(),
        StateKind::Map if mode(state) == Some("DISTRIBUTED") => "distributed".to_owned(),
        StateKind::Choice | StateKind::Map | StateKind::Parallel | StateKind::Pass | StateKind::Succeed => {
            String::new()
        }
    }
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_text(), str::to_owned)
}

/// `dynamodb:putItem`; of a function its name, whichever way it is called; `activity approve`.
fn task_detail(state: &Json) -> String {
    let Some(arn) = state.get("Resource").and_then(Json::as_str) else { return String::new() };
    let arguments = state.get("Parameters").or_else(|| state.get("Arguments"));
    let function = arguments.and_then(|arguments| arguments.get("FunctionName")).and_then(Json::as_str);
    if let Some(function) = function.filter(|_| arn.contains(":lambda:invoke")) {
        let waits = if arn.ends_with(".waitForTaskToken") { " and wait for token" } else { "" };
        return format!("λ {}{waits}", function_name(function));
    }
    if let Some(activity) = arn.split_once(":activity:").map(|(_, name)| name) {
        return format!("activity {activity}");
    }
    match arn.split_once(":function:") {
        Some((_, function)) => format!("λ {function}"),
        None => arn.splitn(6, ':').nth(5).unwrap_or(arn).to_owned(),
    }
}

/// `f` of `arn:aws:lambda:…:function:f:$LATEST`.
fn function_name(function: &str) -> &str {
    let name = function.split_once(":function:").map_or(function, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}
