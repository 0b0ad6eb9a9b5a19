//! The time of one execution: its timers, its offset to the base clock, and the tasks whose answers it awaits.
//! It knows when something happens next; what happens is the business of the interpreter.

use std::collections::BTreeMap;
use std::time::Duration;

use super::execution::Planned;
use super::task_call::TaskOutcome;
use crate::interpreter::command::{TaskId, TimerId, TimerPurpose};
use crate::model::Timestamp;

/// Timers live in the execution's own time, which is the base clock's plus an offset. The offset is zero unless
/// the account skips waiting: then jumping over a wait moves it.
#[derive(Debug)]
pub(super) struct Timetable {
    /// How long after the last change from outside waiting is jumped over; `None`: never.
    skip_after: Option<Duration>,
    /// On the base clock: when waiting may be jumped over.
    settled: Timestamp,
    offset: Duration,
    /// The latest instant of its own time that the execution has lived through.
    reached: Timestamp,
    timers: BTreeMap<Slot, Timer>,
    /// Where the timers of the interpreter stand, and those that bring outcomes.
    slots: BTreeMap<Owner, Slot>,
    timers_set: u64,
    tasks: BTreeMap<TaskId, TaskState>,
    /// For how many child executions somebody outside works.
    children_outside: usize,
}

/// When a timer fires, and its order among those that fire at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    deadline: Timestamp,
    /// The execution timeout comes after everything else that happens at that instant.
    ends_execution: bool,
    sequence: u64,
}

#[derive(Debug)]
struct Timer {
    wakeup: Wakeup,
    /// The task whose `TimeoutSeconds` or `HeartbeatSeconds` this is.
    guards: Option<TaskId>,
    /// The deadline on the base clock, as the offset was when the timer was set.
    base_deadline: Timestamp,
}

/// What a fired timer was for.
#[derive(Debug, Clone)]
pub(super) enum Wakeup {
    Timer(TimerId),
    /// The mocked duration of a task is over.
    Task(TaskId, TaskOutcome),
}

/// What a timer belongs to; nothing has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Timer(TimerId),
    Task(TaskId),
}

/// Who moves a task on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TaskState {
    /// Nobody has said yet.
    Unanswered,
    /// A timer of ours brings its outcome.
    Timed,
    /// Somebody outside.
    Outside,
}

/// Timers that fire together.
#[derive(Debug)]
pub(super) struct Fired {
    /// In the execution's own time.
    pub(super) at: Timestamp,
    pub(super) wakeups: Vec<Wakeup>,
}

impl Timetable {
    pub(super) fn new(now: Timestamp, skip_after: Option<Duration>) -> Self {
        Self {
            skip_after,
            settled: now.plus(skip_after.unwrap_or_default()),
            offset: Duration::ZERO,
            reached: now,
            timers: BTreeMap::new(),
            slots: BTreeMap::new(),
            timers_set: 0,
            tasks: BTreeMap::new(),
            children_outside: 0,
        }
    }

    /// Of a child execution that starts at `at` of its parent's time, `now` of the base clock.
    pub(super) fn within(parent: &Self, at: Timestamp, now: Timestamp) -> Self {
        Self {
            settled: parent.settled,
            offset: at.since(now),
            reached: at,
            ..Self::new(now, parent.skip_after)
        }
    }

    /// What the execution's own clock shows.
    pub(super) fn own_time(&self, now: Timestamp) -> Timestamp {
        self.reached.max(self.to_own(now))
    }

    /// A child execution has lived through this instant: so has this one.
    pub(super) fn catch_up(&mut self, own: Timestamp, now: Timestamp) {
        if own > self.to_own(now) {
            self.offset = own.since(now);
        }
        self.reached = self.reached.max(own);
    }

    /// When waiting may be jumped over, on the base clock.
    pub(super) const fn settled(&self) -> Timestamp {
        self.settled
    }

    /// Waiting may not be jumped over before that. `false` if that was so.
    pub(super) fn settle_no_earlier(&mut self, than: Timestamp) -> bool {
        let is_later = than > self.settled;
        self.settled = self.settled.max(than);
        is_later
    }

    /// Somebody outside has begun, or ended, to work for a child execution.
    pub(super) const fn child_works_outside(&mut self, works: bool) {
        self.children_outside =
            if works { self.children_outside + 1 } else { self.children_outside.saturating_sub(1) };
    }

    /// Something outside changed the execution: it needs to settle again. Gives the instant of its own time.
    pub(super) fn touch(&mut self, now: Timestamp) -> Timestamp {
        self.settled = now.plus(self.skip_after.unwrap_or_default());
        self.reached = self.reached.max(self.to_own(now));
        self.reached
    }

