#!/usr/bin/env bash
# moto 5.2.5: SQS forgets a queue's policy when any other attribute is set.
#
# SetQueueAttributes changes the attributes that are given; AWS keeps the others. moto drops the
# policy as soon as, for example, the retention period is set, so a test of a queue that S3 or
# EventBridge feeds passes or fails by the order of two calls.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install 'moto[sqs]==5.2.5'
"$work/venv/bin/python" - <<'PYTHON'
import json
import os

os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
import boto3
import moto

policy = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": "arn:aws:sqs:us-east-1:123456789012:feed",
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
    ],
}
with moto.mock_aws():
    sqs = boto3.client("sqs", "us-east-1")
    url = sqs.create_queue(QueueName="feed", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]

    def has_policy():
        return "Policy" in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    before = has_policy()
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "1209600"})
    after = has_policy()
print(f"moto {moto.__version__}: policy before {before}, after setting MessageRetentionPeriod {after}")
assert (before, after) == (True, False)
PYTHON
