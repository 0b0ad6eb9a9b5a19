//! One `States` object with its `StartAt`: names, transitions, and whether every state can be reached and left.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::state;
use super::variables::Assigned;
use crate::asl::definition::{Scope, StateIndex};
use crate::asl::diagnostic::DiagnosticCode;
use crate::model::StateMachineType;
use crate::model::json::{KeyPath, Map};

/// What the states of one scope share while they are read.
#[derive(Debug)]
pub(super) struct ScopeReader<'j> {
    /// How the states will be run: the children of a Distributed Map may be of another type than the machine.
    pub(super) machine_type: StateMachineType,
    pub(super) assigned: Rc<Assigned<'j>>,
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

/// Reads `States` and `StartAt`, of the machine itself, a branch, or an item processor. `outer` are the variables
/// that it sees.
pub(super) fn read<'j>(
    fields: &mut Fields<'j>,
    machine_type: StateMachineType,
    outer: Option<Rc<Assigned<'j>>>,
) -> Option<Arc<Scope>> {
    fields.require(&["States", "StartAt"]);
    let (states, start_at) = (fields.take("States"), fields.take("StartAt"));
    let members = states.as_ref().filter(|states| states.is_shallow())?.fields()?;
    if members.members().is_empty() {
        members.cursor().invalid("Value cannot be empty");
        return None;
    }
    let assigned = Rc::new(Assigned::by(members.members(), outer));
    let scope = ScopeReader { machine_type, assigned, states: members.members(), graph: RefCell::default() };
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
    pub(super) fn transition(
        &self,
        from: StateIndex,
        cursor: &Cursor<'_>,
        field: &str,
    ) -> Option<StateIndex> {
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

#[cfg(test)]
mod tests {
    use crate::asl::definition::StateKind;
    use crate::asl::read::tests::{check, check_as, read};
    use crate::model::StateMachineType;

    #[test]
    fn a_scope_needs_states_and_a_start() {
        for (definition, expected) in [
            ("{}", "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"),
            (r#"{"StartAt":"S"}"#, "SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /"),
            (
                r#"{"States":{"S":{"Type":"Succeed"}}}"#,
                "SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /",
            ),
            (r#"{"StartAt":"S","States":{}}"#, "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States"),
            (
                r#"{"StartAt":"S","States":[]}"#,
                "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States",
            ),
            (
                r#"{"StartAt":1,"States":{"S":{"Type":"Succeed"}}}"#,
                "SCHEMA_VALIDATION_FAILED: Expected value of type String at /StartAt",
            ),
            (
                r#"{"StartAt":"s","States":{"S":{"Type":"Succeed"}}}"#,
                "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: s at /StartAt",
            ),
        ] {
            check(definition, &[expected]);
        }
    }

    #[test]
    fn states_are_numbered_in_the_order_of_the_definition() {
        let definition =
            read(r#"{"StartAt":"B","States":{"A":{"Type":"Succeed"},"B":{"Type":"Pass","Next":"A"}}}"#);
        let scope = &definition.scope;
        assert_eq!(&*scope.state(scope.start_at).unwrap().name, "B");
        assert!(matches!(scope.states[0].kind, StateKind::Succeed));
    }

    #[test]
    fn every_state_must_be_reachable_from_the_start() {
        check(
            r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","Next":"B"}}}"#,
            &[
                "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
                "MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C",
            ],
        );
    }

    #[test]
    fn a_scope_needs_an_end() {
        check(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}"#,
            &["MISSING_END_STATE: At least one state must be terminal at /States"],
        );
    }

    #[test]
    fn a_state_of_unknown_type_hides_what_cannot_be_known_of_the_others() {
        check(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pas","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}"#,
            &[
                "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type",
            ],
        );
    }

    #[test]
    fn transitions_stay_in_their_scope() {
        let inner = r#"{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"A"}}}"#;
        check(
            &format!(
                r#"{{"StartAt":"A","States":{{"A":{{"Type":"Parallel","End":true,"Branches":[{inner}]}}}}}}"#
            ),
            &[
                "MISSING_END_STATE: At least one state must be terminal at /States/A/Branches[0]/States",
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: A at /States/A/Branches[0]/States/B/Next",
            ],
        );
    }

    #[test]
    fn names_are_unique_in_the_whole_machine() {
        let branch = r#"{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}"#;
        let branches = |name: &str| {
            format!(
                r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Parallel","End":true,"Branches":[{branch},{branch}]}}}}}}"#
            )
        };
        let second = "DUPLICATE_STATE_NAME: Duplicate State name: B at /States/A/Branches[1]/States/B";
        check(&branches("A"), &[second]);
        check(
            &branches("B"),
            &[
                "DUPLICATE_STATE_NAME: Duplicate State name: B at /States/B/Branches[0]/States/B",
                "DUPLICATE_STATE_NAME: Duplicate State name: B at /States/B/Branches[1]/States/B",
            ],
        );
    }

    #[test]
    fn a_name_that_stands_twice_in_one_object_is_found() {
        let twice = r#"{"StartAt":"B","States":{"B":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}"#;
        check(twice, &["DUPLICATE_STATE_NAME: Duplicate State name: B at /States/B"]);
        check(
            &format!(
                r#"{{"StartAt":"A","States":{{"A":{{"Type":"Map","End":true,"ItemProcessor":{twice}}}}}}}"#
            ),
            &["DUPLICATE_STATE_NAME: Duplicate State name: B at /States/A/ItemProcessor/States/B"],
        );
        check(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Result":{"States":{"B":1,"B":2}}}}}"#,
            &[],
        );
    }

    #[test]
    fn express_machines_are_read_by_the_same_rules() {
        check_as(StateMachineType::Express, r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#, &[]);
    }
}
