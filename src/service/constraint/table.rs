//! What the API model demands of the input of each operation: made by `tools/generate_constraints.py`.
//! Do not edit.

use super::shape::{List, Member, Number, NumberKind, Pattern, Shape, Structure, Text};
use crate::model::Operation;

/// The input of an operation.
pub(super) const fn input_of(operation: Operation) -> &'static Shape {
    match operation {
        Operation::CreateActivity => &CREATE_ACTIVITY_INPUT,
        Operation::CreateStateMachine => &CREATE_STATE_MACHINE_INPUT,
        Operation::CreateStateMachineAlias => &CREATE_STATE_MACHINE_ALIAS_INPUT,
        Operation::DeleteActivity => &DELETE_ACTIVITY_INPUT,
        Operation::DeleteStateMachine => &DELETE_STATE_MACHINE_INPUT,
        Operation::DeleteStateMachineAlias => &DELETE_STATE_MACHINE_ALIAS_INPUT,
        Operation::DeleteStateMachineVersion => &DELETE_STATE_MACHINE_VERSION_INPUT,
        Operation::DescribeActivity => &DESCRIBE_ACTIVITY_INPUT,
        Operation::DescribeExecution => &DESCRIBE_EXECUTION_INPUT,
        Operation::DescribeMapRun => &DESCRIBE_MAP_RUN_INPUT,
        Operation::DescribeStateMachine => &DESCRIBE_STATE_MACHINE_INPUT,
        Operation::DescribeStateMachineAlias => &DESCRIBE_STATE_MACHINE_ALIAS_INPUT,
        Operation::DescribeStateMachineForExecution => &DESCRIBE_STATE_MACHINE_FOR_EXECUTION_INPUT,
        Operation::GetActivityTask => &GET_ACTIVITY_TASK_INPUT,
        Operation::GetExecutionHistory => &GET_EXECUTION_HISTORY_INPUT,
        Operation::ListActivities => &LIST_ACTIVITIES_INPUT,
        Operation::ListExecutions => &LIST_EXECUTIONS_INPUT,
        Operation::ListMapRuns => &LIST_MAP_RUNS_INPUT,
        Operation::ListStateMachineAliases => &LIST_STATE_MACHINE_ALIASES_INPUT,
        Operation::ListStateMachineVersions => &LIST_STATE_MACHINE_VERSIONS_INPUT,
        Operation::ListStateMachines => &LIST_STATE_MACHINES_INPUT,
        Operation::ListTagsForResource => &LIST_TAGS_FOR_RESOURCE_INPUT,
        Operation::PublishStateMachineVersion => &PUBLISH_STATE_MACHINE_VERSION_INPUT,
        Operation::RedriveExecution => &REDRIVE_EXECUTION_INPUT,
        Operation::SendTaskFailure => &SEND_TASK_FAILURE_INPUT,
        Operation::SendTaskHeartbeat => &SEND_TASK_HEARTBEAT_INPUT,
        Operation::SendTaskSuccess => &SEND_TASK_SUCCESS_INPUT,
        Operation::StartExecution => &START_EXECUTION_INPUT,
        Operation::StartSyncExecution => &START_SYNC_EXECUTION_INPUT,
        Operation::StopExecution => &STOP_EXECUTION_INPUT,
        Operation::TagResource => &TAG_RESOURCE_INPUT,
        Operation::TestState => &TEST_STATE_INPUT,
        Operation::UntagResource => &UNTAG_RESOURCE_INPUT,
        Operation::UpdateMapRun => &UPDATE_MAP_RUN_INPUT,
        Operation::UpdateStateMachine => &UPDATE_STATE_MACHINE_INPUT,
        Operation::UpdateStateMachineAlias => &UPDATE_STATE_MACHINE_ALIAS_INPUT,
        Operation::ValidateStateMachineDefinition => &VALIDATE_STATE_MACHINE_DEFINITION_INPUT,
    }
}

