//! The words of a timeline: what one event means to the person who reads it.

use std::fmt::Write as _;

use super::change;
use super::history::{Attempt, Role, StateKind, Visit, details};
use super::style::Cut;
use super::wording;
use crate::model::map_run_record::MapRunRecord;
use crate::model::{
    EventDetails, ExecutionStatus, Failure, HistoryEvent, HistoryEventType, MapRunCounts, fold,
};

/// An event of the execution itself, or one that belongs to nothing known.
pub(super) fn of_execution(event: &HistoryEvent, cut: Cut) -> String {
    let what = ended_as(event.event_type);
    if let EventDetails::ExecutionStarted { input, .. } = &event.details {
        return format!("started with {}", payload(input, cut));
    }
    if let EventDetails::ExecutionRedriven { redrive_count: count @ 2.. } = &event.details {
        return format!("redriven, for the {count}{} time", ordinal_suffix(*count));
    }
    match details::output(event) {
        Some(output) => format!("{what} with {}", payload(output, cut)),
        None => with_failure(what, details::failure(event), cut),
    }
}

/// Of the English ordinal number: 2nd, 3rd, 4th, 11th, 21st.
const fn ordinal_suffix(count: u64) -> &'static str {
    match (count % 10, count % 100 / 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

fn ended_as(event_type: HistoryEventType) -> &'static str {
    let words = [
        (HistoryEventType::ExecutionSucceeded, ExecutionStatus::Succeeded.as_str()),
        (HistoryEventType::ExecutionFailed, ExecutionStatus::Failed.as_str()),
        (HistoryEventType::ExecutionTimedOut, ExecutionStatus::TimedOut.as_str()),
        (HistoryEventType::ExecutionAborted, ExecutionStatus::Aborted.as_str()),
        (HistoryEventType::ExecutionRedriven, "redriven"),
    ];
    let known = words.iter().find(|(ending, _)| *ending == event_type);
    known.map_or(event_type.as_str(), |(_, word)| word)
}

/// A state that is entered, and left at once if nothing else happened in it.
pub(super) fn of_entry(visit: &Visit, left_at_once: bool, cut: Cut) -> String {
    let Visit { name, kind, input, .. } = visit;
    let entry = format!("{name} ({}) {}", kind.as_str(), payload(input, cut));
    match visit.output() {
        Some(output) if left_at_once && output != input => {
            format!("{entry} -> {}", change::told(input, output, cut.payload))
        }
        None if *kind == StateKind::Fail && visit.failure.is_some() => {
            with_failure(&format!("{entry} fails"), visit.failure.as_ref(), cut)
        }
        Some(_) | None => entry,
    }
}

/// What happens between entry and exit; `None` if it is not worth a line.
pub(super) fn of_visit(event: &HistoryEvent, role: Role, visit: &Visit, cut: Cut) -> Option<String> {
    match role {
        // AWS aborts the state that failed as well; that it failed has been told.
        Role::StateAborted(_) if visit.attempts.last().is_some_and(Attempt::has_failed) => None,
        Role::StateAborted(_) => Some("aborted".to_owned()),
        Role::EvaluationFailed => Some(of_evaluation(event, cut)),
        Role::WorkScheduled => visit
            .attempts
            .iter()
            .position(|attempt| attempt.event == event.id)
            .map(|at| of_call(visit, at, cut)),
        Role::WorkStarted => taken_by(event),
        Role::WorkSubmitted => {
            details::output(event).map(|output| format!("submitted, answered {}", payload(output, cut)))
        }
        Role::WorkSucceeded => details::output(event)
            .map(|output| format!("{}returned {}", label_of(visit, event), payload(output, cut))),
        Role::WorkFailed => {
            let failed = with_failure("failed", details::failure(event), cut);
            Some(format!("{}{failed}", label_of(visit, event)))
        }
        Role::ContainerStarted(_) => of_container_start(event, visit),
        Role::ContainerFailed(_) => Some(with_failure("failed", visit.failure.as_ref(), cut)),
        Role::IterationFailed => details::iteration(event).map(|index| format!("item {index} failed")),
        Role::IterationAborted => details::iteration(event).map(|index| format!("item {index} aborted")),
        // These are told of with their Map Run.
        Role::MapRunStarted
        | Role::MapRunRedriven
        | Role::MapRunSucceeded
        | Role::MapRunAborted
        | Role::ExecutionStarted
        | Role::ExecutionRedriven
        | Role::ExecutionEnded
        | Role::StateEntered(_)
        | Role::StateExited
        | Role::ContainerSucceeded(_)
        | Role::IterationStarted
        | Role::IterationSucceeded => None,
    }
}

