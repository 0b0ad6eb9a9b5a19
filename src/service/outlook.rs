//! When something happens next to executions that share their time, found without looking at each of them.
//!
//! A Map Run has thousands of executions. What each expects of itself changes only when something happens to it; what
//! that means beside the others follows from the first of a few orders.

use std::collections::{BTreeMap, BTreeSet};

use super::timetable::Surroundings;
use crate::model::Timestamp;

/// What one execution expects of itself. Deadlines are in the time that it shares with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outlook {
    /// On the base clock: when its waiting may be jumped over.
    pub(super) settled: Timestamp,
    /// Somebody outside works on one of its tasks.
    pub(super) outside_work: bool,
    /// The first timer that guards no work and is not the execution timeout.
    pub(super) waiting: Option<Timestamp>,
    /// The execution timeout.
    pub(super) end: Option<Timestamp>,
    /// Of timers that guard work which is done outside.
    pub(super) outside: Guards,
    /// Of timers that guard work which another execution does.
    pub(super) nested: Guards,
}

/// The first of the timeouts and heartbeats of some work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Guards {
    /// By its deadline: that, and the same on the base clock.
    pub(super) first: Option<(Timestamp, Timestamp)>,
    /// By its deadline on the base clock: that, and the other.
    pub(super) first_due: Option<(Timestamp, Timestamp)>,
}

impl Guards {
    pub(super) fn add(&mut self, deadline: Timestamp, base_deadline: Timestamp) {
        let earlier =
            |known: Option<(Timestamp, Timestamp)>, new| Some(known.map_or(new, |known| known.min(new)));
        self.first = earlier(self.first, (deadline, base_deadline));
        self.first_due = earlier(self.first_due, (base_deadline, deadline));
    }
}

/// The outlooks of executions that share their time, each under the number of its execution.
#[derive(Debug, Clone, Default)]
pub(super) struct Outlooks {
    by_number: BTreeMap<u64, Outlook>,
    settled: BTreeSet<(Timestamp, u64)>,
    outside_work: usize,
    waiting: BTreeSet<(Timestamp, u64)>,
    ends: BTreeSet<(Timestamp, u64)>,
    outside: GuardOrders,
    nested: GuardOrders,
}

#[derive(Debug, Clone, Default)]
struct GuardOrders {
    by_deadline: BTreeSet<(Timestamp, Timestamp, u64)>,
    by_due: BTreeSet<(Timestamp, Timestamp, u64)>,
}

/// When something happens: on the base clock and in the common time; and to which execution.
pub(super) type Due = (Timestamp, Timestamp, u64);

impl Outlooks {
    pub(super) fn put(&mut self, number: u64, outlook: Outlook) {
        if self.by_number.get(&number) == Some(&outlook) {
            return;
        }
        self.remove(number);
        self.settled.insert((outlook.settled, number));
        self.outside_work += usize::from(outlook.outside_work);
        self.waiting.extend(outlook.waiting.map(|deadline| (deadline, number)));
        self.ends.extend(outlook.end.map(|deadline| (deadline, number)));
        self.outside.put(number, outlook.outside);
        self.nested.put(number, outlook.nested);
        self.by_number.insert(number, outlook);
    }

    pub(super) fn remove(&mut self, number: u64) {
        let Some(outlook) = self.by_number.remove(&number) else { return };
        self.settled.remove(&(outlook.settled, number));
        self.outside_work -= usize::from(outlook.outside_work);
        if let Some(deadline) = outlook.waiting {
            self.waiting.remove(&(deadline, number));
        }
        if let Some(deadline) = outlook.end {
            self.ends.remove(&(deadline, number));
        }
        self.outside.remove(number, outlook.outside);
        self.nested.remove(number, outlook.nested);
    }

    /// What each must know of the others.
    pub(super) fn surroundings(&self) -> Option<Surroundings> {
        let (settled, _) = *self.settled.last()?;
        let outside_work = self.outside_work > 0;
        let guards = [Some(&self.outside), outside_work.then_some(&self.nested)];
        let first = |orders: &GuardOrders| orders.by_deadline.first().map(|(own, base, _)| (*own, *base));
        let guard = guards.into_iter().flatten().filter_map(first).min();
        Some(Surroundings { settled, outside_work, guard })
    }

