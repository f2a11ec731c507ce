"""Versions, Object Lock and encryption of a bucket; who may reach it, and where that is logged.

The id of a bucket's configuration is the bucket's name, or `bucket,owner` where an expected owner
is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api, outputs_of
from sandbox.plugin.aws import ignoring
from sandbox.plugin.policies import equivalent_policies
from sandbox.plugin.resource import conflict, exactly_one
from sandbox.plugin.validators import json_text, length, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

BUCKET_NAME: Final = (length(1, 63),)
"""What most types check of `bucket`; the name is only tried where a bucket is made."""

PLAIN: Final = "{bucket}"
OWNED: Final = "{bucket}[,{expectedBucketOwner}]"


def setting(put: str, read: str, *absent: str, **rest: Any) -> Api:  # noqa: ANN401 - of Api
    """A configuration of a bucket, which S3 puts as a whole, the first time and again.

    Args:
        put: the operation that writes it.
        read: the operation that reads it.
        absent: the errors that say that there is none, further to those about the bucket.
        rest: as for `Api`.
    """
    fields: dict[str, Any] = {"id": OWNED, **rest}
    gone = ("NoSuchBucket", *absent)
    return Api(service="s3", create=put, update=put, read=read, gone=gone, **fields)


# Versioning


def _create_versioning(call: Call) -> str:
    # Disabled is what a bucket is from the start; the API has no such value.
    disabled = call.inputs["versioningConfiguration"]["status"] == "Disabled"
    return _VERSIONING.id_of(call.inputs) if disabled else _VERSIONING.make(call)


def _suspend(call: Call) -> None:
    if call.state["versioningConfiguration"]["status"] != "Disabled":
        # A bucket with Object Lock cannot be suspended: the real provider leaves it.
        with ignoring("InvalidBucketState"):
            _VERSIONING.remove(call)


def _refuse_versioning(state: Properties, inputs: Properties) -> Iterable[str]:
    old = state.get("versioningConfiguration", {}).get("status")
    new = inputs["versioningConfiguration"]
    if isinstance(new, dict) and new["status"] == "Disabled" and old in {"Enabled", "Suspended"}:
        yield f"versioning_configuration.status cannot be updated from '{old}' to 'Disabled'"


_VERSIONING: Final = setting(
    "PutBucketVersioning",
    "GetBucketVersioning",
    delete="PutBucketVersioning",
    deleting={"VersioningConfiguration": {"Status": "Suspended"}},
    answer="{VersioningConfiguration: merge({Status: 'Disabled'}, @)}",
)
VERSIONING = _VERSIONING.row(
    create=_create_versioning,
    delete=_suspend,
    type="aws:s3/bucketVersioning:BucketVersioning",
    noun="S3 Bucket ({}) Versioning",
    computed={"versioningConfiguration.mfaDelete"},
    state_only={
        "mfa": "a one-time code",
        "versioningConfiguration.mfaDelete": "moto does not answer MFADelete",
    },
    validate={
        "bucket": BUCKET_NAME,
        "versioningConfiguration.status": (one_of("Enabled", "Suspended", "Disabled"),),
    },
    refuse=_refuse_versioning,
)

# Object Lock


def _without_zeros(_call: Call, request: Properties) -> None:
    rule = request["ObjectLockConfiguration"].get("Rule")
    if rule:
        retention = rule.get("DefaultRetention", {})
        rule["DefaultRetention"] = {name: value for name, value in retention.items() if value}


OBJECT_LOCK = setting(
    "PutObjectLockConfiguration",
    "GetObjectLockConfiguration",
    "ObjectLockConfigurationNotFoundError",
    # Object Lock cannot be switched off: only the default retention goes.
    delete="PutObjectLockConfiguration",
    deleting={"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
    inside="ObjectLockConfiguration",
    answer="ObjectLockConfiguration",
    refine=_without_zeros,
).row(
    type="aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    noun="S3 Bucket ({}) Object Lock Configuration",
    replace={"objectLockEnabled"},
    defaults={"objectLockEnabled": "Enabled"},
    state_only={"token": "sent once, to enable Object Lock on an existing bucket"},
    validate={"bucket": BUCKET_NAME, "objectLockEnabled": (one_of("Enabled"),)},
    relations=(conflict("days", "years", at="rule.defaultRetention"),),
)

# Encryption

_BLOCKED: Final = "blockedEncryptionTypes"


def _block(call: Call, request: Properties) -> None:
    """S3 has the blocked types in a structure, the real provider has them as a list."""
    rules = request["ServerSideEncryptionConfiguration"]["Rules"]
    for wanted, rule in zip(call.inputs["rules"], rules, strict=True):
        rule.pop("BlockedEncryptionTypes", None)
        if wanted.get(_BLOCKED):
            rule["BlockedEncryptionTypes"] = {"EncryptionType": wanted[_BLOCKED]}


def encryption_rules(answer: Properties) -> list[Properties]:
    """The rules of a GetBucketEncryption answer, their blocked types as a list."""
    return [
        {**rule, "BlockedEncryptionTypes": blocked["EncryptionType"]}
        if (blocked := rule.get("BlockedEncryptionTypes"))
        else rule
        for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]
    ]


ENCRYPTION = setting(
    "PutBucketEncryption",
    "GetBucketEncryption",
    "ServerSideEncryptionConfigurationNotFoundError",
    delete="DeleteBucketEncryption",
    inside="ServerSideEncryptionConfiguration",
    refine=_block,
    outputs=lambda call, answer: outputs_of(call, {"Rules": encryption_rules(answer)}),
).row(
    type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    noun="S3 Bucket ({}) Server-side Encryption Configuration",
    sets={"rules"},
    computed={f"rules.*.{_BLOCKED}"},
    validate={"bucket": BUCKET_NAME, f"rules.*.{_BLOCKED}.*": (one_of("NONE", "SSE-C"),)},
)

# Public access block: what is left out is false, an empty resource switches everything off

PUBLIC_ACCESS_BLOCK = setting(
    "PutPublicAccessBlock",
    "GetPublicAccessBlock",
    "NoSuchPublicAccessBlockConfiguration",
    delete="DeletePublicAccessBlock",
    id=PLAIN,
    inside="PublicAccessBlockConfiguration",
    answer="PublicAccessBlockConfiguration",
).row(
    type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    noun="S3 Bucket ({}) Public Access Block",
)

# Ownership controls

OWNERSHIP = setting(
    "PutBucketOwnershipControls",
    "GetBucketOwnershipControls",
    "OwnershipControlsNotFoundError",
    delete="DeleteBucketOwnershipControls",
    id=PLAIN,
    inside="OwnershipControls",
    answer="OwnershipControls",
).row(
    type="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    noun="S3 Bucket ({}) Ownership Controls",
    validate={"bucket": BUCKET_NAME},
)

# Server access logging


def _prefix(_call: Call, request: Properties) -> None:
    """S3 wants a prefix, be it empty."""
    request["BucketLoggingStatus"]["LoggingEnabled"].setdefault("TargetPrefix", "")


LOGGING = setting(
    "PutBucketLogging",
    "GetBucketLogging",
    delete="PutBucketLogging",
    deleting={"BucketLoggingStatus": {}},
    inside="BucketLoggingStatus.LoggingEnabled",
    answer="LoggingEnabled",
    refine=_prefix,
).row(
    type="aws:s3/bucketLogging:BucketLogging",
    noun="S3 Bucket ({}) Logging",
    sets={"targetGrants"},
    validate={"bucket": BUCKET_NAME, "targetBucket": (length(1, 63),)},
    relations=(exactly_one("partitionedPrefix", "simplePrefix", at="targetObjectKeyFormat"),),
)

# Who pays

REQUEST_PAYMENT = setting(
    "PutBucketRequestPayment",
    "GetBucketRequestPayment",
    delete="PutBucketRequestPayment",
    deleting={"RequestPaymentConfiguration": {"Payer": "BucketOwner"}},
    inside="RequestPaymentConfiguration",
).row(
    type="aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration",
    noun="S3 Bucket ({}) Request Payment Configuration",
    validate={"bucket": BUCKET_NAME, "payer": (one_of("BucketOwner", "Requester"),)},
)

# Policy

POLICY = setting(
    "PutBucketPolicy",
    "GetBucketPolicy",
    "NoSuchBucketPolicy",
    delete="DeleteBucketPolicy",
    id=PLAIN,
).row(
    type="aws:s3/bucketPolicy:BucketPolicy",
    noun="S3 Bucket ({}) Policy",
    put_verb="putting",
    equal={"policy": equivalent_policies},
    validate={"policy": (json_text,)},
)