    /// The latest instant of its own time that the execution has lived through.
    pub(super) fn reached(&self) -> Timestamp {
        self.reached
    }

    pub(super) fn set_timer(&mut self, id: TimerId, deadline: Timestamp, purpose: TimerPurpose) {
        self.clear_timer(id);
        let guards = match purpose {
            TimerPurpose::TaskTimeout(task) | TimerPurpose::Heartbeat(task) => Some(task),
            TimerPurpose::Wait | TimerPurpose::RetryDelay | TimerPurpose::ExecutionTimeout => None,
        };
        self.insert(deadline, purpose == TimerPurpose::ExecutionTimeout, Wakeup::Timer(id), guards);
    }

    pub(super) fn clear_timer(&mut self, id: TimerId) {
        self.remove(Owner::Timer(id));
    }

    /// A task is waiting for somebody to say what becomes of it.
    pub(super) fn task_scheduled(&mut self, task: TaskId) {
        self.tasks.insert(task, TaskState::Unanswered);
    }

    /// Whether the answer to the task is still wanted.
    pub(super) fn awaits(&self, task: TaskId) -> bool {
        self.tasks.contains_key(&task)
    }

    /// Somebody outside works on the task.
    pub(super) fn task_is_outside(&mut self, task: TaskId) {
        if let Some(state) = self.tasks.get_mut(&task) {
            *state = TaskState::Outside;
        }
    }

    /// The task's outcome comes `after` so much of the execution's time.
    pub(super) fn task_takes(&mut self, task: TaskId, after: Duration, outcome: TaskOutcome) {
        if let Some(state) = self.tasks.get_mut(&task) {
            *state = TaskState::Timed;
            let deadline = self.reached.plus(after);
            self.insert(deadline, false, Wakeup::Task(task, outcome), None);
        }
    }

    /// The answer to the task is here, or no longer wanted. `false` if it was not awaited.
    pub(super) fn task_gone(&mut self, task: TaskId) -> bool {
        self.remove(Owner::Task(task));
        self.tasks.remove(&task).is_some()
    }

    /// Nothing will happen any more.
    pub(super) fn clear(&mut self) {
        self.timers.clear();
        self.slots.clear();
        self.tasks.clear();
        self.children_outside = 0;
    }

    /// When something happens by itself next.
    pub(super) fn planned(&self) -> Option<Planned> {
        self.next().map(|(due, slot)| Planned { due, own: slot.deadline })
    }

    #[cfg(test)]
    fn due(&self) -> Option<Timestamp> {
        self.planned().map(|planned| planned.due)
    }

    /// Takes the timers that fire together next, if that is due by `now`.
    pub(super) fn fire(&mut self, now: Timestamp) -> Option<Fired> {
        let (due, first) = self.next().filter(|(due, _)| *due <= now)?;
        let guard = self.earliest_guard();
        let together: Vec<Slot> = self
            .timers
            .range(Slot { sequence: 0, ..first }..=Slot { sequence: u64::MAX, ..first })
            .filter(|(slot, timer)| self.due_of(slot, timer, guard) <= now)
            .map(|(slot, _)| *slot)
            .collect();
        if due < self.to_base(first.deadline) && self.to_own(now) < first.deadline {
            self.offset = first.deadline.since(now);
        }
        self.reached = self.reached.max(first.deadline).max(self.to_own(due));
        let wakeups: Vec<Wakeup> =
            together.iter().filter_map(|slot| self.timers.remove(slot)).map(|timer| timer.wakeup).collect();
        for wakeup in &wakeups {
            self.slots.remove(&wakeup.owner());
        }
        Some(Fired { at: self.reached, wakeups })
    }

    fn next(&self) -> Option<(Timestamp, Slot)> {
        if self.skip_after.is_none() {
            return self.timers.first_key_value().map(|(slot, _)| (self.to_base(slot.deadline), *slot));
        }
        let guard = self.earliest_guard();
        self.timers.iter().map(|(slot, timer)| (self.due_of(slot, timer, guard), *slot)).min()
    }

    /// When a timer is due, on the base clock.
    fn due_of(&self, slot: &Slot, timer: &Timer, guard: Option<(Timestamp, Timestamp)>) -> Timestamp {
        let by_itself = self.to_base(slot.deadline);
        if self.skip_after.is_none() {
            return by_itself;
        }
        if self.guards_outside_work(timer) {
            return timer.base_deadline;
        }
        if let Some((deadline, base_deadline)) = guard
            && slot.deadline > deadline
        {
            return by_itself.max(base_deadline);
        }
        if slot.ends_execution && self.has_outside_work() { by_itself } else { by_itself.min(self.settled) }
    }

