//! The tasks of activities that wait for a worker, and the workers that wait for a task.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::account::Account;
use super::call::Answer;
use super::task_call::TaskKey;
use super::token::Stage;
use crate::interpreter::command::Resume;
use crate::model::{Json, Timestamp, quota};

/// A `GetActivityTask` call that waits; unique within an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PollId(u64);

/// All queues, and all who stand at their ends.
#[derive(Debug, Clone, Default)]
pub(super) struct ActivityTasks {
    /// By ARN of the activity, oldest task first. Tasks that are no longer wanted are passed over.
    queues: BTreeMap<Arc<str>, VecDeque<TaskKey>>,
    polls: BTreeMap<PollId, Poll>,
    polls_begun: u64,
}

#[derive(Debug, Clone)]
struct Poll {
    activity: Arc<str>,
    worker_name: Option<Arc<str>>,
    /// On the base clock.
    until: Timestamp,
    /// There until the caller takes it.
    given: Option<Given>,
}

#[derive(Debug, Clone)]
enum Given {
    Task { key: TaskKey, answer: Json },
    Nothing,
}

impl Poll {
    const fn is_waiting(&self) -> bool {
        self.given.is_none()
    }
}

impl ActivityTasks {
    fn push(&mut self, activity: &Arc<str>, key: TaskKey) {
        self.queues.entry(Arc::clone(activity)).or_default().push_back(key);
    }

    /// A task that was given to a worker who never heard of it is the first to be given again.
    fn push_first(&mut self, activity: &Arc<str>, key: TaskKey) {
        self.queues.entry(Arc::clone(activity)).or_default().push_front(key);
    }

    fn pop(&mut self, activity: &str) -> Option<TaskKey> {
        let queue = self.queues.get_mut(activity)?;
        let key = queue.pop_front();
        if queue.is_empty() {
            self.queues.remove(activity);
        }
        key
    }

    /// How many workers wait for a task of this activity.
    pub(super) fn polling(&self, activity: &str) -> usize {
        self.polls.values().filter(|poll| poll.is_waiting() && &*poll.activity == activity).count()
    }

    pub(super) fn begin_poll(
        &mut self,
        activity: &Arc<str>,
        worker_name: Option<Arc<str>>,
        now: Timestamp,
    ) -> PollId {
        self.polls_begun += 1;
        let id = PollId(self.polls_begun);
        let (activity, until) = (Arc::clone(activity), now.plus(quota::ACTIVITY_POLL_TIME));
        self.polls.insert(id, Poll { activity, worker_name, until, given: None });
        id
    }

    /// When the next poll ends without a task.
    pub(super) fn next_end(&self) -> Option<Timestamp> {
        self.polls.values().filter(|poll| poll.is_waiting()).map(|poll| poll.until).min()
    }

    /// Ends the polls that have waited long enough; `false` if there are none.
    pub(super) fn end_polls(&mut self, now: Timestamp) -> bool {
        let mut ended = false;
        for poll in self.polls.values_mut().filter(|poll| poll.is_waiting() && poll.until <= now) {
            poll.given = Some(Given::Nothing);
            ended = true;
        }
        ended
    }

    /// The poll that has waited longest for a task of this activity, and its worker.
    fn first_waiting(&self, activity: &str) -> Option<(PollId, Option<Arc<str>>)> {
        self.polls
            .iter()
            .find(|(_, poll)| poll.is_waiting() && &*poll.activity == activity)
            .map(|(id, poll)| (*id, poll.worker_name.clone()))
    }
}

/// The answer to a poll that ended without a task.
fn no_task() -> Json {
    Answer::default().with("taskToken", Json::Null).into_json()
}

impl Account {
    /// Puts a task at the end of its activity's queue.
    pub(super) fn queue_task(&mut self, activity: &Arc<str>, key: TaskKey) {
        self.activity_tasks.push(activity, key);
    }

    /// Gives tasks of an activity to those who wait for them, in the order they came.
    pub(super) fn serve_polls(&mut self, activity: &Arc<str>, now: Timestamp) {
        while let Some((id, worker_name)) = self.activity_tasks.first_waiting(activity) {
            let Some((key, answer)) = self.next_activity_task(activity, worker_name.as_ref(), now) else {
                return;
            };
            if let Some(poll) = self.activity_tasks.polls.get_mut(&id) {
                poll.given = Some(Given::Task { key, answer });
            }
        }
    }

    /// Hands the oldest task of an activity to a worker; gives it and the answer to the worker's poll.
    pub(super) fn next_activity_task(
        &mut self,
        activity: &str,
        worker_name: Option<&Arc<str>>,
        now: Timestamp,
    ) -> Option<(TaskKey, Json)> {
        loop {
            let key = self.activity_tasks.pop(activity)?;
            if let Some(answer) = self.hand_to_worker(&key, worker_name.cloned(), now) {
                return Some((key, answer));
            }
        }
    }

    /// `None` if the task is no longer wanted. A task that is given again has been started before.
    fn hand_to_worker(
        &mut self,
        key: &TaskKey,
        worker_name: Option<Arc<str>>,
        now: Timestamp,
    ) -> Option<Json> {
        let execution = self.running(&key.execution_arn)?;
        let task = execution.callbacks.get_mut(&key.task)?;
        let answer = Answer::default()
            .with("taskToken", Arc::clone(&task.token))
            .with("input", task.input.to_text())
            .into_json();
        if std::mem::replace(&mut task.stage, Stage::Outside) == Stage::Queued {
            let at = execution.timetable.touch(now);
            execution.resume(Resume::TaskStarted { task: key.task, worker_name }, at);
            self.run(&key.execution_arn, now);
        }
        // The execution of a state machine that is being deleted has ended instead.
        self.running(&key.execution_arn).map(|_| answer)
    }

    /// The answer to a waiting `GetActivityTask`, once there is one. It is given only once.
    pub(crate) fn poll_answer(&mut self, poll: PollId) -> Option<Json> {
        self.activity_tasks.polls.get(&poll)?.given.as_ref()?;
        match self.activity_tasks.polls.remove(&poll)?.given? {
            Given::Task { answer, .. } => Some(answer),
            Given::Nothing => Some(no_task()),
        }
    }

    /// The caller of a waiting `GetActivityTask` has gone. A task that it was given but never took goes to another.
    pub(crate) fn leave_poll(&mut self, poll: PollId, now: Timestamp) {
        if let Some(Poll { activity, given: Some(Given::Task { key, .. }), .. }) =
            self.activity_tasks.polls.remove(&poll)
        {
            self.activity_tasks.push_first(&activity, key);
            self.serve_polls(&activity, now);
        }
        self.plan_families();
    }
}
