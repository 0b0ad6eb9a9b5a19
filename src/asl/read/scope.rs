//! One `States` object with its `StartAt`: names, transitions, and whether every state can be reached and left.

use std::cell::RefCell;
use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::state;
use crate::asl::definition::{Scope, StateIndex};
use crate::asl::diagnostic::DiagnosticCode;
use crate::model::StateMachineType;
use crate::model::json::{KeyPath, Map};

/// What the states of one scope share while they are read.
#[derive(Debug)]
pub(super) struct ScopeReader<'j> {
    /// How the states will be run: the children of a Distributed Map may be of another type than the machine.
    pub(super) machine_type: StateMachineType,
    states: &'j Map,
    graph: RefCell<Graph>,
}

#[derive(Debug, Default)]
struct Graph {
    transitions: Vec<(StateIndex, StateIndex)>,
    has_end: bool,
    /// A state could not be read so far that its transitions are known.
    has_gaps: bool,
}

/// Reads `States` and `StartAt`, of the machine itself, a branch, or an item processor.
pub(super) fn read(fields: &mut Fields<'_>, machine_type: StateMachineType) -> Option<Arc<Scope>> {
    fields.require(&["States", "StartAt"]);
    let (states, start_at) = (fields.take("States"), fields.take("StartAt"));
    let members = states.as_ref()?.fields()?;
    if members.members().is_empty() {
        members.cursor().invalid("Value cannot be empty");
        return None;
    }
    let scope = ScopeReader { machine_type, states: members.members(), graph: RefCell::default() };
    let start_at = start_at.and_then(|start_at| scope.target(&start_at, "StartAt"));
    let mut states = Vec::new();
    for (index, (name, cursor)) in members.each().enumerate() {
        states.push(state::read(&scope, StateIndex(index), name, &cursor));
    }
    scope.check_ends(members.cursor());
    scope.check_reach(&members, start_at);
    Some(Arc::new(Scope { start_at: start_at?, states: states.into_iter().collect::<Option<_>>()? }))
}

impl ScopeReader<'_> {
    /// The state that `cursor` names. `field` is what the cursor stands at.
    pub(super) fn target(&self, cursor: &Cursor<'_>, field: &str) -> Option<StateIndex> {
        let name = cursor.text()?;
        let index = self.states.get_index_of(name);
        if index.is_none() {
            let message = format!("Missing '{field}' target: {name}");
            cursor.finding(DiagnosticCode::MissingTransitionTarget, message);
        }
        index.map(StateIndex)
    }

    /// The same, for a transition out of the state `from`.
    pub(super) fn transition(&self, from: StateIndex, cursor: &Cursor<'_>, field: &str) -> Option<StateIndex> {
        let target = self.target(cursor, field)?;
        self.graph.borrow_mut().transitions.push((from, target));
        Some(target)
    }

    pub(super) fn note_end(&self) {
        self.graph.borrow_mut().has_end = true;
    }

    pub(super) fn note_gap(&self) {
        self.graph.borrow_mut().has_gaps = true;
    }

    fn check_ends(&self, states: &Cursor<'_>) {
        let graph = self.graph.borrow();
        if !graph.has_end && !graph.has_gaps {
            states.finding(DiagnosticCode::MissingEndState, "At least one state must be terminal");
        }
    }

    fn check_reach(&self, states: &Fields<'_>, start_at: Option<StateIndex>) {
        let graph = self.graph.borrow();
        let (Some(start_at), false) = (start_at, graph.has_gaps) else { return };
        let reached = reachable(start_at, &graph.transitions, self.states.len());
        for ((name, cursor), reached) in states.each().zip(reached) {
            if !reached {
                let message = format!("State \"{name}\" is not reachable.");
                cursor.finding(DiagnosticCode::MissingTransitionTarget, message);
            }
        }
    }
}

/// For each of `count` states whether a way leads to it.
fn reachable(start_at: StateIndex, transitions: &[(StateIndex, StateIndex)], count: usize) -> Vec<bool> {
    let mut targets = vec![Vec::new(); count];
    for (from, to) in transitions {
        if let Some(targets) = targets.get_mut(from.0) {
            targets.push(*to);
        }
    }
    let mut reached = vec![false; count];
    let mut pending = vec![start_at];
    while let Some(state) = pending.pop() {
        match reached.get_mut(state.0) {
            Some(seen) if !*seen => *seen = true,
            Some(_) | None => continue,
        }
        pending.extend(targets.get(state.0).into_iter().flatten().copied());
    }
    reached
}

/// Of states with the same name in one `States` object JSON keeps only the last, so they show in the text alone.
pub(super) fn report_repeated_names(root: &Cursor<'_>, duplicates: &[KeyPath]) {
    for path in duplicates {
        let path: Vec<&str> = path.iter().map(|step| &**step).collect();
        if let (true, Some(name)) = (leads_to_state(&path), path.last()) {
            let message = format!("Duplicate State name: {name}");
            root.descend(&path).finding(DiagnosticCode::DuplicateStateName, message);
        }
    }
}

fn leads_to_state(mut path: &[&str]) -> bool {
    loop {
        path = match path {
            ["States", _] => return true,
            ["States", _, "Branches", _, rest @ ..]
            | ["States", _, "ItemProcessor" | "Iterator", rest @ ..] => rest,
            _ => return false,
        };
    }
}
