//! The steps of a clause.

use std::time::Duration;

use super::members::{Members, Node, Read};
use crate::contract::step::{
    AdvanceStep, AwaitStep, CallStep, DetailedEvent, EventPattern, ExpectStep, Fails, HistoryStep, PagesStep,
    ParallelStep, RawAnswer, RawRequest, RepeatStep, Saves, SendStep, Step,
};
use crate::contract::template;
use crate::model::{HistoryEventType, Json};

const CALL_KEYS: &[&str] = &["call", "with", "answers", "fails", "save"];
const FAILS_KEYS: &[&str] = &["code", "message", "status", "namespace", "members"];
const SEND_KEYS: &[&str] = &["send", "gets", "save"];
const REQUEST_KEYS: &[&str] = &["target", "headers", "body"];
const ANSWER_KEYS: &[&str] = &["status", "headers", "body", "text"];
const PAGES_KEYS: &[&str] = &["pages", "with", "items", "sizes", "answers", "save"];
const HISTORY_KEYS: &[&str] = &["history", "events", "includes", "lacks", "save"];
const EVENT_KEYS: &[&str] = &["event", "details", "at"];
const AWAIT_KEYS: &[&str] = &["await", "with", "until", "within", "save"];
const ADVANCE_KEYS: &[&str] = &["advance"];
const REPEAT_KEYS: &[&str] = &["repeat", "steps"];
const PARALLEL_KEYS: &[&str] = &["parallel"];
const EXPECT_KEYS: &[&str] = &["expect", "is"];

/// The keys of each object below `steps`, by the name of its type; the schema must have the same.
#[cfg(test)]
pub(in crate::contract) const KEYS_OF_STEPS: &[(&str, &[&str])] = &[
    ("CallStep", CALL_KEYS),
    ("Fails", FAILS_KEYS),
    ("SendStep", SEND_KEYS),
    ("RawRequest", REQUEST_KEYS),
    ("RawAnswer", ANSWER_KEYS),
    ("PagesStep", PAGES_KEYS),
    ("HistoryStep", HISTORY_KEYS),
    ("DetailedEvent", EVENT_KEYS),
    ("AwaitStep", AWAIT_KEYS),
    ("AdvanceStep", ADVANCE_KEYS),
    ("RepeatStep", REPEAT_KEYS),
    ("ParallelStep", PARALLEL_KEYS),
    ("ExpectStep", EXPECT_KEYS),
];

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn read_steps(node: &Node<'_>) -> Read<Vec<Step>> {
    let steps = node.items()?;
    if steps.is_empty() {
        return node.flaw("write at least one step");
    }
    steps.iter().map(read_step).collect()
}

fn read_step(node: &Node<'_>) -> Read<Step> {
    let first = node.json.as_object().and_then(|members| members.keys().next());
    match first.map_or("", |key| key) {
        "call" => read_call(&node.members(CALL_KEYS)?).map(Step::Call),
        "send" => read_send(&node.members(SEND_KEYS)?).map(Step::Send),
        "pages" => read_pages(&node.members(PAGES_KEYS)?).map(Step::Pages),
        "history" => read_history(&node.members(HISTORY_KEYS)?).map(Step::History),
        "await" => read_await(&node.members(AWAIT_KEYS)?).map(Step::Await),
        "advance" => {
            let advance = node.members(ADVANCE_KEYS)?.need("advance")?.duration()?;
            Ok(Step::Advance(AdvanceStep { advance }))
        }
        "repeat" => {
            let members = node.members(REPEAT_KEYS)?;
            let repeat = members.need("repeat")?.count()?;
            Ok(Step::Repeat(RepeatStep { repeat, steps: read_steps(&members.need("steps")?)? }))
        }
        "parallel" => {
            let lists = node.members(PARALLEL_KEYS)?.need("parallel")?.items()?;
            let parallel = lists.iter().map(read_steps).collect::<Read<_>>()?;
            Ok(Step::Parallel(ParallelStep { parallel }))
        }
        "expect" => {
            let members = node.members(EXPECT_KEYS)?;
            let expect = members.need("expect")?.json.compacted();
            Ok(Step::Expect(ExpectStep { expect, is: read_pattern(&members.need("is")?)? }))
        }
        _ => node.flaw(
            "a step starts with one of the keys `call`, `send`, `pages`, `history`, `await`, `advance`, `repeat`, \
             `parallel` and `expect`",
        ),
    }
}

fn read_call(members: &Members<'_>) -> Read<CallStep> {
    let step = CallStep {
        call: members.need("call")?.operation()?,
        with: read_with(members)?,
        answers: members.may("answers", read_pattern)?,
        fails: members.may("fails", read_fails)?,
        save: read_saves(members)?,
    };
    if step.answers.is_some() && step.fails.is_some() {
        return members.flaw("a call either `answers` or `fails`");
    }
    if step.fails.is_some() && !step.save.is_empty() {
        return members.flaw("there is nothing to `save` of a call that fails");
    }
    Ok(step)
}

