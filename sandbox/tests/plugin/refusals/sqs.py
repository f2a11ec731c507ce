"""What queues and their policies reject."""

from sandbox.tests.plugin.refusals.case import Case, Sound

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"

SOUND: Sound = {QUEUE: {}, POLICY: {"queueUrl": "http://127.0.0.1/1/q", "policy": "{}"}}

CASES = (
    Case(QUEUE, "name", "a queue", "invalid queue name: a queue"),
    Case(QUEUE, "namePrefix", "a queue", "invalid queue name: a queue"),
    Case(QUEUE, "delaySeconds", 901, "in the range (0 - 900)"),
    Case(QUEUE, "kmsDataKeyReusePeriodSeconds", 59, "in the range (60 - 86400)"),
    Case(QUEUE, "maxMessageSize", 1023, "in the range (1024 - 1048576)"),
    Case(QUEUE, "messageRetentionSeconds", 59, "in the range (60 - 1209600)"),
    Case(QUEUE, "policy", "none", "contains an invalid JSON policy: not a JSON object"),
    Case(QUEUE, "receiveWaitTimeSeconds", 21, "in the range (0 - 20)"),
    Case(QUEUE, "redriveAllowPolicy", "{", "contains an invalid JSON"),
    Case(QUEUE, "redrivePolicy", "{", "contains an invalid JSON"),
    Case(QUEUE, "visibilityTimeoutSeconds", 43_201, "in the range (0 - 43200)"),
    Case(POLICY, "policy", "", "is an empty string, which is not a valid JSON value"),
)
