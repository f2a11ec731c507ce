"""Replication rules, which moto keeps in part."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError, Reply
from sandbox.aws.patches.registry import patch
from sandbox.aws.patches.s3.state import denied, existing, extras, missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moto.s3.models import FakeBucket

    from sandbox.aws.call import Answer, Call

_REPLICATION = (
    "moto loses filter and source selection, and checks only that the source is versioned; AWS "
    "wants a role of the bucket's account, a versioned destination, and rules of one schema"
)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
_MAX_RULES = 1000
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationTimeValue.html
_MINUTES = 15
_ONLY_V2 = ("Priority", "DeleteMarkerReplication")


@patch(
    "s3",
    "PutBucketReplication",
    _REPLICATION,
    limit="as in AWS, no policy is tried out",
)
def put_replication(call: Call) -> Answer:
    """Check and keep the replication rules."""
    bucket = existing(call)
    if bucket.versioning_status != "Enabled":
        raise _invalid(
            "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
        )
    configuration = call.params.get("ReplicationConfiguration") or {}
    _check_role(bucket, str(configuration.get("Role")))
    rules = configuration.get("Rules") or []
    if not 1 <= len(rules) <= _MAX_RULES:
        message = f"ReplicationConfiguration must have 1 to {_MAX_RULES} rules"
        raise AwsError("MalformedXML", message)
    for rule in rules:
        _check_schema(rule)
        _check_destination(bucket, rule)
        _check_encryption(rule)
        rule.setdefault("ID", uuid.uuid4().hex)
    _check_unique(rules, "ID")
    _check_unique(rules, "Priority")
    extras(bucket).replication = configuration
    return Reply(HTTPStatus.OK)


@patch("s3", "GetBucketReplication", _REPLICATION)
def get_replication(call: Call) -> Answer:
    """Give the replication rules back."""
    configuration = extras(existing(call)).replication
    if configuration is None:
        raise missing("ReplicationConfigurationNotFoundError", "replication configuration")
    return {"ReplicationConfiguration": configuration}


@patch("s3", "DeleteBucketReplication", _REPLICATION)
def delete_replication(call: Call) -> Answer:
    """Forget the replication rules."""
    extras(existing(call)).replication = None
    return Reply(HTTPStatus.NO_CONTENT)


def _check_role(bucket: FakeBucket, arn: str) -> None:
    """Check the role that S3 would assume, which must be passed to it.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    match = lookups.ROLE_ARN.match(arn)
    if match is None or lookups.role(arn) is None:
        message = f"Invalid role specified in replication configuration: {arn}"
        raise AwsError("InvalidArgument", message)
    if match["account"] != bucket.account_id:
        raise denied("Cross-account pass role is not allowed.")


def _check_schema(rule: Mapping[str, Any]) -> None:
    """Check that a rule is all of schema V2, which has Filter, or all of V1.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html
    """
    version = "for this version of Cross Region Replication configuration schema"
    for name in _ONLY_V2:
        if "Filter" in rule and name not in rule:
            raise _invalid(f"{name} must be specified {version}")
        if "Filter" not in rule and name in rule:
            raise _invalid(f"{name} cannot be used {version}")


def _check_destination(bucket: FakeBucket, rule: Mapping[str, Any]) -> None:
    """Check the replica bucket, and what is asked for there.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
    """
    wanted = rule.get("Destination") or {}
    arn = str(wanted.get("Bucket", ""))
    destination = lookups.bucket(arn.rpartition(":")[2])
    if destination is None:
        raise _invalid(f"Destination bucket must exist: {arn!r}")
    if destination is bucket:
        raise _invalid("Destination bucket cannot be the same as the source bucket.")
    if destination.versioning_status != "Enabled":
        raise _invalid("Destination bucket must have versioning enabled.")
    if bucket.object_lock_enabled and not destination.object_lock_enabled:
        raise _invalid(
            "Object Lock must be enabled on the destination bucket, as it is on the source bucket."
        )
    account = wanted.get("Account")
    if account and account != destination.account_id:
        raise _invalid(f"Account {account} is not the owner of the destination bucket.")
    if wanted.get("AccessControlTranslation") and not account:
        raise _invalid("Account must be specified with AccessControlTranslation.")
    _check_time(wanted)


def _check_time(destination: Mapping[str, Any]) -> None:
    """Check Replication Time Control.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
    """
    control, metrics = destination.get("ReplicationTime"), destination.get("Metrics")
    if control and not metrics:
        raise _invalid("Metrics must be specified with ReplicationTime.")
    times = ((control or {}).get("Time"), (metrics or {}).get("EventThreshold"))
    for time in times:
        if time and time.get("Minutes") != _MINUTES:
            message = f"Minutes must be {_MINUTES}, got {time.get('Minutes')}"
            raise AwsError("InvalidArgument", message)


def _check_encryption(rule: Mapping[str, Any]) -> None:
    """Check that objects under SSE-KMS are selected and get a key, or neither.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    encryption = (rule.get("Destination") or {}).get("EncryptionConfiguration") or {}
    criteria = (rule.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects") or {}
    selected = criteria.get("Status") == "Enabled"
    if selected and not encryption.get("ReplicaKmsKeyID"):
        raise _invalid("EncryptionConfiguration must be specified if SseKmsEncryptedObjects is.")
    if encryption and not criteria:
        raise _invalid("SseKmsEncryptedObjects must be specified if EncryptionConfiguration is.")


def _check_unique(rules: Sequence[Mapping[str, Any]], name: str) -> None:
    found = [rule[name] for rule in rules if name in rule]
    if len(set(found)) != len(found):
        message = f"{name} must be unique. Found the same {name} in more than one rule"
        raise AwsError("InvalidArgument", message)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidRequest", message)