fn read_fails(node: &Node<'_>) -> Read<Fails> {
    let members = node.members(FAILS_KEYS)?;
    Ok(Fails {
        code: members.need("code")?.text()?,
        message: read_pattern(&members.need("message")?)?,
        status: members.may("status", read_status)?.unwrap_or(400),
        namespace: members.may("namespace", Node::text)?,
        members: members.may("members", read_pattern)?,
    })
}

fn read_send(members: &Members<'_>) -> Read<SendStep> {
    let request = members.need("send")?.members(REQUEST_KEYS)?;
    let answer = members.need("gets")?.members(ANSWER_KEYS)?;
    Ok(SendStep {
        send: RawRequest {
            target: request.may("target", Node::text)?,
            headers: request.or_default("headers", Node::text_map)?,
            body: request.get("body").map_or_else(|| Json::from(""), |body| body.json.compacted()),
        },
        gets: RawAnswer {
            status: read_status(&answer.need("status")?)?,
            headers: answer.or_default("headers", |node| {
                let entries = node.entries()?.into_iter();
                entries.map(|(name, value)| Ok((name.to_ascii_lowercase(), read_pattern(&value)?))).collect()
            })?,
            body: answer.may("body", read_pattern)?,
            text: answer.may("text", read_pattern)?,
        },
        save: read_saves(members)?,
    })
}

fn read_status(node: &Node<'_>) -> Read<u16> {
    match u16::try_from(node.number()?) {
        Ok(status @ 100..=599) => Ok(status),
        Ok(_) | Err(_) => node.flaw("this must be an HTTP status"),
    }
}

fn read_pages(members: &Members<'_>) -> Read<PagesStep> {
    Ok(PagesStep {
        pages: members.need("pages")?.operation()?,
        with: read_with(members)?,
        items: members.need("items")?.text()?,
        sizes: members.may("sizes", |node| node.items()?.iter().map(Node::count).collect())?,
        answers: members.may("answers", read_pattern)?,
        save: read_saves(members)?,
    })
}

fn read_history(members: &Members<'_>) -> Read<HistoryStep> {
    let events = |node: &Node<'_>| node.items()?.iter().map(read_event).collect::<Read<Vec<_>>>();
    let step = HistoryStep {
        history: members.need("history")?.text()?,
        events: members.may("events", events)?,
        includes: members.may("includes", events)?,
        lacks: members.or_default("lacks", Node::texts)?,
        save: read_saves(members)?,
    };
    for (index, kind) in step.lacks.iter().enumerate() {
        if !is_event_type(kind) {
            return members.flaw(format!("item {index} of `lacks`: `{kind}` is no type of event"));
        }
    }
    Ok(step)
}

fn read_event(node: &Node<'_>) -> Read<EventPattern> {
    let event = if node.json.as_str().is_some() {
        EventPattern::Line(node.text()?)
    } else {
        let members = node.members(EVENT_KEYS)?;
        EventPattern::Detailed(DetailedEvent {
            event: members.need("event")?.text()?,
            details: members.may("details", read_pattern)?,
            at: members.may("at", Node::duration)?,
        })
    };
    let kind = event.line().rsplit(' ').next().unwrap_or_default();
    let ids = event.line().strip_suffix(kind).unwrap_or_default().trim_end();
    let are_ids = ids.split_once('<').is_some_and(|(id, previous)| {
        [id, previous].iter().all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    });
    if is_event_type(kind) && (ids.is_empty() || are_ids) {
        Ok(event)
    } else {
        node.flaw(format!("`{}` is no event: write `4<3 TaskScheduled`, or the type alone", event.line()))
    }
}

fn is_event_type(name: &str) -> bool {
    HistoryEventType::ALL.iter().any(|kind| kind.as_str() == name)
}

fn read_await(members: &Members<'_>) -> Read<AwaitStep> {
    Ok(AwaitStep {
        operation: members.need("await")?.operation()?,
        with: read_with(members)?,
        until: read_pattern(&members.need("until")?)?,
        within: members.may("within", Node::duration)?.unwrap_or(PATIENCE),
        save: read_saves(members)?,
    })
}

fn read_with(members: &Members<'_>) -> Read<Json> {
    Ok(members.may("with", Node::object)?.unwrap_or_else(Json::empty_object))
}

fn read_saves(members: &Members<'_>) -> Read<Saves> {
    let saves = members.or_default("save", Node::text_map)?;
    for (name, path) in &saves {
        if !template::is_path(path) {
            return members.flaw(format!("`{path}`, saved as `{name}`, is no path: write `$.a.b[0]`"));
        }
    }
    Ok(saves)
}

/// Refuses what can be no pattern whatever its placeholders stand for.
fn read_pattern(node: &Node<'_>) -> Read<Json> {
    match template::check_pattern(node.json) {
        Ok(()) => Ok(node.json.compacted()),
        Err(reason) => node.flaw(reason),
    }
}
