//! What happens to executions between calls: tasks handed out and answered, timers fired, endings noted.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexSet;

use super::account::Account;
use super::execution::{Execution, Fate, Step};
use super::family::Family;
use super::map_run::News;
use super::task_call::{TaskAnswer, TaskCall, TaskJob, TaskKey, TaskOutcome};
use super::timetable::{Fired, Wakeup};
use super::token::Stage;
use crate::interpreter::command::{Resume, TaskId, TaskRequest};
use crate::model::{Failure, Json, Timestamp};

impl Account {
    /// Takes in an execution that has just been started, and lets it go its first way.
    pub(super) fn add_execution(&mut self, mut execution: Execution, now: Timestamp) {
        let arn = Arc::clone(execution.arn());
        self.execution_opened(&mut execution);
        self.executions.insert(Arc::clone(&arn), execution);
        self.run(&arn, now);
    }

    /// Takes up an execution again, as `RedriveExecution` does, and lets it go its first way.
    pub(super) fn redrive(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(mut execution) = self.executions.remove(arn) else { return };
        let family = self.families.get(&execution.family);
        execution.timetable.follow(family.map_or(Duration::ZERO, Family::offset));
        execution.redrive(now);
        self.add_execution(execution, now);
    }

    fn execution_opened(&mut self, execution: &mut Execution) {
        if let Some(machine) = self.machines.get_mut(execution.state_machine_arn()) {
            machine.running_executions += 1;
        }
        self.open_executions += usize::from(!execution.is_express());
        self.join_family(execution);
    }

    /// Ends an execution, as `StopExecution` does.
    pub(super) fn stop(&mut self, arn: &Arc<str>, failure: Failure, now: Timestamp) {
        if let Some(execution) = self.running(arn) {
            let at = execution.timetable.touch(now);
            execution.resume(Resume::Stop(failure), at);
            self.run(arn, now);
        }
    }

    /// Has the running executions of a state machine aborted at their next step.
    pub(super) fn doom(&mut self, machine_arn: &str, generation: u64, now: Timestamp) {
        let mut doomed = Vec::new();
        for (arn, execution) in &mut self.executions {
            let concerned = execution.belongs_to(machine_arn) && execution.generation == generation;
            if concerned && execution.ending.is_none() {
                execution.fate = Fate::Doomed;
                let family = self.families.get(&execution.family);
                execution.timetable.follow(family.map_or(Duration::ZERO, Family::offset));
                execution.timetable.touch(now);
                doomed.push(Arc::clone(arn));
            }
        }
        for arn in doomed {
            self.replan(&arn);
        }
    }

    pub(super) fn answer_all(&mut self, answers: Vec<(TaskKey, TaskAnswer)>, now: Timestamp) {
        let (mut resumed, mut queued) = (IndexSet::new(), IndexSet::new());
        for (key, answer) in answers {
            let Some(execution) = self.running(&key.execution_arn) else { continue };
            match answer {
                TaskAnswer::Outcome { after, outcome } if after.is_zero() => {
                    let at = execution.timetable.reached();
                    deliver(execution, key.task, outcome, at);
                    resumed.insert(key.execution_arn);
                }
                TaskAnswer::Outcome { after, outcome } => {
                    start_activity(execution, key.task);
                    submit_if_it_succeeds(execution, key.task, &outcome);
                    execution.timetable.task_takes(key.task, after, outcome);
                    resumed.insert(key.execution_arn);
                }
                TaskAnswer::Job(job) => {
                    begin_job(execution, key.task, *job);
                    resumed.insert(key.execution_arn);
                }
                TaskAnswer::Later => {
                    let at = execution.timetable.reached();
                    deliver(execution, key.task, TaskOutcome::Submitted(Json::empty_object()), at);
                    resumed.insert(key.execution_arn);
                }
                TaskAnswer::ForWorkers => {
                    queued.extend(self.leave_to_workers(&key));
                    resumed.insert(key.execution_arn);
                }
                TaskAnswer::ForAccount(request) => {
                    self.perform(&key, &request, now);
                    resumed.insert(key.execution_arn);
                }
            }
        }
        for arn in resumed {
            self.run(&arn, now);
        }
        for activity in queued {
            self.serve_polls(&activity, now);
        }
    }

