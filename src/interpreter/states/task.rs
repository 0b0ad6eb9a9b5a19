//! Task: has somebody do work, and records how that went.

use std::sync::Arc;
use std::time::Duration;

use super::Begun;
use crate::asl::definition::{Number, State, Task};
use crate::asl::resource::{IntegrationPattern, Resource, ResourceKind};
use crate::asl::way::Way;
use crate::interpreter::command::{Command, TaskId, TaskRequest, TimerPurpose};
use crate::interpreter::data_flow::{filled, through, too_large, within_limits};
use crate::interpreter::failing::{Failing, FailureKind};
use crate::interpreter::frame::{Frame, FrameId, Recorded, Step, TaskInFlight, current_state};
use crate::interpreter::history::HistoryFull;
use crate::interpreter::inspection::Stage;
use crate::interpreter::integration;
use crate::interpreter::interpret::{Interpreter, TimerUse};
use crate::interpreter::step::{After, Seen, explained};
use crate::model::failure::error_name;
use crate::model::history_event::TaskResource;
use crate::model::{EventDetails, Failure, HistoryEventType, Json};
use crate::query::Evaluation;

/// Prepares the task's input and records that it is scheduled.
pub(super) fn begin(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    state: &State,
    task: &Task,
) -> Result<Result<Begun, Failing>, HistoryFull> {
    let mut in_flight = match prepare(interpreter, frame, state, task) {
        Ok(prepared) => Box::new(prepared),
        Err(failing) => return Ok(Err(failing)),
    };
    if in_flight.resource.kind != ResourceKind::Activity {
        queued(interpreter, frame, &mut in_flight)?;
    }
    frame.step = Step::StartTask(in_flight);
    Ok(Ok(Begun::Ready))
}

fn prepare(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    task: &Task,
) -> Result<TaskInFlight, Failing> {
    let token = takes_token(&task.resource).then(|| Arc::from(new_token(interpreter)));
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    interpreter.note(Stage::AfterInputPath, &input);
    let seen = Seen { token: token.as_ref(), ..Seen::input(&input) };
    let (parameters, credentials_role_arn) =
        interpreter.evaluate_seeing(frame, state, seen, |evaluation| {
            let parameters = filled(task.work.parameters.as_ref(), evaluation)?;
            let parameters = prepared(&task.resource, parameters)?;
            Ok((parameters, credentials_role(task, evaluation)?))
        })?;
    interpreter.note(Stage::AfterParameters, &parameters);
    let parameters = within_limits(&parameters, interpreter.payload_bytes(), state)?;
    let (timeout_seconds, heartbeat_seconds) = interpreter.evaluate(frame, state, &input, |evaluation| {
        let timeout = seconds("TimeoutSecondsPath", task.timeout.as_ref(), evaluation)?;
        Ok((timeout, seconds("HeartbeatSecondsPath", task.heartbeat.as_ref(), evaluation)?))
    })?;
    Ok(TaskInFlight {
        task: TaskId(interpreter.new_id()),
        resource: task.resource.clone(),
        input: parameters,
        credentials_role_arn,
        token,
        timeout_seconds,
        heartbeat_seconds,
        timeout_timer: None,
        heartbeat_timer: None,
        recorded: Recorded::Nothing,
    })
}

fn takes_token(resource: &Resource) -> bool {
    match &resource.kind {
        ResourceKind::LambdaFunction => false,
        ResourceKind::Activity => true,
        ResourceKind::Integration { pattern, .. } => waits_for_answer(*pattern),
    }
}

const fn waits_for_answer(pattern: IntegrationPattern) -> bool {
    match pattern {
        IntegrationPattern::RequestResponse => false,
        IntegrationPattern::Sync | IntegrationPattern::Sync2 | IntegrationPattern::WaitForTaskToken => true,
    }
}

/// Opaque, and unlike any other: every attempt has its own.
fn new_token(interpreter: &mut Interpreter) -> String {
    let parts: Vec<String> = (0..4).map(|_| interpreter.random.next_uuid().replace('-', "")).collect();
    format!("AQCEAAAAKgAAAAMAAAAA{}", parts.concat())
}

