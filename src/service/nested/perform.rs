//! Makes the calls of tasks, and lets them wait for the executions they start.

use std::sync::Arc;

use super::called::Called;
use super::result::Request;
use super::waiting::{Errand, Waiting};
use crate::asl::resource::IntegrationPattern;
use crate::interpreter::command::TaskRequest;
use crate::model::api_error::ApiErrorKind;
use crate::model::arn::StatesArn;
use crate::model::failure::error_name;
use crate::model::{Failure, Json, Operation, Timestamp};
use crate::service::account::{Account, Caller, Limits, Reply};
use crate::service::call::{Call, Starter};
use crate::service::operation::describe_execution;
use crate::service::scheduling::deliver;
use crate::service::task_call::{TaskKey, TaskOutcome};
use crate::service::token::Stage;

impl Account {
    /// Whether a task that starts an execution names a state machine of this account; so does any that starts none.
    pub(crate) fn has_machine_for(&self, request: &TaskRequest) -> bool {
        if !Called::of(&request.resource).is_some_and(Called::starts_execution) {
            return true;
        }
        let arn = request.input.get("StateMachineArn").and_then(Json::as_str).unwrap_or_default();
        let arn = arn.split('#').next().unwrap_or_default();
        StatesArn::parse_as(arn, &["stateMachine"])
            .is_ok_and(|arn| self.machines.contains_key(arn.place.state_machine(arn.name()).as_str()))
    }

    /// What tasks called meanwhile that is not emulated, once.
    pub(crate) fn take_not_emulated(&mut self) -> Vec<String> {
        std::mem::take(&mut self.nested.not_emulated)
    }

    /// Does what a task asks of Step Functions itself. What the task becomes is noted; its execution does not go on.
    pub(in crate::service) fn perform(&mut self, task: &TaskKey, request: &TaskRequest, now: Timestamp) {
        let (Some(called), Some(execution)) =
            (Called::of(&request.resource), self.executions.get(&task.execution_arn))
        else {
            return;
        };
        let caller = Caller { place: execution.interpreter.about().place.clone() };
        let starter = Starter {
            beginning: execution.timetable.beginning(),
            family: execution.family,
            depth: execution.depth + usize::from(called.waits_for_execution()),
        };
        let input = match called.input(&request.input) {
            Ok(input) => input,
            Err(failure) => return self.tell(task, TaskOutcome::Unanswerable(failure), None),
        };
        if called.starts_execution()
            && let Some(runaway) = self.runaway(starter)
        {
            return self.tell(task, TaskOutcome::Unanswerable(runaway), None);
        }
        let request = Request::new(self.config.seed, task, starter.beginning.at);
        match self.reply((&caller, Some(starter)), called.operation, &input, now) {
            Reply::Answered(Ok(answer)) => self.answered(task, called, &answer, &request),
            Reply::Answered(Err(refusal)) => {
                if refusal.kind == ApiErrorKind::NotEmulated {
                    self.nested.not_emulated.push(refusal.message.clone());
                }
                self.tell(task, called.refusal(&refusal, &request), None);
            }
            Reply::AwaitingExecution(child) => self.await_execution(task, called, &child),
            Reply::AwaitingActivityTask(poll) => {
                self.nested.polls.insert(poll, (task.clone(), called));
                if let Some(execution) = self.running(&task.execution_arn) {
                    execution.timetable.task_is_outside(task.task);
                }
            }
        }
    }

    /// Why no more executions are started. On AWS it would go on for ever, and cost.
    fn runaway(&self, starter: Starter) -> Option<Failure> {
        let Limits { nested_executions, nesting, .. } = self.limits;
        let why = if self.family_size(starter.family) >= nested_executions {
            format!("one execution and those that it and they have started are {nested_executions}")
        } else if starter.depth >= nesting {
            format!("{nesting} executions wait for each other")
        } else {
            return None;
        };
        let text =
            format!("sfn-testkit starts no more executions: {why}. Does a state machine start itself?");
        Some(Failure::new(error_name::RUNAWAY_EXECUTION, text))
    }

    fn answered(&mut self, task: &TaskKey, called: Called, answer: &Json, request: &Request) {
        let output = called.output(answer, request);
        match called.pattern {
            IntegrationPattern::RequestResponse => self.tell(task, TaskOutcome::Succeeded(output), None),
            IntegrationPattern::WaitForTaskToken => self.tell(task, TaskOutcome::Submitted(output), None),
            IntegrationPattern::Sync | IntegrationPattern::Sync2 => {
                self.tell(task, TaskOutcome::Submitted(output), None);
                if let Some(child) = answer.get("executionArn").and_then(Json::as_str) {
                    self.await_execution(task, called, &child.into());
                }
            }
        }
    }

