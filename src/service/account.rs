//! One account: its resources, its executions and their timers. Knows neither HTTP nor clocks: time is an argument.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::activity::Activity;
use super::activity_tasks::{ActivityTasks, PollId};
use super::call::{Call, Starter};
use super::coverage::Tallies;
use super::execution::Execution;
use super::family::{Family, FamilyId, Planned};
use super::map_run::{MapRuns, News};
use super::nested::Nested;
use super::objects::Objects;
use super::operation::start_sync_execution;
use super::state_machine::StateMachine;
use super::task_call::{TaskAnswer, TaskCall, TaskKey, TaskOutcome};
use super::test_state::answer::Shown;
use super::{constraint, dispatch};
use crate::model::arn::Place;
use crate::model::map_run_record::MapRunRecord;
use crate::model::{ApiError, ExecutionRecord, Json, Operation, Quota, Quotas, Timestamp, quota};

/// How an account is set up.
#[derive(Debug, Clone)]
pub(crate) struct AccountConfig {
    pub(crate) seed: u64,
    /// In the time mode Skip: how long after the last call that started or changed an execution its waiting is
    /// jumped over. `None`: waiting is never jumped over.
    pub(crate) skip_after: Option<Duration>,
    pub(crate) quotas: Arc<Quotas>,
    /// Whether it is counted what executions take of their definitions.
    pub(crate) coverage: bool,
}

/// Who calls, and from where: region and partition come from the request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) place: Place,
}

/// The answer to a call.
#[derive(Debug)]
pub(crate) enum Reply {
    Answered(Result<Json, ApiError>),
    /// `StartSyncExecution`, `TestState`: the answer is there when this execution has ended; see [`Account::sync_answer`].
    AwaitingExecution(Arc<str>),
    /// `GetActivityTask`: the answer is there when a task is, or when 60 s have passed; see
    /// [`Account::poll_answer`] and [`Account::leave_poll`].
    AwaitingActivityTask(PollId),
}

/// Everything the service knows.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(super) config: AccountConfig,
    pub(super) limits: Limits,
    /// By unqualified ARN.
    pub(super) machines: BTreeMap<Arc<str>, StateMachine>,
    /// How many machines were ever created.
    pub(super) machines_created: u64,
    /// By ARN.
    pub(super) activities: BTreeMap<Arc<str>, Activity>,
    /// Of all activities that ever were.
    pub(super) activity_arns: BTreeSet<Arc<str>>,
    pub(super) activity_tasks: ActivityTasks,
    /// Every task token that was ever made.
    pub(super) tokens: BTreeMap<Arc<str>, TaskKey>,
    /// By ARN, also those that AWS would have forgotten by now.
    pub(super) executions: BTreeMap<Arc<str>, Execution>,
    /// The states that `TestState` has on trial, by the ARNs of their executions.
    pub(super) trials: BTreeMap<Arc<str>, Shown>,
    /// How many executions were ever started.
    pub(super) executions_started: u64,
    /// STANDARD executions that have not ended.
    pub(super) open_executions: usize,
    pub(super) map_runs: MapRuns,
    /// What Map Runs have not seen to yet: nothing, between calls.
    pub(super) map_run_news: VecDeque<News>,
    pub(crate) objects: Objects,
    /// When something happens by itself, to which execution: due time on the base clock, number, ARN.
    pub(super) agenda: BTreeSet<Planned>,
    pub(super) families: BTreeMap<FamilyId, Family>,
    /// The members to whom something has happened, so that the places of their families in the agenda may be wrong.
    pub(super) unplanned: BTreeSet<(FamilyId, Arc<str>)>,
    pub(super) nested: Nested,
    /// Tasks that nobody has been given yet.
    pub(super) offered: Vec<TaskCall>,
    pub(super) tallies: Option<Tallies>,
    /// How many executions have ended that somebody started.
    pub(super) executions_ended: u64,
    /// The latest moment of the base clock that the account was told.
    latest: Timestamp,
}

/// How far executions may nest. AWS has no such limits; only the unit tests lower them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Executions that one has started, those that they have started among them.
    pub(super) nested_executions: usize,
    /// Executions that wait for each other.
    pub(super) nesting: usize,
    /// Executions that the Map Runs of one, and those below them, have started.
    pub(super) descendants: usize,
    pub(super) descendant_bytes: usize,
}

impl Account {
    pub(crate) fn new(config: AccountConfig) -> Self {
        Self {
            tallies: config.coverage.then(Tallies::default),
            executions_ended: 0,
            config,
            limits: Limits {
                nested_executions: quota::NESTED_EXECUTIONS,
                nesting: quota::NESTING,
                descendants: quota::DESCENDANTS,
                descendant_bytes: quota::DESCENDANT_BYTES,
            },
            machines: BTreeMap::new(),
            machines_created: 0,
            activities: BTreeMap::new(),
            activity_arns: BTreeSet::new(),
            activity_tasks: ActivityTasks::default(),
            tokens: BTreeMap::new(),
            executions: BTreeMap::new(),
            trials: BTreeMap::new(),
            executions_started: 0,
            open_executions: 0,
            map_runs: MapRuns::default(),
            map_run_news: VecDeque::new(),
            objects: Objects::default(),
            agenda: BTreeSet::new(),
            families: BTreeMap::new(),
            unplanned: BTreeSet::new(),
            nested: Nested::default(),
            offered: Vec::new(),
            latest: Timestamp::from_millis(i64::MIN),
        }
    }