fn prepared(resource: &Resource, parameters: Json) -> Result<Json, Failure> {
    match &resource.kind {
        ResourceKind::Integration { service, action, pattern } => {
            integration::prepare(service, action, *pattern, parameters)
        }
        ResourceKind::LambdaFunction | ResourceKind::Activity => Ok(parameters),
    }
}

fn credentials_role(task: &Task, evaluation: &mut Evaluation<'_>) -> Result<Option<Arc<str>>, Failure> {
    let Some(template) = &task.credentials else {
        return Ok(None);
    };
    let credentials = template.evaluate(evaluation)?;
    match credentials.get("RoleArn") {
        Some(Json::String(role_arn)) => Ok(Some(Arc::clone(role_arn))),
        _ => Err(Failure::runtime("The field 'RoleArn' of Credentials must be a string")),
    }
}

fn seconds(
    field: &str,
    number: Option<&Number>,
    evaluation: &mut Evaluation<'_>,
) -> Result<Option<u64>, Failure> {
    let path = match number {
        None => return Ok(None),
        Some(Number::Fixed(seconds)) => return Ok(Some(*seconds)),
        Some(Number::At(path)) => path,
        Some(Number::Computed(expression)) => return expression.evaluate_whole(1, evaluation).map(Some),
    };
    let value = path
        .select(evaluation)
        .map_err(|why| Failure::runtime(format!("Invalid path '{}' : {why}", path.text())))?;
    match value.as_i64().and_then(|whole| u64::try_from(whole).ok()) {
        Some(seconds) if seconds > 0 => Ok(Some(seconds)),
        Some(_) | None => Err(Failure::runtime(format!(
            "The {field} parameter does not reference a positive integer: {} == {}",
            path.text(),
            value.compacted()
        ))),
    }
}

/// The types of a task's events: those of functions, of activities, or of integrations.
struct Events {
    scheduled: HistoryEventType,
    started: HistoryEventType,
    succeeded: HistoryEventType,
    failed: HistoryEventType,
    timed_out: HistoryEventType,
}

const fn events(resource: &Resource) -> Events {
    match resource.kind {
        ResourceKind::LambdaFunction => Events {
            scheduled: HistoryEventType::LambdaFunctionScheduled,
            started: HistoryEventType::LambdaFunctionStarted,
            succeeded: HistoryEventType::LambdaFunctionSucceeded,
            failed: HistoryEventType::LambdaFunctionFailed,
            timed_out: HistoryEventType::LambdaFunctionTimedOut,
        },
        ResourceKind::Activity => Events {
            scheduled: HistoryEventType::ActivityScheduled,
            started: HistoryEventType::ActivityStarted,
            succeeded: HistoryEventType::ActivitySucceeded,
            failed: HistoryEventType::ActivityFailed,
            timed_out: HistoryEventType::ActivityTimedOut,
        },
        ResourceKind::Integration { .. } => Events {
            scheduled: HistoryEventType::TaskScheduled,
            started: HistoryEventType::TaskStarted,
            succeeded: HistoryEventType::TaskSucceeded,
            failed: HistoryEventType::TaskFailed,
            timed_out: HistoryEventType::TaskTimedOut,
        },
    }
}

/// `resourceType` and `resource`, of an integration.
fn task_resource(resource: &Resource) -> Option<TaskResource> {
    match &resource.kind {
        ResourceKind::Integration { service, action, pattern } => Some(TaskResource {
            resource_type: Arc::clone(service),
            resource: format!("{action}{}", pattern.suffix()).into(),
        }),
        ResourceKind::LambdaFunction | ResourceKind::Activity => None,
    }
}