    fn await_execution(&mut self, task: &TaskKey, called: Called, child: &Arc<str>) {
        let Some(execution) = self.running(&task.execution_arn) else { return };
        if !execution.timetable.awaits(task.task) {
            return;
        }
        execution.timetable.task_is_nested(task.task);
        if let Some(callback) = execution.callbacks.get_mut(&task.task) {
            callback.stage = Stage::Nested;
        }
        let is_job = called.operation == Operation::StartExecution;
        self.nested.wait(child, Waiting { task: task.clone(), called }, is_job);
    }

    /// Tells an execution what becomes of its task, at `at` of their common time.
    fn tell(&mut self, task: &TaskKey, outcome: TaskOutcome, at: Option<Timestamp>) {
        if let Some(execution) = self.running(&task.execution_arn) {
            let reached = execution.timetable.reached();
            let at = execution.timetable.reach(at.unwrap_or(reached));
            deliver(execution, task.task, outcome, at);
        }
    }

    /// Tells those who wait of what has happened, until nothing is left to tell.
    pub(in crate::service) fn settle(&mut self, now: Timestamp) {
        loop {
            self.settle_map_runs(now);
            self.hand_on_activity_tasks(now);
            match self.nested.next_errand() {
                None if self.map_run_news.is_empty() => return self.plan_families(),
                None => {}
                Some(Errand::Ended(child)) => self.report(&child, now),
                Some(Errand::Stop(child)) => {
                    self.stop(&child, Failure { error: None, cause: None }, now);
                }
            }
        }
    }

    /// An execution has ended: those who waited for it go on.
    fn report(&mut self, child: &Arc<str>, now: Timestamp) {
        for Waiting { task, called } in self.nested.take_waiting(child) {
            let Some(stopped_at) = self.executions.get(child).and_then(|child| child.stop_date()) else {
                continue;
            };
            let outcome = self.outcome_of(child, &task, called, now);
            self.tell(&task, outcome, Some(stopped_at));
            self.run(&task.execution_arn, now);
        }
    }

    fn outcome_of(
        &mut self,
        child: &Arc<str>,
        task: &TaskKey,
        called: Called,
        now: Timestamp,
    ) -> TaskOutcome {
        let Some(parent) = self.executions.get(&task.execution_arn) else {
            return TaskOutcome::Succeeded(Json::Null);
        };
        let request = Request::new(self.config.seed, task, parent.timetable.reached());
        let caller = Caller { place: parent.interpreter.about().place.clone() };
        if matches!(called.operation, Operation::StartSyncExecution | Operation::TestState) {
            let answer = self.sync_answer(child).unwrap_or(Json::Null);
            return TaskOutcome::Succeeded(called.output(&answer, &request));
        }
        let input = Json::from_members([("executionArn", Json::String(Arc::clone(child)))]);
        let operation = Operation::DescribeExecution;
        let call = Call { caller: &caller, operation, input: &input, now, starter: None };
        match describe_execution::run(self, &call) {
            Ok(description) => called.ended(&description),
            Err(refusal) => called.refusal(&refusal, &request),
        }
    }

    /// Gives tasks that poll an activity what they were given.
    fn hand_on_activity_tasks(&mut self, now: Timestamp) {
        let polls: Vec<_> = self.nested.polls.keys().copied().collect();
        for poll in polls {
            let Some((task, called)) = self.nested.polls.get(&poll).cloned() else { continue };
            if !self.awaits(&task) {
                self.nested.polls.remove(&poll);
                self.leave_poll(poll, now);
            } else if let Some(answer) = self.poll_answer(poll) {
                self.nested.polls.remove(&poll);
                let request = Request::new(self.config.seed, &task, now);
                if let Some(execution) = self.running(&task.execution_arn) {
                    execution.timetable.touch(now);
                }
                self.answered(&task, called, &answer, &request);
                self.run(&task.execution_arn, now);
            }
        }
    }

    fn awaits(&mut self, task: &TaskKey) -> bool {
        self.running(&task.execution_arn).is_some_and(|execution| execution.timetable.awaits(task.task))
    }
}
