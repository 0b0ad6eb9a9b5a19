//! The one thing behind all doors: the account, its clock, the task mocks, and what went wrong.

use std::collections::BTreeSet;
use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indexmap::IndexSet;
use tokio::sync::Notify;

use super::artifact_folder::test_name;
use super::call_log::CallLog;
use super::coverage::CoverageFile;
use super::driver::Driver;
use super::fault_registry::FaultRegistry;
use super::open_calls::OpenCalls;
use super::past::Past;
use super::problem::{Problem, Problems};
use super::pump::Pump;
use super::reports::{Reporter, Reports};
use super::task_registry::TaskRegistry;
use super::task_work::TaskSource;
use super::time::{Clock, Time};
use crate::assertion::{ClientDoor, Style};
use crate::model::api_error::{ApiError, ApiErrorKind};
use crate::model::arn::Place;
use crate::model::{Json, Operation, Quotas, SeededRandom, Timestamp};
use crate::service::account::{Account, AccountConfig, Caller, Reply};
use crate::service::result_shape::FieldValidation;
use crate::wire::{Origin, Request, Response};

/// A cheap handle on everything that a mock service is. Clients and servers hold it; it knows no guard.
#[derive(Clone)]
pub(crate) struct Core {
    pub(super) shared: Arc<Shared>,
}

/// What all handles share. No lock is held while somebody waits or a closure of the user's runs, except the pump's.
pub(super) struct Shared {
    /// Where callers are who do not say so.
    place: Place,
    pub(super) state: Mutex<State>,
    pub(super) pump: Pump,
    /// Told after everything that may let somebody's waiting end.
    pub(super) changed: Arc<Notify>,
    pub(super) task_mocks: TaskRegistry,
    /// How closely results of mocks are looked at, if the builder says so.
    pub(super) mock_validation: Option<FieldValidation>,
    pub(super) faults: FaultRegistry,
    /// Asked before the task mocks.
    pub(super) task_source: Mutex<Option<TaskSource>>,
    /// How failure texts about executions look.
    pub(super) style: Style,
    pub(super) reporter: Arc<Reporter>,
    /// The seed of the answers to tasks that nobody mocked, if they have any.
    pub(super) auto_answers: Option<u64>,
    /// Where it is told what executions took of their definitions, if anybody wants to know.
    pub(super) coverage: Option<CoverageFile>,
    /// The test that has made this mock; for the coverage.
    pub(super) test: String,
}

pub(super) struct State {
    pub(super) account: Account,
    pub(super) clock: Clock,
    pub(super) past: Past,
    pub(super) request_ids: SeededRandom,
    /// The ARNs of the executions that callers started, in order.
    pub(super) started: IndexSet<Arc<str>>,
    /// How many async task mocks are at work.
    pub(super) outside: usize,
    /// The tokens that `callback` gave out.
    pub(super) callbacks_told: BTreeSet<Arc<str>>,
    pub(super) problems: Problems,
    /// The resources whose results could not be checked, since their shapes are not known.
    pub(super) unchecked: BTreeSet<String>,
    pub(super) driver: Driver,
    pub(super) open_calls: OpenCalls,
    pub(super) call_log: CallLog,
    /// How many ended executions the coverage has been told of.
    pub(super) covered_executions: u64,
}

/// How a mock service is set up.
#[derive(Debug, Clone)]
pub(crate) struct CoreConfig {
    pub(crate) account_id: Arc<str>,
    pub(crate) region: Arc<str>,
    pub(crate) seed: u64,
    pub(crate) starts_at: Timestamp,
    pub(crate) time: Time,
    pub(crate) quotas: Quotas,
    /// How closely results of mocks are looked at; `None`: task mocks as is the default, mock config files not at all.
    pub(crate) mock_validation: Option<FieldValidation>,
    /// How failure texts about executions look.
    pub(crate) style: Style,
    /// When pages about executions are written; `None`: as the environment says.
    pub(crate) reports: Option<Reports>,
    /// Whether tasks that nobody mocked are given a plausible answer.
    pub(crate) auto_answers: bool,
    pub(crate) coverage: Option<CoverageFile>,
}

impl Core {
    pub(crate) fn new(config: &CoreConfig) -> Self {
        let account = Account::new(AccountConfig {
            seed: config.seed,
            skip_after: config.time.skip_after(),
            quotas: Arc::new(config.quotas.clone()),
            coverage: config.coverage.is_some(),
        });
        Self::with_account(config, account)
    }

