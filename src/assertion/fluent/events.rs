//! Assertions on the events of an execution.

use super::assert::{Assert, read};
use crate::assertion::events::{EventPattern, Sequence, ShowsEvents};

impl Assert<'_> {
    /// All events of the history, from the first to the last, are as these patterns say, in this order:
    /// `.events(["ExecutionStarted", "..", "TaskFailed Pay", "TaskStateExited Pay", "..", "ExecutionSucceeded"])`.
    ///
    /// `".."` stands for any number of events; without it, patterns stand for neighbours. A text is the type of an
    /// event, and after a blank the state that it belongs to. For repetitions and details see
    /// [`event`](crate::event) and [`events`](crate::events). Events are in the order of their ids, so those of
    /// branches that run side by side are mixed.
    ///
    /// # Panics
    /// If the events are others; and if a pattern names a type of event that does not exist.
    #[track_caller]
    pub fn events<E: Into<EventPattern>>(self, patterns: impl IntoIterator<Item = E>) -> Self {
        let patterns: Vec<_> = patterns.into_iter().map(Into::into).collect();
        self.has(&ShowsEvents(read(Sequence::read(&patterns))))
    }
}
