"""Looking buckets up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.plugin.aws import find
from sandbox.plugin.policies import compact_json
from sandbox.plugin.resource import NOT_FOUND, Function, ResourceError
from sandbox.plugin.services.s3.bucket import describe_bucket

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


def _bucket(call: Call) -> Properties:
    name = str(call.inputs["bucket"])
    found = describe_bucket(call, name)
    if found is None:
        raise ResourceError(f"{name}: {NOT_FOUND}")
    return {**found, "id": name}


def _policy(call: Call) -> Properties:
    name = str(call.inputs["bucket"])
    client = call.client("s3")
    absent = ("NoSuchBucket", "NoSuchBucketPolicy")
    found = find(lambda: client.get_bucket_policy(Bucket=name), *absent)
    if found is None:
        raise ResourceError(f"{name}: {NOT_FOUND}")
    return {"id": name, "policy": compact_json(found["Policy"])}


FUNCTIONS = (
    Function(
        function="aws:s3/getBucket:getBucket",
        noun="S3 Bucket",
        run=_bucket,
        required=("bucket",),
    ),
    Function(
        function="aws:s3/getBucketPolicy:getBucketPolicy",
        noun="S3 Bucket Policy",
        run=_policy,
        required=("bucket",),
    ),
)