    /// One that goes on with an account of the same seed, time mode and quotas.
    pub(super) fn with_account(config: &CoreConfig, account: Account) -> Self {
        let state = State {
            account,
            clock: Clock::new(config.time, config.starts_at),
            past: Past::default(),
            request_ids: SeededRandom::new(config.seed, "request ids"),
            started: IndexSet::new(),
            outside: 0,
            callbacks_told: BTreeSet::new(),
            problems: Problems::default(),
            unchecked: BTreeSet::new(),
            driver: Driver::default(),
            open_calls: OpenCalls::default(),
            call_log: CallLog::default(),
            covered_executions: 0,
        };
        let shared = Shared {
            place: Place::of_region(&config.region, &config.account_id),
            state: Mutex::new(state),
            pump: Pump::default(),
            changed: Arc::default(),
            task_mocks: TaskRegistry::default(),
            mock_validation: config.mock_validation,
            faults: FaultRegistry::default(),
            style: config.style,
            reporter: Arc::new(Reporter::new(config.reports.clone())),
            task_source: Mutex::default(),
            auto_answers: config.auto_answers.then_some(config.seed),
            coverage: config.coverage.clone(),
            test: config.coverage.as_ref().map_or_else(String::new, |_| test_name()),
        };
        Self { shared: Arc::new(shared) }
    }

    /// See [`Account::end_runaways_early`].
    #[cfg(feature = "fuzzing")]
    pub(crate) fn end_runaways_early(&self) {
        self.lock().account.end_runaways_early();
    }

    /// Answers a request that is no client's. `None`: the connection shall be dropped.
    #[cfg(any(feature = "contracts", feature = "fuzzing"))]
    pub(crate) async fn answer(&self, request: Request<'_>) -> Option<Response> {
        self.answer_noting(None, request).await
    }

    /// Answers a request; notes it, if it came in by a door of clients. `None`: the door shall drop the connection.
    pub(super) async fn answer_noting(
        &self,
        door: Option<ClientDoor>,
        request: Request<'_>,
    ) -> Option<Response> {
        let request_id = self.lock().request_ids.next_uuid();
        let (caller, operation, input) = match request.read(&self.origin()) {
            Ok(read) => read,
            Err(error) => return Some(Response::new(Err(error), request_id)),
        };
        let noted = door.map(|door| self.note_call(door, operation, &input, request.body.len()));
        let call = (&caller, operation, &input);
        let response = match self.choose_fault(operation, &input) {
            Some(effect) => self.answer_faultily(effect, call, request_id).await,
            None => Some(self.respond(call, request_id).await),
        };
        if let Some(noted) = noted {
            self.note_answer(noted, response.as_ref());
        }
        response
    }

    /// Answers as the service does.
    pub(super) async fn respond(
        &self,
        (caller, operation, input): (&Caller, Operation, &Json),
        request_id: String,
    ) -> Response {
        let result = self.call(caller, operation, input).await;
        if let Err(error) = &result
            && error.kind == ApiErrorKind::NotEmulated
        {
            self.lock().problems.note(Problem::NotEmulated(error.message.clone()));
        }
        Response::new(result, request_id)
    }

    /// Answers a call; waits for the end of the execution that `StartSyncExecution` starts, and for the task that
    /// `GetActivityTask` asks for.
    pub(crate) async fn call(
        &self,
        caller: &Caller,
        operation: Operation,
        input: &Json,
    ) -> Result<Json, ApiError> {
        match self.call_now(caller, operation, input) {
            Reply::Answered(result) => result,
            Reply::AwaitingExecution(arn) => {
                let open = self.open_call();
                let answer = |state: &mut State| {
                    let answer = state.account.sync_answer(&arn);
                    state.note_look(open.id(), answer.is_some());
                    answer
                };
                Ok(self.wait_until(answer).await)
            }
            Reply::AwaitingActivityTask(poll) => Ok(self.await_activity_task(poll).await),
        }
    }

    /// Makes a call and lets everything happen that follows from it at once.
    pub(super) fn call_now(&self, caller: &Caller, operation: Operation, input: &Json) -> Reply {
        self.drive();
        self.pump();
        let reply = {
            let mut state = self.lock();
            let now = state.clock.now();
            if !operation.is_read() {
                state.remember(now);
            }
            let reply = state.account.call(caller, operation, input, now);
            state.open_calls.note_call();
            state.note_started(operation, &reply);
            reply
        };
        self.pump();
        self.shared.changed.notify_waiters();
        reply
    }

