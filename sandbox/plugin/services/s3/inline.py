"""What a Bucket says of its configuration in deprecated properties of its own.

They are filled in from the live bucket, and some can still be set. Each API that answers "there is
none" leaves its property out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api, outputs_of
from sandbox.plugin.aws import NotEmulatedError, find
from sandbox.plugin.policies import compact_json
from sandbox.plugin.services.s3.settings import encryption_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

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


BUCKETS: Final = Api(
    service="s3", create="CreateBucket", read="HeadBucket", delete="DeleteBucket", id="{bucket}"
)


def _changed(call: Call, name: str) -> str | None:
    """The property's own spelling if it is to be written: BucketV2 has lists of one object."""
    own = f"{name}s" if f"{name}s" in call.schema.inputs.fields else name
    return own if call.has_changed(own) else None


def _only(value: Any) -> Properties:  # noqa: ANN401 - any input
    return value[0] if isinstance(value, list) else value


def write_inline(call: Call) -> None:
    """Write what the program sets on the bucket itself."""
    client, wanted = call.client("s3"), call.inputs
    if name := _changed(call, "versioning"):
        status = "Enabled" if _only(wanted[name]).get("enabled") else "Suspended"
        if status == "Enabled" or not call.creating:
            settings = {"Status": status}
            client.put_bucket_versioning(Bucket=call.id, VersioningConfiguration=settings)
    if call.has_changed("acl") and not call.creating:
        _put(call, "PutBucketAcl", "acl")
    if call.has_changed("policy"):
        _put(call, "PutBucketPolicy", "policy")
    if name := _changed(call, "serverSideEncryptionConfiguration"):
        _put(call, "PutBucketEncryption", name)
    if name := _changed(call, "logging"):
        target = _only(wanted[name])
        prefix = target.get("targetPrefix", "")
        status = {"TargetBucket": target["targetBucket"], "TargetPrefix": prefix}
        client.put_bucket_logging(Bucket=call.id, BucketLoggingStatus={"LoggingEnabled": status})
    if call.has_changed("objectLockConfiguration"):
        _put(call, "PutObjectLockConfiguration", "objectLockConfiguration")


def _put(call: Call, operation: str, name: str) -> None:
    BUCKETS.send(call, operation, Bucket=call.id, **BUCKETS.request(call, operation, {name}))


def read_inline(call: Call) -> Properties:
    """Read everything that a bucket is configured with."""
    lifecycle = _ask(call, "BucketLifecycleConfiguration", "NoSuchLifecycleConfiguration")
    lock = _ask(call, "ObjectLockConfiguration", "ObjectLockConfigurationNotFoundError")
    policy = _ask(call, "BucketPolicy", "NoSuchBucketPolicy").get("Policy")
    absent = "ServerSideEncryptionConfigurationNotFoundError"
    encryption = _ask(call, "BucketEncryption", absent)
    versioning = _ask(call, "BucketVersioning")
    found = {
        "accelerationStatus": _ask(call, "BucketAccelerateConfiguration").get("Status"),
        "corsRules": _ask(call, "BucketCors", "NoSuchCORSConfiguration").get("CORSRules"),
        "grants": [_grant(grant) for grant in _ask(call, "BucketAcl").get("Grants", ())],
        "lifecycleRules": [_lifecycle_rule(rule) for rule in lifecycle.get("Rules", ())],
        "logging": _ask(call, "BucketLogging").get("LoggingEnabled"),
        "objectLockConfiguration": lock.get("ObjectLockConfiguration"),
        "policy": policy and compact_json(policy),
        "requestPayer": _ask(call, "BucketRequestPayment").get("Payer"),
        "serverSideEncryptionConfiguration": encryption
        and {"rule": encryption_rules(encryption)[0]},
        "versioning": {
            "enabled": versioning.get("Status") == "Enabled",
            "mfaDelete": versioning.get("MFADelete") == "Enabled",
        },
    }
    return outputs_of(call, {name: value for name, value in found.items() if value is not None})


_NONE_HERE: Final = ("MethodNotAllowed", "NotImplemented")


def _ask(call: Call, what: str, *absent: str) -> Properties:
    """An answer about the bucket, empty if there is none or S3 has no such thing here.

    The real provider takes NotImplemented for "unset" here too (bucket.go, resourceBucketRead).
    """
    try:
        asked = find(lambda: BUCKETS.send(call, f"Get{what}", Bucket=call.id), *absent, *_NONE_HERE)
    except NotEmulatedError:
        return {}
    return asked or {}


def _grant(grant: Properties) -> Properties:
    return {**grant["Grantee"], "Permissions": [grant["Permission"]]}


def _lifecycle_rule(rule: Properties) -> Properties:
    """A rule with what the deprecated property says otherwise than S3."""
    where = rule.get("Filter") or {}
    both = where.get("And") or {}
    tags = [*both.get("Tags", ()), *([where["Tag"]] if "Tag" in where else [])]
    noncurrent = rule.get("NoncurrentVersionExpiration")
    found = {
        "id": rule.get("ID"),
        "enabled": rule.get("Status") == "Enabled",
        "prefix": rule.get("Prefix") or where.get("Prefix") or both.get("Prefix"),
        "tags": tags,
        "abortIncompleteMultipartUploadDays": rule.get("AbortIncompleteMultipartUpload", {}).get(
            "DaysAfterInitiation"
        ),
        "expiration": rule.get("Expiration"),
        "transitions": rule.get("Transitions"),
        "noncurrentVersionExpiration": noncurrent and {"days": noncurrent.get("NoncurrentDays")},
        "noncurrentVersionTransitions": [
            {"days": item.get("NoncurrentDays"), "storageClass": item.get("StorageClass")}
            for item in rule.get("NoncurrentVersionTransitions", ())
        ],
    }
    return {key: value for key, value in found.items() if value}
