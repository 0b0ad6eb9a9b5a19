//! Random actions of callers and workers on the tasks of an activity: who gets which task, what a token is good for, and
//! how the executions end, compared with a queue and a list.

#![expect(clippy::indexing_slicing, reason = "a member that is missing fails the test")]

use std::collections::VecDeque;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::door::{ACTIVITY, Door, MACHINE, ROLE};
use super::requests::runner;

/// How long a worker waits for a task, in seconds.
const POLL: u64 = 60;
/// How long after the error `again` a task is there again, once.
const RETRY: u64 = 5;

#[derive(Debug, Clone)]
enum Action {
    Start {
        name: &'static str,
    },
    Stop {
        name: &'static str,
    },
    Poll,
    /// Sends one of the tokens that were given out, good or not.
    Send {
        token: Index,
        report: Report,
    },
    Pass {
        seconds: u64,
    },
}

#[derive(Debug, Clone, Copy)]
enum Report {
    Success,
    Failure(&'static str),
    Heartbeat,
}

#[derive(Debug, Default)]
struct Reference {
    now: u64,
    /// In the order of their start.
    executions: Vec<Execution>,
    /// Indexes of executions.
    queue: VecDeque<usize>,
    /// Which execution each token is of, and which attempt.
    tokens: Vec<(String, usize, u8)>,
}

#[derive(Debug)]
struct Execution {
    name: &'static str,
    status: &'static str,
    attempt: u8,
    /// When the task is there again.
    retry_at: Option<u64>,
    /// Whether the token of this attempt can still be sent.
    open: bool,
}

impl Reference {
    fn start(&mut self, name: &'static str) -> Result<(), &'static str> {
        match self.executions.iter().find(|execution| execution.name == name) {
            Some(there) if there.status == "RUNNING" => return Ok(()),
            Some(_) => return Err("ExecutionAlreadyExists"),
            None => {}
        }
        self.queue.push_back(self.executions.len());
        self.executions.push(Execution { name, status: "RUNNING", attempt: 0, retry_at: None, open: false });
        Ok(())
    }

    fn stop(&mut self, name: &str) -> Result<(), &'static str> {
        let found = self.executions.iter_mut().find(|execution| execution.name == name);
        let execution = found.ok_or("ExecutionDoesNotExist")?;
        if execution.status == "RUNNING" {
            execution.end("ABORTED");
        }
        Ok(())
    }

    /// The execution whose task a worker gets, if any comes in time.
    fn poll(&mut self) -> Option<usize> {
        let until = self.now + POLL;
        loop {
            while let Some(next) = self.queue.pop_front() {
                if self.executions[next].status == "RUNNING" {
                    self.executions[next].open = true;
                    return Some(next);
                }
            }
            match self.next_retry().filter(|due| *due <= until) {
                Some(due) => self.pass_to(due),
                None => {
                    self.pass_to(until);
                    return None;
                }
            }
        }
    }

    fn send(&mut self, token: usize, report: Report) -> Result<(), &'static str> {
        let (_, execution, attempt) = self.tokens[token];
        let now = self.now;
        let execution = &mut self.executions[execution];
        if !execution.open || execution.attempt != attempt {
            return Err("TaskTimedOut");
        }
        match report {
            Report::Heartbeat => {}
            Report::Success => execution.end("SUCCEEDED"),
            Report::Failure("again") if attempt == 0 => {
                execution.attempt += 1;
                execution.open = false;
                execution.retry_at = Some(now + RETRY);
            }
            Report::Failure(_) => execution.end("FAILED"),
        }
        Ok(())
    }

    fn next_retry(&self) -> Option<u64> {
        self.executions.iter().filter_map(|execution| execution.retry_at).min()
    }

    fn pass_to(&mut self, moment: u64) {
        while let Some(due) = self.next_retry().filter(|due| *due <= moment) {
            let next = self.executions.iter().position(|execution| execution.retry_at == Some(due)).unwrap();
            self.executions[next].retry_at = None;
            self.queue.push_back(next);
        }
        self.now = moment;
    }
}

impl Execution {
    fn end(&mut self, status: &'static str) {
        self.status = status;
        self.open = false;
        self.retry_at = None;
    }
}

struct Compared {
    door: Door,
    reference: Reference,
}