    /// The first timeout or heartbeat of work that is done outside: its deadline, and the same on the base clock.
    fn earliest_guard(&self) -> Option<(Timestamp, Timestamp)> {
        self.timers
            .iter()
            .find(|(_, timer)| self.guards_outside_work(timer))
            .map(|(slot, timer)| (slot.deadline, timer.base_deadline))
    }

    fn guards_outside_work(&self, timer: &Timer) -> bool {
        let state = timer.guards.and_then(|task| self.tasks.get(&task));
        matches!(state, Some(TaskState::Outside | TaskState::Unanswered))
    }

    pub(super) fn has_outside_work(&self) -> bool {
        self.children_outside > 0 || self.tasks.values().any(|state| *state != TaskState::Timed)
    }

    fn insert(&mut self, deadline: Timestamp, ends_execution: bool, wakeup: Wakeup, guards: Option<TaskId>) {
        self.timers_set += 1;
        let slot = Slot { deadline, ends_execution, sequence: self.timers_set };
        let base_deadline = self.to_base(deadline);
        self.slots.insert(wakeup.owner(), slot);
        self.timers.insert(slot, Timer { wakeup, guards, base_deadline });
    }

    fn remove(&mut self, owner: Owner) {
        if let Some(slot) = self.slots.remove(&owner) {
            self.timers.remove(&slot);
        }
    }

    fn to_own(&self, base: Timestamp) -> Timestamp {
        base.plus(self.offset)
    }

