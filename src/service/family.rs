//! Executions that share their time: one that was started from outside, and all that it and those have started.
//!
//! A jump over waiting takes them along together, so that the one that waits for another is never ahead of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::Account;
use super::execution::Execution;
use super::timetable::Surroundings;
use crate::model::Timestamp;

/// A family, named after the number of the execution that was started from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FamilyId(pub(super) u64);

/// One family, as long as one of it runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Family {
    /// Those that run, by number.
    running: BTreeMap<u64, Arc<str>>,
    /// How many ever were.
    started: usize,
    /// Its place in the agenda of the account, if waiting is jumped over, and what was known when it was planned.
    planned: Option<Planned>,
    around: Option<Surroundings>,
}

/// When something happens, on the base clock; to which execution, by number and ARN.
pub(super) type Planned = (Timestamp, u64, Arc<str>);

impl Account {
    /// How many executions the family has had.
    pub(super) fn family_size(&self, family: FamilyId) -> usize {
        self.families.get(&family).map_or(0, |family| family.started)
    }

    pub(super) fn join_family(&mut self, execution: &Execution) {
        let family = self.families.entry(execution.family).or_default();
        family.running.insert(execution.number, Arc::clone(execution.arn()));
        // Map Runs count theirs themselves.
        family.started += usize::from(execution.child_of.is_none());
    }

    /// The execution has ended.
    pub(super) fn leave_family(&mut self, id: FamilyId, number: u64) {
        let Some(family) = self.families.get_mut(&id) else { return };
        family.running.remove(&number);
        if !family.running.is_empty() {
            return;
        }
        if let Some(planned) = self.families.remove(&id).and_then(|family| family.planned) {
            self.agenda.remove(&planned);
        }
    }

    /// The running executions that share their time with this one, itself among them.
    pub(super) fn relatives(&self, execution: &Execution) -> impl Iterator<Item = &Execution> + Clone {
        let family = self.families.get(&execution.family);
        family
            .into_iter()
            .flat_map(|family| family.running.values())
            .filter_map(|arn| self.executions.get(arn))
    }

    /// Notes when something happens to the execution next, or to one that shares its time.
    pub(super) fn replan(&mut self, arn: &Arc<str>) {
        let Some(execution) = self.executions.get(arn) else { return };
        if self.config.skip_after.is_none() {
            self.replan_alone(arn);
        } else {
            self.unplanned.insert(execution.family);
        }
    }

    /// Gives the families in which something has changed their places in the agenda.
    pub(super) fn plan_families(&mut self) {
        while let Some(family) = self.unplanned.pop_first() {
            self.replan_family(family);
        }
    }

    /// Where waiting is never jumped over, nobody has to look after the others.
    fn replan_alone(&mut self, arn: &Arc<str>) {
        let Some(execution) = self.executions.get_mut(arn) else { return };
        let due = execution.timetable.due();
        let entry = |due| (due, execution.number, Arc::clone(arn));
        if let Some(planned) = execution.planned {
            self.agenda.remove(&entry(planned));
        }
        if let Some(due) = due {
            self.agenda.insert(entry(due));
        }
        execution.planned = due;
    }

    /// The earliest in their common time goes first.
    fn replan_family(&mut self, id: FamilyId) {
        let Some((around, next)) = self.plan_of(id) else { return };
        let Some(family) = self.families.get_mut(&id) else { return };
        if let Some(planned) = family.planned.take() {
            self.agenda.remove(&planned);
        }
        self.agenda.extend(next.clone());
        family.planned = next;
        family.around = Some(around);
    }

    fn plan_of(&self, id: FamilyId) -> Option<(Surroundings, Option<Planned>)> {
        let members = self.families.get(&id)?.running.iter();
        let members: Vec<_> =
            members.filter_map(|(number, arn)| Some((*number, self.executions.get(arn)?))).collect();
        let around = Surroundings::of(members.iter().map(|(_, execution)| &execution.timetable));
        let due = members.iter().filter_map(|(number, execution)| {
            let (due, deadline) = execution.timetable.due_among(&around)?;
            Some((due, deadline, *number, *execution))
        });
        let next = due.min_by_key(|(due, deadline, number, _)| (*due, *deadline, *number));
        let next = next.map(|(due, _, number, execution)| (due, number, Arc::clone(execution.arn())));
        Some((around, next))
    }

    /// What an execution must know of those that share its time; as it was when they were planned.
    pub(super) fn surroundings(&self, execution: &Execution) -> Option<Surroundings> {
        self.families.get(&execution.family)?.around
    }

    /// The others go along when one has jumped ahead.
    pub(super) fn follow(&mut self, arn: &Arc<str>) {
        let Some(ahead) = self.executions.get(arn) else { return };
        let (offset, Some(family)) = (ahead.timetable.offset(), self.families.get(&ahead.family)) else {
            return;
        };
        for relative in family.running.values() {
            if let Some(relative) = self.executions.get_mut(relative) {
                relative.timetable.follow(offset);
            }
        }
    }
}