impl Compared {
    fn new() -> Self {
        let mut door = Door::to_nothing();
        let retry = json!([{"ErrorEquals": ["again"], "IntervalSeconds": RETRY, "MaxAttempts": 1}]);
        let task = json!({"Type": "Task", "Resource": ACTIVITY, "Retry": retry, "End": true});
        let definition = json!({"StartAt": "A", "States": {"A": task}}).to_string();
        let machine = json!({"name": "m", "roleArn": ROLE, "definition": definition});
        for (operation, input) in [("CreateActivity", json!({"name": "a"})), ("CreateStateMachine", machine)]
        {
            assert_eq!(door.call(operation, &input).error_type, None);
        }
        Self { door, reference: Reference::default() }
    }

    fn step(&mut self, action: &Action) {
        match action {
            Action::Start { name } => {
                let input =
                    json!({"stateMachineArn": MACHINE, "name": name, "input": json!(name).to_string()});
                let expected = self.reference.start(name);
                self.call("StartExecution", &input, expected);
            }
            Action::Stop { name } => {
                let expected = self.reference.stop(name);
                self.call("StopExecution", &json!({"executionArn": arn(name)}), expected);
            }
            Action::Poll => self.poll(),
            Action::Send { token, report } => self.send(token, *report),
            Action::Pass { seconds } => {
                self.reference.pass_to(self.reference.now + seconds);
                self.door.advance(Duration::from_secs(*seconds));
            }
        }
        for execution in &self.reference.executions {
            let described =
                self.door.call("DescribeExecution", &json!({"executionArn": arn(execution.name)})).body;
            assert_eq!(described["status"], execution.status, "{action:?}: {described}");
        }
    }

    fn call(&mut self, operation: &str, input: &Value, expected: Result<(), &'static str>) {
        let answer = self.door.call(operation, input);
        assert_eq!(
            answer.error_type.map_or(Ok(()), Err),
            expected.map_err(str::to_owned),
            "{operation} {input}"
        );
    }

    fn poll(&mut self) {
        let expected = self.reference.poll();
        let task = self.door.call("GetActivityTask", &json!({"activityArn": ACTIVITY})).body;
        let Some(execution) = expected else {
            assert_eq!(task, json!({"taskToken": null}));
            return;
        };
        let there = &self.reference.executions[execution];
        assert_eq!(task["input"], json!(there.name).to_string());
        let token = task["taskToken"].as_str().unwrap().to_owned();
        assert!(self.reference.tokens.iter().all(|(other, ..)| *other != token), "a token is given once");
        self.reference.tokens.push((token, execution, there.attempt));
    }

    fn send(&mut self, token: &Index, report: Report) {
        if self.reference.tokens.is_empty() {
            return;
        }
        let token = token.index(self.reference.tokens.len());
        let text = self.reference.tokens[token].0.clone();
        let expected = self.reference.send(token, report);
        let (operation, input) = match report {
            Report::Success => ("SendTaskSuccess", json!({"taskToken": text, "output": "1"})),
            Report::Failure(error) => ("SendTaskFailure", json!({"taskToken": text, "error": error})),
            Report::Heartbeat => ("SendTaskHeartbeat", json!({"taskToken": text})),
        };
        self.call(operation, &input, expected);
    }
}

fn arn(name: &str) -> String {
    MACHINE.replace(":stateMachine:", ":execution:") + ":" + name
}

fn action() -> impl Strategy<Value = Action> {
    let name = || select(&["u", "v", "w", "x", "y", "z"][..]);
    let report = prop_oneof![
        2 => Just(Report::Success),
        4 => Just(Report::Failure("again")),
        1 => Just(Report::Failure("other")),
        1 => Just(Report::Heartbeat),
    ];
    prop_oneof![
        5 => name().prop_map(|name| Action::Start { name }),
        1 => name().prop_map(|name| Action::Stop { name }),
        5 => Just(Action::Poll),
        5 => (any::<Index>(), report).prop_map(|(token, report)| Action::Send { token, report }),
        2 => select(&[1_u64, 4, 5, 60][..]).prop_map(|seconds| Action::Pass { seconds }),
    ]
}

#[test]
fn workers_get_the_tasks_in_order_and_tokens_are_good_once() {
    runner(60)
        .run(&vec(action(), 1..60), |actions| {
            let mut compared = Compared::new();
            actions.iter().for_each(|action| compared.step(action));
            Ok(())
        })
        .unwrap_or_else(|why| panic!("{why}"));
}
