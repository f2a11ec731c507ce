"""S3: buckets with their policies, and objects.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.aws import lookups
from sandbox.aws.buckets import extras
from sandbox.aws.enforcement.permissions import Permission, ResourcePolicy
from sandbox.aws.s3_actions import s3_permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.aws.call import Call

_WRITES = {"PutObject", "CopyObject", "CreateMultipartUpload"}
_COPIES = {"CopyObject", "UploadPartCopy"}
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
_OF_WRITES = {
    "x-amz-object-lock-mode": "s3:PutObjectRetention",
    "x-amz-object-lock-legal-hold": "s3:PutObjectLegalHold",
    "x-amz-tagging": "s3:PutObjectTagging",
}
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
_OF_CREATION = {
    "x-amz-acl": ("s3:PutBucketAcl",),
    "x-amz-bucket-object-lock-enabled": (
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketVersioning",
    ),
    "x-amz-object-ownership": ("s3:PutBucketOwnershipControls",),
}
_BYPASS = "x-amz-bypass-governance-retention"

_HEADER_KEYS = {
    "s3:x-amz-acl": "x-amz-acl",
    "s3:x-amz-copy-source": "x-amz-copy-source",
    "s3:object-lock-mode": "x-amz-object-lock-mode",
    "s3:object-lock-legal-hold": "x-amz-object-lock-legal-hold",
    "s3:object-lock-retain-until-date": "x-amz-object-lock-retain-until-date",
    "s3:x-amz-server-side-encryption": "x-amz-server-side-encryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": (
        "x-amz-server-side-encryption-aws-kms-key-id"
    ),
    "s3:x-amz-storage-class": "x-amz-storage-class",
}
_QUERY_KEYS = {
    "s3:prefix": "prefix",
    "s3:delimiter": "delimiter",
    "s3:max-keys": "max-keys",
    "s3:VersionId": "versionId",
}

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html: a bucket's policy never
# keeps the root user of the bucket's account from the policy itself.
_ROOT_MAY = {"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}


def permissions(call: Call) -> Iterable[Permission]:
    """The bucket or object that a call names, with what its headers ask for besides."""
    bucket, key = call.labels.get("Bucket", ""), call.labels.get("Key", "")
    if not bucket:
        return [Permission(action=s3_permission(call.action))]
    if call.action == "DeleteObjects":
        # Each object is evaluated by itself: see sandbox.aws.patches.s3.deletions.
        return []
    actions = [s3_permission(call.action, versioned="versionId" in _query(call))]
    if call.action == "CreateBucket":
        actions += [
            action
            for header, wanted in _OF_CREATION.items()
            if call.header(header)
            for action in wanted
        ]
    if call.action in _WRITES:
        actions += [action for header, action in _OF_WRITES.items() if call.header(header)]
    if _bypasses(call):
        actions.append("s3:BypassGovernanceRetention")
    found = [on(call, action, bucket, key) for action in actions]
    return [*found, *_copied(call)] if call.action in _COPIES else found


def of_deletion(call: Call, key: str, version: str) -> Iterable[Permission]:
    """What deleting one of several objects needs."""
    yield on(
        call,
        "s3:DeleteObjectVersion" if version else "s3:DeleteObject",
        call.labels["Bucket"],
        key,
        {"s3:VersionId": version} if version else {},
    )
    if _bypasses(call):
        yield on(call, "s3:BypassGovernanceRetention", call.labels["Bucket"], key)


def on(
    call: Call, action: str, name: str, key: str = "", more: Mapping[str, str] | None = None
) -> Permission:
    """An action on a bucket or object, by name.

    Args:
        call: the call.
        action: the action.
        name: the bucket's name.
        key: the object's key; empty for the bucket itself.
        more: condition keys besides those of the call.
    """
    bucket = None if action == "s3:CreateBucket" else lookups.bucket(name)
    arn = f"arn:{call.partition}:s3:::{name}" + (f"/{key}" if key else "")
    context = {**_keys(call), **(more or {})}
    if bucket is None:
        return Permission(action=action, resource=arn, context=context)
    text = extras(bucket).policy
    caller = call.caller
    if caller and caller.is_root and caller.account_id == bucket.account_id and action in _ROOT_MAY:
        text = ""
    policy = ResourcePolicy(text=text)
    return Permission(
        action=action, resource=arn, owner=bucket.account_id, policy=policy, context=context
    )


def _copied(call: Call) -> Iterable[Permission]:
    """The object that a call copies from: ``bucket/key?versionId=...``."""
    source = urlsplit(call.header("x-amz-copy-source").lstrip("/"))
    name, _, key = unquote(source.path).partition("/")
    action = s3_permission("GetObject", versioned="versionId" in parse_qs(source.query))
    yield on(call, action, name, key)


def _bypasses(call: Call) -> bool:
    return call.header(_BYPASS).lower() == "true"


def _keys(call: Call) -> dict[str, str | list[str]]:
    """The condition keys of S3."""
    query = _query(call)
    keys: dict[str, str | list[str]] = {
        key: call.header(header) for key, header in _HEADER_KEYS.items() if call.header(header)
    }
    return keys | {key: query[name][0] for key, name in _QUERY_KEYS.items() if name in query}


def _query(call: Call) -> dict[str, list[str]]:
    return parse_qs(str(call.environ.get("QUERY_STRING", "")), keep_blank_values=True)
