//! Every bundled clause holds at every door of ours, can fail, and together they leave nothing out.

use std::collections::BTreeSet;

use super::{Door, InProcess, Outcome, OverDuplex, OverTcp, Target, bundled};
use crate::model::Operation;

const NONE: &[&str] = &[];

async fn check(door: impl Door + 'static) {
    let target = Target::mock(door).jobs(4);
    let report = bundled().verify(&target).await;
    report.assert_upheld();
    let not_runnable: Vec<_> = report
        .verdicts()
        .filter(|verdict| matches!(verdict.outcome(), Outcome::NotRunnable(_)))
        .map(|verdict| verdict.clause().id().to_owned())
        .collect();
    assert_eq!(not_runnable, NONE, "clauses that cannot run at {}", report.target());
}

#[tokio::test]
async fn every_clause_holds_in_process() {
    check(InProcess).await;
}

#[tokio::test]
async fn every_clause_holds_over_tcp() {
    check(OverTcp).await;
}

#[tokio::test]
async fn every_clause_holds_over_a_pipe() {
    check(OverDuplex).await;
}

/// Every fourth clause, so that the four tests share the work.
async fn check_can_fail(rest: usize) {
    let mut position = 0;
    let some = bundled().filter(|_| {
        position += 1;
        position % 4 == rest
    });
    let weaknesses = some.challenge(&Target::in_process()).await;
    let weaknesses: Vec<_> = weaknesses.iter().map(ToString::to_string).collect();
    assert!(weaknesses.is_empty(), "clauses that accept wrong answers:\n  {}", weaknesses.join("\n  "));
}

#[tokio::test]
async fn every_clause_can_fail_part_1() {
    check_can_fail(0).await;
}

#[tokio::test]
async fn every_clause_can_fail_part_2() {
    check_can_fail(1).await;
}

#[tokio::test]
async fn every_clause_can_fail_part_3() {
    check_can_fail(2).await;
}

#[tokio::test]
async fn every_clause_can_fail_part_4() {
    check_can_fail(3).await;
}

#[test]
fn every_operation_has_a_clause() {
    let covered = bundled().operations();
    let without: Vec<_> = Operation::ALL
        .iter()
        .map(|operation| operation.name())
        .filter(|name| !covered.contains(name))
        .collect();
    assert_eq!(without, NONE);
}

/// The refusals of the API's model. Those for keys of KMS, which this crate does not have, it gives when told to.
const MODELLED_ERRORS: &[&str] = &[
    "ActivityAlreadyExists",
    "ActivityDoesNotExist",
    "ActivityLimitExceeded",
    "ActivityWorkerLimitExceeded",
    "ConflictException",
    "ExecutionAlreadyExists",
    "ExecutionDoesNotExist",
    "ExecutionLimitExceeded",
    "ExecutionNotRedrivable",
    "InvalidArn",
    "InvalidDefinition",
    "InvalidEncryptionConfiguration",
    "InvalidExecutionInput",
    "InvalidLoggingConfiguration",
    "InvalidName",
    "InvalidOutput",
    "InvalidToken",
    "InvalidTracingConfiguration",
    "KmsAccessDeniedException",
    "KmsInvalidStateException",
    "KmsThrottlingException",
    "MissingRequiredParameter",
    "ResourceNotFound",
    "ServiceQuotaExceededException",
    "StateMachineAlreadyExists",
    "StateMachineDeleting",
    "StateMachineDoesNotExist",
    "StateMachineLimitExceeded",
    "StateMachineTypeNotSupported",
    "TaskDoesNotExist",
    "TaskTimedOut",
    "TooManyTags",
    "ValidationException",
];

#[test]
fn every_modelled_error_has_a_clause() {
    let contracts = bundled();
    let covered: BTreeSet<&str> = contracts.error_codes();
    let without: Vec<_> = MODELLED_ERRORS.iter().copied().filter(|name| !covered.contains(name)).collect();
    assert_eq!(without, NONE);
}
