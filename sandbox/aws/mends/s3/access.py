"""Who may use a bucket: its own account, and whom its policy lets in from elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sandbox.aws import contexts, world
from sandbox.aws.actions import s3_permission
from sandbox.aws.mends.registry import ANY, mend
from sandbox.aws.mends.s3.state import denied, extras
from sandbox.aws.policies import Effect, Principal, Request, decide

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from sandbox.aws.call import Call


@mend(
    "s3",
    ANY,
    "moto lets every account do anything with every bucket, but for objects under a bucket policy "
    "with a Deny, which it applies to everybody, whatever the statement's principal and condition; "
    "AWS lets other accounts in only where the bucket policy allows it",
    limit="a bucket policy is evaluated for callers of other accounts only: no Deny binds the "
    "bucket's own account. What a multi-object delete may is decided for the whole bucket",
)
def check_access(call: Call) -> None:
    """Refuse callers of other accounts, and anonymous ones, that the bucket policy lets not in."""
    name = call.labels.get("Bucket")
    if name is None or call.action == "CreateBucket":
        if call.caller is None:
            raise denied("Anonymous users cannot invoke this API. Please authenticate.")
        return
    bucket = world.bucket(name)
    if bucket is None:
        return
    expected = call.header("x-amz-expected-bucket-owner")
    if expected and expected != bucket.account_id:
        raise denied()
    if call.caller and call.caller.account_id == bucket.account_id:
        return
    policy = json.loads(extras(bucket).policy or "{}")
    if decide(policy, _request(call, bucket)) is not Effect.ALLOW:
        raise denied()


def _request(call: Call, bucket: FakeBucket) -> Request:
    versioned = "versionId" in parse_qs(str(call.environ.get("QUERY_STRING", "")))
    key = call.labels.get("Key", "*" if call.action == "DeleteObjects" else "")
    principal = call.caller.principal if call.caller else Principal()
    context = contexts.of_caller(call.caller)
    acl = call.header("x-amz-acl")
    if acl:
        context["s3:x-amz-acl"] = acl
    resource = f"{bucket.arn}/{key}" if key else bucket.arn
    return Request(principal, s3_permission(call.action, versioned=versioned), resource, context)
