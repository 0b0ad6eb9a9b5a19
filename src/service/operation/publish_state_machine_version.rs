//! `PublishStateMachineVersion`.

use crate::model::{ApiError, Json, Quota};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::error;
use crate::service::state_machine::StateMachine;

/// How a call names the revision that a state machine was created with.
const INITIAL: &str = "INITIAL";

/// A revision that has a version keeps it, whatever description the call gives.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let limit = account.quota(Quota::Versions);
    let machine = account.changeable(call, call.required("stateMachineArn"))?;
    check_revision(machine, call.text("revisionId"))?;
    if machine.versions.len() >= limit && !machine.is_published() {
        return Err(error::quota_exceeded("versions", limit));
    }
    let number = machine.publish(call.text("description").map(Into::into), call.now);
    let published = machine.versions.get(&number).map_or(call.now, |version| version.creation_date);
    Answer::default()
        .with_date("creationDate", published)
        .with("stateMachineVersionArn", machine.version_arn(number))
        .done()
}

fn check_revision(machine: &StateMachine, given: Option<&str>) -> Result<(), ApiError> {
    let current = machine.current.id.as_deref().unwrap_or(INITIAL);
    match given {
        Some(given) if given != current => Err(error::conflict(format!(
            "Failed to publish the State Machine version for revision {given}. The current State Machine revision is {current}."
        ))),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{
        DeleteStateMachine, DeleteStateMachineVersion, DescribeStateMachine, PublishStateMachineVersion,
        UpdateStateMachine,
    };
    use crate::service::fixture::{Fixture, MACHINE};

    fn input(more: &str) -> String {
        format!(r#"{{"stateMachineArn":"{MACHINE}"{more}}}"#)
    }

    #[track_caller]
    fn check(fixture: &mut Fixture, more: &str, expected: &str) {
        fixture.check(PublishStateMachineVersion, &input(more), expected);
    }

    fn published(number: u64, date: u64) -> String {
        format!(r#"{{"creationDate":{date},"stateMachineVersionArn":"{MACHINE}:{number}"}}"#)
    }

    /// Gives the machine a new revision.
    fn update(fixture: &mut Fixture, role: &str) -> String {
        let input = input(&format!(r#","roleArn":"arn:aws:iam::123456789012:role/{role}""#));
        fixture.text(UpdateStateMachine, &input, "revisionId")
    }

    #[test]
    fn a_revision_has_one_version_however_often_it_is_published() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, r#","description":"first""#, &published(1, 1_700_000_000));
        fixture.advance_days(1);
        check(&mut fixture, r#","description":"other""#, &published(1, 1_700_000_000));
        let version = format!(r#"{{"stateMachineArn":"{MACHINE}:1"}}"#);
        assert_eq!(fixture.text(DescribeStateMachine, &version, "description"), "first");
        update(&mut fixture, "new");
        check(&mut fixture, "", &published(2, 1_700_086_400));
    }

    #[test]
    fn the_number_of_a_deleted_version_is_not_given_again() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, "", &published(1, 1_700_000_000));
        fixture.ok(DeleteStateMachineVersion, &format!(r#"{{"stateMachineVersionArn":"{MACHINE}:1"}}"#));
        check(&mut fixture, "", &published(2, 1_700_000_000));
    }

    #[test]
    fn a_revision_that_is_not_the_current_one_is_not_published() {
        let mut fixture = Fixture::with_machines();
        check(
            &mut fixture,
            r#","revisionId":"x""#,
            "ConflictException: Failed to publish the State Machine version for revision x. The current State Machine revision is INITIAL.",
        );
        check(&mut fixture, r#","revisionId":"INITIAL""#, &published(1, 1_700_000_000));
        let revision = update(&mut fixture, "new");
        check(
            &mut fixture,
            r#","revisionId":"INITIAL""#,
            &format!(
                "ConflictException: Failed to publish the State Machine version for revision INITIAL. The current State Machine revision is {revision}."
            ),
        );
        check(&mut fixture, &format!(r#","revisionId":"{revision}""#), &published(2, 1_700_000_000));
    }

    #[test]
    fn a_machine_has_a_limit_of_versions() {
        let mut fixture = Fixture::with_machines();
        fixture.lower(crate::model::Quota::Versions, 1);
        check(&mut fixture, "", &published(1, 1_700_000_000));
        check(&mut fixture, "", &published(1, 1_700_000_000));
        update(&mut fixture, "new");
        check(
            &mut fixture,
            "",
            "ServiceQuotaExceededException: The state machine has reached the maximum number of versions (1)",
        );
    }

    #[test]
    fn the_machine_must_exist_and_be_named_unqualified() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, "", &published(1, 1_700_000_000));
        for suffix in [":1", "x"] {
            fixture.check(
                PublishStateMachineVersion,
                &format!(r#"{{"stateMachineArn":"{MACHINE}{suffix}"}}"#),
                &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}{suffix}'"),
            );
        }
        fixture.check(
            PublishStateMachineVersion,
            r#"{"stateMachineArn":"invalid_arn"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: invalid_arn'",
        );
        fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &input(""));
        check(&mut fixture, "", &format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'"));
    }
}