static ALIAS_DESCRIPTION: Shape = Shape::Text(Text::ANY.max(256).sensitive());
static ARN: Shape = Shape::Text(Text::ANY.min(1).max(256));
static CHARACTER_RESTRICTED_NAME: Shape = Shape::Text(Text::ANY.min(1).max(80).matching(Pattern::AliasName));
static CLIENT_TOKEN: Shape = Shape::Text(Text::ANY.min(1).max(64).matching(Pattern::VisibleAscii));
static CLOUD_WATCH_LOGS_LOG_GROUP: Shape = Shape::Structure(Structure {
    name: "CloudWatchLogsLogGroup",
    members: &[Member::optional("logGroupArn", &ARN)],
});
static CREATE_ACTIVITY_INPUT: Shape = Shape::Structure(Structure {
    name: "CreateActivityInput",
    members: &[
        Member::required("name", &NAME),
        Member::optional("tags", &TAG_LIST),
        Member::optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION),
    ],
});
static CREATE_STATE_MACHINE_ALIAS_INPUT: Shape = Shape::Structure(Structure {
    name: "CreateStateMachineAliasInput",
    members: &[
        Member::optional("description", &ALIAS_DESCRIPTION),
        Member::required("name", &CHARACTER_RESTRICTED_NAME),
        Member::required("routingConfiguration", &ROUTING_CONFIGURATION_LIST),
    ],
});
static CREATE_STATE_MACHINE_INPUT: Shape = Shape::Structure(Structure {
    name: "CreateStateMachineInput",
    members: &[
        Member::required("name", &NAME),
        Member::required("definition", &DEFINITION),
        Member::required("roleArn", &ARN),
        Member::optional("type", &STATE_MACHINE_TYPE),
        Member::optional("loggingConfiguration", &LOGGING_CONFIGURATION),
        Member::optional("tags", &TAG_LIST),
        Member::optional("tracingConfiguration", &TRACING_CONFIGURATION),
        Member::optional("publish", &PUBLISH),
        Member::optional("versionDescription", &VERSION_DESCRIPTION),
        Member::optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION),
    ],
});
static DEFINITION: Shape = Shape::Text(Text::ANY.min(1).max(1048576).sensitive());
static DELETE_ACTIVITY_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteActivityInput",
    members: &[Member::required("activityArn", &ARN)],
});
static DELETE_STATE_MACHINE_ALIAS_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteStateMachineAliasInput",
    members: &[Member::required("stateMachineAliasArn", &ARN)],
});
static DELETE_STATE_MACHINE_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteStateMachineInput",
    members: &[Member::required("stateMachineArn", &ARN)],
});
static DELETE_STATE_MACHINE_VERSION_INPUT: Shape = Shape::Structure(Structure {
    name: "DeleteStateMachineVersionInput",
    members: &[Member::required("stateMachineVersionArn", &LONG_ARN)],
});
static DESCRIBE_ACTIVITY_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeActivityInput",
    members: &[Member::required("activityArn", &ARN)],
});
static DESCRIBE_EXECUTION_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeExecutionInput",
    members: &[Member::required("executionArn", &ARN), Member::optional("includedData", &INCLUDED_DATA)],
});
static DESCRIBE_MAP_RUN_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeMapRunInput",
    members: &[Member::required("mapRunArn", &LONG_ARN)],
});
static DESCRIBE_STATE_MACHINE_ALIAS_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeStateMachineAliasInput",
    members: &[Member::required("stateMachineAliasArn", &ARN)],
});
static DESCRIBE_STATE_MACHINE_FOR_EXECUTION_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeStateMachineForExecutionInput",
    members: &[Member::required("executionArn", &ARN), Member::optional("includedData", &INCLUDED_DATA)],
});
static DESCRIBE_STATE_MACHINE_INPUT: Shape = Shape::Structure(Structure {
    name: "DescribeStateMachineInput",
    members: &[Member::required("stateMachineArn", &ARN), Member::optional("includedData", &INCLUDED_DATA)],
});
static ENABLED: Shape = Shape::Flag;
static ENCRYPTION_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "EncryptionConfiguration",
    members: &[
        Member::optional("kmsKeyId", &KMS_KEY_ID),
        Member::optional("kmsDataKeyReusePeriodSeconds", &KMS_DATA_KEY_REUSE_PERIOD_SECONDS),
        Member::required("type", &ENCRYPTION_TYPE),
    ],
});
static ENCRYPTION_TYPE: Shape = Shape::Text(Text::ANY.one_of(&["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"]));
static EXECUTION_REDRIVE_FILTER: Shape = Shape::Text(Text::ANY.one_of(&["REDRIVEN", "NOT_REDRIVEN"]));
static EXECUTION_STATUS: Shape = Shape::Text(Text::ANY.one_of(&[
    "SUCCEEDED",
    "TIMED_OUT",
    "PENDING_REDRIVE",
    "ABORTED",
    "FAILED",
    "RUNNING",
]));
static GET_ACTIVITY_TASK_INPUT: Shape = Shape::Structure(Structure {
    name: "GetActivityTaskInput",
    members: &[Member::required("activityArn", &ARN), Member::optional("workerName", &NAME)],
});
static GET_EXECUTION_HISTORY_INPUT: Shape = Shape::Structure(Structure {
    name: "GetExecutionHistoryInput",
    members: &[
        Member::required("executionArn", &ARN),
        Member::optional("maxResults", &PAGE_SIZE),
        Member::optional("reverseOrder", &REVERSE_ORDER),
        Member::optional("nextToken", &PAGE_TOKEN),
        Member::optional("includeExecutionData", &INCLUDE_EXECUTION_DATA_GET_EXECUTION_HISTORY),
    ],
});
static INCLUDE_EXECUTION_DATA: Shape = Shape::Flag;
static INCLUDE_EXECUTION_DATA_GET_EXECUTION_HISTORY: Shape = Shape::Flag;
static INCLUDED_DATA: Shape = Shape::Text(Text::ANY.one_of(&["ALL_DATA", "METADATA_ONLY"]));
static INSPECTION_LEVEL: Shape = Shape::Text(Text::ANY.one_of(&["INFO", "DEBUG", "TRACE"]));
static KMS_DATA_KEY_REUSE_PERIOD_SECONDS: Shape =
    Shape::Number(Number::of(NumberKind::Integer).min(60).max(900));
