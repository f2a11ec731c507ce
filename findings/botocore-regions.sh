#!/usr/bin/env bash
# botocore 1.44.5: get_available_regions() is older than botocore's own partitions.
#
# Session.get_available_regions("cloudtrail") reads endpoints.json; the endpoint rules read
# partitions.json of the same package, which lists further regions, for which clients are made and
# endpoints resolved. A list of regions for a region-deny policy, for the partition projection of an
# Athena table, or for a check of every region's trail leaves out me-west-1 and sa-west-1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install boto3==1.44.5 botocore==1.44.5
"$work/venv/bin/python" - <<'PYTHON'
import boto3
import botocore
from botocore.loaders import Loader

listed = set(boto3.Session().get_available_regions("cloudtrail", "aws"))
[aws] = [p for p in Loader().load_data("partitions")["partitions"] if p["id"] == "aws"]
partition = {name for name in aws["regions"] if not name.endswith("-global")}
missing = sorted(partition - listed)
print(f"botocore {botocore.__version__}: get_available_regions('cloudtrail') has {len(listed)} regions,")
print(f"partitions.json {len(partition)}; not listed: {', '.join(missing)}")
for region in missing:
    client = boto3.client("cloudtrail", region, aws_access_key_id="x", aws_secret_access_key="x")
    print(f"  {region}: a client resolves {client.meta.endpoint_url}")
    assert client.meta.endpoint_url == f"https://cloudtrail.{region}.amazonaws.com"
assert missing == ["me-west-1", "sa-west-1"], missing
PYTHON