/// What happens to a Map Run; `None` if the event tells of something else. A run that has ended says what became of
/// its items.
pub(super) fn of_map_run(event: &HistoryEvent, run: Option<&MapRunRecord>, cut: Cut) -> Option<String> {
    let words = [
        (HistoryEventType::MapRunStarted, "started"),
        (HistoryEventType::MapRunRedriven, "redriven"),
        (HistoryEventType::MapRunSucceeded, "succeeded"),
        (HistoryEventType::MapRunFailed, "failed"),
        (HistoryEventType::MapRunAborted, "aborted"),
    ];
    let (_, what) = words.iter().find(|(event_type, _)| *event_type == event.event_type)?;
    let label = run.map_or(String::new(), |run| format!(" `{}`", run.label));
    let is_over =
        !matches!(event.event_type, HistoryEventType::MapRunStarted | HistoryEventType::MapRunRedriven);
    let counts = run.filter(|_| is_over).map_or(String::new(), |run| format!(", {}", counted(&run.items)));
    let told = with_failure(&format!("map run{label} {what}{counts}"), details::failure(event), cut);
    let first = run.filter(|_| is_over).and_then(|run| run.first_failure.as_ref());
    let first = first.map(|(place, failure)| {
        with_failure(&format!("; the first that failed is execution {place}"), Some(failure), cut)
    });
    Some(told + &first.unwrap_or_default())
}

