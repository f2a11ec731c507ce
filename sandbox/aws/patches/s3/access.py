"""Who asks for a bucket: whom its owner is expected to be, and that it is named at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

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


_OF_EVERY_REQUEST = ("x-id", "x-amz-", "AWSAccessKeyId", "Signature", "Expires")
"""How parameters begin that any request may have: the SDK's hint, and those of signed URLs."""

_NOT_EMULATED = (
    *("ObjectLockEventHold", "ObjectLockEventHoldDurationDays", "ObjectLockEventHoldDurationYears"),
    *("WriteOffsetBytes", "SSEKMSEncryptionContext", "AnnotationDirective"),
    *("SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5"),
    *("CopySourceSSECustomerAlgorithm", "CopySourceSSECustomerKey"),
    *("CopySourceIfMatch", "CopySourceIfModifiedSince", "CopySourceIfUnmodifiedSince"),
    *("ExpectedSourceBucketOwner", "IfMatchLastModifiedTime", "IfMatchSize"),
)
"""Members that change what a request means, and that moto does not read."""


@patch(
    "s3",
    ANY,
    "moto ignores what it does not know in a request: a sub-resource that is newer than the SDK's "
    "model (PUT /bucket/key?name) becomes an upload, and an event hold is accepted and forgotten",
    limit="of the members that moto ignores, these are accepted: checksums, RequestPayer, MFA, "
    "OptionalObjectAttributes, MpuObjectSize",
)
def refuse_unknown(call: Call) -> None:
    """Refuse parameters that the operation does not have, or that nothing here reads."""
    if not call.is_operation:
        return
    shape: Any = call.operation.input_shape
    members = shape.members.values() if shape is not None else ()
    known = {str(member.serialization.get("name")) for member in members}
    known |= _parameters(urlsplit(call.operation.http["requestUri"]).query)
    for name in _parameters(str(call.environ.get("QUERY_STRING", ""))) - known:
        if not name.lower().startswith(tuple(map(str.lower, _OF_EVERY_REQUEST))):
            raise NotImplementedError(f"the parameter {name} of the request")
    for name in _NOT_EMULATED:
        if call.params.get(name) is not None:
            raise NotImplementedError(f"{name} of {call.action}")


def _parameters(query: str) -> set[str]:
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)}
