//! A `GetActivityTask` call that waits. When its caller goes, so does its place in the queue.

use super::core::{Core, State};
use crate::model::Json;
use crate::service::activity_tasks::PollId;

/// A place in the queue of an activity's workers.
struct Place<'c> {
    core: &'c Core,
    poll: PollId,
}

impl Core {
    /// The answer to a poll that has to wait for it.
    pub(super) async fn await_activity_task(&self, poll: PollId) -> Json {
        let _place = Place { core: self, poll };
        let open = self.open_call();
        let answer = |state: &mut State| {
            let answer = state.account.poll_answer(poll);
            state.note_look(open.id(), answer.is_some());
            answer
        };
        self.wait_until(answer).await
    }
}

/// A task that was meant for a caller who has gone is given to the next one.
impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.core.lock();
        let now = state.clock.now();
        state.account.leave_poll(self.poll, now);
        drop(state);
        self.core.shared.changed.notify_waiters();
    }
}
