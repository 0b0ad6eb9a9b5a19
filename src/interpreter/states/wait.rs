//! Wait: lets time pass, then hands its input on.

use std::time::Duration;

use super::{Begun, Exit};
use crate::asl::definition::{State, Wait, WaitUntil};
use crate::asl::way::Way;
use crate::interpreter::assignment::assigned;
use crate::interpreter::command::TimerPurpose;
use crate::interpreter::data_flow::{not_usable, output as handed_on, through};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::{Frame, FrameId, Step};
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::{Interpreter, TimerUse};
use crate::model::{Failure, Json, Timestamp, quota};
use crate::query::{Evaluation, Expected, FailedEvaluation, Path};

pub(super) fn begin(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    (state, wait): (&State, &Wait),
) -> Result<Begun, Failing> {
    let now = interpreter.now;
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    interpreter.note(Stage::AfterInputPath, &input);
    let deadline = interpreter.evaluate(frame, state, &input, |evaluation| {
        let deadline = deadline(&wait.until, evaluation, now)?;
        if deadline.since(now) > quota::LONGEST_WAIT {
            return Err(Failure::runtime("Wait state delay is too long."));
        }
        Ok(deadline)
    })?;
    if deadline <= now {
        frame.step = Step::Finish(Json::Null);
        return Ok(Begun::Ready);
    }
    let timer = interpreter.set_timer(deadline, TimerUse::Frame(id), TimerPurpose::Wait);
    frame.step = Step::Timer(timer);
    Ok(Begun::Waiting)
}

pub(super) fn finish(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    wait: &Wait,
) -> Result<Exit, Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    let assignment = interpreter
        .evaluate(frame, state, &input, |evaluation| assigned(state.assign.as_ref(), evaluation))?;
    let output = interpreter
        .evaluate(frame, state, &input, |evaluation| handed_on(state, state.output.as_ref(), evaluation))?;
    Ok(Exit { output, assignment, transition: wait.transition, way: Way::Left })
}

fn deadline(
    until: &WaitUntil,
    evaluation: &mut Evaluation<'_>,
    now: Timestamp,
) -> Result<Timestamp, Failure> {
    match until {
        WaitUntil::Seconds(seconds) => Ok(now.plus(Duration::from_secs(*seconds))),
        WaitUntil::Timestamp(timestamp) => Ok(*timestamp),
        WaitUntil::SecondsPath(path) => {
            let value = selected("SecondsPath", path, evaluation)?;
            Ok(now.plus(Duration::from_secs(seconds(path, &value)?)))
        }
        WaitUntil::TimestampPath(path) => {
            let value = selected("TimestampPath", path, evaluation)?;
            timestamp(path, &value)
        }
        WaitUntil::ComputedSeconds(expression) => {
            Ok(now.plus(Duration::from_secs(expression.evaluate_whole(0, evaluation)?)))
        }
        WaitUntil::ComputedTimestamp(expression) => {
            let value = expression.evaluate_as(Expected::String, evaluation)?;
            computed_timestamp(&value, evaluation)
        }
    }
}

fn selected(field: &str, path: &Path, evaluation: &Evaluation<'_>) -> Result<Json, Failure> {
    path.select(evaluation).map_err(|_| {
        Failure::runtime(format!("The {field} parameter does not reference an input value: {}", path.text()))
    })
}

fn seconds(path: &Path, value: &Json) -> Result<u64, Failure> {
    let whole = value.as_i64().ok_or_else(|| {
        Failure::runtime(format!(
            "The SecondsPath parameter cannot be parsed as a long value: {} == {}",
            path.text(),
            shown(value)
        ))
    })?;
    u64::try_from(whole).map_err(|_| {
        Failure::runtime(format!(
            "The SecondsPath parameter references a negative value: {} == {whole}",
            path.text()
        ))
    })
}

fn computed_timestamp(value: &Json, evaluation: &mut Evaluation<'_>) -> Result<Timestamp, Failure> {
    value.as_str().and_then(Timestamp::parse).map(in_whole_seconds).ok_or_else(|| {
        let cause = format!(
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {}",
            shown(value)
        );
        let failed = FailedEvaluation { field: Some("Timestamp".into()), after_evaluation: true };
        not_usable(failed, cause, evaluation)
    })
}

fn in_whole_seconds(timestamp: Timestamp) -> Timestamp {
    Timestamp::from_millis(timestamp.as_millis().div_euclid(1000) * 1000)
}

/// Fractions of a second are cut off.
fn timestamp(path: &Path, value: &Json) -> Result<Timestamp, Failure> {
    let parsed = value.as_str().and_then(Timestamp::parse).ok_or_else(|| {
        Failure::runtime(format!(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {} == {}",
            path.text(),
            shown(value)
        ))
    })?;
    Ok(in_whole_seconds(parsed))
}

/// A string without quotes, anything else as JSON.
fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.compacted().to_text(), ToOwned::to_owned)
}
