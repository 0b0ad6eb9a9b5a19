//! A mock as a clause wants it: its quotas, its faults, its objects, and how its tasks answer.

use serde_json::Value;

use super::clause::{Clause, Fault, TaskAnswer, TaskAnswers};
use crate::mock::{MockSfn, TaskMock, Time};
use crate::model::{Quota, Quotas};

/// The answers are alike for the first and every later one, but the types differ.
macro_rules! answers {
    ($mock:expr, $answer:expr) => {
        match ($answer.returns.as_ref(), $answer.fails.as_ref(), $answer.waits_for_token.as_ref()) {
            (Some(output), _, _) => $mock.returns(Value::from(output)),
            (None, Some(failure), _) => $mock.fails(failure.error.as_str(), failure.cause.as_str()),
            (None, None, Some(response)) => $mock.waits_for_token_with(Value::from(response)),
            (None, None, None) => $mock.never_answers(),
        }
    };
}

/// A mock with what the clause says beforehand.
pub(super) fn new_mock(clause: &Clause) -> Result<MockSfn, String> {
    let mut builder = MockSfn::builder().time(Time::Manual).unverified();
    for (name, value) in &clause.quotas {
        let quota = Quota::from_name(name).ok_or_else(|| format!("there is no quota `{name}`"))?;
        Quotas::default().lower(quota, *value)?;
        builder = builder.quota(quota, *value);
    }
    let sfn = builder.build();
    for (name, content) in &clause.objects {
        let (bucket, key) = name
            .split_once('/')
            .ok_or_else(|| format!("`{name}` is no object: write the bucket, a `/`, and the key"))?;
        let text = content.as_str().map_or_else(|| content.to_text(), str::to_owned);
        sfn.objects().put(bucket, key, text);
    }
    for fault in &clause.faults {
        add_fault(&sfn, fault);
    }
    for task in &clause.tasks {
        mock_task(&sfn, task);
    }
    Ok(sfn)
}

fn add_fault(sfn: &MockSfn, fault: &Fault) {
    let made = sfn.fault(fault.operation).error(&fault.code, fault.message.as_str());
    let told = fault.members.iter().fold(made, |made, (member, text)| made.member(member.name(), text));
    if let Some(times) = fault.times {
        told.times(times);
    }
}

fn mock_task(sfn: &MockSfn, task: &TaskAnswers) {
    let mut mock: Option<TaskMock> = None;
    for answer in &task.answers {
        let next = match mock {
            Some(mock) => answers!(mock.then(), answer),
            None => match (&task.state, &task.resource) {
                (Some(state), _) => answers!(sfn.on_state(state), answer),
                (None, resource) => answers!(sfn.on_resource(resource.as_deref().unwrap_or("*")), answer),
            },
        };
        mock = Some(timed(next, answer));
    }
}

fn timed(mock: TaskMock, answer: &TaskAnswer) -> TaskMock {
    let mock = match answer.times {
        Some(times) => mock.times(times),
        None => mock,
    };
    match answer.after {
        Some(after) => mock.after(after),
        None => mock,
    }
}