    /// Puts a task into the queue of its activity, and gives that; `None` if there is no such activity.
    fn leave_to_workers(&mut self, key: &TaskKey) -> Option<Arc<str>> {
        let callbacks = &self.executions.get(&key.execution_arn)?.callbacks;
        let activity = Arc::clone(callbacks.get(&key.task)?.activity.as_ref()?);
        let exists = self.activities.contains_key(&activity);
        let execution = self.running(&key.execution_arn)?;
        let at = execution.timetable.reached();
        if !exists {
            execution.task_gone(key.task);
            execution.resume(Resume::ActivityMissing { task: key.task }, at);
            return None;
        }
        execution.callbacks.get_mut(&key.task)?.stage = Stage::Queued;
        execution.timetable.task_is_outside(key.task);
        execution.resume(Resume::TaskQueued { task: key.task }, at);
        self.queue_task(&activity, key.clone());
        Some(activity)
    }

    pub(super) fn finish(&mut self, key: &TaskKey, outcome: TaskOutcome, now: Timestamp) {
        if let Some(execution) =
            self.running(&key.execution_arn).filter(|running| running.timetable.awaits(key.task))
        {
            let at = execution.timetable.touch(now);
            deliver(execution, key.task, outcome, at);
            self.run(&key.execution_arn, now);
        }
    }

    pub(super) fn fire(&mut self, now: Timestamp) -> bool {
        self.plan_families();
        let Some((_, _, arn)) = self.agenda.first().filter(|(due, _, _)| *due <= now).cloned() else {
            return false;
        };
        if let Some(fired) = self.fired(&arn, now)
            && let Some(execution) = self.running(&arn)
        {
            for wakeup in fired.wakeups {
                match wakeup {
                    Wakeup::Timer(timer) => execution.resume(Resume::TimerFired(timer), fired.at),
                    Wakeup::Task(task, outcome) => deliver(execution, task, outcome, fired.at),
                    Wakeup::Heartbeat(task, _) => execution.resume(Resume::TaskHeartbeat { task }, fired.at),
                }
            }
        }
        self.run(&arn, now);
        true
    }

    fn fired(&mut self, arn: &Arc<str>, now: Timestamp) -> Option<Fired> {
        if self.config.skip_after.is_none() {
            return self.running(arn)?.timetable.fire(now);
        }
        let around = self.surroundings(self.executions.get(arn)?)?;
        let execution = self.running(arn)?;
        let fired = execution.timetable.fire_among(now, &around)?;
        let (family, offset) = (execution.family, execution.timetable.offset());
        self.lead(family, offset);
        Some(fired)
    }

    /// An execution that has not ended, at the instant that those have reached who share its time.
    pub(super) fn running(&mut self, arn: &str) -> Option<&mut Execution> {
        let execution = self.executions.get_mut(arn).filter(|execution| execution.ending.is_none())?;
        if self.config.skip_after.is_some() {
            let family = self.families.get(&execution.family);
            execution.timetable.follow(family.map_or(Duration::ZERO, Family::offset));
        }
        Some(execution)
    }

    /// Lets an execution go on from the instant that it has reached, and sees to what it asks for.
    pub(super) fn run(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(execution) = self.running(arn) else { return };
        let at = execution.timetable.reached();
        let step = execution.run(at, now);
        self.offer(arn, step, at);
        self.replan(arn);
    }

    fn offer(&mut self, arn: &Arc<str>, step: Step, at: Timestamp) {
        let Some(execution) = self.executions.get(arn) else { return };
        let place = execution.child_of.as_ref().map(|child| child.place);
        let call_of = |request: TaskRequest| TaskCall {
            key: TaskKey { execution_arn: Arc::clone(arn), task: request.task },
            request: TaskRequest { iteration: request.iteration.or(place), ..request },
            root_execution_arn: Arc::clone(execution.root()),
            state_machine_name: Arc::clone(&execution.interpreter.about().state_machine_name),
            test_case: execution.test_case.clone(),
            execution_input: execution.interpreter.about().input.clone(),
            now: at,
        };
        let calls: Vec<TaskCall> = step.scheduled.into_iter().map(call_of).collect();
        // An execution that ends cancels its open tasks.
        if !step.cancelled.is_empty() {
            self.offered
                .retain(|call| call.key.execution_arn != *arn || !step.cancelled.contains(&call.key.task));
        }
        let tokens =
            calls.iter().filter_map(|call| Some((Arc::clone(call.request.token.as_ref()?), &call.key)));
        self.tokens.extend(tokens.map(|(token, key)| (token, key.clone())));
        self.offered.extend(calls);
        self.nested.cancelled(arn, step.cancelled);
        for request in step.map_runs {
            self.add_map_run(arn, request, at);
        }
        for run in step.redriven {
            self.redrive_map_run(arn, run, at);
        }
        for run in step.given_up {
            self.give_up_map_run(arn, run);
        }
        if step.closed {
            self.execution_closed(arn);
        }
    }

