//! What happens to executions between calls: tasks handed out and answered, timers fired, endings noted.

use std::sync::Arc;

use indexmap::IndexSet;

use super::account::Account;
use super::execution::{Execution, Step};
use super::task_call::{TaskAnswer, TaskCall, TaskKey, TaskOutcome};
use super::timetable::Wakeup;
use crate::interpreter::command::{Resume, TaskId, TaskRequest};
use crate::model::{Failure, Timestamp};

impl Account {
    /// Takes in an execution that has just been started, and lets it go its first way.
    pub(super) fn add_execution(&mut self, execution: Execution, now: Timestamp) {
        let arn = Arc::clone(execution.arn());
        if let Some(machine) = self.machines.get_mut(execution.state_machine_arn()) {
            machine.running_executions += 1;
        }
        self.open_executions += usize::from(!execution.is_express());
        self.executions.insert(Arc::clone(&arn), execution);
        self.run(&arn, now);
    }

    /// Ends an execution, as StopExecution does.
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
            let concerned =
                &**execution.state_machine_arn() == machine_arn && execution.generation == generation;
            if concerned && execution.ending.is_none() {
                execution.doomed = true;
                execution.timetable.touch(now);
                doomed.push(Arc::clone(arn));
            }
        }
        for arn in doomed {
            self.replan(&arn);
        }
    }

    pub(super) fn answer_all(&mut self, answers: Vec<(TaskKey, TaskAnswer)>, now: Timestamp) {
        let mut changed = IndexSet::new();
        for (key, answer) in answers {
            let Some(execution) = self.running(&key.execution_arn) else { continue };
            match answer {
                TaskAnswer::Outcome { after, outcome } if after.is_zero() => {
                    let at = execution.timetable.reached();
                    deliver(execution, key.task, outcome, at);
                }
                TaskAnswer::Outcome { after, outcome } => {
                    execution.timetable.task_takes(key.task, after, outcome);
                }
                TaskAnswer::Later => execution.timetable.task_is_outside(key.task),
            }
            changed.insert(key.execution_arn);
        }
        for arn in changed {
            self.run(&arn, now);
        }
    }

    pub(super) fn finish(&mut self, key: &TaskKey, outcome: TaskOutcome, now: Timestamp) {
        if let Some(execution) = self.running(&key.execution_arn) {
            let at = execution.timetable.touch(now);
            deliver(execution, key.task, outcome, at);
            self.run(&key.execution_arn, now);
        }
    }

    pub(super) fn fire(&mut self, now: Timestamp) -> bool {
        let Some((_, _, arn)) = self.agenda.first().filter(|(due, _, _)| *due <= now).cloned() else {
            return false;
        };
        if let Some(execution) = self.running(&arn)
            && let Some(fired) = execution.timetable.fire(now)
        {
            for wakeup in fired.wakeups {
                match wakeup {
                    Wakeup::Timer(timer) => execution.resume(Resume::TimerFired(timer), fired.at),
                    Wakeup::Task(task, outcome) => deliver(execution, task, outcome, fired.at),
                }
            }
        }
        self.run(&arn, now);
        true
    }

    fn running(&mut self, arn: &str) -> Option<&mut Execution> {
        self.executions.get_mut(arn).filter(|execution| execution.ending.is_none())
    }

    /// Lets an execution go on from the instant that it has reached, and sees to what it asks for.
    fn run(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(execution) = self.running(arn) else { return };
        let at = execution.timetable.reached();
        let step = execution.run(at, now);
        self.offer(arn, step, at);
        self.replan(arn);
    }

    fn offer(&mut self, arn: &Arc<str>, step: Step, at: Timestamp) {
        let Some(execution) = self.executions.get(arn) else { return };
        let call_of = |request: TaskRequest| TaskCall {
            key: TaskKey { execution_arn: Arc::clone(arn), task: request.task },
            request,
            state_machine_name: Arc::clone(&execution.interpreter.about().state_machine_name),
            test_case: execution.test_case.clone(),
            now: at,
        };
        let calls: Vec<TaskCall> = step.scheduled.into_iter().map(call_of).collect();
        self.offered.retain(|call| {
            call.key.execution_arn != *arn || !(step.closed || step.cancelled.contains(&call.key.task))
        });
        self.offered.extend(calls);
        if step.closed {
            self.execution_closed(arn);
        }
    }

    /// Keeps count of what runs; a machine that is being deleted is gone with its last execution.
    pub(super) fn execution_closed(&mut self, arn: &Arc<str>) {
        self.replan(arn);
        let Some(execution) = self.executions.get(arn) else { return };
        self.open_executions = self.open_executions.saturating_sub(usize::from(!execution.is_express()));
        let machine_arn = Arc::clone(execution.state_machine_arn());
        let Some(machine) = self.machines.get_mut(&machine_arn) else { return };
        if machine.generation == execution.generation {
            machine.running_executions = machine.running_executions.saturating_sub(1);
            if machine.deleting && machine.running_executions == 0 {
                self.machines.remove(&machine_arn);
            }
        }
    }

    /// Notes when something happens to the execution next.
    fn replan(&mut self, arn: &Arc<str>) {
        let Some(execution) = self.executions.get_mut(arn) else { return };
        let due = execution.timetable.due();
        let entry = |due| (due, execution.number, Arc::clone(arn));
        if let Some(planned) = execution.planned {
            self.agenda.remove(&entry(planned));
        }
        if let Some(due) = due {
            self.agenda.insert(entry(due));
        }
        execution.planned = due;
    }
}

/// Tells the interpreter how a task ended, if that is still awaited.
fn deliver(execution: &mut Execution, task: TaskId, outcome: TaskOutcome, at: Timestamp) {
    if execution.timetable.task_gone(task) {
        let resume = match outcome {
            TaskOutcome::Succeeded(output) => Resume::TaskSucceeded { task, output },
            TaskOutcome::Failed(failure) => Resume::TaskFailed { task, failure },
            TaskOutcome::Unanswerable(failure) => Resume::TaskUnanswerable { task, failure },
        };
        execution.resume(resume, at);
    }
}
