//! What executions took of the definitions of their state machines, if somebody wants to know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::account::Account;
use super::state_machine::{Content, StateMachine};
use crate::interpreter::interpret::About;
use crate::interpreter::tally::Tally;

/// The counts of all definitions.
#[derive(Debug, Clone, Default)]
pub(super) struct Tallies {
    /// By name of the state machine and text of its definition.
    counted: BTreeMap<(Arc<str>, Arc<str>), Arc<Tally>>,
    /// The texts of definitions that nobody wrote.
    left_out: BTreeSet<Arc<str>>,
}

/// A definition that a state machine has or had, and what was taken of it.
#[derive(Debug, Clone)]
pub(crate) struct Covered {
    pub(crate) machine: Arc<str>,
    pub(crate) definition_text: Arc<str>,
    pub(crate) tally: Arc<Tally>,
}

impl Account {
    /// What an execution is, that it is counted, and where it counts what it takes.
    pub(super) fn counted(&mut self, about: About, content: &Content) -> About {
        let tally = self.tally_of(&about.state_machine_name, content);
        if let Some(tally) = &tally {
            tally.note_execution();
        }
        About { tally, ..about }
    }

    /// Where an execution of a state machine counts what it takes of its definition; `None` if nobody wants to know.
    fn tally_of(&mut self, machine: &Arc<str>, content: &Content) -> Option<Arc<Tally>> {
        let tallies = self.tallies.as_mut()?;
        if tallies.left_out.contains(&content.definition_text) {
            return None;
        }
        let key = (Arc::clone(machine), Arc::clone(&content.definition_text));
        let tally = tallies.counted.entry(key).or_insert_with(|| Arc::new(Tally::new(&content.definition)));
        Some(Arc::clone(tally))
    }

    /// Every definition that an execution ran.
    pub(crate) fn covered(&self) -> Vec<Covered> {
        let tallies = self.tallies.iter().flat_map(|tallies| &tallies.counted);
        let covered = tallies.map(|((machine, text), tally)| Covered {
            machine: Arc::clone(machine),
            definition_text: Arc::clone(text),
            tally: Arc::clone(tally),
        });
        covered.collect()
    }

    /// The same, and those that state machines have now, run or not.
    pub(crate) fn covered_or_not(&mut self) -> Vec<Covered> {
        let machines = self.machines.values().flat_map(contents);
        let unrun = machines.filter(|(machine, content)| !self.is_counted(machine, content));
        let unrun: Vec<_> = unrun.map(|(machine, content)| (Arc::clone(machine), content.clone())).collect();
        for (machine, content) in unrun {
            let _noted = self.tally_of(&machine, &content);
        }
        self.covered()
    }

    fn is_counted(&self, machine: &Arc<str>, content: &Content) -> bool {
        let is_it = |machine_and_text: &(Arc<str>, Arc<str>)| {
            machine_and_text.0 == *machine && machine_and_text.1 == content.definition_text
        };
        self.tallies.iter().flat_map(|tallies| tallies.counted.keys()).any(is_it)
    }

    /// What this definition does nobody has to test.
    pub(crate) fn leave_out_of_coverage(&mut self, definition_text: &str) {
        if let Some(tallies) = &mut self.tallies {
            tallies.left_out.insert(definition_text.into());
        }
    }

    /// How many executions have ended that somebody started.
    pub(crate) const fn executions_ended(&self) -> u64 {
        self.executions_ended
    }
}

/// The current revision, and the published ones.
fn contents(machine: &StateMachine) -> impl Iterator<Item = (&Arc<str>, &Content)> {
    let published = machine.versions.values().map(|version| &version.revision);
    let revisions = std::iter::once(&machine.current).chain(published);
    revisions.map(|revision| (&machine.name, &revision.content))
}
