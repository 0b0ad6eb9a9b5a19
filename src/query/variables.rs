//! The variables that a state can see: those of its own scope and, behind them, those of the scopes around it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Json;

/// The variables of one running scope. Cheap to start: the outer scopes are shared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    own: BTreeMap<Arc<str>, Variable>,
    outer: Option<Arc<Self>>,
}

#[derive(Debug, Clone)]
struct Variable {
    value: Json,
    bytes: usize,
}

impl Variables {
    /// Those of a scope within another one: it has none yet, and reads the outer ones.
    pub(crate) fn within(outer: &Arc<Self>) -> Self {
        Self { own: BTreeMap::new(), outer: Some(Arc::clone(outer)) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        let mut scope = Some(self);
        while let Some(variables) = scope {
            if let Some(variable) = variables.own.get(name) {
                return Some(&variable.value);
            }
            scope = variables.outer.as_deref();
        }
        None
    }

    /// Gives a variable of this scope a value, which takes `bytes` as JSON text.
    pub(crate) fn set(&mut self, name: Arc<str>, value: Json, bytes: usize) {
        self.own.insert(name, Variable { value, bytes });
    }

    /// Those of this scope alone.
    pub(crate) fn own(&self) -> impl Iterator<Item = (&Arc<str>, &Json)> {
        self.own.iter().map(|(name, variable)| (name, &variable.value))
    }

    /// What the variables of this scope alone take, as JSON texts.
    pub(crate) fn own_bytes(&self) -> usize {
        self.own.values().map(|variable| variable.bytes).sum()
    }

    /// What the variable of this scope takes; nothing if there is none.
    pub(crate) fn own_bytes_of(&self, name: &str) -> usize {
        self.own.get(name).map_or(0, |variable| variable.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_scopes_read_outer_ones_and_keep_their_own_to_themselves() {
        let mut machine = Variables::default();
        machine.set("a".into(), Json::Int(1), 1);
        let machine = Arc::new(machine);
        let mut branch = Variables::within(&machine);
        branch.set("b".into(), Json::Int(22), 2);
        let iteration = Variables::within(&Arc::new(branch));
        assert_eq!(iteration.get("a"), Some(&Json::Int(1)));
        assert_eq!(iteration.get("b"), Some(&Json::Int(22)));
        assert_eq!(iteration.get("c"), None);
        assert_eq!(machine.get("b"), None);
        assert_eq!(Variables::within(&machine).get("b"), None);
    }

    #[test]
    fn a_scope_knows_what_its_own_variables_take() {
        let mut machine = Variables::default();
        machine.set("a".into(), Json::Int(1), 1);
        machine.set("b".into(), Json::Int(22), 2);
        machine.set("a".into(), Json::Int(333), 3);
        assert_eq!((machine.own_bytes(), machine.own_bytes_of("a"), machine.own_bytes_of("c")), (5, 3, 0));
        let branch = Variables::within(&Arc::new(machine));
        assert_eq!((branch.own_bytes(), branch.own_bytes_of("a")), (0, 0));
    }
}