fn scheduled(interpreter: &Interpreter, in_flight: &TaskInFlight) -> EventDetails {
    let resource = Arc::clone(&in_flight.resource.arn);
    let input: Arc<str> = in_flight.input.to_text().into();
    let (timeout_in_seconds, heartbeat_in_seconds) = (in_flight.timeout_seconds, in_flight.heartbeat_seconds);
    let credentials_role_arn = in_flight.credentials_role_arn.clone();
    match task_resource(&in_flight.resource) {
        Some(task) => EventDetails::TaskScheduled {
            task,
            region: Arc::clone(&interpreter.about.place.region),
            parameters: input,
            timeout_in_seconds,
            heartbeat_in_seconds,
            credentials_role_arn,
        },
        None if in_flight.resource.kind == ResourceKind::Activity => {
            EventDetails::ActivityScheduled { resource, input, timeout_in_seconds, heartbeat_in_seconds }
        }
        None => EventDetails::LambdaScheduled { resource, input, timeout_in_seconds, credentials_role_arn },
    }
}

/// Hands the task out. An activity starts it when a worker takes it, everybody else at once.
pub(in crate::interpreter) fn start(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    state: &State,
    mut in_flight: Box<TaskInFlight>,
) -> Result<After, HistoryFull> {
    interpreter.tasks.insert(in_flight.task, id);
    interpreter.commands.push(Command::Schedule(TaskRequest {
        task: in_flight.task,
        state: Arc::clone(&state.name),
        resource: in_flight.resource.clone(),
        input: in_flight.input.clone(),
        retry_count: frame.retries.total,
        token: in_flight.token.clone(),
        iteration: frame.item.as_ref().map(|item| item.index),
        place: interpreter.place_of(frame),
    }));
    if in_flight.resource.kind != ResourceKind::Activity {
        started(interpreter, frame, &mut in_flight, None)?;
    }
    frame.step = Step::Task(in_flight);
    Ok(After::Waiting)
}

/// Records that the task is scheduled.
pub(in crate::interpreter) fn queued(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
) -> Result<(), HistoryFull> {
    if in_flight.recorded < Recorded::Scheduled {
        in_flight.recorded = Recorded::Scheduled;
        let details = scheduled(interpreter, in_flight);
        interpreter.record(frame, events(&in_flight.resource).scheduled, details)?;
    }
    Ok(())
}

/// Records that the task started, and starts its clocks.
pub(in crate::interpreter) fn started(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
    worker_name: Option<Arc<str>>,
) -> Result<(), HistoryFull> {
    queued(interpreter, frame, in_flight)?;
    if in_flight.recorded >= Recorded::Started {
        return Ok(());
    }
    in_flight.recorded = Recorded::Started;
    let details = match task_resource(&in_flight.resource) {
        Some(task) => EventDetails::TaskStarted(task),
        None if in_flight.resource.kind == ResourceKind::Activity => {
            EventDetails::ActivityStarted { worker_name }
        }
        None => EventDetails::None,
    };
    interpreter.record(frame, events(&in_flight.resource).started, details)?;
    let task = in_flight.task;
    in_flight.timeout_timer = in_flight.timeout_seconds.map(|seconds| {
        let deadline = interpreter.now.plus(Duration::from_secs(seconds));
        interpreter.set_timer(deadline, TimerUse::TaskTimeout(task), TimerPurpose::TaskTimeout(task))
    });
    restart_heartbeat(interpreter, in_flight);
    Ok(())
}

/// The task cannot be scheduled, since nobody has created its activity.
pub(in crate::interpreter) fn activity_missing(
    _: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
) -> Result<Step, HistoryFull> {
    let why = Failure::runtime(format!("The activity {} does not exist.", in_flight.resource.arn));
    let scope = Arc::clone(&frame.scope);
    Ok(Step::Fail(explained(frame, current_state(&scope, frame.state), why)))
}

/// A sign of life: the time until the next one is due starts anew.
pub(in crate::interpreter) fn restart_heartbeat(interpreter: &mut Interpreter, in_flight: &mut TaskInFlight) {
    interpreter.clear_timer(in_flight.heartbeat_timer.take());
    in_flight.heartbeat_timer = in_flight.heartbeat_seconds.map(|seconds| {
        let deadline = interpreter.now.plus(Duration::from_secs(seconds));
        let task = in_flight.task;
        interpreter.set_timer(deadline, TimerUse::Heartbeat(task), TimerPurpose::Heartbeat(task))
    });
}

