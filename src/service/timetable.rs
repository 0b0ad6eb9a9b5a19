//! The time of one execution: its timers, its offset to the base clock, and the tasks whose answers it awaits.
//! It knows when something happens next; what happens is the business of the interpreter.

use std::collections::BTreeMap;
use std::time::Duration;

use super::outlook::{Guards, Outlook};
use super::task_call::{Heartbeats, TaskOutcome};
use crate::interpreter::command::{TaskId, TimerId, TimerPurpose};
use crate::model::Timestamp;

/// Timers live in the execution's own time, which is the base clock's plus an offset. The offset is zero unless
/// the account skips waiting: then jumping over a wait moves it.
#[derive(Debug, Clone)]
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
}

/// When a timer fires, and its order among those that fire at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    deadline: Timestamp,
    /// The execution timeout comes after everything else that happens at that instant.
    ends_execution: bool,
    sequence: u64,
}

#[derive(Debug, Clone)]
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
    /// A mocked sign of life, and those that are still to come, this one among them.
    Heartbeat(TaskId, Heartbeats),
}

/// What a timer belongs to; nothing has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Timer(TimerId),
    Task(TaskId),
    Heartbeat(TaskId),
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
    /// Another execution that shares its time with this one.
    Nested,
}

/// The time in which an execution begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginning {
    /// The instant of its own time.
    pub(super) at: Timestamp,
    skip_after: Option<Duration>,
    settled: Timestamp,
    offset: Duration,
}

impl Beginning {
    /// Of an execution that somebody outside starts.
    pub(super) fn at(now: Timestamp, skip_after: Option<Duration>) -> Self {
        let settled = now.plus(skip_after.unwrap_or_default());
        Self { at: now, skip_after, settled, offset: Duration::ZERO }
    }
}

/// What executions that share their time must know of each other before one of them jumps over its waiting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    pub(super) settled: Timestamp,
    /// Somebody outside works on a task of one of them.
    pub(super) outside_work: bool,
    /// The first timeout or heartbeat of work that is done outside: its deadline, and the same on the base clock.
    pub(super) guard: Option<(Timestamp, Timestamp)>,
}

impl Surroundings {
    /// When a timer is due that guards no work outside; `by_itself` is its deadline on the base clock.
    pub(super) fn due(&self, deadline: Timestamp, by_itself: Timestamp, ends_execution: bool) -> Timestamp {
        if let Some((guard, base_guard)) = self.guard
            && deadline > guard
        {
            return by_itself.max(base_guard);
        }
        if ends_execution && self.outside_work { by_itself } else { by_itself.min(self.settled) }
    }
}

