//! Runs a definition to its end: answers tasks at once, jumps from timer to timer.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use crate::asl;
use crate::interpreter::command::{Command, Outcome, Resume, TaskRequest, TimerId, TimerPurpose};
use crate::interpreter::interpret::{About, Interpreter};
use crate::model::arn::Place;
use crate::model::{EventDetails, Failure, HistoryEvent, Json, StateMachineType, Timestamp};

/// How a test answers a task.
pub(super) enum Answer {
    Gives(&'static str),
    Fails(&'static str, &'static str),
    Never,
}

/// A finished execution, or one that nothing moves any more.
pub(super) struct Ran {
    pub(super) interpreter: Interpreter,
    pub(super) now: Timestamp,
}

pub(super) const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub(super) fn run(definition: &str, input: &str, answer: impl FnMut(&TaskRequest) -> Answer) -> Ran {
    run_as(StateMachineType::Standard, definition, input, answer)
}

/// Runs to the end, answering tasks at once and jumping from timer to timer.
pub(super) fn run_as(
    state_machine_type: StateMachineType,
    definition: &str,
    input: &str,
    answer: impl FnMut(&TaskRequest) -> Answer,
) -> Ran {
    let definition = asl::read_definition(definition, state_machine_type).expect("a valid definition");
    let interpreter = Interpreter::start(&definition, about(state_machine_type, input), START);
    drive(interpreter, START, answer)
}

pub(super) fn drive(
    mut interpreter: Interpreter,
    mut now: Timestamp,
    mut answer: impl FnMut(&TaskRequest) -> Answer,
) -> Ran {
    let mut timers: BTreeMap<(Timestamp, bool, TimerId), ()> = BTreeMap::new();
    loop {
        let mut tasks = Vec::new();
        for command in interpreter.run(now) {
            match command {
                Command::Schedule(task) => tasks.push(task),
                Command::SetTimer { timer, deadline, purpose } => {
                    timers.insert((deadline, purpose == TimerPurpose::ExecutionTimeout, timer), ());
                }
                Command::ClearTimer(gone) => timers.retain(|(_, _, timer), ()| *timer != gone),
                Command::CancelTask(_)
                | Command::StartMapRun(_)
                | Command::RedriveMapRun(_)
                | Command::AbortMapRun(_) => {}
            }
        }
        for task in &tasks {
            match answer(task) {
                Answer::Gives(json) => {
                    let output = Json::parse(json).expect("JSON");
                    interpreter.resume(Resume::TaskSucceeded { task: task.task, output }, now);
                }
                Answer::Fails(error, cause) => {
                    let failure = Failure::new(error, cause);
                    interpreter.resume(Resume::TaskFailed { task: task.task, failure }, now);
                }
                Answer::Never => {}
            }
        }
        if !tasks.is_empty() {
            continue;
        }
        let Some(((deadline, _, _), ())) = timers.first_key_value() else {
            return Ran { interpreter, now };
        };
        now = *deadline;
        fire(&mut interpreter, &mut timers, now);
    }
}

/// All timers of one instant together; the execution's own only when no other is left.
fn fire(
    interpreter: &mut Interpreter,
    timers: &mut BTreeMap<(Timestamp, bool, TimerId), ()>,
    now: Timestamp,
) {
    let ends_execution = timers.first_key_value().is_some_and(|((_, ends_execution, _), ())| *ends_execution);
    while let Some(entry) = timers.first_entry() {
        let (deadline, last, timer) = *entry.key();
        if deadline > now || last != ends_execution {
            break;
        }
        entry.remove();
        interpreter.resume(Resume::TimerFired(timer), now);
    }
}

pub(super) fn about(state_machine_type: StateMachineType, input: &str) -> About {
    let place = Place::of_region("us-east-1", "123456789012");
    About {
        execution_arn: place.execution("m", "e").into(),
        execution_name: "e".into(),
        state_machine_arn: place.state_machine("m").into(),
        state_machine_name: "m".into(),
        state_machine_type,
        state_machine_version_arn: None,
        state_machine_alias_arn: None,
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        place,
        input: Json::parse(input).expect("JSON"),
        input_text: input.into(),
        start_time: START,
        synchronous: false,
        redriven: None,
        quotas: std::sync::Arc::default(),
        tally: None,
        seed: 1,
    }
}

impl Ran {
    pub(super) const REDRIVEN_AFTER: Duration = Duration::from_secs(30);

    /// Takes it up again, some time later, and runs it to its end.
    pub(super) fn redrive(mut self, answer: impl FnMut(&TaskRequest) -> Answer) -> Self {
        let now = self.now.plus(Self::REDRIVEN_AFTER);
        assert!(self.interpreter.can_be_redriven(), "{}", self.transcript());
        self.interpreter.redrive(now);
        drive(self.interpreter, now, answer)
    }

    /// `3<2 PassStateExited`, one event a line.
    pub(super) fn transcript(&self) -> String {
        let mut lines = String::new();
        for event in self.interpreter.events() {
            writeln!(lines, "{}<{} {}", event.id, event.previous_event_id, event.event_type)
                .expect("a string");
        }
        lines
    }

    #[track_caller]
    pub(super) fn check_events(&self, expected: &str) {
        let expected: Vec<_> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(self.transcript().lines().collect::<Vec<_>>(), expected);
    }

    #[track_caller]
    pub(super) fn check_output(&self, expected: &str) {
        match self.interpreter.outcome() {
            Some(Outcome::Succeeded(output)) => assert_eq!(output.to_text(), expected),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    pub(super) fn check_failure(&self, error: &str, cause: &str) {
        match self.interpreter.outcome() {
            Some(Outcome::Failed(failure)) => {
                assert_eq!(failure.error.as_deref(), Some(error));
                assert_eq!(failure.cause.as_deref().unwrap_or_default(), cause);
            }
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn event(&self, id: u64) -> &HistoryEvent {
        self.interpreter.events().iter().find(|event| event.id == id).expect("such an event")
    }

    /// The output of the last Exited event of a state.
    pub(super) fn output_of(&self, state: &str) -> String {
        let mut events = self.interpreter.events().iter().rev();
        let exited = events.find_map(|event| {
            if let EventDetails::StateExited { name, output, .. } = &event.details
                && &**name == state
            {
                return Some(output.to_string());
            }
            None
        });
        exited.expect("the state is exited")
    }

    pub(super) fn elapsed_seconds(&self) -> u64 {
        self.now.since(START).as_secs()
    }
}
