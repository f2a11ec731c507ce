"""Buckets: who asks for them, how new ones are made, and what may not be switched off."""

from __future__ import annotations

import ipaddress
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlsplit

from moto.s3.models import OWNER, PublicAccessBlock, s3_backends

from sandbox.aws import lookups
from sandbox.aws.buckets import denied, existing, extras
from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import ANY, patch
from sandbox.aws.patches.s3.configuration import reset_encryption

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from sandbox.aws.call import Answer, Call


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


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_NAME = re.compile(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")

_ENFORCED = "BucketOwnerEnforced"


@patch(
    "s3",
    "CreateBucket",
    "moto takes upper-case names, drops tags, and makes buckets without encryption, public access "
    "block and ownership controls; since 2023 AWS makes them with AES256, all four blocks and "
    "BucketOwnerEnforced",
)
def create_bucket(call: Call) -> Answer:
    """Create a bucket as AWS does; one that the caller has already stays as it is."""
    name = call.labels["Bucket"]
    if not _is_valid(name):
        raise AwsError("InvalidBucketName", f"The specified bucket is not valid: {name}")
    ownership = call.header("x-amz-object-ownership") or _ENFORCED
    if ownership == _ENFORCED and _sets_acl(call, harmless=("", "private")):
        raise AwsError(
            "InvalidBucketAclWithObjectOwnership",
            f"Bucket cannot have ACLs set with ObjectOwnership's {_ENFORCED} setting",
        )
    existed = lookups.bucket(name) is not None
    reply = call.forward()
    bucket = lookups.bucket(name)
    if reply.ok and bucket and not existed:
        _give_defaults(bucket, ownership)
        configuration = call.params.get("CreateBucketConfiguration") or {}
        tags = {tag["Key"]: tag["Value"] for tag in configuration.get("Tags", [])}
        if tags:
            s3_backends[bucket.account_id][bucket.partition].put_bucket_tagging(name, tags)
    return reply


@patch(
    "s3",
    ("PutBucketAcl", "PutObjectAcl", "PutObject", "CopyObject", "CreateMultipartUpload"),
    "moto sets ACLs whatever ownership controls and public access block say",
)
def check_acl(call: Call) -> None:
    """Refuse ACLs where ownership controls switch them off, and public ones where blocked."""
    bucket = existing(call)
    puts_acl = call.action.endswith("Acl")
    harmless = ("bucket-owner-full-control",) if puts_acl else ("", "bucket-owner-full-control")
    body_acl = puts_acl and not _sets_acl(call, harmless=("",))
    if _ownership(bucket) == _ENFORCED and (body_acl or _sets_acl(call, harmless=harmless)):
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    block = bucket.public_access_block
    if block and block.block_public_acls and call.header("x-amz-acl").startswith("public-"):
        raise denied()


@patch(
    "s3",
    "PutBucketOwnershipControls",
    "moto takes any number of rules, and switches ACLs off that give access to others",
)
def check_ownership(call: Call) -> None:
    """Check the ownership setting.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html.
    """
    rules = call.params["OwnershipControls"]["Rules"]
    if len(rules) != 1:
        raise AwsError("MalformedXML", "OwnershipControls must have one rule")
    bucket = lookups.bucket(call.labels["Bucket"])
    if bucket and rules[0]["ObjectOwnership"] == _ENFORCED and _grants_others(bucket):
        raise AwsError(
            "InvalidBucketAclWithObjectOwnership",
            f"Bucket cannot have ACLs set with ObjectOwnership's {_ENFORCED} setting",
        )


def _grants_others(bucket: FakeBucket) -> bool:
    grants = bucket.acl.grants if bucket.acl else ()
    return any(who.id != OWNER for grant in grants for who in grant.grantees)


@patch(
    "s3",
    "PutBucketVersioning",
    "moto suspends versioning under Object Lock and under replication",
    limit="MFA delete is not emulated",
)
def check_versioning(call: Call) -> None:
    """Refuse to suspend what must stay enabled."""
    bucket = existing(call)
    status = (call.params.get("VersioningConfiguration") or {}).get("Status")
    if status is None:
        raise AwsError("MalformedXML", "VersioningConfiguration must have a Status")
    reason = "An Object Lock" if bucket.object_lock_enabled else ""
    if extras(bucket).replication:
        reason = reason or "A replication"
    if status == "Suspended" and reason:
        raise AwsError(
            "InvalidBucketState",
            f"{reason} configuration is present on this bucket, so the versioning state cannot be "
            "changed.",
            HTTPStatus.CONFLICT,
        )


def _give_defaults(bucket: FakeBucket, ownership: str) -> None:
    reset_encryption(bucket)
    blocks = PublicAccessBlock(
        block_public_acls="true",
        ignore_public_acls="true",
        block_public_policy="true",
        restrict_public_buckets="true",
    )
    # moto's models say that they construct a BaseModel.
    bucket.public_access_block = cast("PublicAccessBlock", blocks)
    # Declared as a mapping in moto, used as a text.
    cast("Any", bucket).ownership_rule = ownership


def _ownership(bucket: FakeBucket) -> str:
    return str(bucket.ownership_rule or "")


def _sets_acl(call: Call, *, harmless: tuple[str, ...]) -> bool:
    grants = any(name.startswith("HTTP_X_AMZ_GRANT_") for name in call.environ)
    return grants or call.header("x-amz-acl") not in harmless


def _is_valid(name: str) -> bool:
    return (
        _NAME.match(name) is not None
        and ".." not in name
        and not name.startswith(_RESERVED_PREFIXES)
        and not name.endswith(_RESERVED_SUFFIXES)
        and not _is_address(name)
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True
