//! Parallel states.

use std::sync::Arc;

use super::cursor::Cursor;
use super::state::StateReader;
use super::{scope, work};
use crate::asl::definition::{Parallel, Scope, StateKind};
use crate::model::StateMachineType;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    state.fields.require(&["Branches"]);
    let branches = state.fields.take("Branches").and_then(|branches| branches.nonempty_items());
    let machine_type = state.scope.machine_type;
    let branches: Vec<Option<Arc<Scope>>> =
        branches.unwrap_or_default().iter().map(|cursor| branch(cursor, machine_type)).collect();
    let parameters = work::arguments(state);
    let work = work::read(state, parameters);
    let branches = branches.into_iter().collect::<Option<_>>()?;
    Some(StateKind::Parallel(Box::new(Parallel { branches, work: work? })))
}

fn branch(cursor: &Cursor<'_>, machine_type: StateMachineType) -> Option<Arc<Scope>> {
    let mut fields = cursor.fields()?;
    let scope = scope::read(&mut fields, machine_type);
    fields.finish();
    scope
}
