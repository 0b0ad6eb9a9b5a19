//! Which recorded answers depend on which recorded changes: those about the same resources.
//!
//! Everything here compares bound texts, so that `…:execution:m:${name-1}` is one execution throughout a recording.

use std::collections::{BTreeMap, BTreeSet};

use super::effect::{Effect, effect};
use super::interaction::Interaction;
use crate::model::{Json, Operation};

/// Whether a change is about what an answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    No,
    /// A task was answered, and the recording does not tell of which execution.
    Possible,
    Certain,
}

/// What a recording tells of its executions and tokens.
#[derive(Debug)]
pub(super) struct Dependencies<'i> {
    interactions: &'i [Interaction],
    executions: BTreeSet<&'i str>,
    /// The executions that a task token belongs to, as far as known.
    tokens: BTreeMap<&'i str, BTreeSet<&'i str>>,
}

impl<'i> Dependencies<'i> {
    pub(super) fn of(interactions: &'i [Interaction]) -> Self {
        let mut dependencies = Self { interactions, executions: BTreeSet::new(), tokens: BTreeMap::new() };
        for interaction in interactions {
            dependencies.executions.extend(started(interaction));
            dependencies.executions.extend(interaction.request.get("executionArn").and_then(Json::as_str));
        }
        for interaction in interactions.iter().filter(|interaction| sends(interaction.operation)) {
            if let Some(token) = token(&interaction.request)
                && !dependencies.tokens.contains_key(token)
            {
                let owners = dependencies.owners(token);
                dependencies.tokens.insert(token, owners);
            }
        }
        dependencies
    }

    /// Whether the change at this position is about what the other interaction asks for or tells.
    pub(super) fn concern(&self, change: usize, other: usize) -> Concern {
        let (Some(change), Some(other)) = (self.interactions.get(change), self.interactions.get(other))
        else {
            return Concern::No;
        };
        if effect(change.operation) != Effect::Change || !change.is_success() {
            return Concern::No;
        }
        if sends(change.operation) {
            return self.concern_of_answer(change, other);
        }
        if certain(change, other) { Concern::Certain } else { Concern::No }
    }

    /// A task was answered: what is told of its execution may be another thing from now on.
    fn concern_of_answer(&self, change: &Interaction, other: &Interaction) -> Concern {
        let sent = token(&change.request);
        if sends(other.operation) {
            let same = sent.is_some() && sent == token(&other.request);
            return if same { Concern::Certain } else { Concern::No };
        }
        let owners = sent.and_then(|token| self.tokens.get(token)).filter(|owners| !owners.is_empty());
        match owners {
            Some(owners) if owners.iter().any(|execution| tells_of_execution(execution, other)) => {
                Concern::Certain
            }
            Some(_) => Concern::No,
            None if self.executions.iter().any(|execution| tells_of_execution(execution, other)) => {
                if self.executions.len() > 1 { Concern::Possible } else { Concern::Certain }
            }
            None => Concern::No,
        }
    }

    /// The executions that a token shows up with, or whose input a worker was given with it.
    fn owners(&self, token: &str) -> BTreeSet<&'i str> {
        if self.executions.len() <= 1 {
            return self.executions.clone();
        }
        let mut owners = BTreeSet::new();
        for shown in self.interactions.iter().filter(|shown| !sends(shown.operation)) {
            let text = format!("{} {}", shown.request.to_text(), shown.response.to_text());
            if !text.contains(token) {
                continue;
            }
            owners.extend(self.executions.iter().filter(|execution| text.contains(name(execution))));
            if owners.is_empty() {
                owners.extend(self.started_with(shown.response.get("input")));
            }
        }
        owners
    }

    /// The one execution that was started with this input.
    fn started_with(&self, input: Option<&Json>) -> Option<&'i str> {
        let input = input.filter(|input| input.as_object().is_some_and(|members| !members.is_empty()))?;
        let mut started = self
            .interactions
            .iter()
            .filter(|start| start.request.get("input") == Some(input))
            .filter_map(started);
        started.next().filter(|_| started.next().is_none())
    }
}

