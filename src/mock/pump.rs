//! Lets everything happen that is due: tasks are asked for, timers fire, until nothing moves.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use super::core::Core;
use super::problem::Problem;
use crate::model::Timestamp;

/// How long a call waits for the pump of another thread, in real time. What holds it up longer is a closure of the
/// user's, and that may itself wait for this very call.
const PATIENCE: Duration = Duration::from_secs(2);

/// Only one thread pumps at a time. It runs closures of the user's, and those may call back into the mock: such a
/// call must not wait for the pump it runs in, and need not, since the pump goes on until nothing moves.
#[derive(Debug, Default)]
pub(super) struct Pump {
    by: Mutex<Option<ThreadId>>,
    free: Condvar,
}

/// The right to pump; ends when dropped, also by a panic.
struct Turn<'p> {
    pump: &'p Pump,
}

impl Pump {
    /// `None` within a pump, and when another thread does not end its own within `patience`.
    fn turn(&self, patience: Duration) -> Option<Turn<'_>> {
        let mine = thread::current().id();
        let by = self.by();
        if *by == Some(mine) {
            return None;
        }
        let waited = self.free.wait_timeout_while(by, patience, |by| by.is_some());
        let (mut by, result) = waited.unwrap_or_else(PoisonError::into_inner);
        if result.timed_out() {
            return None;
        }
        *by = Some(mine);
        Some(Turn { pump: self })
    }

    /// Whether this thread is within the pump.
    fn is_mine(&self) -> bool {
        *self.by() == Some(thread::current().id())
    }

    pub(super) fn is_running(&self) -> bool {
        self.by().is_some()
    }

    fn by(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.by.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.pump.by() = None;
        self.pump.free.notify_one();
    }
}

impl Core {
    /// Lets everything happen that is due by now, each at its own instant: a pump that comes late, since nobody
    /// called meanwhile, writes the same history as one that came in time.
    pub(super) fn pump(&self) {
        let Some(_turn) = self.shared.pump.turn(PATIENCE) else { return };
        let mut at = self.now();
        let now = at;
        let mut moved = false;
        loop {
            if self.ask_for_tasks(at) {
                moved = true;
            } else if let Some(instant) = self.fire_next(now) {
                at = instant;
                moved = true;
            } else {
                break;
            }
        }
        if moved {
            self.shared.changed.notify_waiters();
        }
        self.cover_ended_executions();
    }

    /// Has the open tasks answered, all at once; `false` if there are none.
    fn ask_for_tasks(&self, at: Timestamp) -> bool {
        let tasks = self.lock().account.take_tasks();
        if tasks.is_empty() {
            return false;
        }
        let answers = tasks.iter().map(|task| (task.key.clone(), self.ask(task))).collect();
        let mut state = self.lock();
        state.remember(at);
        state.account.answer_tasks(answers, at);
        for message in state.account.take_not_emulated() {
            state.problems.note(Problem::NotEmulated(message));
        }
        true
    }

    /// Fires what is due first, and says when that was.
    fn fire_next(&self, now: Timestamp) -> Option<Timestamp> {
        let mut state = self.lock();
        let instant = state.account.next_deadline().filter(|deadline| *deadline <= now)?;
        state.remember(instant);
        state.account.fire_due(instant).then_some(instant)
    }

    /// Moves a manual clock, through every instant at which something happens.
    pub(crate) fn advance(&self, duration: Duration) -> Result<(), &'static str> {
        if self.shared.pump.is_mine() {
            return Err("a task mock must not advance the clock: give it `.after(…)` instead");
        }
        self.pump();
        let end = self.now().plus(duration);
        loop {
            let next = self.lock().account.next_deadline().filter(|deadline| *deadline <= end);
            self.lock().clock.advance_to(next.unwrap_or(end));
            self.pump();
            if next.is_none() {
                break;
            }
        }
        self.shared.changed.notify_waiters();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pump_is_not_waited_for_without_end_and_not_at_all_from_within() {
        let pump = Pump::default();
        let turn = pump.turn(PATIENCE);
        assert!(turn.is_some() && pump.turn(PATIENCE).is_none());
        let elsewhere = thread::scope(|scope| {
            scope.spawn(|| pump.turn(Duration::ZERO).is_some()).join().expect("no panic")
        });
        assert!(!elsewhere);
        drop(turn);
        assert!(pump.turn(Duration::ZERO).is_some());
    }
}