    /// What happens next, given how a deadline of the common time is told on the base clock. Timers of one kind are due
    /// in the order of their deadlines, so that the first of each kind decides.
    pub(super) fn next(
        &self,
        around: &Surroundings,
        to_base: impl Fn(Timestamp) -> Timestamp,
    ) -> Option<Due> {
        let due = |deadline: Timestamp, ends_execution, number| {
            (around.due(deadline, to_base(deadline), ends_execution), deadline, number)
        };
        let waiting = self.waiting.first().map(|(deadline, number)| due(*deadline, false, *number));
        let end = self.ends.first().map(|(deadline, number)| due(*deadline, true, *number));
        let of_guards = |orders: &GuardOrders| orders.by_due.first().copied();
        let nested = if around.outside_work {
            of_guards(&self.nested)
        } else {
            let first = self.nested.by_deadline.first();
            first.map(|(deadline, _, number)| due(*deadline, false, *number))
        };
        [waiting, end, of_guards(&self.outside), nested].into_iter().flatten().min()
    }
}

impl GuardOrders {
    fn put(&mut self, number: u64, Guards { first, first_due }: Guards) {
        self.by_deadline.extend(first.map(|(deadline, base)| (deadline, base, number)));
        self.by_due.extend(first_due.map(|(base, deadline)| (base, deadline, number)));
    }

    fn remove(&mut self, number: u64, Guards { first, first_due }: Guards) {
        if let Some((deadline, base)) = first {
            self.by_deadline.remove(&(deadline, base, number));
        }
        if let Some((base, deadline)) = first_due {
            self.by_due.remove(&(base, deadline, number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    const NOTHING: Outlook = Outlook {
        settled: at(1),
        outside_work: false,
        waiting: None,
        end: None,
        outside: Guards { first: None, first_due: None },
        nested: Guards { first: None, first_due: None },
    };

    /// What happens next where the common time is that of the base clock.
    fn next(outlooks: &Outlooks) -> Option<Due> {
        outlooks.next(&outlooks.surroundings()?, |deadline| deadline)
    }

    #[test]
    fn the_earliest_wait_goes_first_as_soon_as_all_have_settled() {
        let mut outlooks = Outlooks::default();
        assert_eq!(next(&outlooks), None);
        outlooks.put(1, Outlook { waiting: Some(at(90)), ..NOTHING });
        outlooks.put(2, Outlook { waiting: Some(at(60)), settled: at(2), ..NOTHING });
        outlooks.put(3, Outlook { end: Some(at(60)), ..NOTHING });
        assert_eq!(next(&outlooks), Some((at(2), at(60), 2)));
        outlooks.put(2, NOTHING);
        assert_eq!(next(&outlooks), Some((at(1), at(60), 3)));
        outlooks.remove(3);
        assert_eq!(next(&outlooks), Some((at(1), at(90), 1)));
    }

    #[test]
    fn whoever_works_outside_holds_back_what_comes_after_the_limit_of_that_work() {
        let mut outlooks = Outlooks::default();
        let mut outside = Guards::default();
        outside.add(at(50), at(40));
        outlooks.put(1, Outlook { outside_work: true, outside, ..NOTHING });
        outlooks.put(2, Outlook { waiting: Some(at(45)), ..NOTHING });
        assert_eq!(next(&outlooks), Some((at(1), at(45), 2)));
        outlooks.put(2, Outlook { waiting: Some(at(55)), ..NOTHING });
        assert_eq!(next(&outlooks), Some((at(40), at(50), 1)));
        outlooks.remove(1);
        assert_eq!(next(&outlooks), Some((at(1), at(55), 2)));
    }

    #[test]
    fn the_limit_of_nested_work_holds_only_while_somebody_works_outside() {
        let mut outlooks = Outlooks::default();
        let mut nested = Guards::default();
        nested.add(at(50), at(40));
        outlooks.put(1, Outlook { nested, end: Some(at(900)), ..NOTHING });
        assert_eq!(next(&outlooks), Some((at(1), at(50), 1)));
        outlooks.put(2, Outlook { outside_work: true, ..NOTHING });
        assert_eq!(next(&outlooks), Some((at(40), at(50), 1)));
    }
}
