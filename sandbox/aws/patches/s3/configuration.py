"""Settings of buckets that moto keeps in part: encryption, lifecycle rules, access logs."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.buckets import existing, extras, missing
from sandbox.aws.call import AwsError, Reply
from sandbox.aws.enforcement import Permission, ResourcePolicy, may_service
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.s3.models import FakeBucket

    from sandbox.aws.call import Answer, Call

_LOGGING = "logging.s3.amazonaws.com"
_LOG_DELIVERY_GROUP = "http://acs.amazonaws.com/groups/s3/LogDelivery"


@patch(
    "s3",
    "PutBucketEncryption",
    "moto takes several rules and a key without KMS, and drops BlockedEncryptionTypes",
)
def put_bucket_encryption(call: Call) -> Answer:
    """Check and keep the default encryption."""
    bucket = existing(call)
    configuration = call.params.get("ServerSideEncryptionConfiguration") or {}
    rules = configuration.get("Rules") or []
    if len(rules) != 1:
        raise AwsError("MalformedXML", "ServerSideEncryptionConfiguration must have one rule")
    default = rules[0].get("ApplyServerSideEncryptionByDefault") or {"SSEAlgorithm": "AES256"}
    if default["SSEAlgorithm"] == "AES256" and default.get("KMSMasterKeyID"):
        message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms"
        raise AwsError("InvalidArgument", message)
    key_enabled = bool(rules[0].get("BucketKeyEnabled"))
    _set_encryption(
        bucket,
        {
            **rules[0],
            "ApplyServerSideEncryptionByDefault": default,
            "BucketKeyEnabled": key_enabled,
        },
    )
    return Reply(HTTPStatus.OK)


@patch("s3", "GetBucketEncryption", "moto drops BlockedEncryptionTypes")
def get_bucket_encryption(call: Call) -> Answer:
    """Return the default encryption."""
    return {"ServerSideEncryptionConfiguration": extras(existing(call)).encryption}


@patch(
    "s3",
    "DeleteBucketEncryption",
    "moto leaves the bucket without encryption; AWS goes back to AES256",
)
def delete_bucket_encryption(call: Call) -> Answer:
    """Go back to AES256."""
    reset_encryption(existing(call))
    return Reply(HTTPStatus.NO_CONTENT)


def reset_encryption(bucket: FakeBucket) -> None:
    """Give a bucket the encryption that every new one has."""
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    _set_encryption(bucket, {**rule, "BucketKeyEnabled": False})


@patch(
    "s3",
    "PutBucketLogging",
    "moto finds the log delivery's grant only in a policy that it sees, with the Resource spelt in "
    "one of three ways; it drops TargetObjectKeyFormat",
)
def put_bucket_logging(call: Call) -> Answer:
    """Check and keep where access logs go; moto delivers them."""
    bucket = existing(call)
    enabled = (call.params.get("BucketLoggingStatus") or {}).get("LoggingEnabled")
    if not enabled:
        extras(bucket).logging, bucket.logging = None, {}
        return Reply(HTTPStatus.OK)
    target, prefix = (
        lookups.bucket(enabled.get("TargetBucket", "")),
        enabled.get("TargetPrefix") or "",
    )
    if target is None or target.account_id != bucket.account_id:
        raise _bad_target("The target bucket for logging does not exist, or is not owned by you")
    if target.region_name != bucket.region_name:
        message = "Cross S3 location logging not allowed."
        raise AwsError("CrossLocationLoggingProhibited", message)
    if not _lets_logs_in(target, bucket, prefix):
        raise _bad_target(
            "You must give the log-delivery group WRITE and READ_ACP permissions to the target "
            "bucket, or allow s3:PutObject to logging.s3.amazonaws.com in its policy"
        )
    extras(bucket).logging = enabled
    bucket.logging = {"TargetBucket": target.name, "TargetPrefix": prefix}
    return Reply(HTTPStatus.OK)


@patch("s3", "GetBucketLogging", "moto drops TargetObjectKeyFormat")
def get_bucket_logging(call: Call) -> Answer:
    """Report where access logs go."""
    enabled = extras(existing(call)).logging
    return {"LoggingEnabled": enabled} if enabled else {}


def _set_encryption(bucket: FakeBucket, rule: dict[str, Any]) -> None:
    extras(bucket).encryption = {"Rules": [rule]}
    # moto's own copy encrypts new objects; it wants booleans as XML has them.
    bucket.encryption = {
        "Rule": {
            "ApplyServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
            "BucketKeyEnabled": str(rule["BucketKeyEnabled"]).lower(),
        }
    }


def _lets_logs_in(target: FakeBucket, source: FakeBucket, prefix: str) -> bool:
    """Whether S3's log delivery may write, by policy or by ACL.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    write = Permission(
        action="s3:PutObject",
        resource=f"{target.arn}/{prefix}log",
        owner=target.account_id,
        policy=ResourcePolicy(text=extras(target).policy),
    )
    if may_service(_LOGGING, write, source_arn=source.arn, account_id=source.account_id):
        return True
    granted = {
        permission
        for grant in (target.acl.grants if target.acl else [])
        for grantee in grant.grantees
        for permission in grant.permissions
        if grantee.uri == _LOG_DELIVERY_GROUP
    }
    return {"WRITE", "READ_ACP"} <= granted or "FULL_CONTROL" in granted


