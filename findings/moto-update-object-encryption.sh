#!/usr/bin/env bash
# moto 5.2.5: changing the key of an object replaces the object by the request.
#
# UpdateObjectEncryption is a PUT with a sub-resource, which S3's API reference calls atomic and
# "without any data movement". moto does not know the sub-resource and takes the call for PutObject:
# boto3 raises nothing, and the log file's content is the XML that asked for the other key. A test that
# moves a trail's old log files to a new key, and only looks for errors, passes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install 'moto[s3]==5.2.5' boto3==1.44.8
"$work/venv/bin/python" - <<'PYTHON'
import os

os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
import boto3
import moto

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
with moto.mock_aws():
    s3 = boto3.client("s3", "us-east-1")
    s3.create_bucket(Bucket="example-logs")
    log = {"Bucket": "example-logs", "Key": "AWSLogs/one.json.gz"}
    s3.put_object(**log, Body=b"a log file")
    s3.update_object_encryption(**log, ObjectEncryption={"SSEKMS": {"KMSKeyArn": KEY}})
    content = s3.get_object(**log)["Body"].read().decode()
print(f"moto {moto.__version__}: the log file is now {content}")
assert content.startswith("<ObjectEncryption"), content
PYTHON
