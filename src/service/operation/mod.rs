//! The operations of the API, one file each, and no more: `dispatch` knows the way to them.

pub(super) mod create_state_machine;
pub(super) mod create_state_machine_alias;
pub(super) mod delete_state_machine;
pub(super) mod delete_state_machine_alias;
pub(super) mod delete_state_machine_version;
pub(super) mod describe_execution;
pub(super) mod describe_state_machine;
pub(super) mod describe_state_machine_alias;
pub(super) mod describe_state_machine_for_execution;
pub(super) mod get_execution_history;
pub(super) mod list_executions;
pub(super) mod list_state_machine_aliases;
pub(super) mod list_state_machine_versions;
pub(super) mod list_state_machines;
pub(super) mod list_tags_for_resource;
pub(super) mod publish_state_machine_version;
pub(super) mod start_execution;
pub(super) mod start_sync_execution;
pub(super) mod stop_execution;
pub(super) mod tag_resource;
pub(super) mod untag_resource;
pub(super) mod update_state_machine;
pub(super) mod update_state_machine_alias;
pub(super) mod validate_state_machine_definition;