static KMS_KEY_ID: Shape = Shape::Text(Text::ANY.min(1).max(2048));
static LIST_ACTIVITIES_INPUT: Shape = Shape::Structure(Structure {
    name: "ListActivitiesInput",
    members: &[Member::optional("maxResults", &PAGE_SIZE), Member::optional("nextToken", &PAGE_TOKEN)],
});
static LIST_EXECUTIONS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListExecutionsInput",
    members: &[
        Member::optional("stateMachineArn", &ARN),
        Member::optional("statusFilter", &EXECUTION_STATUS),
        Member::optional("maxResults", &PAGE_SIZE),
        Member::optional("nextToken", &LIST_EXECUTIONS_PAGE_TOKEN),
        Member::optional("mapRunArn", &LONG_ARN),
        Member::optional("redriveFilter", &EXECUTION_REDRIVE_FILTER),
    ],
});
static LIST_EXECUTIONS_PAGE_TOKEN: Shape = Shape::Text(Text::ANY.min(1).max(3096));
static LIST_MAP_RUNS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListMapRunsInput",
    members: &[
        Member::required("executionArn", &ARN),
        Member::optional("maxResults", &PAGE_SIZE),
        Member::optional("nextToken", &PAGE_TOKEN),
    ],
});
static LIST_STATE_MACHINE_ALIASES_INPUT: Shape = Shape::Structure(Structure {
    name: "ListStateMachineAliasesInput",
    members: &[
        Member::required("stateMachineArn", &ARN),
        Member::optional("nextToken", &PAGE_TOKEN),
        Member::optional("maxResults", &PAGE_SIZE),
    ],
});
static LIST_STATE_MACHINE_VERSIONS_INPUT: Shape = Shape::Structure(Structure {
    name: "ListStateMachineVersionsInput",
    members: &[
        Member::required("stateMachineArn", &ARN),
        Member::optional("nextToken", &PAGE_TOKEN),
        Member::optional("maxResults", &PAGE_SIZE),
    ],
});
static LIST_STATE_MACHINES_INPUT: Shape = Shape::Structure(Structure {
    name: "ListStateMachinesInput",
    members: &[Member::optional("maxResults", &PAGE_SIZE), Member::optional("nextToken", &PAGE_TOKEN)],
});
static LIST_TAGS_FOR_RESOURCE_INPUT: Shape = Shape::Structure(Structure {
    name: "ListTagsForResourceInput",
    members: &[Member::required("resourceArn", &ARN)],
});
static LOG_DESTINATION: Shape = Shape::Structure(Structure {
    name: "LogDestination",
    members: &[Member::optional("cloudWatchLogsLogGroup", &CLOUD_WATCH_LOGS_LOG_GROUP)],
});
static LOG_DESTINATION_LIST: Shape = Shape::List(List::of(&LOG_DESTINATION));
static LOG_LEVEL: Shape = Shape::Text(Text::ANY.one_of(&["ALL", "ERROR", "FATAL", "OFF"]));
static LOGGING_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "LoggingConfiguration",
    members: &[
        Member::optional("level", &LOG_LEVEL),
        Member::optional("includeExecutionData", &INCLUDE_EXECUTION_DATA),
        Member::optional("destinations", &LOG_DESTINATION_LIST),
    ],
});
static LONG_ARN: Shape = Shape::Text(Text::ANY.min(1).max(2000));
static MAP_ITERATION_FAILURE_COUNT: Shape = Shape::Number(Number::of(NumberKind::Integer).min(0));
static MAX_CONCURRENCY: Shape = Shape::Number(Number::of(NumberKind::Integer).min(0));
static MOCK_ERROR_OUTPUT: Shape = Shape::Structure(Structure {
    name: "MockErrorOutput",
    members: &[Member::optional("error", &SENSITIVE_ERROR), Member::optional("cause", &SENSITIVE_CAUSE)],
});
static MOCK_INPUT: Shape = Shape::Structure(Structure {
    name: "MockInput",
    members: &[
        Member::optional("result", &SENSITIVE_DATA),
        Member::optional("errorOutput", &MOCK_ERROR_OUTPUT),
        Member::optional("fieldValidationMode", &MOCK_RESPONSE_VALIDATION_MODE),
    ],
});
static MOCK_RESPONSE_VALIDATION_MODE: Shape = Shape::Text(Text::ANY.one_of(&["STRICT", "PRESENT", "NONE"]));
static NAME: Shape = Shape::Text(Text::ANY.min(1).max(80));
static PAGE_SIZE: Shape = Shape::Number(Number::of(NumberKind::Integer).min(0).max(1000));
static PAGE_TOKEN: Shape = Shape::Text(Text::ANY.min(1).max(1024));
static PUBLISH: Shape = Shape::Flag;
static PUBLISH_STATE_MACHINE_VERSION_INPUT: Shape = Shape::Structure(Structure {
    name: "PublishStateMachineVersionInput",
    members: &[
        Member::required("stateMachineArn", &ARN),
        Member::optional("revisionId", &REVISION_ID),
        Member::optional("description", &VERSION_DESCRIPTION),
    ],
});
static REDRIVE_EXECUTION_INPUT: Shape = Shape::Structure(Structure {
    name: "RedriveExecutionInput",
    members: &[Member::required("executionArn", &ARN), Member::optional("clientToken", &CLIENT_TOKEN)],
});
static RETRIER_RETRY_COUNT: Shape = Shape::Number(Number::of(NumberKind::Integer).min(0));
static REVEAL_SECRETS: Shape = Shape::Flag;
static REVERSE_ORDER: Shape = Shape::Flag;
static REVISION_ID: Shape = Shape::Text(Text::ANY);
static ROUTING_CONFIGURATION_LIST: Shape =
    Shape::List(List::of(&ROUTING_CONFIGURATION_LIST_ITEM).min(1).max(2));
