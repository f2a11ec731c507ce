"""Who asks for a bucket: whom its owner is expected to be, and that it is named at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.patches.registry import ANY, patch
from sandbox.aws.patches.s3.state import denied

if TYPE_CHECKING:
    from sandbox.aws.call import Call


@patch(
    "s3",
    ANY,
    "moto ignores x-amz-expected-bucket-owner, and lists and makes buckets for anonymous callers",
)
def check_access(call: Call) -> None:
    """Refuse anonymous callers that name no bucket, and buckets of others than expected."""
    name = call.labels.get("Bucket")
    if name is None or call.action == "CreateBucket":
        if call.caller is None:
            raise denied("Anonymous users cannot invoke this API. Please authenticate.")
        return
    bucket = lookups.bucket(name)
    expected = call.header("x-amz-expected-bucket-owner")
    if bucket is not None and expected and expected != bucket.account_id:
        raise denied()
