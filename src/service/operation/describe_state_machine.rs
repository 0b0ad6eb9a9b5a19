//! `DescribeStateMachine`.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::asl::definition::{Scope, StateKind};
use crate::asl::distributed_map::DistributedMap;
use crate::interpreter::map_run::made_up_label;
use crate::model::arn::StatesArn;
use crate::model::{ApiError, Json, Timestamp};
use crate::service::account::Account;
use crate::service::call::{Answer, Call, IncludedData};
use crate::service::error;
use crate::service::lookup::Named;
use crate::service::state_machine::{Content, Revision};

struct Output<'a> {
    named: &'a Named<'a>,
    shown: IncludedData,
}

impl Output<'_> {
    fn answer(&self) -> Result<Json, ApiError> {
        let (machine, version) = (self.named.machine, self.named.version);
        let status = if machine.deleting { "DELETING" } else { "ACTIVE" };
        let creation_date: Timestamp =
            version.map_or(machine.creation_date, |(_, version)| version.creation_date);
        let answer = Answer::default()
            .with("stateMachineArn", self.named.version_arn().unwrap_or_else(|| Arc::clone(&machine.arn)))
            .with("name", Arc::clone(&machine.name))
            .with("status", status)
            .with("type", machine.machine_type.as_str())
            .with_date("creationDate", creation_date)
            .with_optional("description", version.and_then(|(_, version)| version.description.clone()));
        with_revision(answer, self.named.revision(), None, self.shown).done()
    }

    /// Of a Distributed Map in the machine.
    fn of_map(&self, arn: &str, label: &str, seed: u64) -> Option<Result<Json, ApiError>> {
        let machine = self.named.machine;
        let content = &machine.current.content;
        let map = distributed_map(&content.definition.scope, &|map, state| match &map.label {
            Some(given) => &**given == label,
            None => *made_up_label(seed, &machine.name, state) == *label,
        })?;
        let answer = Answer::default()
            .with("stateMachineArn", arn)
            .with("name", Arc::clone(&machine.name))
            .with("status", if machine.deleting { "DELETING" } else { "ACTIVE" })
            .with("type", map.child_type.as_str())
            .with_date("creationDate", machine.creation_date)
            .with("label", label);
        Some(with_revision(answer, &machine.current, Some(&map.processor_text), self.shown).done())
    }
}

/// The Distributed Map that is wanted, in a scope or below it.
fn distributed_map<'d>(
    scope: &'d Scope,
    is_wanted: &dyn Fn(&DistributedMap, &str) -> bool,
) -> Option<&'d Arc<DistributedMap>> {
    scope.states.iter().find_map(|state| match &state.kind {
        StateKind::Map(map) => map
            .distributed
            .as_ref()
            .filter(|distributed| is_wanted(distributed, &state.name))
            .or_else(|| distributed_map(&map.processor, is_wanted)),
        StateKind::Parallel(parallel) => {
            parallel.branches.iter().find_map(|branch| distributed_map(branch, is_wanted))
        }
        StateKind::Task(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed
        | StateKind::Fail(_) => None,
    })
}

/// What this operation and `DescribeStateMachineForExecution` say of a revision. `processor` is the definition of a
/// Distributed Map in it, which is shown in place of the whole.
pub(super) fn with_revision(
    answer: Answer,
    revision: &Revision,
    processor: Option<&Arc<str>>,
    shown: IncludedData,
) -> Answer {
    let content = &revision.content;
    let definition = match shown {
        IncludedData::AllData => Arc::clone(processor.unwrap_or(&content.definition_text)),
        IncludedData::MetadataOnly => "{}".into(),
    };
    let whole = processor.is_none();
    answer
        .with("definition", definition)
        .with("roleArn", Arc::clone(&content.role_arn))
        .with("loggingConfiguration", content.logging.to_json())
        .with("tracingConfiguration", content.tracing.to_json())
        .with_optional("revisionId", revision.id.clone())
        .with("encryptionConfiguration", content.encryption.to_json())
        .with_optional("variableReferences", variable_references(content, shown).filter(|_| whole))
}

/// The variables that each state reads; nothing where none does, or where the definition is not shown.
fn variable_references(content: &Content, shown: IncludedData) -> Option<Json> {
    let references = &content.definition.variable_references;
    if references.is_empty() || shown == IncludedData::MetadataOnly {
        return None;
    }
    let names = |names: &BTreeSet<Arc<str>>| Json::array(names.iter().cloned().map(Json::String).collect());
    Some(Json::from_members(references.iter().map(|(state, read)| (Arc::clone(state), names(read)))))
}

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let text = call.required("stateMachineArn");
    let arn = StatesArn::parse_as(text, &["stateMachine"])?;
    let shown = call.includes_data();
    if let Some((machine, label)) = arn.name().split_once('/') {
        let machine_arn = arn.place.state_machine(machine);
        let named = account.named(call, &StatesArn::parse(&machine_arn)?);
        let described = named
            .ok()
            .and_then(|named| Output { named: &named, shown }.of_map(text, label, account.config.seed));
        return described.unwrap_or_else(|| Err(error::state_machine_does_not_exist(text)));
    }
    let named = account.named(call, &arn)?;
    Output { named: &named, shown }.answer()
}

#[cfg(test)]
mod tests {
    use crate::model::Json;
    use crate::model::Operation::{
        CreateStateMachine, DescribeStateMachine, DescribeStateMachineForExecution,
    };
    use crate::service::fixture::{Fixture, MACHINE, create_input};