    /// Ends runaway executions early: what is fuzzed must not take long.
    #[cfg(feature = "fuzzing")]
    pub(crate) const fn end_runaways_early(&mut self) {
        self.limits =
            Limits { nested_executions: 500, nesting: 100, descendants: 1_000, descendant_bytes: 16 << 20 };
    }

    /// Answers one call, made at `now` of the base clock. Tasks it schedules wait in [`take_tasks`](Self::take_tasks).
    pub(crate) fn call(
        &mut self,
        caller: &Caller,
        operation: Operation,
        input: &Json,
        now: Timestamp,
    ) -> Reply {
        self.latest = self.latest.max(now);
        let reply = self.reply((caller, None), operation, input, now);
        self.settle(now);
        reply
    }

    /// The answer to a call from outside, or of an execution.
    pub(super) fn reply(
        &mut self,
        (caller, starter): (&Caller, Option<Starter>),
        operation: Operation,
        input: &Json,
        now: Timestamp,
    ) -> Reply {
        match constraint::check(operation, input, self.quota(Quota::PayloadBytes)) {
            Ok(()) => dispatch::run(self, &Call { caller, operation, input, now, starter }),
            Err(refusal) => Reply::Answered(Err(refusal)),
        }
    }

    /// What a quota of things or bytes is set to.
    pub(super) fn quota(&self, quota: Quota) -> usize {
        self.config.quotas.count(quota)
    }

    /// The body of a `StartSyncExecution` or `TestState` answer, once its execution has ended. What `TestState` ran
    /// is forgotten then: nobody else can ask for it.
    pub(crate) fn sync_answer(&mut self, execution_arn: &str) -> Option<Json> {
        let execution = self.executions.get(execution_arn)?;
        let Some(shown) = self.trials.get(execution_arn) else {
            return start_sync_execution::answer(execution);
        };
        let answer = shown.answer(execution)?;
        self.trials.remove(execution_arn);
        self.executions.remove(execution_arn);
        Some(answer)
    }

    /// Hands out the tasks that nobody has been given yet, oldest first.
    pub(crate) fn take_tasks(&mut self) -> Vec<TaskCall> {
        std::mem::take(&mut self.offered)
    }

    /// Takes what the handlers said of tasks handed out at this instant. All are noted before any consequence.
    pub(crate) fn answer_tasks(&mut self, answers: Vec<(TaskKey, TaskAnswer)>, now: Timestamp) {
        self.latest = self.latest.max(now);
        self.answer_all(answers, now);
        self.settle(now);
    }

    /// The late answer to a task that was said to come [`Later`](TaskAnswer::Later). Ignored if no longer wanted.
    pub(crate) fn finish_task(&mut self, key: &TaskKey, outcome: TaskOutcome, now: Timestamp) {
        self.latest = self.latest.max(now);
        self.finish(key, outcome, now);
        self.settle(now);
    }

    /// When, on the base clock, something happens by itself next. Never before the latest moment it was told.
    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        let end_of_poll = self.activity_tasks.next_end().map(|end| end.max(self.latest));
        [self.next_timer(), end_of_poll].into_iter().flatten().min()
    }

    /// The same, of executions alone.
    pub(crate) fn next_timer(&self) -> Option<Timestamp> {
        self.agenda.first().map(|(due, _, _)| (*due).max(self.latest))
    }

    /// Lets the earliest thing that is due by `now` happen: the timers of one execution at one instant, at that
    /// instant of its own time; or the end of polls that have waited long enough. `false` if nothing is due.
    pub(crate) fn fire_due(&mut self, now: Timestamp) -> bool {
        self.latest = self.latest.max(now);
        let fired = self.fire(now) || self.activity_tasks.end_polls(now);
        self.settle(now);
        fired
    }

    /// Whether an execution is still going; `None` if there is no such execution.
    pub(crate) fn is_running(&self, arn: &str) -> Option<bool> {
        self.executions.get(arn).map(|execution| execution.ending.is_none())
    }

    /// All executions in the order of their start, but those that `TestState` has on trial.
    pub(crate) fn execution_arns(&self) -> Vec<Arc<str>> {
        let known = self.executions.iter().filter(|(arn, _)| !self.trials.contains_key(*arn));
        let mut arns: Vec<_> = known.map(|(arn, execution)| (execution.number, arn)).collect();
        arns.sort_unstable();
        arns.into_iter().map(|(_, arn)| Arc::clone(arn)).collect()
    }

    /// A snapshot of an execution, STANDARD or EXPRESS.
    pub(crate) fn execution(&self, arn: &str) -> Option<ExecutionRecord> {
        let execution = self.executions.get(arn)?;
        Some(ExecutionRecord { map_runs: self.map_runs_of(arn), ..execution.record() })
    }

    /// Snapshots of the Map Runs that an execution started, in the order of their start.
    /// Every task token that was ever made.
    pub(crate) fn task_tokens(&self) -> BTreeSet<Arc<str>> {
        self.tokens.keys().cloned().collect()
    }

    pub(crate) fn map_runs_of(&self, execution_arn: &str) -> Vec<MapRunRecord> {
        self.map_runs.of(execution_arn).map(|run| run.record(&self.executions)).collect()
    }
}