fn certain(change: &Interaction, other: &Interaction) -> bool {
    let request = |key: &str| change.request.get(key).and_then(Json::as_str);
    let is = |operations: &[Operation]| operations.contains(&change.operation);
    if is(&[Operation::StartExecution]) {
        return started(change).is_some_and(|execution| {
            tells_of_execution(execution, other) || started(other) == Some(execution)
        });
    }
    if is(&[Operation::StopExecution, Operation::RedriveExecution]) {
        return request("executionArn").is_some_and(|execution| tells_of_execution(execution, other));
    }
    if is(&[Operation::TagResource, Operation::UntagResource]) {
        return other.operation == Operation::ListTagsForResource
            && request("resourceArn").is_some_and(|resource| mentions(other, resource));
    }
    let created = arns(&change.response).filter(|_| creates(change.operation));
    arns(&change.request).chain(created).any(|arn| mentions(other, arn))
        || lists_kind(change.operation, other.operation)
}

fn sends(operation: Operation) -> bool {
    matches!(operation, Operation::SendTaskSuccess | Operation::SendTaskFailure)
}

fn creates(operation: Operation) -> bool {
    operation.name().starts_with("Create") || operation == Operation::PublishStateMachineVersion
}

/// Whether the other operation lists what the change adds or removes.
fn lists_kind(change: Operation, other: Operation) -> bool {
    const LISTS: [(Operation, &str); 4] = [
        (Operation::ListStateMachines, "StateMachine"),
        (Operation::ListStateMachineAliases, "StateMachineAlias"),
        (Operation::ListStateMachineVersions, "StateMachineVersion"),
        (Operation::ListActivities, "Activity"),
    ];
    LISTS.iter().any(|(list, kind)| *list == other && change.name().ends_with(kind))
}

/// The execution that a call started.
fn started(interaction: &Interaction) -> Option<&str> {
    if interaction.operation != Operation::StartExecution || !interaction.is_success() {
        return None;
    }
    interaction.response.get("executionArn")?.as_str()
}

fn token(request: &Json) -> Option<&str> {
    request.get("taskToken")?.as_str()
}

/// The name of an execution; its whole ARN if the name is an ordinary word.
fn name(execution: &str) -> &str {
    execution.rsplit(':').next().filter(|name| name.contains("${")).unwrap_or(execution)
}

/// Whether a call asks about the execution: by its ARN, for those of its state machine, or for a Map Run of it.
fn tells_of_execution(execution: &str, other: &Interaction) -> bool {
    if mentions(other, execution) {
        return true;
    }
    let Some((head, _)) = execution.rsplit_once(':') else { return false };
    let of_machine = |arn: &str, kind: &str| arn.starts_with(&head.replacen(":execution:", kind, 1));
    let lists = other.operation == Operation::ListExecutions;
    let is_map_run = matches!(other.operation, Operation::DescribeMapRun | Operation::UpdateMapRun);
    arns(&other.request).any(|arn| {
        (lists && of_machine(arn, ":stateMachine:")) || ((lists || is_map_run) && of_machine(arn, ":mapRun:"))
    })
}