    fn to_base(&self, own: Timestamp) -> Timestamp {
        let offset = i64::try_from(self.offset.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(own.as_millis().saturating_sub(offset))
    }
}

impl Wakeup {
    const fn owner(&self) -> Owner {
        match self {
            Self::Timer(timer) => Owner::Timer(*timer),
            Self::Task(task, _) => Owner::Task(*task),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Json;

    const SETTLING: Duration = Duration::from_millis(100);

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn timetable(skip_after: Option<Duration>) -> Timetable {
        Timetable::new(at(0), skip_after)
    }

    fn wait(timetable: &mut Timetable, id: u64, until: i64) {
        timetable.set_timer(TimerId(id), at(until), TimerPurpose::Wait);
    }

    fn outside(timetable: &mut Timetable, task: u64) {
        timetable.task_scheduled(TaskId(task));
        timetable.task_is_outside(TaskId(task));
    }

    /// Fires everything, each at the moment it is due, and writes down when: `base/own timers`.
    #[track_caller]
    fn check(timetable: &mut Timetable, expected: &[&str]) {
        let mut seen = Vec::new();
        let mut now = at(0);
        while let Some(due) = timetable.due() {
            now = now.max(due);
            let fired = timetable.fire(now).unwrap();
            let names: Vec<String> = fired
                .wakeups
                .iter()
                .map(|wakeup| match wakeup {
                    Wakeup::Timer(id) => id.0.to_string(),
                    Wakeup::Task(task, _) => format!("task{}", task.0),
                })
                .collect();
            seen.push(format!("{}/{} {}", now.as_millis(), fired.at.as_millis(), names.join("+")));
            for wakeup in fired.wakeups {
                if let Wakeup::Task(task, _) = wakeup {
                    timetable.task_gone(task);
                }
            }
        }
        assert_eq!(seen, expected);
    }

    #[test]
    fn timers_fire_in_order_of_deadline_then_of_setting_and_together_at_one_instant() {
        let mut timetable = timetable(None);
        wait(&mut timetable, 1, 2000);
        wait(&mut timetable, 2, 1000);
        wait(&mut timetable, 3, 2000);
        check(&mut timetable, &["1000/1000 2", "2000/2000 1+3"]);
    }

    #[test]
    fn the_execution_timeout_comes_after_all_else_of_its_instant() {
        let mut timetable = timetable(None);
        timetable.set_timer(TimerId(1), at(5000), TimerPurpose::ExecutionTimeout);
        wait(&mut timetable, 2, 5000);
        check(&mut timetable, &["5000/5000 2", "5000/5000 1"]);
    }

    #[test]
    fn a_late_driver_still_fires_at_the_instant_of_the_deadline() {
        let mut timetable = timetable(None);
        wait(&mut timetable, 1, 1000);
        assert!(timetable.fire(at(999)).is_none());
        assert_eq!(timetable.fire(at(9000)).unwrap().at, at(1000));
        assert_eq!(timetable.touch(at(9000)), at(9000));
    }

    #[test]
    fn a_cleared_or_reset_timer_does_not_fire() {
        let mut timetable = timetable(None);
        wait(&mut timetable, 1, 1000);
        wait(&mut timetable, 1, 3000);
        wait(&mut timetable, 2, 2000);
        timetable.clear_timer(TimerId(2));
        check(&mut timetable, &["3000/3000 1"]);
    }

    #[test]
    fn a_settled_execution_jumps_over_its_waits_one_after_the_other() {
        let mut timetable = timetable(Some(SETTLING));
        wait(&mut timetable, 1, 10_000);
        wait(&mut timetable, 2, 60_000);
        timetable.set_timer(TimerId(3), at(90_000), TimerPurpose::ExecutionTimeout);
        check(&mut timetable, &["100/10000 1", "100/60000 2", "100/90000 3"]);
    }

    #[test]
    fn a_wait_shorter_than_the_settling_time_is_not_jumped_over() {
        let mut timetable = timetable(Some(SETTLING));
        wait(&mut timetable, 1, 30);
        check(&mut timetable, &["30/30 1"]);
    }

    #[test]
    fn a_change_from_outside_makes_the_execution_settle_again() {
        let mut timetable = timetable(Some(SETTLING));
        wait(&mut timetable, 1, 10_000);
        timetable.touch(at(80));
        check(&mut timetable, &["180/10000 1"]);
    }

    #[test]
    fn a_synchronous_execution_is_settled_at_once() {
        let mut timetable = timetable(Some(Duration::ZERO));
        wait(&mut timetable, 1, 10_000);
        check(&mut timetable, &["0/10000 1"]);
    }

    #[test]
    fn after_a_jump_own_time_runs_on_with_the_base_clock() {
        let mut timetable = timetable(Some(SETTLING));
        wait(&mut timetable, 1, 10_000);
        assert_eq!(timetable.fire(at(100)).unwrap().at, at(10_000));
        assert_eq!(timetable.touch(at(150)), at(10_050));
    }

    #[test]
    fn a_mocked_duration_is_jumped_over_and_so_is_the_timeout_that_it_misses() {
        let mut timetable = timetable(Some(SETTLING));
        timetable.task_scheduled(TaskId(7));
        timetable.set_timer(TimerId(1), at(30_000), TimerPurpose::TaskTimeout(TaskId(7)));
        timetable.task_takes(TaskId(7), Duration::from_secs(60), TaskOutcome::Succeeded(Json::Null));
        check(&mut timetable, &["100/30000 1", "100/60000 task7"]);
    }

    #[test]
    fn a_timeout_of_outside_work_runs_in_real_time_and_holds_the_execution_timeout() {
        let mut timetable = timetable(Some(SETTLING));
        outside(&mut timetable, 7);
        timetable.set_timer(TimerId(1), at(5000), TimerPurpose::Heartbeat(TaskId(7)));
        timetable.set_timer(TimerId(2), at(9000), TimerPurpose::ExecutionTimeout);
        assert_eq!(timetable.due(), Some(at(5000)));
        assert!(timetable.fire(at(4999)).is_none());
        assert_eq!(timetable.fire(at(5000)).unwrap().at, at(5000));
        assert_eq!(timetable.due(), Some(at(9000)));
        timetable.task_gone(TaskId(7));
        assert_eq!(timetable.due(), Some(at(100)));
    }

    #[test]
    fn a_wait_is_jumped_over_up_to_the_timeout_of_outside_work_but_not_past_it() {
        let mut timetable = timetable(Some(SETTLING));
        outside(&mut timetable, 7);
        timetable.set_timer(TimerId(1), at(60_000), TimerPurpose::TaskTimeout(TaskId(7)));
        wait(&mut timetable, 2, 50_000);
        wait(&mut timetable, 3, 90_000);
        // The offset is 49,900 after the first jump; the timeout still comes after a minute of real time.
        check(&mut timetable, &["100/50000 2", "60000/109900 1", "60000/109900 3"]);
    }

    #[test]
    fn outside_work_without_a_timeout_does_not_hold_a_wait() {
        let mut timetable = timetable(Some(SETTLING));
        outside(&mut timetable, 7);
        wait(&mut timetable, 1, 50_000);
        check(&mut timetable, &["100/50000 1"]);
    }

    #[test]
    fn an_answered_task_no_longer_brings_its_mocked_outcome() {
        let mut timetable = timetable(None);
        timetable.task_scheduled(TaskId(7));
        timetable.task_takes(TaskId(7), Duration::from_secs(1), TaskOutcome::Succeeded(Json::Null));
        assert!(timetable.task_gone(TaskId(7)));
        assert!(!timetable.task_gone(TaskId(7)));
        assert_eq!(timetable.due(), None);
    }

    #[test]
    fn nobody_can_answer_a_task_that_was_not_scheduled() {
        let mut timetable = timetable(None);
        timetable.task_takes(TaskId(7), Duration::from_secs(1), TaskOutcome::Succeeded(Json::Null));
        timetable.task_is_outside(TaskId(7));
        assert_eq!(timetable.due(), None);
    }
}
