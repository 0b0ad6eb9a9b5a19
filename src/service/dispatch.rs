//! The way from an operation to the file that runs it.

use super::account::{Account, Reply};
use super::call::Call;
use super::operation::{
    create_activity, create_state_machine, create_state_machine_alias, delete_activity, delete_state_machine,
    delete_state_machine_alias, delete_state_machine_version, describe_activity, describe_execution,
    describe_map_run, describe_state_machine, describe_state_machine_alias,
    describe_state_machine_for_execution, get_activity_task, get_execution_history, list_activities,
    list_executions, list_map_runs, list_state_machine_aliases, list_state_machine_versions,
    list_state_machines, list_tags_for_resource, publish_state_machine_version, redrive_execution,
    send_task_failure, send_task_heartbeat, send_task_success, start_execution, start_sync_execution,
    stop_execution, tag_resource, test_state, untag_resource, update_map_run, update_state_machine,
    update_state_machine_alias, validate_state_machine_definition,
};
use crate::model::Operation;

/// Answers a call whose input keeps within the model's constraints.
pub(super) fn run(account: &mut Account, call: &Call<'_>) -> Reply {
    Reply::Answered(match call.operation {
        Operation::CreateActivity => create_activity::run(account, call),
        Operation::CreateStateMachine => create_state_machine::run(account, call),
        Operation::CreateStateMachineAlias => create_state_machine_alias::run(account, call),
        Operation::DeleteStateMachine => delete_state_machine::run(account, call),
        Operation::DeleteStateMachineAlias => delete_state_machine_alias::run(account, call),
        Operation::DeleteStateMachineVersion => delete_state_machine_version::run(account, call),
        Operation::DeleteActivity => delete_activity::run(account, call),
        Operation::DescribeActivity => describe_activity::run(account, call),
        Operation::DescribeExecution => describe_execution::run(account, call),
        Operation::DescribeStateMachine => describe_state_machine::run(account, call),
        Operation::DescribeStateMachineAlias => describe_state_machine_alias::run(account, call),
        Operation::DescribeStateMachineForExecution => {
            describe_state_machine_for_execution::run(account, call)
        }
        Operation::GetActivityTask => return get_activity_task::run(account, call),
        Operation::GetExecutionHistory => get_execution_history::run(account, call),
        Operation::ListActivities => list_activities::run(account, call),
        Operation::ListExecutions => list_executions::run(account, call),
        Operation::ListStateMachineAliases => list_state_machine_aliases::run(account, call),
        Operation::ListStateMachineVersions => list_state_machine_versions::run(account, call),
        Operation::ListStateMachines => list_state_machines::run(account, call),
        Operation::ListTagsForResource => list_tags_for_resource::run(account, call),
        Operation::PublishStateMachineVersion => publish_state_machine_version::run(account, call),
        Operation::RedriveExecution => redrive_execution::run(account, call),
        Operation::SendTaskFailure => send_task_failure::run(account, call),
        Operation::SendTaskHeartbeat => send_task_heartbeat::run(account, call),
        Operation::SendTaskSuccess => send_task_success::run(account, call),
        Operation::StartExecution => start_execution::run(account, call),
        Operation::StartSyncExecution => match start_sync_execution::run(account, call) {
            Ok(execution_arn) => return Reply::AwaitingExecution(execution_arn),
            Err(refusal) => Err(refusal),
        },
        Operation::StopExecution => stop_execution::run(account, call),
        Operation::TagResource => tag_resource::run(account, call),
        Operation::TestState => match test_state::run(account, call) {
            Ok(execution_arn) => return Reply::AwaitingExecution(execution_arn),
            Err(refusal) => Err(refusal),
        },
        Operation::UntagResource => untag_resource::run(account, call),
        Operation::UpdateStateMachine => update_state_machine::run(account, call),
        Operation::UpdateStateMachineAlias => update_state_machine_alias::run(account, call),
        Operation::ValidateStateMachineDefinition => validate_state_machine_definition::run(call),
        Operation::DescribeMapRun => describe_map_run::run(account, call),
        Operation::ListMapRuns => list_map_runs::run(account, call),
        Operation::UpdateMapRun => update_map_run::run(account, call),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::fixture::Fixture;

    #[test]
    fn no_operation_stumbles_over_odd_inputs() {
        let mut fixture = Fixture::with_machines();
        for operation in Operation::ALL {
            for input in
                ["{}", "[]", "null", "1", r#""x""#, r#"{"stateMachineArn":"arn:aws:states:::stateMachine:"}"#]
            {
                if let Err(refusal) = fixture.call(*operation, input) {
                    assert_ne!(refusal.message, "", "{operation} {input}");
                }
            }
        }
    }
}