    #[track_caller]
    fn check(fixture: &mut Fixture, arn: &str, expected: &str) {
        fixture.check(DescribeStateMachine, &format!(r#"{{"stateMachineArn":"{arn}"}}"#), expected);
    }

    const REST: &str = r#""roleArn":"arn:aws:iam::123456789012:role/r","loggingConfiguration":{"level":"OFF","includeExecutionData":false},"tracingConfiguration":{"enabled":false},"encryptionConfiguration":{"type":"AWS_OWNED_KEY"}}"#;
    const DEFINITION: &str = r#""definition":"{\"StartAt\":\"Wait\",\"States\":{\"Wait\":{\"Type\":\"Wait\",\"Seconds\":3600,\"End\":true}}}""#;

    #[test]
    fn a_new_machine_has_the_defaults_and_the_very_text_of_its_definition() {
        check(
            &mut Fixture::with_machines(),
            MACHINE,
            &format!(
                r#"{{"stateMachineArn":"{MACHINE}","name":"m","status":"ACTIVE","type":"STANDARD","creationDate":1700000000,{DEFINITION},{REST}"#
            ),
        );
    }

    #[test]
    fn a_version_is_described_by_its_arn() {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","publish":true,"versionDescription":"first""#);
        check(
            &mut fixture,
            &format!("{MACHINE}:1"),
            &format!(
                r#"{{"stateMachineArn":"{MACHINE}:1","name":"m","status":"ACTIVE","type":"STANDARD","creationDate":1700000000,"description":"first",{DEFINITION},{REST}"#
            ),
        );
    }

    #[test]
    fn an_alias_is_described_by_the_version_that_it_mainly_leads_to() {
        let mut fixture = Fixture::with_versions();
        let alias = fixture.create_alias("live", &[(1, 20), (2, 80)]);
        let described = fixture.ok(DescribeStateMachine, &format!(r#"{{"stateMachineArn":"{alias}"}}"#));
        let text = |member: &str| described.get(member).and_then(Json::as_str).unwrap();
        assert_eq!(text("stateMachineArn"), format!("{MACHINE}:2"));
        assert_eq!(text("roleArn"), "arn:aws:iam::123456789012:role/new");
    }

    #[test]
    fn metadata_comes_without_the_definition() {
        let input = format!(r#"{{"stateMachineArn":"{MACHINE}","includedData":"METADATA_ONLY"}}"#);
        assert_eq!(Fixture::with_machines().text(DescribeStateMachine, &input, "definition"), "{}");
    }

    /// A machine whose state `b` reads the variables `x` and `y`, and an execution of it.
    fn with_variables() -> (Fixture, String) {
        let definition = r#"{"StartAt":"a","States":{
            "a":{"Type":"Pass","Assign":{"x":1,"y":2},"Next":"b"},
            "b":{"Type":"Pass","Parameters":{"y.$":"$y"},"OutputPath":"$x","End":true}}}"#;
        let mut fixture = Fixture::new();
        fixture.ok(CreateStateMachine, &create_input("m", definition, ""));
        let execution = fixture.start(MACHINE, "run");
        (fixture, execution)
    }

    #[test]
    fn the_variables_that_states_read_are_listed() {
        let (mut fixture, execution) = with_variables();
        let machine = format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#);
        let execution = format!(r#"{{"executionArn":"{execution}"}}"#);
        for (operation, input) in
            [(DescribeStateMachine, machine), (DescribeStateMachineForExecution, execution)]
        {
            let references = fixture.ok(operation, &input).get("variableReferences").map(Json::to_text);
            assert_eq!(references.as_deref(), Some(r#"{"b":["x","y"]}"#));
        }
    }

    #[test]
    fn metadata_comes_without_the_variables() {
        let (mut fixture, _) = with_variables();
        let input = format!(r#"{{"stateMachineArn":"{MACHINE}","includedData":"METADATA_ONLY"}}"#);
        assert_eq!(fixture.ok(DescribeStateMachine, &input).get("variableReferences"), None);
    }

    #[test]
    fn what_does_not_exist_is_named_as_it_was_asked_for() {
        let mut fixture = Fixture::with_machines();
        for arn in [
            "arn:aws:states:us-east-1:123456789012:stateMachine:none",
            "arn:aws:states:us-west-2:123456789012:stateMachine:m",
            "arn:aws:states:us-east-1:123456789012:stateMachine:m:1",
            "arn:aws:states:us-east-1:123456789012:stateMachine:m:alias",
            "arn:aws:states:us-east-1:123456789012:stateMachine:m/label",
        ] {
            let expected = format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}'");
            check(&mut fixture, arn, &expected);
        }
    }

    #[test]
    fn a_version_number_is_written_plainly() {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","publish":true"#);
        for qualifier in ["01", "+1", "1:1"] {
            let arn = format!("{MACHINE}:{qualifier}");
            check(
                &mut fixture,
                &arn,
                &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}'"),
            );
        }
    }

    #[test]
    fn other_arns_are_invalid() {
        let mut fixture = Fixture::new();
        check(
            &mut fixture,
            "not_a_valid_arn",
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
        );
        check(
            &mut fixture,
            "arn:aws:states:us-east-1:123456789012:execution:m:x",
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
        );
    }
}
