#!/usr/bin/env python3
"""Writes src/service/result_shape/shapes.txt: what the actions of AWS services answer, as Step Functions shows it.

usage: tools/generate_output_shapes.py DATA
  DATA  the folder botocore/data of an installed or unpacked botocore (`pip install botocore`)

Only names, types, required members, enums, lengths and ranges are read: facts, no prose.
To add an action, add it to OPTIMIZED, JOBS or SDK below, and run this again.
"""
import gzip
import json
import pathlib
import re
import sys

TABLE = pathlib.Path(__file__).resolve().parent.parent / "src/service/result_shape/shapes.txt"

HEAD = """\
# What actions answer, as Step Functions shows it. Made by tools/generate_output_shapes.py; do not edit.
# botocore models: {version}
# >service, then its shapes, counted from 0, then its actions:
# {{Name:shape,Name!:shape  a structure; ! marks a member that is always there
# |A|B                     an enumeration
# =action shape            what the action answers; of a job, what the polled API answers
# Shapes: s text, n number, b boolean, t timestamp, * anything, [x list of x, <x map to x, #7 shape 7.
# s1..20 and n0..5 have bounds; either end may be missing.
"""

# The optimized integrations: the service as botocore calls it, and its actions. A pair gives the operation its name
# there. None: Step Functions answers in its own way; see OWN.
OPTIMIZED = {
    "apigateway": (None, ["invoke"]),
    "athena": ("athena", ["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"]),
    "batch": ("batch", ["submitJob"]),
    "bedrock": ("bedrock", ["invokeModel", "createModelCustomizationJob"]),
    "codebuild": ("codebuild", [
        "startBuild", "stopBuild", "batchDeleteBuilds", "batchGetReports",
        "startBuildBatch", "stopBuildBatch", "retryBuildBatch", "deleteBuildBatch"]),
    "databrew": ("databrew", ["startJobRun"]),
    "dynamodb": ("dynamodb", ["getItem", "putItem", "updateItem", "deleteItem"]),
    "ecs": ("ecs", ["runTask"]),
    "eks": ("eks", [
        "call", "createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup",
        "createFargateProfile", "deleteFargateProfile"]),
    "elasticmapreduce": ("emr", [
        "createCluster", "terminateCluster", "setClusterTerminationProtection", "addStep", "cancelStep",
        "modifyInstanceFleetByName", "modifyInstanceGroupByName"]),
    "emr-containers": ("emr-containers", ["createVirtualCluster", "deleteVirtualCluster", "startJobRun"]),
    "emr-serverless": ("emr-serverless", [
        "createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun", "cancelJobRun"]),
    "events": ("events", ["putEvents"]),
    "glue": ("glue", ["startJobRun"]),
    "http": (None, ["invoke"]),
    "lambda": ("lambda", ["invoke"]),
    "mediaconvert": ("mediaconvert", ["createJob"]),
    "sagemaker": ("sagemaker", [
        "createAutoMLJob", "createEndpoint", "createEndpointConfig", "createHyperParameterTuningJob", "createLabelingJob",
        "createModel", "createProcessingJob", "createTrainingJob", "createTransformJob", "updateEndpoint"]),
    "sns": ("sns", ["publish"]),
    "sqs": ("sqs", ["sendMessage"]),
    "states": ("stepfunctions", ["startExecution"]),
}

# What Step Functions makes itself: members and their shapes.
OWN = {
    ("apigateway", "invoke"): {"Headers": "<*", "ResponseBody": "*", "StatusCode": "n", "StatusText": "s"},
    ("http", "invoke"): {"Headers": "<*", "ResponseBody": "*", "StatusCode": "n", "StatusText": "s"},
    ("eks", "call"): {"Headers": "<*", "ResponseBody": "*", "StatusCode": "n", "StatusText": "s"},
    ("bedrock", "invokeModel"): {"Body": "*", "ContentType": "s"},
    ("elasticmapreduce", "createCluster"): {"ClusterId": "s", "ClusterArn": "s"},
    ("elasticmapreduce", "addStep"): {"StepId": "s"},
    ("elasticmapreduce", "terminateCluster"): {},
    ("elasticmapreduce", "setClusterTerminationProtection"): {},
    ("elasticmapreduce", "cancelStep"): {"CancelStepsInfoList": "*"},
    ("elasticmapreduce", "modifyInstanceFleetByName"): {},
    ("elasticmapreduce", "modifyInstanceGroupByName"): {},
}

