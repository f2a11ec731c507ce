"""Versions, Object Lock and encryption of a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.plugin.aws import ignoring
from sandbox.plugin.resource import conflict
from sandbox.plugin.services.s3.setting import BUCKET_NAME, Setting, target
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.validators import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

SSE_NAMES = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}
"""Where S3 spells otherwise than Pulumi."""


# Versioning


def _put_versioning(call: Call) -> None:
    wanted = call.inputs["versioningConfiguration"]
    if call.creating and wanted["status"] == "Disabled":
        return  # what a bucket is from the start; the API has no such value
    settings = {"Status": wanted["status"], "MFADelete": wanted.get("mfaDelete")}
    request = {"VersioningConfiguration": {k: v for k, v in settings.items() if v}}
    if call.inputs.get("mfa"):
        request["MFA"] = call.inputs["mfa"]
    call.client("s3").put_bucket_versioning(**target(call), **request)


def _versioning(answer: Properties) -> Properties:
    status = {"status": answer.get("Status", "Disabled"), "mfaDelete": answer.get("MFADelete")}
    return {"versioningConfiguration": {key: value for key, value in status.items() if value}}


def _suspend(call: Call) -> None:
    if call.state["versioningConfiguration"]["status"] != "Disabled":
        # A bucket with Object Lock cannot be suspended: the real provider lets it be.
        with ignoring("InvalidBucketState"):
            call.client("s3").put_bucket_versioning(
                **target(call), VersioningConfiguration={"Status": "Suspended"}
            )


def _refuse_versioning(state: Properties, inputs: Properties) -> Iterable[str]:
    old = state.get("versioningConfiguration", {}).get("status")
    new = inputs["versioningConfiguration"]
    if isinstance(new, dict) and new["status"] == "Disabled" and old in {"Enabled", "Suspended"}:
        yield f"versioning_configuration.status cannot be updated from '{old}' to 'Disabled'"


VERSIONING = Setting(
    put=_put_versioning, get="get_bucket_versioning", outputs=_versioning, delete=_suspend
).row(
    type="aws:s3/bucketVersioning:BucketVersioning",
    noun="S3 Bucket ({}) Versioning",
    computed=frozenset({"versioningConfiguration.mfaDelete"}),
    state_only={
        "mfa": "a one-time code",
        "versioningConfiguration.mfaDelete": "moto does not answer MFADelete",
    },
    validate={
        "bucket": BUCKET_NAME,
        "versioningConfiguration.status": (one_of("Enabled", "Suspended", "Disabled"),),
        "versioningConfiguration.mfaDelete": (one_of("Enabled", "Disabled"),),
    },
    refuse=_refuse_versioning,
)


# Object Lock


def _put_object_lock(call: Call) -> None:
    lock: Properties = {"ObjectLockEnabled": call.inputs["objectLockEnabled"]}
    if call.inputs.get("rule"):
        retention = to_aws(call.inputs["rule"]["defaultRetention"])
        lock["Rule"] = {"DefaultRetention": {k: v for k, v in retention.items() if v}}
    request = {"Token": call.inputs["token"]} if call.inputs.get("token") else {}
    call.client("s3").put_object_lock_configuration(
        **target(call), ObjectLockConfiguration=lock, **request
    )


def _forget_retention(call: Call) -> None:
    # Object Lock cannot be switched off: only the default retention goes.
    call.client("s3").put_object_lock_configuration(
        **target(call), ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
    )


OBJECT_LOCK = Setting(
    put=_put_object_lock,
    get="get_object_lock_configuration",
    outputs=lambda answer: from_aws(answer["ObjectLockConfiguration"]),
    delete=_forget_retention,
    absent="ObjectLockConfigurationNotFoundError",
).row(
    type="aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    noun="S3 Bucket ({}) Object Lock Configuration",
    replace=frozenset({"objectLockEnabled"}),
    defaults={"objectLockEnabled": "Enabled"},
    state_only={"token": "sent once, to enable Object Lock on an existing bucket"},
    validate={
        "bucket": BUCKET_NAME,
        "objectLockEnabled": (one_of("Enabled"),),
        "rule.defaultRetention.mode": (one_of("COMPLIANCE", "GOVERNANCE"),),
    },
    relations=(conflict("days", "years", at="rule.defaultRetention"),),
)


# Encryption


def _put_encryption(call: Call) -> None:
    rules = [_encryption_rule(rule) for rule in call.inputs["rules"]]
    call.client("s3").put_bucket_encryption(
        **target(call), ServerSideEncryptionConfiguration={"Rules": rules}
    )


def _encryption_rule(rule: Properties) -> Properties:
    default = {"applyServerSideEncryptionByDefault": rule.get("applyServerSideEncryptionByDefault")}
    blocked = rule.get("blockedEncryptionTypes")
    return {
        **to_aws(default, SSE_NAMES),
        "BucketKeyEnabled": rule.get("bucketKeyEnabled", False),
        **({"BlockedEncryptionTypes": {"EncryptionType": blocked}} if blocked else {}),
    }


def encryption_rules(live: Properties) -> list[Properties]:
    """The rules of a GetBucketEncryption answer."""
    rules = from_aws(live["ServerSideEncryptionConfiguration"]["Rules"], SSE_NAMES)
    for rule in rules:
        blocked = rule.pop("blockedEncryptionTypes", None)
        if blocked:
            rule["blockedEncryptionTypes"] = blocked["encryptionType"]
    return rules


ENCRYPTION = Setting(
    put=_put_encryption,
    get="get_bucket_encryption",
    outputs=lambda answer: {"rules": encryption_rules(answer)},
    delete="delete_bucket_encryption",
    absent="ServerSideEncryptionConfigurationNotFoundError",
).row(
    type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    noun="S3 Bucket ({}) Server-side Encryption Configuration",
    sets=frozenset({"rules"}),
    computed=frozenset({"rules.*.blockedEncryptionTypes"}),
    validate={
        "bucket": BUCKET_NAME,
        "rules.*.applyServerSideEncryptionByDefault.sseAlgorithm": (
            one_of("AES256", "aws:fsx", "aws:kms", "aws:kms:dsse", "aws:backup"),
        ),
        "rules.*.blockedEncryptionTypes.*": (one_of("NONE", "SSE-C"),),
    },
)


RESOURCES = (VERSIONING, OBJECT_LOCK, ENCRYPTION)
