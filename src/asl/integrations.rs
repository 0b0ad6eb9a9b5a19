//! The optimized service integrations: services, their actions, and how a Task can wait for each.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html> and its service pages.

use super::resource::IntegrationPattern;

/// Whether the action exists and can be waited for in this way. Every action can be called without waiting.
pub(crate) fn supports(service: &str, action: &str, pattern: IntegrationPattern) -> bool {
    OPTIMIZED.iter().any(|(name, actions)| {
        *name == service
            && actions.iter().any(|(name, patterns)| {
                *name == action
                    && (pattern == IntegrationPattern::RequestResponse || patterns.contains(&pattern))
            })
    })
}

type Actions = &'static [(&'static str, &'static [IntegrationPattern])];

const CALL: &[IntegrationPattern] = &[];
const RUN: &[IntegrationPattern] = &[IntegrationPattern::Sync];
const TOKEN: &[IntegrationPattern] = &[IntegrationPattern::WaitForTaskToken];
const RUN_OR_TOKEN: &[IntegrationPattern] = &[IntegrationPattern::Sync, IntegrationPattern::WaitForTaskToken];

#[rustfmt::skip]
const OPTIMIZED: &[(&str, Actions)] = &[
    ("apigateway", &[("invoke", TOKEN)]),
    ("athena", &[
        ("startQueryExecution", RUN), ("stopQueryExecution", CALL), ("getQueryExecution", CALL), ("getQueryResults", CALL),
    ]),
    ("batch", &[("submitJob", RUN)]),
    ("bedrock", &[("invokeModel", TOKEN), ("createModelCustomizationJob", RUN)]),
    ("bedrockagentcore", &[("invokeHarness", CALL)]),
    ("codebuild", &[
        ("startBuild", RUN), ("stopBuild", CALL), ("batchDeleteBuilds", CALL), ("batchGetReports", CALL),
        ("startBuildBatch", RUN), ("stopBuildBatch", CALL), ("retryBuildBatch", RUN), ("deleteBuildBatch", CALL),
    ]),
    ("databrew", &[("startJobRun", RUN)]),
    ("dynamodb", &[("getItem", CALL), ("putItem", CALL), ("updateItem", CALL), ("deleteItem", CALL)]),
    ("ecs", &[("runTask", RUN_OR_TOKEN)]),
    ("eks", &[
        ("call", TOKEN), ("runJob", RUN_OR_TOKEN), ("createCluster", RUN), ("deleteCluster", RUN),
        ("createNodegroup", RUN), ("deleteNodegroup", RUN), ("createFargateProfile", RUN), ("deleteFargateProfile", RUN),
    ]),
    ("elasticmapreduce", &[
        ("createCluster", RUN), ("terminateCluster", RUN), ("setClusterTerminationProtection", CALL), ("addStep", RUN),
        ("cancelStep", CALL), ("modifyInstanceFleetByName", CALL), ("modifyInstanceGroupByName", CALL),
    ]),
    ("emr-containers", &[("createVirtualCluster", CALL), ("deleteVirtualCluster", RUN), ("startJobRun", RUN)]),
    ("emr-serverless", &[
        ("createApplication", RUN), ("startApplication", RUN), ("stopApplication", RUN), ("deleteApplication", RUN),
        ("startJobRun", RUN), ("cancelJobRun", RUN),
    ]),
    ("events", &[("putEvents", TOKEN)]),
    ("glue", &[("startJobRun", RUN)]),
    ("http", &[("invoke", CALL)]),
    ("lambda", &[("invoke", TOKEN)]),
    ("mediaconvert", &[("createJob", RUN)]),
    ("sagemaker", &[
        ("createAutoMLJob", RUN), ("createEndpoint", CALL), ("createEndpointConfig", CALL),
        ("createHyperParameterTuningJob", RUN), ("createLabelingJob", RUN), ("createModel", CALL),
        ("createProcessingJob", RUN), ("createTrainingJob", RUN), ("createTransformJob", RUN), ("updateEndpoint", CALL),
    ]),
    ("sns", &[("publish", TOKEN)]),
    ("sqs", &[("sendMessage", TOKEN)]),
    ("states", &[("startExecution", &[IntegrationPattern::Sync, IntegrationPattern::Sync2, IntegrationPattern::WaitForTaskToken])]),
];
