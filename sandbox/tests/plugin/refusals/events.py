"""What buses, rules and targets reject."""

import json

from sandbox.tests.plugin.refusals.case import NOT_ARN, Case, Sound

BUS = "aws:cloudwatch/eventBus:EventBus"
BUS_POLICY = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"

SOUND: Sound = {
    BUS: {"name": "alerts"},
    BUS_POLICY: {"eventBusName": "alerts", "policy": "{}"},
    RULE: {"eventPattern": '{"source":["aws.cloudtrail"]}'},
    TARGET: {"rule": "tampering", "arn": TOPIC},
}

CASES = (
    Case(BUS, "name", "x" * 257, "in the range (1 - 256)"),
    Case(BUS, "name", "a/bus", "must not contain a slash"),
    Case(BUS, "description", "x" * 513, "in the range (0 - 512)"),
    Case(BUS_POLICY, "eventBusName", "x" * 257, "in the range (1 - 256)"),
    Case(BUS_POLICY, "policy", "{Version", "contains an invalid JSON"),
    Case(RULE, "name", "x" * 65, "in the range (1 - 64)"),
    Case(RULE, "name", "a rule", "doesn't comply with restrictions"),
    Case(RULE, "namePrefix", "x" * 65, "in the range (1 - 64)"),
    Case(RULE, "namePrefix", "a rule", "doesn't comply with restrictions"),
    Case(RULE, "description", "x" * 513, "in the range (0 - 512)"),
    Case(RULE, "eventPattern", "{source", "contains an invalid JSON"),
    Case(RULE, "eventPattern", json.dumps({"source": ["x" * 4096]}), "cannot be longer than 4096"),
    Case(RULE, "roleArn", "role", NOT_ARN),
    Case(RULE, "scheduleExpression", "x" * 257, "in the range (0 - 256)"),
    Case(RULE, "state", "PAUSED", "to be one of"),
    Case(TARGET, "arn", "alerts", NOT_ARN),
    Case(TARGET, "deadLetterConfig.arn", "queue", NOT_ARN, {"deadLetterConfig": {}}),
    Case(TARGET, "input", "x" * 8193, "in the range (0 - 8192)"),
    Case(TARGET, "inputPath", "x" * 257, "in the range (0 - 256)"),
    Case(TARGET, "inputTransformer.inputTemplate", "", "in the range (1 - 8192)"),
    Case(TARGET, "retryPolicy.maximumEventAgeInSeconds", 59, "in the range (60 - 86400)"),
    Case(TARGET, "retryPolicy.maximumRetryAttempts", 186, "in the range (0 - 185)"),
    Case(TARGET, "roleArn", "role", NOT_ARN),
    Case(TARGET, "rule", "x" * 65, "in the range (1 - 64)"),
    Case(TARGET, "targetId", "x" * 65, "in the range (1 - 64)"),
    Case(TARGET, "targetId", "a target", "doesn't comply with restrictions"),
)