def _bad_target(message: str) -> AwsError:
    return AwsError("InvalidTargetBucketForLogging", message)


_LIFECYCLE = (
    "moto loses NewerNoncurrentVersions, object sizes and TransitionDefaultMinimumObjectSize, and "
    "checks nothing"
)
_LIFECYCLE_ACTIONS = (
    *("Expiration", "Transitions", "NoncurrentVersionTransitions"),
    *("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"),
)
_ONE_OF = {
    "Expiration": ("Date", "Days", "ExpiredObjectDeleteMarker"),
    "Filter": ("Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And"),
}
"""Parts of a rule, and what each says one of."""

_WHOLE = {
    "AbortIncompleteMultipartUpload": ("DaysAfterInitiation",),
    "NoncurrentVersionExpiration": ("NoncurrentDays",),
    "NoncurrentVersionTransitions": ("NoncurrentDays", "StorageClass"),
    "Transitions": ("StorageClass",),
}
"""Parts of a rule, and what each must say."""

_MIN_IA_DAYS, _IA_CLASSES = 30, ("STANDARD_IA", "ONEZONE_IA")


@patch("s3", "PutBucketLifecycleConfiguration", _LIFECYCLE, limit="nothing expires or moves")
def put_lifecycle(call: Call) -> Answer:
    """Check and keep the lifecycle rules."""
    bucket = existing(call)
    rules = (call.params.get("LifecycleConfiguration") or {}).get("Rules") or []
    if not rules:
        raise AwsError("MalformedXML", "LifecycleConfiguration must have at least one rule")
    for rule in rules:
        _check_lifecycle_rule(rule)
        rule.setdefault("ID", uuid.uuid4().hex)
    if len({rule["ID"] for rule in rules}) != len(rules):
        raise AwsError("InvalidArgument", "Rule ID must be unique. Found same ID for more than one")
    size = call.params.get("TransitionDefaultMinimumObjectSize") or "all_storage_classes_128K"
    extras(bucket).lifecycle = {"Rules": rules, "TransitionDefaultMinimumObjectSize": size}
    return Reply(HTTPStatus.OK)


@patch("s3", "GetBucketLifecycleConfiguration", _LIFECYCLE)
def get_lifecycle(call: Call) -> Answer:
    """Return the lifecycle rules."""
    lifecycle = extras(existing(call)).lifecycle
    if lifecycle is None:
        raise missing("NoSuchLifecycleConfiguration", "lifecycle configuration")
    return lifecycle


@patch("s3", "DeleteBucketLifecycle", _LIFECYCLE)
def delete_lifecycle(call: Call) -> Answer:
    """Delete the lifecycle rules."""
    extras(existing(call)).lifecycle = None
    return Reply(HTTPStatus.NO_CONTENT)


def _check_lifecycle_rule(rule: Mapping[str, Any]) -> None:
    """Check one rule.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    """
    _check_lifecycle_shape(rule)
    if not any(rule.get(action) for action in _LIFECYCLE_ACTIONS):
        raise AwsError("InvalidRequest", "At least one action needs to be specified in a rule")
    expiration = (rule.get("Expiration") or {}).get("Days")
    if expiration is not None and expiration <= 0:
        message = "'Days' for Expiration action must be a positive integer"
        raise AwsError("InvalidArgument", message)
    for transition in rule.get("Transitions") or []:
        days = transition.get("Days")
        if days is None:
            continue
        if transition.get("StorageClass") in _IA_CLASSES and days < _MIN_IA_DAYS:
            raise AwsError(
                "InvalidArgument",
                f"'Days' in Transition action must be greater than or equal to {_MIN_IA_DAYS} for "
                f"storageClass '{transition['StorageClass']}'",
            )
        if expiration is not None and expiration <= days:
            raise AwsError(
                "InvalidArgument",
                "'Days' in the Expiration action must be greater than 'Days' in the Transition "
                "action",
            )


def _check_lifecycle_shape(rule: Mapping[str, Any]) -> None:
    """Check that a rule says what belongs together, and nothing that excludes it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
    """
    problems = [
        f"{name} must have one of {', '.join(members)}"
        for name, members in _ONE_OF.items()
        if len([each for each in members if each in (rule.get(name) or {})]) > 1
    ]
    problems += [
        f"{name} must have {member}"
        for name, members in _WHOLE.items()
        for part in _parts(rule.get(name))
        for member in members
        if part.get(member) is None
    ]
    if "Prefix" in rule and "Filter" in rule:
        problems.append("Prefix and Filter exclude each other")
    if problems:
        raise AwsError("MalformedXML", "; ".join(problems))


def _parts(given: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - one part, several or none
    return given if isinstance(given, list) else [given] if given is not None else []
