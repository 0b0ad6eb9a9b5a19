//! Parallel states.

use std::rc::Rc;
use std::sync::Arc;

use super::cursor::Cursor;
use super::scope::ScopeReader;
use super::state::StateReader;
use super::{scope, work};
use crate::asl::definition::{Parallel, Scope, StateKind};

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    state.fields.require(&["Branches"]);
    let branches = state.fields.take("Branches").and_then(|branches| branches.nonempty_items());
    let branches: Vec<Option<Arc<Scope>>> =
        branches.unwrap_or_default().iter().map(|cursor| branch(cursor, state.scope)).collect();
    let parameters = work::arguments(state);
    let work = work::read(state, parameters);
    let branches = branches.into_iter().collect::<Option<_>>()?;
    Some(StateKind::Parallel(Box::new(Parallel { branches, work: work? })))
}

fn branch<'j>(cursor: &Cursor<'j>, around: &ScopeReader<'j>) -> Option<Arc<Scope>> {
    let mut fields = cursor.fields()?;
    let scope = scope::read(&mut fields, around.machine_type, Some(Rc::clone(&around.assigned)));
    fields.finish();
    scope
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check_schema, check_state, machine_of, read};

    fn parallel(branches: &str) -> String {
        format!(r#"{{"Type":"Parallel","End":true,"Branches":{branches}}}"#)
    }

    #[test]
    fn a_parallel_state_has_branches() {
        check_schema(r#"{"Type":"Parallel","End":true}"#, &["These fields are required: [Branches] at ~"]);
        check_schema(&parallel("[]"), &["Value cannot be empty at ~/Branches"]);
        check_schema(&parallel("{}"), &["Expected value of type Array at ~/Branches"]);
        check_schema(&parallel("[1]"), &["Expected value of type Object at ~/Branches[0]"]);
        check_schema(&parallel("[{}]"), &["These fields are required: [States, StartAt] at ~/Branches[0]"]);
    }

    #[test]
    fn a_branch_has_no_fields_of_a_machine() {
        check_schema(
            &parallel(
                r#"[{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"TimeoutSeconds":1,"Comment":"c"}]"#,
            ),
            &["Field 'TimeoutSeconds' is not supported at ~/Branches[0]"],
        );
    }

    #[test]
    fn branches_keep_their_order() {
        let definition = read(&machine_of(&parallel(
            r#"[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}},{"StartAt":"B","States":{"B":{"Type":"Fail"}}}]"#,
        )));
        let StateKind::Parallel(parallel) = &definition.scope.states[0].kind else {
            panic!("{definition:?}")
        };
        let names: Vec<&str> = parallel.branches.iter().map(|branch| &*branch.states[0].name).collect();
        assert_eq!(names, ["A", "B"]);
    }

    #[test]
    fn arguments_belong_to_jsonata() {
        let branches = r#""Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]"#;
        check_state(
            &format!(
                r#"{{"Type":"Parallel","QueryLanguage":"JSONata","Arguments":{{}},"End":true,{branches}}}"#
            ),
            &[],
        );
    }
}