/// Records that the called service accepted the task and that an answer is awaited.
pub(in crate::interpreter) fn submitted(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
    output: &Json,
) -> Result<(), HistoryFull> {
    if let Some(task) = task_resource(&in_flight.resource)
        && in_flight.recorded < Recorded::Submitted
    {
        in_flight.recorded = Recorded::Submitted;
        let details = EventDetails::TaskOutput { task, output: output.compacted().to_text().into() };
        interpreter.record(frame, HistoryEventType::TaskSubmitted, details)?;
        restart_heartbeat(interpreter, in_flight);
    }
    Ok(())
}

/// Sees to the events that come before the end of a task. What the called service said on submission nobody
/// knows, if a mock answers for the job or the worker, so that the event shows an empty object.
fn submitted_if_awaited(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
) -> Result<(), HistoryFull> {
    started_if_not(interpreter, frame, in_flight)?;
    if in_flight.token.is_some() {
        submitted(interpreter, frame, in_flight, &Json::empty_object())?;
        stop_clocks(interpreter, in_flight);
    }
    Ok(())
}

/// An activity's task that is answered without a worker was started at that moment.
fn started_if_not(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
) -> Result<(), HistoryFull> {
    started(interpreter, frame, in_flight, None)?;
    stop_clocks(interpreter, in_flight);
    Ok(())
}

fn stop_clocks(interpreter: &mut Interpreter, in_flight: &mut TaskInFlight) {
    interpreter.clear_timer(in_flight.timeout_timer.take());
    interpreter.clear_timer(in_flight.heartbeat_timer.take());
}

pub(in crate::interpreter) fn succeeded(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
    output: Json,
) -> Result<Step, HistoryFull> {
    submitted_if_awaited(interpreter, frame, in_flight)?;
    if let ResourceKind::Integration { service, action, pattern: IntegrationPattern::RequestResponse } =
        &in_flight.resource.kind
        && let Err(failure) = integration::judged(service, action, &output)
    {
        return failed(interpreter, frame, in_flight, Failing::new(failure));
    }
    let text: Arc<str> = output.to_text().into();
    let who = match &in_flight.resource.kind {
        ResourceKind::Integration { service, .. } => service,
        ResourceKind::LambdaFunction | ResourceKind::Activity => &in_flight.resource.arn,
    };
    if let Some(failure) = too_large(&text, interpreter.payload_bytes(), who) {
        return failed(interpreter, frame, in_flight, Failing::new(failure));
    }
    let details = match task_resource(&in_flight.resource) {
        Some(task) => EventDetails::TaskOutput { task, output: text },
        None => EventDetails::Output { output: text },
    };
    interpreter.record(frame, events(&in_flight.resource).succeeded, details)?;
    interpreter.note(Stage::Result, &output);
    Ok(Step::Finish(output))
}

pub(in crate::interpreter) fn failed(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    in_flight: &mut TaskInFlight,
    failing: Failing,
) -> Result<Step, HistoryFull> {
    started_if_not(interpreter, frame, in_flight)?;
    let failure = failing.failure.clone();
    if let ResourceKind::Integration { service, .. } = &in_flight.resource.kind
        && failing.kind != FailureKind::Fatal
        && !integration::is_refusal(service, failure.error.as_deref())
    {
        submitted_if_awaited(interpreter, frame, in_flight)?;
    }
    let types = events(&in_flight.resource);
    let timed_out = failure.is(error_name::TIMEOUT) && failure.cause.is_none();
    let event_type = if timed_out { types.timed_out } else { types.failed };
    if timed_out {
        let missed = failing.kind == FailureKind::Heartbeat;
        let way = if missed { Way::MissedHeartbeat } else { Way::TimedOut };
        interpreter.count(current_state(&frame.scope, frame.state), way);
    }
    let details = match task_resource(&in_flight.resource) {
        Some(task) => EventDetails::TaskFailed { task, failure },
        None => EventDetails::Failed(failure),
    };
    interpreter.record(frame, event_type, details)?;
    Ok(Step::Fail(failing))
}
