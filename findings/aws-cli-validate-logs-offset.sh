#!/usr/bin/env bash
# AWS CLI 1.46.3: validate-logs takes 09:00 in Tokyo for 09:00 UTC.
#
# `aws cloudtrail validate-logs` asks for UTC timestamps. It reads any ISO 8601 time, an offset too,
# and then sets the zone to UTC instead of converting: of a day that is asked for in local time, the first
# nine hours are not validated. The same moment written with Z is right. Only the first line of the
# output shows it. (moto stands in for AWS; it has no public keys, so no file is looked at here.)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install awscli==1.46.3 'moto[s3,cloudtrail]==5.2.5'
"$work/venv/bin/python" - > "$work/output" 2> "$work/errors" <<'PYTHON' || { cat "$work/errors"; exit 1; }
import os

os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
import boto3
import moto
from awscli.clidriver import create_clidriver

with moto.mock_aws():
    boto3.client("s3").create_bucket(Bucket="example-logs")
    trail = boto3.client("cloudtrail").create_trail(Name="example", S3BucketName="example-logs")
    for start in ("2026-01-01T00:00:00Z", "2026-01-01T09:00:00+09:00"):
        period = ["--start-time", start, "--end-time", "2026-01-02T00:00:00Z"]
        print(*period, flush=True)
        create_clidriver().main(["cloudtrail", "validate-logs", "--trail-arn", trail["TrailARN"], *period])
PYTHON
grep -E '^(--start-time|Validating)' "$work/output" | tee "$work/read"
diff <(grep --only-matching 'between.*' "$work/read") - <<'EXPECTED'
between 2026-01-01T00:00:00Z and 2026-01-02T00:00:00Z
between 2026-01-01T09:00:00Z and 2026-01-02T00:00:00Z
EXPECTED