    /// Keeps count of what runs; a machine that is being deleted is gone with its last execution.
    pub(super) fn execution_closed(&mut self, arn: &Arc<str>) {
        self.nested.ended(arn);
        let Some(execution) = self.executions.get(arn) else { return };
        if let Some(child) = &execution.child_of {
            let (run, place) = (Arc::clone(&child.map_run), child.place);
            self.map_run_news.push_back(News::ChildClosed { run, place });
        } else {
            self.executions_ended += 1;
        }
        self.open_executions = self.open_executions.saturating_sub(usize::from(!execution.is_express()));
        let (family, number, generation) = (execution.family, execution.number, execution.generation);
        let machine_arn = Arc::clone(execution.state_machine_arn());
        self.leave_family(family, number);
        self.replan(arn);
        let Some(machine) = self.machines.get_mut(&machine_arn) else { return };
        if machine.generation == generation {
            machine.running_executions = machine.running_executions.saturating_sub(1);
            if machine.deleting && machine.running_executions == 0 {
                self.machines.remove(&machine_arn);
            }
        }
    }
}

/// Tells the interpreter what becomes of a task, if that is still awaited.
pub(super) fn deliver(execution: &mut Execution, task: TaskId, outcome: TaskOutcome, at: Timestamp) {
    if !execution.timetable.awaits(task) {
        return;
    }
    let resume = match outcome {
        TaskOutcome::Submitted(output) => {
            start_activity(execution, task);
            execution.timetable.task_is_outside(task);
            let Some(waiting) = execution.callbacks.get_mut(&task) else { return };
            waiting.stage = Stage::Outside;
            return execution.resume(Resume::TaskSubmitted { task, output }, at);
        }
        TaskOutcome::Succeeded(output) => Resume::TaskSucceeded { task, output },
        TaskOutcome::Failed(failure) => Resume::TaskFailed { task, failure },
        TaskOutcome::Unanswerable(failure) => Resume::TaskUnanswerable { task, failure },
    };
    execution.task_gone(task);
    execution.resume(resume, at);
}

/// A service has taken a job on, or a worker a task.
fn begin_job(execution: &mut Execution, task: TaskId, job: TaskJob) {
    let at = execution.timetable.reached();
    deliver(execution, task, TaskOutcome::Submitted(job.submitted), at);
    if let Some(heartbeats) = job.heartbeats {
        execution.timetable.task_beats(task, heartbeats);
    }
    match job.end {
        None => {}
        Some((after, outcome)) if after.is_zero() => deliver(execution, task, outcome, at),
        Some((after, outcome)) => {
            if let Some(waiting) = execution.callbacks.get_mut(&task) {
                // Nobody outside is to end it.
                waiting.stage = Stage::Asked;
            }
            execution.timetable.task_takes(task, after, outcome);
        }
    }
}

/// Whoever answers for a worker has taken the task.
fn start_activity(execution: &mut Execution, task: TaskId) {
    if execution.callbacks.get(&task).is_some_and(|task| task.activity.is_some()) {
        let at = execution.timetable.reached();
        execution.resume(Resume::TaskStarted { task, worker_name: None }, at);
    }
}

