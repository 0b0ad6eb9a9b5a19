//! How the service and the tasks of a clause misbehave or answer.

use std::collections::BTreeMap;

use super::members::{Node, Read};
use crate::contract::clause::{Fault, FaultMember, TaskAnswer, TaskAnswers, TaskFailure};
use crate::model::api_error::ApiErrorKind;

const TASK_KEYS: &[&str] = &["state", "resource", "answers"];
const ANSWER_KEYS: &[&str] = &["returns", "fails", "waitsForToken", "neverAnswers", "times", "after"];
const FAILURE_KEYS: &[&str] = &["error", "cause"];

const FAULT_MEMBERS: &[&str] = &["kmsKeyState", "resourceName", "reason"];
const FAULT_KEYS: &[&str] = &["operation", "code", "message", "members", "times"];

pub(super) fn read_faults(node: &Node<'_>) -> Read<Vec<Fault>> {
    node.items()?.iter().map(read_fault).collect()
}

fn read_fault(node: &Node<'_>) -> Read<Fault> {
    let members = node.members(FAULT_KEYS)?;
    let code = members.need("code")?;
    let fault = Fault {
        operation: members.need("operation")?.operation()?,
        code: code.text()?,
        message: members.need("message")?.text()?,
        members: members.or_default("members", read_fault_members)?,
        times: members.may("times", Node::number)?,
    };
    if ApiErrorKind::from_name(&fault.code).is_none() {
        return code.flaw(format!("Step Functions has no error `{}`", fault.code));
    }
    Ok(fault)
}

fn read_fault_members(node: &Node<'_>) -> Read<BTreeMap<FaultMember, String>> {
    let entries = node.members(FAULT_MEMBERS)?;
    let given = |member: FaultMember| Some((member, entries.get(member.name())?));
    FaultMember::ALL.into_iter().filter_map(given).map(|(member, node)| Ok((member, node.text()?))).collect()
}

pub(super) fn read_tasks(node: &Node<'_>) -> Read<Vec<TaskAnswers>> {
    node.items()?.iter().map(read_task).collect()
}

fn read_task(node: &Node<'_>) -> Read<TaskAnswers> {
    let members = node.members(TASK_KEYS)?;
    let answers = members.need("answers")?;
    let task = TaskAnswers {
        state: members.may("state", Node::text)?,
        resource: members.may("resource", Node::text)?,
        answers: answers.items()?.iter().map(read_answer).collect::<Read<_>>()?,
    };
    if task.state.is_some() == task.resource.is_some() {
        return node.flaw("write either `state` or `resource`");
    }
    if task.answers.is_empty() {
        return answers.flaw("write at least one answer");
    }
    Ok(task)
}

fn read_answer(node: &Node<'_>) -> Read<TaskAnswer> {
    let members = node.members(ANSWER_KEYS)?;
    let json = |node: &Node<'_>| Ok(node.json.compacted());
    let answer = TaskAnswer {
        returns: members.may("returns", json)?,
        fails: members.may("fails", read_failure)?,
        waits_for_token: members.may("waitsForToken", json)?,
        never_answers: members.or_default("neverAnswers", Node::boolean)?,
        times: members.may("times", Node::number)?,
        after: members.may("after", Node::duration)?,
    };
    let kinds = [
        answer.returns.is_some(),
        answer.fails.is_some(),
        answer.waits_for_token.is_some(),
        answer.never_answers,
    ];
    if kinds.iter().filter(|is_given| **is_given).count() != 1 {
        return node.flaw("write one of `returns`, `fails`, `waitsForToken` and `neverAnswers`");
    }
    Ok(answer)
}

fn read_failure(node: &Node<'_>) -> Read<TaskFailure> {
    let members = node.members(FAILURE_KEYS)?;
    Ok(TaskFailure { error: members.need("error")?.text()?, cause: members.need("cause")?.text()? })
}