static ROUTING_CONFIGURATION_LIST_ITEM: Shape = Shape::Structure(Structure {
    name: "RoutingConfigurationListItem",
    members: &[Member::required("stateMachineVersionArn", &ARN), Member::required("weight", &VERSION_WEIGHT)],
});
static SEND_TASK_FAILURE_INPUT: Shape = Shape::Structure(Structure {
    name: "SendTaskFailureInput",
    members: &[
        Member::required("taskToken", &TASK_TOKEN),
        Member::optional("error", &SENSITIVE_ERROR),
        Member::optional("cause", &SENSITIVE_CAUSE),
    ],
});
static SEND_TASK_HEARTBEAT_INPUT: Shape = Shape::Structure(Structure {
    name: "SendTaskHeartbeatInput",
    members: &[Member::required("taskToken", &TASK_TOKEN)],
});
static SEND_TASK_SUCCESS_INPUT: Shape = Shape::Structure(Structure {
    name: "SendTaskSuccessInput",
    members: &[Member::required("taskToken", &TASK_TOKEN), Member::required("output", &SENSITIVE_DATA)],
});
static SENSITIVE_CAUSE: Shape = Shape::Text(Text::ANY.max(32768).sensitive());
static SENSITIVE_DATA: Shape = Shape::Text(Text::ANY.max(262144).in_bytes().sensitive());
static SENSITIVE_ERROR: Shape = Shape::Text(Text::ANY.max(256).sensitive());
static START_EXECUTION_INPUT: Shape = Shape::Structure(Structure {
    name: "StartExecutionInput",
    members: &[
        Member::required("stateMachineArn", &ARN),
        Member::optional("name", &NAME),
        Member::optional("input", &SENSITIVE_DATA),
        Member::optional("traceHeader", &TRACE_HEADER),
    ],
});
static START_SYNC_EXECUTION_INPUT: Shape = Shape::Structure(Structure {
    name: "StartSyncExecutionInput",
    members: &[
        Member::required("stateMachineArn", &ARN),
        Member::optional("name", &NAME),
        Member::optional("input", &SENSITIVE_DATA),
        Member::optional("traceHeader", &TRACE_HEADER),
        Member::optional("includedData", &INCLUDED_DATA),
    ],
});
static STATE_MACHINE_TYPE: Shape = Shape::Text(Text::ANY.one_of(&["STANDARD", "EXPRESS"]));
static STOP_EXECUTION_INPUT: Shape = Shape::Structure(Structure {
    name: "StopExecutionInput",
    members: &[
        Member::required("executionArn", &ARN),
        Member::optional("error", &SENSITIVE_ERROR),
        Member::optional("cause", &SENSITIVE_CAUSE),
    ],
});
static TAG: Shape = Shape::Structure(Structure {
    name: "Tag",
    members: &[Member::optional("key", &TAG_KEY), Member::optional("value", &TAG_VALUE)],
});
static TAG_KEY: Shape = Shape::Text(Text::ANY.min(1).max(128));
static TAG_KEY_LIST: Shape = Shape::List(List::of(&TAG_KEY));
static TAG_LIST: Shape = Shape::List(List::of(&TAG));
static TAG_RESOURCE_INPUT: Shape = Shape::Structure(Structure {
    name: "TagResourceInput",
    members: &[Member::required("resourceArn", &ARN), Member::required("tags", &TAG_LIST)],
});
static TAG_VALUE: Shape = Shape::Text(Text::ANY.max(256));
static TASK_TOKEN: Shape = Shape::Text(Text::ANY.min(1).max(2048).sensitive());
static TEST_STATE_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "TestStateConfiguration",
    members: &[
        Member::optional("retrierRetryCount", &RETRIER_RETRY_COUNT),
        Member::optional("errorCausedByState", &TEST_STATE_STATE_NAME),
        Member::optional("mapIterationFailureCount", &MAP_ITERATION_FAILURE_COUNT),
        Member::optional("mapItemReaderData", &SENSITIVE_DATA),
    ],
});
static TEST_STATE_INPUT: Shape = Shape::Structure(Structure {
    name: "TestStateInput",
    members: &[
        Member::required("definition", &DEFINITION),
        Member::optional("roleArn", &ARN),
        Member::optional("input", &SENSITIVE_DATA),
        Member::optional("inspectionLevel", &INSPECTION_LEVEL),
        Member::optional("revealSecrets", &REVEAL_SECRETS),
        Member::optional("variables", &SENSITIVE_DATA),
        Member::optional("stateName", &TEST_STATE_STATE_NAME),
        Member::optional("mock", &MOCK_INPUT),
        Member::optional("context", &SENSITIVE_DATA),
        Member::optional("stateConfiguration", &TEST_STATE_CONFIGURATION),
    ],
});
static TEST_STATE_STATE_NAME: Shape = Shape::Text(Text::ANY.min(1).max(80).sensitive());
static TOLERATED_FAILURE_COUNT: Shape = Shape::Number(Number::of(NumberKind::Long).min(0));
static TOLERATED_FAILURE_PERCENTAGE: Shape = Shape::Number(Number::of(NumberKind::Float).min(0).max(100));
static TRACE_HEADER: Shape = Shape::Text(Text::ANY.max(256).matching(Pattern::Ascii));
static TRACING_CONFIGURATION: Shape = Shape::Structure(Structure {
    name: "TracingConfiguration",
    members: &[Member::optional("enabled", &ENABLED)],
});
static UNTAG_RESOURCE_INPUT: Shape = Shape::Structure(Structure {
    name: "UntagResourceInput",
    members: &[Member::required("resourceArn", &ARN), Member::required("tagKeys", &TAG_KEY_LIST)],
});
static UPDATE_MAP_RUN_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateMapRunInput",
    members: &[
        Member::required("mapRunArn", &LONG_ARN),
        Member::optional("maxConcurrency", &MAX_CONCURRENCY),
        Member::optional("toleratedFailurePercentage", &TOLERATED_FAILURE_PERCENTAGE),
        Member::optional("toleratedFailureCount", &TOLERATED_FAILURE_COUNT),
    ],
});
static UPDATE_STATE_MACHINE_ALIAS_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateStateMachineAliasInput",
    members: &[
        Member::required("stateMachineAliasArn", &ARN),
        Member::optional("description", &ALIAS_DESCRIPTION),
        Member::optional("routingConfiguration", &ROUTING_CONFIGURATION_LIST),
    ],
});
static UPDATE_STATE_MACHINE_INPUT: Shape = Shape::Structure(Structure {
    name: "UpdateStateMachineInput",
    members: &[
        Member::required("stateMachineArn", &ARN),
        Member::optional("definition", &DEFINITION),
        Member::optional("roleArn", &ARN),
        Member::optional("loggingConfiguration", &LOGGING_CONFIGURATION),
        Member::optional("tracingConfiguration", &TRACING_CONFIGURATION),
        Member::optional("publish", &PUBLISH),
        Member::optional("versionDescription", &VERSION_DESCRIPTION),
        Member::optional("encryptionConfiguration", &ENCRYPTION_CONFIGURATION),
    ],
});
static VALIDATE_STATE_MACHINE_DEFINITION_INPUT: Shape = Shape::Structure(Structure {
    name: "ValidateStateMachineDefinitionInput",
    members: &[
        Member::required("definition", &DEFINITION),
        Member::optional("type", &STATE_MACHINE_TYPE),
        Member::optional("severity", &VALIDATE_STATE_MACHINE_DEFINITION_SEVERITY),
        Member::optional("maxResults", &VALIDATE_STATE_MACHINE_DEFINITION_MAX_RESULT),
    ],
});
static VALIDATE_STATE_MACHINE_DEFINITION_MAX_RESULT: Shape =
    Shape::Number(Number::of(NumberKind::Integer).min(0).max(100));
static VALIDATE_STATE_MACHINE_DEFINITION_SEVERITY: Shape =
    Shape::Text(Text::ANY.one_of(&["ERROR", "WARNING"]));
static VERSION_DESCRIPTION: Shape = Shape::Text(Text::ANY.max(256).sensitive());
static VERSION_WEIGHT: Shape = Shape::Number(Number::of(NumberKind::Integer).min(0).max(100));