/// A job or callback that takes its time was accepted at once.
fn submit_if_it_succeeds(execution: &mut Execution, task: TaskId, outcome: &TaskOutcome) {
    if matches!(outcome, TaskOutcome::Succeeded(_)) && execution.callbacks.contains_key(&task) {
        let at = execution.timetable.reached();
        execution.resume(Resume::TaskSubmitted { task, output: Json::empty_object() }, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::resource::{Resource, ResourceKind};
    use crate::interpreter::command::{Command, Outcome, TimerId, TimerPurpose};
    use crate::service::fixture::{Fixture, MACHINE};

    const SECOND: Duration = Duration::from_secs(1);

    fn schedule(task: u64) -> Command {
        Command::Schedule(TaskRequest {
            task: TaskId(task),
            state: "T".into(),
            resource: Resource { arn: "arn:aws:lambda:f".into(), kind: ResourceKind::LambdaFunction },
            input: Json::Null,
            retry_count: 0,
            token: None,
            iteration: None,
            place: Default::default(),
        })
    }

    fn wait(timer: u64, until: Timestamp) -> Command {
        Command::SetTimer { timer: TimerId(timer), deadline: until, purpose: TimerPurpose::Wait }
    }

    /// Has an execution ask for something, as its interpreter would.
    fn ask(fixture: &mut Fixture, arn: &str, commands: Vec<Command>) {
        let arn = Arc::from(arn);
        let execution = fixture.account.executions.get_mut(&arn).unwrap();
        let (step, at) = (execution.obey(commands), execution.timetable.reached());
        fixture.account.offer(&arn, step, at);
        fixture.account.replan(&arn);
        fixture.account.settle(fixture.now);
    }

    fn key(arn: &str, task: u64) -> TaskKey {
        TaskKey { execution_arn: arn.into(), task: TaskId(task) }
    }

    fn taken(fixture: &mut Fixture) -> Vec<(String, u64)> {
        let calls = fixture.account.take_tasks().into_iter();
        calls.map(|call| (call.key.execution_arn.to_string(), call.key.task.0)).collect()
    }

    const NULL: TaskOutcome = TaskOutcome::Succeeded(Json::Null);

    #[test]
    fn tasks_are_handed_out_once_and_oldest_first() {
        let mut fixture = Fixture::with_machines();
        let (z, a) = (fixture.start(&format!("{MACHINE}#Case"), "z"), fixture.start(MACHINE, "a"));
        ask(&mut fixture, &z, vec![schedule(1001), schedule(1002)]);
        ask(&mut fixture, &a, vec![schedule(1001)]);
        ask(&mut fixture, &z, vec![schedule(1003)]);
        let calls = fixture.account.take_tasks();
        let first = calls.first().unwrap();
        assert_eq!(
            (first.test_case.as_deref(), &*first.state_machine_name, first.now),
            (Some("Case"), "m", fixture.now)
        );
        let keys: Vec<TaskKey> = calls.into_iter().map(|call| call.key).collect();
        assert_eq!(keys, [key(&z, 1001), key(&z, 1002), key(&a, 1001), key(&z, 1003)]);
        assert_eq!(taken(&mut fixture), []);
    }

    #[test]
    fn a_task_that_is_no_longer_wanted_is_not_handed_out() {
        let mut fixture = Fixture::with_machines();
        let x = fixture.start(MACHINE, "x");
        ask(
            &mut fixture,
            &x,
            vec![schedule(1001), schedule(1002), schedule(1003), Command::CancelTask(TaskId(1002))],
        );
        ask(&mut fixture, &x, vec![Command::CancelTask(TaskId(1003))]);
        assert_eq!(taken(&mut fixture), [(x, 1001)]);
    }

    #[test]
    fn the_earliest_execution_goes_first_and_at_one_moment_the_one_that_was_started_first() {
        let mut fixture = Fixture::with_machines();
        let start = fixture.now;
        let (z, a) = (fixture.start(MACHINE, "z"), fixture.start(MACHINE, "a"));
        ask(&mut fixture, &a, vec![wait(1001, start.plus(SECOND)), wait(1002, start.plus(SECOND * 2))]);
        ask(&mut fixture, &z, vec![wait(1001, start.plus(SECOND * 2))]);
        let mut order = Vec::new();
        for _ in 0..3 {
            order.push(
                fixture.account.agenda.first().cloned().map(|(due, _, arn)| (due.since(start), arn)).unwrap(),
            );
            let due = fixture.account.next_deadline().unwrap();
            assert!(fixture.account.fire_due(due));
        }
        let (z, a): (Arc<str>, Arc<str>) = (z.into(), a.into());
        assert_eq!(order, [(SECOND, Arc::clone(&a)), (SECOND * 2, z), (SECOND * 2, a)]);
        assert!(!fixture.account.fire_due(start.plus(SECOND * 3)));
    }

    #[test]
    fn the_next_deadline_is_never_in_the_past() {
        let mut fixture = Fixture::with_machines();
        let x = fixture.start(MACHINE, "x");
        let start = fixture.now;
        ask(&mut fixture, &x, vec![wait(1001, start.plus(SECOND)), wait(1002, start.plus(SECOND * 2))]);
        assert_eq!(fixture.account.next_deadline(), Some(start.plus(SECOND)));
        assert!(fixture.account.fire_due(start.plus(SECOND * 5)));
        assert_eq!(fixture.account.next_deadline(), Some(start.plus(SECOND * 5)));
        assert_eq!(fixture.account.executions[&*x].timetable.reached(), start.plus(SECOND));
    }

    #[test]
    fn a_mocked_duration_ends_after_so_much_time() {
        let mut fixture = Fixture::with_machines();
        let x = fixture.start(MACHINE, "x");
        ask(&mut fixture, &x, vec![schedule(1001)]);
        let answer = TaskAnswer::Outcome { after: SECOND * 90, outcome: NULL };
        let now = fixture.now;
        fixture.account.answer_tasks(vec![(key(&x, 1001), answer)], now);
        assert_eq!(fixture.account.next_deadline(), Some(now.plus(SECOND * 90)));
        assert!(fixture.account.fire_due(now.plus(SECOND * 90)));
        assert!(!fixture.account.executions[&*x].timetable.awaits(TaskId(1001)));
    }

    #[test]
    fn an_answer_ends_a_task_and_an_unwanted_one_changes_nothing() {
        let mut fixture = Fixture::with_machines();
        let x = fixture.start(MACHINE, "x");
        ask(&mut fixture, &x, vec![schedule(1001), schedule(1002)]);
        let now = fixture.now;
        let at_once = TaskAnswer::Outcome { after: Duration::ZERO, outcome: NULL };
        let answers = vec![
            (key(&x, 1001), at_once.clone()),
            (key(&x, 1002), TaskAnswer::Later),
            (key(&x, 1003), at_once.clone()),
            (key("arn:none", 1001), at_once),
        ];
        fixture.account.answer_tasks(answers, now);
        let awaited =
            |fixture: &Fixture, task| fixture.account.executions[&*x].timetable.awaits(TaskId(task));
        assert_eq!((awaited(&fixture, 1001), awaited(&fixture, 1002)), (false, true));

        let later = now.plus(SECOND);
        fixture.account.finish_task(&key(&x, 1001), NULL, later);
        assert_eq!(fixture.account.executions[&*x].timetable.reached(), now);
        fixture.account.finish_task(&key(&x, 1002), NULL, later);
        assert_eq!(fixture.account.executions[&*x].timetable.reached(), later);
        assert!(!awaited(&fixture, 1002));
    }

    #[test]
    fn nothing_happens_to_an_execution_that_has_ended() {
        let mut fixture = Fixture::with_machines();
        let x = fixture.start(MACHINE, "x");
        let now = fixture.now;
        ask(&mut fixture, &x, vec![schedule(1001), wait(1002, now.plus(SECOND))]);
        fixture.end(&x, Outcome::TimedOut);
        assert_eq!(fixture.account.next_deadline(), None);
        fixture.account.finish_task(&key(&x, 1001), NULL, now);
        fixture.account.answer_tasks(vec![(key(&x, 1001), TaskAnswer::Later)], now);
        assert!(!fixture.account.fire_due(now.plus(SECOND * 9)));
    }

    #[test]
    fn an_account_that_skips_jumps_each_execution_over_its_own_waits() {
        let mut fixture = Fixture::skipping(Some(Duration::from_millis(100)));
        fixture.create("m", "");
        let (x, y) = (fixture.start(MACHINE, "x"), fixture.start(MACHINE, "y"));
        let start = fixture.now;
        ask(&mut fixture, &x, vec![wait(1001, start.plus(SECOND * 60))]);
        assert_eq!(fixture.account.next_deadline(), Some(start.plus(Duration::from_millis(100))));
        assert!(fixture.account.fire_due(start.plus(Duration::from_millis(100))));
        assert_eq!(fixture.account.executions[&*x].timetable.reached(), start.plus(SECOND * 60));
        assert_eq!(fixture.account.executions[&*y].timetable.reached(), start);
    }
}