# Jobs: the polled operation, and the member of its answer that is the result, if that is not the whole of it.
JOBS = {
    ("athena", "startQueryExecution.sync"): ("GetQueryExecution", None),
    ("batch", "submitJob.sync"): ("DescribeJobs", "jobs"),
    ("bedrock", "createModelCustomizationJob.sync"): ("GetModelCustomizationJob", None),
    ("databrew", "startJobRun.sync"): ("DescribeJobRun", None),
    ("ecs", "runTask.sync"): ("DescribeTasks", "tasks"),
    ("eks", "createCluster.sync"): ("DescribeCluster", None),
    ("eks", "createNodegroup.sync"): ("DescribeNodegroup", None),
    ("eks", "createFargateProfile.sync"): ("DescribeFargateProfile", None),
    ("emr-containers", "startJobRun.sync"): ("DescribeJobRun", None),
    ("emr-serverless", "createApplication.sync"): ("GetApplication", None),
    ("emr-serverless", "startApplication.sync"): ("GetApplication", None),
    ("emr-serverless", "startJobRun.sync"): ("GetJobRun", None),
    ("glue", "startJobRun.sync"): ("GetJobRun", "JobRun"),
    ("mediaconvert", "createJob.sync"): ("GetJob", None),
    ("sagemaker", "createAutoMLJob.sync"): ("DescribeAutoMLJob", None),
    ("sagemaker", "createHyperParameterTuningJob.sync"): ("DescribeHyperParameterTuningJob", None),
    ("sagemaker", "createLabelingJob.sync"): ("DescribeLabelingJob", None),
    ("sagemaker", "createProcessingJob.sync"): ("DescribeProcessingJob", None),
    ("sagemaker", "createTrainingJob.sync"): ("DescribeTrainingJob", None),
    ("sagemaker", "createTransformJob.sync"): ("DescribeTransformJob", None),
    ("states", "startExecution.sync"): ("DescribeExecution", None),
    ("states", "startExecution.sync:2"): ("DescribeExecution", None),
}

# Members that Step Functions reads as JSON before it shows them.
READ_AS_JSON = {
    ("lambda", "invoke"): {"Payload"},
    ("states", "startExecution.sync:2"): {"Input", "Output"},
}