/// Whether a request names the resource, or a version or alias of it.
fn mentions(other: &Interaction, arn: &str) -> bool {
    arns(&other.request)
        .any(|named| named.strip_prefix(arn).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

/// The values of `executionArn`, `stateMachineArn` and the like.
fn arns(message: &Json) -> impl Iterator<Item = &str> {
    let members = message.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| key.ends_with("Arn") && !key.starts_with("role"))
        .filter_map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interaction(operation: Operation, request: &str, response: &str) -> Interaction {
        let json = |text| Json::parse(text).unwrap();
        let (request, response) = (json(request), json(response));
        Interaction { operation, request, status: 200, error: None, response, times: 1 }
    }

    fn start(name: &str, input: &str) -> Interaction {
        interaction(
            Operation::StartExecution,
            &format!(
                r#"{{"stateMachineArn":"arn:s:stateMachine:m","name":"{name}","input":{{"$json":{input}}}}}"#
            ),
            &format!(r#"{{"executionArn":"arn:s:execution:m:{name}"}}"#),
        )
    }

    fn describe(name: &str) -> Interaction {
        interaction(
            Operation::DescribeExecution,
            &format!(r#"{{"executionArn":"arn:s:execution:m:{name}"}}"#),
            "{}",
        )
    }

    fn send(token: &str) -> Interaction {
        interaction(
            Operation::SendTaskSuccess,
            &format!(r#"{{"taskToken":"{token}","output":"{{}}"}}"#),
            "{}",
        )
    }

    fn poll(token: &str, input: &str) -> Interaction {
        interaction(
            Operation::GetActivityTask,
            r#"{"activityArn":"arn:s:activity:a"}"#,
            &format!(r#"{{"taskToken":"{token}","input":{{"$json":{input}}}}}"#),
        )
    }

    #[track_caller]
    fn check(interactions: &[Interaction], expected: Concern) {
        let dependencies = Dependencies::of(interactions);
        assert_eq!(dependencies.concern(interactions.len() - 2, interactions.len() - 1), expected);
    }

    #[test]
    fn a_start_concerns_its_own_execution_and_the_list() {
        let list = |arn: &str| {
            interaction(Operation::ListExecutions, &format!(r#"{{"stateMachineArn":"{arn}"}}"#), "{}")
        };
        check(&[start("${name-1}", "{}"), describe("${name-1}")], Concern::Certain);
        check(&[start("${name-1}", "{}"), describe("${name-2}")], Concern::No);
        check(&[start("${name-1}", "{}"), start("${name-2}", "{}")], Concern::No);
        check(&[start("${name-1}", "{}"), start("${name-1}", "{}")], Concern::Certain);
        check(&[start("${name-1}", "{}"), list("arn:s:stateMachine:m")], Concern::Certain);
        check(&[start("${name-1}", "{}"), list("arn:s:stateMachine:n")], Concern::No);
    }

    #[test]
    fn an_answered_task_concerns_its_execution() {
        check(&[start("${name-1}", "{}"), send("${token-1}"), describe("${name-1}")], Concern::Certain);
        check(&[send("${token-1}"), send("${token-2}")], Concern::No);
        check(&[send("${token-1}"), send("${token-1}")], Concern::Certain);
    }

    #[test]
    fn with_several_executions_the_input_or_the_context_tells_whose_task_it_was() {
        let starts = [start("${name-1}", r#"{"a":1}"#), start("${name-2}", r#"{"a":2}"#)];
        let by_input = |name| {
            [&starts[..], &[poll("${token-1}", r#"{"a":2}"#), send("${token-1}"), describe(name)]].concat()
        };
        check(&by_input("${name-2}"), Concern::Certain);
        check(&by_input("${name-1}"), Concern::No);
        let by_context = [
            &starts[..],
            &[poll("${token-1}", r#"{"of":"${name-1}"}"#), send("${token-1}"), describe("${name-1}")],
        ]
        .concat();
        check(&by_context, Concern::Certain);
        let unknown =
            [&starts[..], &[poll("${token-1}", r#"{"b":1}"#), send("${token-1}"), describe("${name-1}")]]
                .concat();
        check(&unknown, Concern::Possible);
    }

    #[test]
    fn changes_of_resources_concern_what_names_or_lists_them() {
        let update =
            |operation| interaction(operation, r#"{"stateMachineArn":"arn:s:stateMachine:m"}"#, "{}");
        let describe = |arn: &str| {
            interaction(Operation::DescribeStateMachine, &format!(r#"{{"stateMachineArn":"{arn}"}}"#), "{}")
        };
        check(&[update(Operation::UpdateStateMachine), describe("arn:s:stateMachine:m")], Concern::Certain);
        check(
            &[update(Operation::UpdateStateMachine), describe("arn:s:stateMachine:m:prod")],
            Concern::Certain,
        );
        check(&[update(Operation::UpdateStateMachine), describe("arn:s:stateMachine:mm")], Concern::No);
        let created = interaction(
            Operation::CreateStateMachine,
            r#"{"name":"m"}"#,
            r#"{"stateMachineArn":"arn:s:stateMachine:m"}"#,
        );
        check(&[created.clone(), describe("arn:s:stateMachine:m")], Concern::Certain);
        check(&[created, interaction(Operation::ListStateMachines, "{}", "{}")], Concern::Certain);
        check(
            &[update(Operation::DeleteStateMachine), interaction(Operation::ListActivities, "{}", "{}")],
            Concern::No,
        );
        let tag = interaction(Operation::TagResource, r#"{"resourceArn":"arn:s:stateMachine:m"}"#, "{}");
        check(&[tag.clone(), describe("arn:s:stateMachine:m")], Concern::No);
        check(
            &[
                tag,
                interaction(
                    Operation::ListTagsForResource,
                    r#"{"resourceArn":"arn:s:stateMachine:m"}"#,
                    "{}",
                ),
            ],
            Concern::Certain,
        );
    }

    #[test]
    fn a_refused_change_concerns_nothing() {
        let refused = Interaction { status: 400, ..start("${name-1}", "{}") };
        check(&[refused, describe("${name-1}")], Concern::No);
    }
}
