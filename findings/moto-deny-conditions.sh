#!/usr/bin/env bash
# moto 5.2.5: a Deny that does not apply refuses everybody.
#
# By default moto needs no Allow of a bucket or key policy, yet applies a Deny, without its Condition
# and without its Principal. The policy that asks for TLS refuses calls over TLS; a key policy that
# denies a role DescribeKey refuses the account's other principals. So a log bucket with the policy
# that Security Hub asks for (S3.5) can be neither read nor written in a test.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install 'moto[s3,kms]==5.2.5' boto3==1.44.8
"$work/venv/bin/python" - <<'PYTHON'
import json
import os

os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
import boto3
import moto
from botocore.exceptions import ClientError

ACCOUNT = "arn:aws:iam::123456789012"
TLS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::example-logs", "arn:aws:s3:::example-logs/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
OTHER_ROLE = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
        {
            "Effect": "Deny",
            "Principal": {"AWS": f"{ACCOUNT}:role/Other"},
            "Action": "kms:DescribeKey",
            "Resource": "*",
        },
    ],
}


def outcome(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "done"


with moto.mock_aws():
    s3, kms, sts = (boto3.client(name, "us-east-1") for name in ("s3", "kms", "sts"))
    caller = sts.get_caller_identity()["Arn"]
    log = {"Bucket": "example-logs", "Key": "AWSLogs/one.json.gz"}
    s3.create_bucket(Bucket="example-logs")
    before = outcome(s3.put_object, **log, Body=b"a log file")
    s3.put_bucket_policy(Bucket="example-logs", Policy=json.dumps(TLS))
    put, get = outcome(s3.put_object, **log, Body=b"a log file"), outcome(s3.get_object, **log)
    key = kms.create_key(Policy=json.dumps(OTHER_ROLE))["KeyMetadata"]["KeyId"]
    describe = outcome(kms.describe_key, KeyId=key)
print(f"moto {moto.__version__}, {s3.meta.endpoint_url}, as {caller}")
print(f"PutObject {before}; with a Deny of what is no TLS: PutObject {put}, GetObject {get}")
print(f"DescribeKey, denied to another role: {describe}")
assert s3.meta.endpoint_url.startswith("https://")
assert not caller.endswith("role/Other")
assert (before, put, get, describe) == ("done", "403", "403", "AccessDeniedException")
PYTHON