# aws-sdk: the service as a Resource calls it, and its actions; None: all of them.
SDK = {
    "appsync": "getGraphqlApi",
    "athena": "getQueryExecution getQueryResults startQueryExecution stopQueryExecution",
    "autoscaling": "describeAutoScalingInstances describeAutoScalingGroups detachInstances setDesiredCapacity",
    "batch": "describeJobs submitJob",
    "bedrock": "createEvaluationJob createProvisionedModelThroughput getEvaluationJob getModelCustomizationJob",
    "bedrockagent": "createDataSource createKnowledgeBase getIngestionJob startIngestionJob",
    "bedrockruntime": "converse invokeModel",
    "cloudformation": "createStack createStackInstances createStackSet deleteStack deleteStackInstances deleteStackSet"
                      " describeStacks describeStackSetOperation",
    "cloudwatch": "deleteAlarms getMetricData putMetricAlarm putMetricData",
    "cloudwatchlogs": "filterLogEvents getQueryResults putLogEvents startQuery",
    "codebuild": "batchGetBuilds startBuild",
    "cognitoidentityprovider": "adminCreateUser adminGetUser listUsers",
    "comprehend": "detectDominantLanguage detectEntities detectKeyPhrases detectPiiEntities detectSentiment",
    "config": "batchGetAggregateResourceConfig listAggregateDiscoveredResources",
    "dynamodb": None,
    "ec2": "attachVolume authorizeSecurityGroupIngress createImage createSnapshot createTags createVolume describeInstances"
           " describeSnapshots describeVolumes modifyInstanceAttribute runInstances startInstances stopInstances"
           " terminateInstances",
    "ecs": "describeTasks listTasks runTask stopTask updateService",
    "emrserverless": "getJobRun startJobRun",
    "eventbridge": None,
    "firehose": "putRecord putRecordBatch",
    "fis": "createExperimentTemplate getExperiment startExperiment",
    "glue": "getCrawler getJobRun getTable getWorkflowRun listCrawlers startCrawler startJobRun startWorkflowRun",
    "iam": "createRole getRole listRoles",
    "kinesis": "putRecord putRecords",
    "kms": "createGrant decrypt describeKey encrypt generateDataKey sign verify",
    "lambda": "createFunction deleteFunction getFunction getFunctionConfiguration invoke listFunctions"
              " listVersionsByFunction publishVersion updateAlias updateFunctionCode updateFunctionConfiguration",
    "organizations": "createAccount createOrganizationalUnit describeAccount describeCreateAccountStatus listAccounts"
                     " listOrganizationalUnitsForParent listParents listRoots moveAccount",
    "polly": "getSpeechSynthesisTask startSpeechSynthesisTask synthesizeSpeech",
    "rds": "createDBCluster createDBInstance createDBSnapshot deleteDBInstance deleteGlobalCluster describeDBClusters"
           " describeDBInstances describeDBSnapshots describeGlobalClusters modifyDBCluster modifyDBInstance"
           " removeFromGlobalCluster restoreDBClusterFromSnapshot startDBInstance stopDBInstance switchoverGlobalCluster",
    "rdsdata": "batchExecuteStatement beginTransaction commitTransaction executeStatement rollbackTransaction",
    "redshiftdata": "describeStatement executeStatement getStatementResult",
    "rekognition": "detectFaces detectLabels detectModerationLabels detectText getContentModeration getLabelDetection"
                   " getSegmentDetection recognizeCelebrities startContentModeration startLabelDetection"
                   " startSegmentDetection",
    "s3": "copyObject createBucket deleteBucket deleteObject deleteObjects getObject getObjectAttributes getObjectTagging"
          " headBucket headObject listBuckets listObjects listObjectsV2 listObjectVersions putObject putObjectTagging",
    "sagemaker": "deleteEndpoint describeEndpoint",
    "sagemakerruntime": "invokeEndpoint",
    "scheduler": None,
    "secretsmanager": None,
    "ses": "sendEmail sendTemplatedEmail",
    "sesv2": "sendEmail",
    "sfn": None,
    "sns": None,
    "sqs": None,
    "ssm": "deleteParameter getCommandInvocation getParameter getParameters getParametersByPath putParameter sendCommand"
           " startAutomationExecution getAutomationExecution",
    "sts": "assumeRole getCallerIdentity",
    "textract": "analyzeDocument detectDocumentText getDocumentAnalysis getDocumentTextDetection startDocumentAnalysis"
                " startDocumentTextDetection",
    "transcribe": "createVocabularyFilter getTranscriptionJob listVocabularyFilters startTranscriptionJob",
    "translate": "translateText",
}

# Services whose folder is not their name without hyphens.
FOLDERS = {
    "bedrockagent": "bedrock-agent", "bedrockruntime": "bedrock-runtime", "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp", "emrserverless": "emr-serverless", "eventbridge": "events",
    "rdsdata": "rds-data", "redshiftdata": "redshift-data", "sagemakerruntime": "sagemaker-runtime",
    "sfn": "stepfunctions",
}


def load(data, folder):
    latest = sorted(path for path in (data / folder).iterdir() if path.is_dir())[-1]
    packed = latest / "service-2.json.gz"
    if packed.exists():
        return json.loads(gzip.decompress(packed.read_bytes()))
    return json.loads((latest / "service-2.json").read_bytes())


def capitalized(name):
    """Optimized integrations only make the first letter large."""
    return name[:1].upper() + name[1:]


