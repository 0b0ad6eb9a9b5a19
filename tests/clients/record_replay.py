"""What boto3 and the AWS CLI see of an order, through whatever AWS_ENDPOINT_URL_SFN leads to; printed as one JSON line.

All settings come from the environment. Names are new in every run, and how often the execution is polled depends on
how fast it goes: what is printed must not.
"""

import json
import subprocess
import sys
import time
import uuid

import boto3
from botocore.config import Config

ROLE = "arn:aws:iam::123456789012:role/orders"
PAY = {"StartAt": "Pay", "States": {"Pay": {"Type": "Pass", "Result": {"paid": True}, "Next": "Rest"},
                                    "Rest": {"Type": "Wait", "Seconds": 30, "Next": "Done"},
                                    "Done": {"Type": "Succeed"}}}
sfn = boto3.client("stepfunctions", config=Config(retries={"max_attempts": 1}))
seen = {}


def aws(*arguments):
    done = subprocess.run([sys.executable, "-m", "awscli", "stepfunctions", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def machine(kind):
    name = f"orders-{kind.lower()}-{uuid.uuid4().hex[:8]}"
    return sfn.create_state_machine(name=name, type=kind, definition=json.dumps(PAY), roleArn=ROLE)["stateMachineArn"]


def run(machine_arn):
    name = f"order-{uuid.uuid4()}"
    arn = sfn.start_execution(stateMachineArn=machine_arn, name=name, input='{"order": 7}')["executionArn"]
    assert arn.endswith(name), arn
    for _ in range(200):
        described = sfn.describe_execution(executionArn=arn)
        assert described["name"] == name, described
        if described["status"] != "RUNNING":
            break
        time.sleep(0.02)
    return arn, described


standard, express = machine("STANDARD"), machine("EXPRESS")
arn, described = run(standard)
seen["status"], seen["output"] = described["status"], described["output"]
pages = sfn.get_paginator("get_execution_history").paginate(executionArn=arn, PaginationConfig={"PageSize": 3})
seen["history"] = [event["type"] for page in pages for event in page["events"]]
seen["sync"] = sfn.start_sync_execution(stateMachineArn=express, input="{}")["output"]
try:
    sfn.describe_execution(executionArn=arn + "-gone")
except sfn.exceptions.ExecutionDoesNotExist as gone:
    seen["gone"] = gone.response["Error"]["Code"]
seen["cli"] = aws("describe-execution", "--execution-arn", arn)["status"]
seen["cli-sync"] = aws("start-sync-execution", "--state-machine-arn", express)["output"]
print(json.dumps(seen, sort_keys=True))