    /// A copy of the account as it is.
    pub(super) fn account(&self) -> Account {
        self.lock().account.clone()
    }

    fn origin(&self) -> Origin {
        let place = &self.shared.place;
        Origin { account_id: Arc::clone(&place.account), default_region: Arc::clone(&place.region) }
    }

    /// The caller that this mock's own calls are made by.
    pub(super) fn caller(&self) -> Caller {
        Caller { place: self.shared.place.clone() }
    }

    #[cfg(feature = "sdk")]
    pub(crate) fn region(&self) -> &str {
        &self.shared.place.region
    }

    pub(crate) fn time(&self) -> Time {
        self.lock().clock.time()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.lock().clock.now()
    }

    pub(super) fn task_mocks(&self) -> &TaskRegistry {
        &self.shared.task_mocks
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `done` has something to say. What is due meanwhile happens.
    pub(super) async fn wait_until<T>(&self, mut done: impl FnMut(&mut State) -> Option<T>) -> T {
        loop {
            let mut changed = pin!(self.shared.changed.notified());
            // Before looking, so that nothing is missed between looking and waiting.
            changed.as_mut().enable();
            self.pump();
            let deadline = {
                let mut state = self.lock();
                if let Some(done) = done(&mut state) {
                    return done;
                }
                state.next_instant()
            };
            wait(changed, deadline).await;
        }
    }

    /// Sleeps for others, such as the retries of an SDK client: as executions wait in this time mode.
    pub(crate) async fn sleep(&self, duration: Duration) {
        match self.time() {
            Time::Tokio => tokio::time::sleep(duration).await,
            Time::Skip { settle } => tokio::time::sleep(duration.min(settle)).await,
            Time::Manual => {
                let end = self.now().plus(duration);
                self.wait_until(|state| (state.clock.now() >= end).then_some(())).await;
            }
        }
    }
}

/// Waits for one of the two.
async fn wait(changed: impl Future<Output = ()>, deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => drop(tokio::time::timeout_at(deadline, changed).await),
        None => changed.await,
    }
}

impl State {
    /// When the clock lets something happen by itself next. Never by waiting, if the clock is moved by hand.
    pub(super) fn next_instant(&self) -> Option<tokio::time::Instant> {
        self.account.next_deadline().and_then(|deadline| self.clock.instant_of(deadline))
    }

    /// Keeps what is there before it changes, for reads that are to be stale.
    pub(super) fn remember(&mut self, now: Timestamp) {
        self.past.remember(&self.account, now);
    }

    fn note_started(&mut self, operation: Operation, reply: &Reply) {
        let arn = match reply {
            Reply::AwaitingExecution(_) if operation == Operation::TestState => None,
            Reply::AwaitingExecution(arn) => Some(Arc::clone(arn)),
            Reply::Answered(Ok(output)) if operation == Operation::StartExecution => {
                output.get("executionArn").and_then(Json::as_str).map(Arc::from)
            }
            Reply::Answered(_) | Reply::AwaitingActivityTask(_) => None,
        };
        self.started.extend(arn);
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("place", &self.shared.place).finish_non_exhaustive()
    }
}

/// Lets the driver go: it holds no handle.
impl Drop for Shared {
    fn drop(&mut self) {
        self.tell_coverage();
        self.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::mock::MockSfn;

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test(start_paused = true)]
    async fn a_sleep_takes_its_time_or_at_most_the_settling_time() {
        for (time, taken) in [(Time::Tokio, HOUR), (Time::skip(), Duration::from_millis(100))] {
            let sfn = MockSfn::builder().time(time).build();
            let start = Instant::now();
            sfn.core().sleep(HOUR).await;
            assert_eq!(start.elapsed(), taken, "{time:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_on_a_manual_clock_ends_when_the_clock_is_moved() {
        let sfn = MockSfn::builder().time(Time::Manual).build();
        let mut sleep = pin!(sfn.core().sleep(HOUR));
        assert!(timeout(HOUR * 2, &mut sleep).await.is_err());
        sfn.advance("1h");
        assert!(timeout(Duration::ZERO, sleep).await.is_ok());
    }
}
