"""What a Bucket says of its configuration in deprecated properties of its own.

They are filled in from the live bucket, and some can still be set. Each API that answers "there is
none" leaves its property out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import NotEmulatedError, find
from sandbox.plugin.policies import compact_json
from sandbox.plugin.services.s3.protection import SSE_NAMES, encryption_rules
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.tagging import tag_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

READ_ONLY: Final[Mapping[str, str]] = {
    "accelerationStatus": "aws.s3.BucketAccelerateConfiguration",
    "corsRules": "aws.s3.BucketCorsConfiguration",
    "grants": "aws.s3.BucketAcl",
    "lifecycleRules": "aws.s3.BucketLifecycleConfiguration",
    "replicationConfiguration": "aws.s3.BucketReplicationConfig",
    "requestPayer": "aws.s3.BucketRequestPaymentConfiguration",
    "website": "aws.s3.BucketWebsiteConfiguration",
}
"""What cannot be set here, and the resource that can set it."""


def write_inline(call: Call) -> None:
    """Write what the program sets on the bucket itself."""
    client, bucket, wanted = call.client("s3"), call.id, call.inputs
    if call.has_changed("versioning"):
        status = "Enabled" if wanted["versioning"].get("enabled") else "Suspended"
        if status == "Enabled" or not call.creating:
            settings = {"Status": status}
            client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=settings)
    if call.has_changed("acl") and not call.creating:
        client.put_bucket_acl(Bucket=bucket, ACL=wanted["acl"])
    if call.has_changed("policy"):
        client.put_bucket_policy(Bucket=bucket, Policy=compact_json(wanted["policy"]))
    if call.has_changed("serverSideEncryptionConfiguration"):
        rule = to_aws(wanted["serverSideEncryptionConfiguration"]["rule"], SSE_NAMES)
        rules = {"Rules": [rule]}
        client.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    if call.has_changed("logging"):
        logging = {"LoggingEnabled": {"TargetPrefix": "", **to_aws(wanted["logging"])}}
        client.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=logging)
    if call.has_changed("objectLockConfiguration"):
        lock = to_aws(wanted["objectLockConfiguration"])
        client.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=lock)


def read_inline(call: Call) -> Properties:
    """Read everything that a bucket is configured with."""
    return dict(_readings(call))


def _readings(call: Call) -> Iterator[tuple[str, Any]]:
    yield "accelerationStatus", _ask(call, "accelerate_configuration").get("Status")
    yield "corsRules", from_aws(_ask(call, "cors", "NoSuchCORSConfiguration").get("CORSRules"))
    yield "grants", [_grant(grant) for grant in _ask(call, "acl").get("Grants", ())]
    lifecycle = _ask(call, "lifecycle_configuration", "NoSuchLifecycleConfiguration")
    yield "lifecycleRules", [_lifecycle_rule(rule) for rule in lifecycle.get("Rules", ())]
    yield "logging", from_aws(_pick(_ask(call, "logging").get("LoggingEnabled"), _LOGGING))
    lock = _ask_named(call, "get_object_lock_configuration", "ObjectLockConfigurationNotFoundError")
    yield "objectLockConfiguration", from_aws(lock.get("ObjectLockConfiguration"))
    policy = _ask(call, "policy", "NoSuchBucketPolicy").get("Policy")
    yield "policy", policy and compact_json(policy)
    yield "requestPayer", _ask(call, "request_payment").get("Payer")
    absent = "ServerSideEncryptionConfigurationNotFoundError"
    encryption = _ask(call, "encryption", absent)
    if encryption:
        yield "serverSideEncryptionConfiguration", {"rule": encryption_rules(encryption)[0]}
    versioning = _ask(call, "versioning")
    yield (
        "versioning",
        {
            "enabled": versioning.get("Status") == "Enabled",
            "mfaDelete": versioning.get("MFADelete") == "Enabled",
        },
    )


_NONE_HERE: Final = ("MethodNotAllowed", "NotImplemented")
_LOGGING: Final = ("TargetBucket", "TargetPrefix")


def _ask(call: Call, what: str, *absent: str) -> Properties:
    return _ask_named(call, f"get_bucket_{what}", *absent)


def _ask_named(call: Call, operation: str, *absent: str) -> Properties:
    """An answer about the bucket, empty if there is none or S3 has no such thing here.

    The real provider takes NotImplemented for "unset" here too (bucket.go, resourceBucketRead).
    """
    ask: Callable[..., Any] = getattr(call.client("s3"), operation)
    try:
        return find(lambda: ask(Bucket=call.id), *absent, *_NONE_HERE) or {}
    except NotEmulatedError:
        return {}


def _pick(answer: Properties | None, keys: tuple[str, ...]) -> Properties | None:
    return answer and {key: answer[key] for key in keys if key in answer}


def _grant(grant: Properties) -> Properties:
    grantee = grant["Grantee"]
    found = {
        "id": grantee.get("ID"),
        "permissions": [grant["Permission"]],
        "type": grantee.get("Type"),
        "uri": grantee.get("URI"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _lifecycle_rule(rule: Properties) -> Properties:
    where = rule.get("Filter") or {}
    both = where.get("And") or {}
    tags = [*both.get("Tags", ()), *([where["Tag"]] if "Tag" in where else [])]
    noncurrent = rule.get("NoncurrentVersionExpiration")
    found = {
        "id": rule.get("ID"),
        "enabled": rule.get("Status") == "Enabled",
        "prefix": rule.get("Prefix") or where.get("Prefix") or both.get("Prefix"),
        "tags": tag_map(tags),
        "abortIncompleteMultipartUploadDays": rule.get("AbortIncompleteMultipartUpload", {}).get(
            "DaysAfterInitiation"
        ),
        "expiration": from_aws(rule.get("Expiration")),
        "transitions": from_aws(rule.get("Transitions")),
        "noncurrentVersionExpiration": noncurrent and {"days": noncurrent.get("NoncurrentDays")},
        "noncurrentVersionTransitions": [
            {"days": item.get("NoncurrentDays"), "storageClass": item.get("StorageClass")}
            for item in rule.get("NoncurrentVersionTransitions", ())
        ],
    }
    return {key: value for key, value in found.items() if value}
