//! The operations of the API, one file each, and no more: `dispatch` knows the way to them.

pub(super) mod create_activity;
pub(super) mod create_state_machine;
pub(super) mod delete_activity;
pub(super) mod delete_state_machine;
pub(super) mod describe_activity;
pub(super) mod describe_execution;
pub(super) mod describe_state_machine;
pub(super) mod describe_state_machine_for_execution;
pub(super) mod get_activity_task;
pub(super) mod get_execution_history;
pub(super) mod list_activities;
pub(super) mod list_executions;
pub(super) mod list_state_machines;
pub(super) mod send_task_failure;
pub(super) mod send_task_heartbeat;
pub(super) mod send_task_success;
pub(super) mod start_execution;
pub(super) mod start_sync_execution;
pub(super) mod stop_execution;
pub(super) mod update_state_machine;
