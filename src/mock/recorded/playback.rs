//! Which recorded call answers a call: the one at the same place, unless another was called with the very input.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::call::RecordedCall;
use super::execution::RecordedExecution;
use super::nearest;
use super::tasks::RecordedTasks;
use crate::mock::call::Call;
use crate::mock::task_sequence::Answer;
use crate::model::{Json, StatePlace};

/// Recorded executions, and how far those of the mock have come through them.
#[derive(Debug)]
pub(in crate::mock) struct Playback {
    recorded: RecordedTasks,
    /// By the ARN of an execution of the mock.
    playing: BTreeMap<String, Playing>,
    /// The recorded executions that somebody plays.
    taken: BTreeSet<usize>,
}

/// An execution of the mock and the recorded one that it goes along with.
#[derive(Debug)]
struct Playing {
    execution: usize,
    /// The recorded calls that have answered.
    used: BTreeSet<usize>,
    /// For each place of each state: the number of the present visit, and its last attempt.
    visits: BTreeMap<(String, StatePlace), (usize, u64)>,
}

impl Playback {
    pub(in crate::mock) const fn new(recorded: RecordedTasks) -> Self {
        Self { recorded, playing: BTreeMap::new(), taken: BTreeSet::new() }
    }

    /// The recorded answer, or why there is none, as a sentence without its full stop.
    pub(in crate::mock) fn answer(&mut self, call: &Call) -> Result<Answer, String> {
        let Some(number) = self.execution_for(call) else {
            return Err("no execution is recorded".to_owned());
        };
        let Some(execution) = self.recorded.executions.get(number) else {
            return Err("no execution is recorded".to_owned());
        };
        let playing = self.playing.entry(call.execution_arn.clone()).or_insert_with(|| {
            self.taken.insert(number);
            Playing { execution: number, used: BTreeSet::new(), visits: BTreeMap::new() }
        });
        let visit = playing.visit_of(call);
        match playing.choose(execution, call, visit) {
            Some(chosen) => {
                playing.used.insert(chosen);
                let answer =
                    execution.calls.get(chosen).map(|recorded| recorded.answer(call.task_token.is_some()));
                answer.ok_or_else(|| nearest::told(execution, call))
            }
            None => Err(nearest::told(execution, call)),
        }
    }

    /// The recorded execution that this one goes along with: the one it goes along with already; else the one most
    /// like it, and of equals the first that is free.
    fn execution_for(&self, call: &Call) -> Option<usize> {
        if let Some(playing) = self.playing.get(&call.execution_arn) {
            return Some(playing.execution);
        }
        let likeness = |number: usize, recorded: &RecordedExecution| {
            (
                !recorded.of_state(&call.state).is_empty(),
                recorded.input == call.execution_input,
                *recorded.state_machine_name == *call.state_machine,
                !self.taken.contains(&number),
            )
        };
        let numbered = self.recorded.executions.iter().enumerate();
        // Of equals `max_by_key` takes the last, so that they are looked at backwards.
        numbered.rev().max_by_key(|(number, recorded)| likeness(*number, recorded)).map(|(number, _)| number)
    }
}

impl Playing {
    /// Which visit of the state in its place this is, from 0.
    fn visit_of(&mut self, call: &Call) -> usize {
        let key = (call.state.clone(), call.place.clone());
        let attempt = call.retry_count;
        let begun = self.visits.entry(key).and_modify(|(visit, last)| {
            *visit += usize::from(attempt <= *last);
            *last = attempt;
        });
        begun.or_insert((0, attempt)).0
    }

    /// The number of the recorded call that answers. In this order: the call at the same place, of the same visit and
    /// attempt, with the same input; any of the state with the same input; the one at the same place; the next of the
    /// state, unless this is a retry; one of another state that called the same with the same input.
    fn choose(&self, execution: &RecordedExecution, call: &Call, visit: usize) -> Option<usize> {
        let input = Json::from(&call.input);
        let has_its_input = |(_, recorded): &(usize, &RecordedCall)| {
            recorded.input.as_ref().is_some_and(|other| is_alike(other, &input, call.task_token.as_deref()))
        };
        let unused: Vec<(usize, &RecordedCall)> = self.unused(execution, &call.state).collect();
        let at_its_place = unused.iter().copied().find(|(_, recorded)| {
            recorded.place == call.place && recorded.visit == visit && recorded.attempt == call.retry_count
        });
        let others = || execution.calls.iter().enumerate().filter(|(number, _)| !self.used.contains(number));
        at_its_place
            .filter(has_its_input)
            .or_else(|| unused.iter().copied().find(has_its_input))
            .or(at_its_place)
            .or_else(|| unused.first().copied().filter(|_| call.retry_count == 0))
            .or_else(|| others().find(|other| calls_the_same(other.1, call) && has_its_input(other)))
            .map(|(number, _)| number)
    }

    fn unused<'e>(
        &'e self,
        execution: &'e RecordedExecution,
        state: &str,
    ) -> impl Iterator<Item = (usize, &'e RecordedCall)> {
        let numbers = execution.of_state(state).iter().copied();
        let unused = numbers.filter(|number| !self.used.contains(number));
        unused.filter_map(|number| Some((number, execution.calls.get(number)?)))
    }
}

/// Whether the resource of a call, such as `arn:aws:states:::sqs:sendMessage`, is the recorded one, `sqs:sendMessage`.
fn calls_the_same(recorded: &RecordedCall, call: &Call) -> bool {
    !recorded.resource.is_empty() && call.resource.ends_with(&*recorded.resource)
}

/// Whether two inputs are the same, whatever stands where this call has its task token.
fn is_alike(recorded: &Json, now: &Json, token: Option<&str>) -> bool {
    let Some(token) = token else { return recorded == now };
    match (recorded, now) {
        (_, Json::String(text)) if **text == *token => true,
        (Json::Array(_), Json::Array(_)) => {
            let (recorded, now) =
                (recorded.as_array().unwrap_or_default(), now.as_array().unwrap_or_default());
            let mut pairs = recorded.iter().zip(now);
            recorded.len() == now.len() && pairs.all(|(recorded, now)| is_alike(recorded, now, Some(token)))
        }
        (Json::Object(_), Json::Object(_)) => {
            let same = |(key, value): (&Arc<str>, &Json)| {
                now.get(key).is_some_and(|other| is_alike(value, other, Some(token)))
            };
            let n_members = |value: &Json| value.as_object().map_or(0, indexmap::IndexMap::len);
            n_members(recorded) == n_members(now) && recorded.as_object().into_iter().flatten().all(same)
        }
        _ => recorded == now,
    }
}
