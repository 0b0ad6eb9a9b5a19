//! Executions that share their time: one that was started from outside, and all that it and those have started.
//!
//! A jump over waiting takes them along together, so that the one that waits for another is never ahead of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::execution::Execution;
use super::outlook::Outlooks;
use super::timetable::{Surroundings, to_base};
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
    /// How far their time is ahead of the base clock, if waiting is jumped over.
    offset: Duration,
    outlooks: Outlooks,
    /// Its place in the agenda of the account, if waiting is jumped over, and what was known when it was planned.
    planned: Option<Planned>,
    around: Option<Surroundings>,
}

/// When something happens, on the base clock; to which execution, by number and ARN.
pub(super) type Planned = (Timestamp, u64, Arc<str>);

impl Family {
    /// How far its time is ahead of the base clock.
    pub(super) const fn offset(&self) -> Duration {
        self.offset
    }
}

impl Account {
    /// How many executions the family has had.
    pub(super) fn family_size(&self, family: FamilyId) -> usize {
        self.families.get(&family).map_or(0, |family| family.started)
    }

    pub(super) fn join_family(&mut self, execution: &mut Execution) {
        let family = self.families.entry(execution.family).or_default();
        family.running.insert(execution.number, Arc::clone(execution.arn()));
        execution.timetable.follow(family.offset);
        // Map Runs count theirs themselves.
        family.started += usize::from(execution.child_of.is_none());
    }

    /// The execution has ended.
    pub(super) fn leave_family(&mut self, id: FamilyId, number: u64) {
        let Some(family) = self.families.get_mut(&id) else { return };
        family.running.remove(&number);
        family.outlooks.remove(number);
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
            self.unplanned.insert((execution.family, Arc::clone(arn)));
        }
    }

    /// Gives the families in which something has changed their places in the agenda.
    pub(super) fn plan_families(&mut self) {
        while let Some((family, arn)) = self.unplanned.pop_first() {
            self.look_at(&arn);
            if self.unplanned.first().is_none_or(|(next, _)| *next != family) {
                self.replan_family(family);
            }
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

    /// Sees what a member expects now. Those that share their time are never behind each other.
    fn look_at(&mut self, arn: &Arc<str>) {
        let Some(execution) = self.executions.get_mut(arn).filter(|execution| execution.ending.is_none())
        else {
            return;
        };
        let Some(family) = self.families.get_mut(&execution.family) else { return };
        execution.timetable.follow(family.offset);
        family.offset = execution.timetable.offset();
        family.outlooks.put(execution.number, execution.timetable.outlook());
    }

    /// The earliest in their common time goes first.
    fn replan_family(&mut self, id: FamilyId) {
        let Some(family) = self.families.get_mut(&id) else { return };
        family.around = family.outlooks.surroundings();
        let next = family.around.and_then(|around| {
            let to_base = |own| to_base(own, family.offset);
            let (due, _, number) = family.outlooks.next(&around, to_base)?;
            Some((due, number, Arc::clone(family.running.get(&number)?)))
        });
        if let Some(planned) = std::mem::replace(&mut family.planned, next.clone()) {
            self.agenda.remove(&planned);
        }
        self.agenda.extend(next);
    }

    /// What an execution must know of those that share its time; as it was when they were planned.
    pub(super) fn surroundings(&self, execution: &Execution) -> Option<Surroundings> {
        self.families.get(&execution.family)?.around
    }

    /// One has jumped ahead. The others follow when something happens to them: there may be thousands.
    pub(super) fn lead(&mut self, id: FamilyId, offset: Duration) {
        if let Some(family) = self.families.get_mut(&id) {
            family.offset = family.offset.max(offset);
        }
    }
}