/// When an instant comes on the base clock, if the own time is so far ahead of it.
pub(super) fn to_base(own: Timestamp, offset: Duration) -> Timestamp {
    let offset = i64::try_from(offset.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(own.as_millis().saturating_sub(offset))
}

/// Timers that fire together.
#[derive(Debug)]
pub(super) struct Fired {
    /// In the execution's own time.
    pub(super) at: Timestamp,
    pub(super) wakeups: Vec<Wakeup>,
}

impl Timetable {
    pub(super) const fn new(beginning: Beginning) -> Self {
        let Beginning { at, skip_after, settled, offset } = beginning;
        Self {
            skip_after,
            settled,
            offset,
            reached: at,
            timers: BTreeMap::new(),
            slots: BTreeMap::new(),
            timers_set: 0,
            tasks: BTreeMap::new(),
        }
    }

    /// Of a child execution that starts at `at` of its parent's time, `now` of the base clock.
    pub(super) fn within(parent: &Self, at: Timestamp, now: Timestamp) -> Self {
        Self {
            settled: parent.settled,
            offset: at.since(now),
            reached: at,
            ..Self::new(Beginning::at(now, parent.skip_after))
        }
    }

    /// A child execution that had ended runs again from `at` of its parent's time on.
    pub(super) fn rejoin(&mut self, parent: &Self, at: Timestamp, now: Timestamp) {
        self.settled = parent.settled;
        self.catch_up(at, now);
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

    /// The time in which an execution begins that this one starts now.
    pub(super) const fn beginning(&self) -> Beginning {
        let Self { reached, skip_after, settled, offset, .. } = self;
        Beginning { at: *reached, skip_after: *skip_after, settled: *settled, offset: *offset }
    }

    /// How far its own time is ahead of the base clock.
    pub(super) const fn offset(&self) -> Duration {
        self.offset
    }

    /// Another execution that shares its time has jumped ahead.
    pub(super) fn follow(&mut self, offset: Duration) {
        self.offset = self.offset.max(offset);
    }

    /// Something happened at `at` of the time that it shares with another execution.
    pub(super) fn reach(&mut self, at: Timestamp) -> Timestamp {
        self.reached = self.reached.max(at);
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

    /// Another execution that shares its time with this one ends the task.
    pub(super) fn task_is_nested(&mut self, task: TaskId) {
        if let Some(state) = self.tasks.get_mut(&task) {
            *state = TaskState::Nested;
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

    /// Signs of life of a task come; the first after the time that lies between two.
    pub(super) fn task_beats(&mut self, task: TaskId, heartbeats: Heartbeats) {
        if self.awaits(task) && heartbeats.count > 0 {
            let deadline = self.reached.plus(heartbeats.every);
            self.insert(deadline, false, Wakeup::Heartbeat(task, heartbeats), None);
        }
    }

    /// The answer to the task is here, or no longer wanted. `false` if it was not awaited.
    pub(super) fn task_gone(&mut self, task: TaskId) -> bool {
        self.remove(Owner::Task(task));
        self.remove(Owner::Heartbeat(task));
        self.tasks.remove(&task).is_some()
    }

    /// Nothing will happen any more.
    pub(super) fn clear(&mut self) {
        self.timers.clear();
        self.slots.clear();
        self.tasks.clear();
    }

    /// When, on the base clock, something happens by itself next, if it shares its time with nobody.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.next(&self.alone()).map(|(due, _)| due)
    }

    /// What those need to know who share its time.
    pub(super) fn outlook(&self) -> Outlook {
        let mut outlook = Outlook {
            settled: self.settled,
            outside_work: self.has_outside_work(),
            waiting: None,
            end: None,
            outside: Guards::default(),
            nested: Guards::default(),
        };
        for (slot, timer) in &self.timers {
            let first = match timer.guards.and_then(|task| self.tasks.get(&task)) {
                Some(TaskState::Outside | TaskState::Unanswered) => {
                    outlook.outside.add(slot.deadline, timer.base_deadline);
                    continue;
                }
                Some(TaskState::Nested) => {
                    outlook.nested.add(slot.deadline, timer.base_deadline);
                    continue;
                }
                Some(TaskState::Timed) | None if slot.ends_execution => &mut outlook.end,
                Some(TaskState::Timed) | None => &mut outlook.waiting,
            };
            first.get_or_insert(slot.deadline);
        }
        outlook
    }

    /// Takes the timers that fire together next, if that is due by `now`, of an execution that shares its time with
    /// nobody.
    pub(super) fn fire(&mut self, now: Timestamp) -> Option<Fired> {
        self.fire_among(now, &self.alone())
    }

    /// The same, of one that does.
    pub(super) fn fire_among(&mut self, now: Timestamp, around: &Surroundings) -> Option<Fired> {
        let (due, first) = self.next(around).filter(|(due, _)| *due <= now)?;
        let together: Vec<Slot> = self
            .timers
            .range(Slot { sequence: 0, ..first }..=Slot { sequence: u64::MAX, ..first })
            .filter(|(slot, timer)| self.due_of(slot, timer, around) <= now)
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
            if let Wakeup::Heartbeat(task, heartbeats) = wakeup {
                let count = heartbeats.count.saturating_sub(1);
                self.task_beats(*task, Heartbeats { count, ..*heartbeats });
            }
        }
        Some(Fired { at: self.reached, wakeups })
    }

    fn alone(&self) -> Surroundings {
        match self.skip_after {
            Some(_) => {
                let outside_work = self.has_outside_work();
                let guard = self.earliest_guard(outside_work);
                Surroundings { settled: self.settled, outside_work, guard }
            }
            // Nobody asks.
            None => Surroundings { settled: self.settled, outside_work: false, guard: None },
        }
    }

    fn next(&self, around: &Surroundings) -> Option<(Timestamp, Slot)> {
        if self.skip_after.is_none() {
            return self.timers.first_key_value().map(|(slot, _)| (self.to_base(slot.deadline), *slot));
        }
        self.timers.iter().map(|(slot, timer)| (self.due_of(slot, timer, around), *slot)).min()
    }

    /// When a timer is due, on the base clock.
    fn due_of(&self, slot: &Slot, timer: &Timer, around: &Surroundings) -> Timestamp {
        let by_itself = self.to_base(slot.deadline);
        if self.skip_after.is_none() {
            return by_itself;
        }
        if self.guards_outside_work(timer, around.outside_work) {
            return timer.base_deadline;
        }
        around.due(slot.deadline, by_itself, slot.ends_execution)
    }

    fn earliest_guard(&self, outside_work: bool) -> Option<(Timestamp, Timestamp)> {
        self.timers
            .iter()
            .find(|(_, timer)| self.guards_outside_work(timer, outside_work))
            .map(|(slot, timer)| (slot.deadline, timer.base_deadline))
    }

    /// Whoever waits for another execution waits for those whom that one waits for.
    fn guards_outside_work(&self, timer: &Timer, outside_work: bool) -> bool {
        match timer.guards.and_then(|task| self.tasks.get(&task)) {
            Some(TaskState::Outside | TaskState::Unanswered) => true,
            Some(TaskState::Nested) => outside_work,
            Some(TaskState::Timed) | None => false,
        }
    }

    fn has_outside_work(&self) -> bool {
        self.tasks.values().any(|state| matches!(state, TaskState::Outside | TaskState::Unanswered))
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
        to_base(own, self.offset)
    }
}

impl Wakeup {
    const fn owner(&self) -> Owner {
        match self {
            Self::Timer(timer) => Owner::Timer(*timer),
            Self::Task(task, _) => Owner::Task(*task),
            Self::Heartbeat(task, _) => Owner::Heartbeat(*task),
        }
    }
}