/// `3 items: 2 succeeded, 1 failed`.
fn counted(items: &MapRunCounts) -> String {
    let parts = [
        (items.succeeded, "succeeded"),
        (items.failed, "failed"),
        (items.timed_out, "timed out"),
        (items.aborted, "aborted"),
        (items.pending_redrive, "waiting to be redriven"),
        (items.running, "running"),
        (items.pending, "not started"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
    let total = format!("{} item{}", items.total, if items.total == 1 { "" } else { "s" });
    if parts.is_empty() { total } else { format!("{total}: {}", parts.join(", ")) }
}

/// A state that is left, by its own end or through a catcher.
pub(super) fn of_exit(event: &HistoryEvent, visit: &Visit, cut: Cut) -> String {
    let EventDetails::StateExited { output, assigned_variables, .. } = &event.details else {
        return visit.name.to_string();
    };
    let caught = visit
        .caught()
        .map(|failure| format!(" caught {},", failure.error.as_deref().unwrap_or("an error without a name")));
    let with = (*output != visit.input)
        .then(|| format!(" with {}", change::told(&visit.input, output, cut.payload)));
    let mut assigned = String::new();
    for (name, value) in assigned_variables {
        _ = write!(assigned, ", ${name} = {}", payload(value, cut));
    }
    format!("{}{} left{}{assigned}", visit.name, caught.unwrap_or_default(), with.unwrap_or_default())
}

fn of_evaluation(event: &HistoryEvent, cut: Cut) -> String {
    let EventDetails::EvaluationFailed { failure, location, .. } = &event.details else {
        return String::new();
    };
    let what =
        location.as_ref().map_or("evaluation failed".to_owned(), |at| format!("evaluation of {at} failed"));
    let cause = failure.cause.as_deref().unwrap_or_default();
    format!("{what}: {}", fold(&in_short(cause, location.as_deref()), cut.failure))
}

/// The cause without what the lines around it say: the state, and the field.
fn in_short(cause: &str, location: Option<&str>) -> String {
    let starts = cause.starts_with("An error occurred while executing the state ");
    let cause = cause.split_once("). ").filter(|_| starts).map_or(cause, |(_, rest)| rest);
    let cause = cause.strip_prefix("The JSONata expression ").unwrap_or(cause);
    match location {
        Some(field) => cause.replacen(&format!(" specified for the field '{field}'"), "", 1),
        None => cause.to_owned(),
    }
}

fn of_call(visit: &Visit, position: usize, cut: Cut) -> String {
    let call = visit.attempts.get(position).and_then(|attempt| attempt.call.as_ref());
    let what = call.map_or(String::new(), |call| {
        format!("calls {} with {}", call.resource, payload(&call.payload, cut))
    });
    format!("{}{what}", begin_label(visit, position))
}

fn of_container_start(event: &HistoryEvent, visit: &Visit) -> Option<String> {
    let position = visit.attempts.iter().position(|attempt| attempt.event == event.id)?;
    let what = match (&event.details, position) {
        (EventDetails::MapStateStarted { length }, _) => {
            format!("{length} item{}", if *length == 1 { "" } else { "s" })
        }
        (_, 0) => return None,
        (_, _) => "all branches again".to_owned(),
    };
    Some(format!("{}{what}", begin_label(visit, position)))
}

/// `attempt 2, 1s later: `; nothing of a visit with one attempt.
fn begin_label(visit: &Visit, position: usize) -> String {
    if visit.attempts.len() < 2 {
        return String::new();
    }
    let earlier = position.checked_sub(1).and_then(|earlier| visit.attempts.get(earlier));
    let delay = earlier.and_then(|earlier| visit.attempts.get(position)?.delay_after(earlier));
    let delay = delay.map_or(String::new(), |delay| format!(", {} later", wording::span(delay)));
    format!("attempt {}{delay}: ", position + 1)
}

/// `attempt 2 `; nothing of a visit with one attempt.
fn label_of(visit: &Visit, event: &HistoryEvent) -> String {
    let answered = |attempt: &Attempt| attempt.answer.as_ref().is_some_and(|answer| answer.event == event.id);
    let ended = |attempt: &Attempt| answered(attempt) || attempt.failed_event() == Some(event.id);
    match visit.attempts.iter().position(ended) {
        Some(position) if visit.attempts.len() > 1 => format!("attempt {} ", position + 1),
        _ => String::new(),
    }
}

/// Only activities are worth a line: between their being scheduled and taken, time passes.
fn taken_by(event: &HistoryEvent) -> Option<String> {
    let EventDetails::ActivityStarted { worker_name } = &event.details else { return None };
    Some(
        worker_name
            .as_ref()
            .map_or("taken by a worker".to_owned(), |worker| format!("taken by worker `{worker}`")),
    )
}

/// `failed: Some.Error: its cause`.
pub(super) fn with_failure(what: &str, failure: Option<&Failure>, cut: Cut) -> String {
    let error = failure.and_then(|failure| failure.error.as_deref());
    let cause = failure.and_then(|failure| failure.cause.as_deref());
    let told = |cause: Option<&str>| {
        let parts = [error, cause].into_iter().flatten().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(": ")
    };
    let whole = told(cause);
    let shorter = cause.and_then(without_preamble).filter(|_| whole.chars().count() > cut.failure);
    let text = shorter.map_or(whole, |cause| told(Some(&cause)));
    if text.is_empty() { what.to_owned() } else { format!("{what}: {}", fold(&text, cut.failure)) }
}

/// A cause of a failed state, shorter: "An error occurred while executing the state 'A' (entered at the event id #2).
/// Why" becomes "in `A`: Why".
fn without_preamble(cause: &str) -> Option<String> {
    let rest = cause.strip_prefix("An error occurred while executing the state '")?;
    let (state, rest) = rest.split_once("' (entered at the event id #")?;
    let (_, why) = rest.split_once("). ")?;
    Some(format!("in `{state}`: {why}"))
}

fn payload(text: &str, cut: Cut) -> String {
    fold(text, cut.payload)
}