def sdk_case(name):
    """aws-sdk integrations write names as the SDK for Java does: DBInstances is DbInstances, ETag stays."""
    name = re.sub(r"[^A-Za-z0-9]+", " ", name)
    name = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 ", name)
    name = re.sub(r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 ", name)
    name = re.sub(r"(?<=[a-z])(?=[A-Z]([a-zA-Z]|[0-9]))", " ", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name)
    name = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", name)
    return "".join(word[:1].upper() + word[1:].lower() for word in name.split())


class Service:
    """The shapes of one service, in the order in which they are first needed."""

    def __init__(self, model, case):
        self.model, self.case = model, case
        self.numbers, self.lines, self.actions = {}, [], []

    def add(self, action, shape):
        self.actions.append(f"={action} {shape}")

    def own(self, members):
        self.lines.append("{" + ",".join(f"{name}:{shape}" for name, shape in members.items()))
        return f"#{len(self.lines) - 1}"

    def answer(self, operation, json_members=frozenset(), part=None):
        output = self.model["operations"][operation].get("output")
        if output is None:
            return self.own({})
        name = output["shape"]
        if part is not None:
            name = self.model["shapes"][name]["members"][part]["shape"]
            shape = self.model["shapes"][name]
            name = shape["member"]["shape"] if shape["type"] == "list" else name
        if json_members:
            return self.structure(name, json_members)
        return self.shape(name)

    def shape(self, name):
        shape = self.model["shapes"][name]
        kind = shape["type"]
        if shape.get("document") or shape.get("eventstream"):
            return "*"
        if kind == "structure":
            return self.structure(name)
        if kind == "list":
            return "[" + self.shape(shape["member"]["shape"])
        if kind == "map":
            return "<" + self.shape(shape["value"]["shape"])
        if kind == "string":
            return self.enumeration(name) if shape.get("enum") else "s" + bounds(shape)
        if kind == "blob":
            return "s" + bounds({"min": shape.get("min")})
        if kind in ("integer", "long", "float", "double", "bigdecimal", "biginteger"):
            return "n" + bounds(shape)
        return {"boolean": "b", "timestamp": "t"}[kind]

    def reserve(self, name):
        self.numbers[name] = len(self.lines)
        self.lines.append(None)
        return self.numbers[name]

    def structure(self, name, json_members=frozenset()):
        key = (name, frozenset(json_members))
        if key not in self.numbers:
            number = self.reserve(key)
            shape = self.model["shapes"][name]
            required = set(shape.get("required", []))
            members = []
            for member, reference in shape["members"].items():
                shown = self.case(member)
                mark = "!" if member in required else ""
                inner = "*" if shown in json_members or reference.get("jsonvalue") else self.shape(reference["shape"])
                members.append(f"{shown}{mark}:{inner}")
            self.lines[number] = "{" + ",".join(members)
        return f"#{self.numbers[key]}"

    def enumeration(self, name):
        if name not in self.numbers:
            number = self.reserve(name)
            self.lines[number] = "|" + "|".join(self.model["shapes"][name]["enum"])
        return f"#{self.numbers[name]}"

    def text(self):
        return "\n".join(self.lines + self.actions)


def bounds(shape):
    """A length of 0 says nothing, and the largest numbers do not either."""
    least, most = shape.get("min"), shape.get("max")
    least = None if least in (None, 0) and shape.get("type", "blob") in ("string", "blob") else least
    most = None if most is not None and most >= 2**31 - 1 else most
    if least is None and most is None:
        return ""
    return f"{'' if least is None else least}..{'' if most is None else most}"


def optimized(data):
    for name, (folder, actions) in OPTIMIZED.items():
        service = Service(load(data, folder) if folder else {}, capitalized)
        for action in actions:
            if (name, action) in OWN:
                service.add(action, service.own(OWN[name, action]))
            else:
                service.add(action, service.answer(capitalized(action), READ_AS_JSON.get((name, action), ())))
        for (job_service, action), (operation, part) in JOBS.items():
            if job_service == name:
                service.add(action, service.answer(operation, READ_AS_JSON.get((name, action), ()), part))
        if name == "codebuild":
            build, batch = (service.shape(kind) for kind in ("Build", "BuildBatch"))
            service.add("startBuild.sync", service.own({"Build": build}))
            service.add("startBuildBatch.sync", service.own({"BuildBatch": batch}))
            service.add("retryBuildBatch.sync", service.own({"BuildBatch": batch}))
        yield name, service


def sdk(data):
    for name, actions in SDK.items():
        model = load(data, FOLDERS.get(name, name))
        service = Service(model, sdk_case)
        operations = {operation[:1].lower() + operation[1:]: operation for operation in model["operations"]}
        for action in sorted(operations) if actions is None else actions.split():
            service.add(action, service.answer(operations[action]))
        yield f"aws-sdk:{name}", service


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    data = pathlib.Path(sys.argv[1])
    services = dict([*optimized(data), *sdk(data)])
    version = re.search(r"__version__ = '(.*)'", (data.parent / "__init__.py").read_text())
    head = HEAD.format(version=version.group(1) if version else "unknown")
    TABLE.write_text(head + "".join(f">{name}\n{service.text()}\n" for name, service in services.items()))
    actions = sum(len(service.actions) for service in services.values())
    print(f"{len(services)} services, {actions} actions, {TABLE.stat().st_size} bytes")


main()
