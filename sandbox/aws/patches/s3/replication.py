"""Replication rules, which moto keeps in part, and the copies that they make."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.s3.models import s3_backends

from sandbox.aws import lookups
from sandbox.aws.buckets import denied, existing, extras, missing
from sandbox.aws.call import AwsError, Reply
from sandbox.aws.enforcement import Permission, ResourcePolicy, role_may
from sandbox.aws.enforcement.services.kms import on_key
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from moto.s3.models import FakeBucket, FakeKey

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
    """Return the replication rules."""
    configuration = extras(existing(call)).replication
    if configuration is None:
        raise missing("ReplicationConfigurationNotFoundError", "replication configuration")
    return {"ReplicationConfiguration": configuration}


@patch("s3", "DeleteBucketReplication", _REPLICATION)
def delete_replication(call: Call) -> Answer:
    """Delete the replication rules."""
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


@patch(
    "s3",
    ("PutObject", "CopyObject", "CompleteMultipartUpload"),
    "moto replicates nothing",
    limit="new objects are copied at once where the role may; what it may not is left out without "
    "a status of replication. Delete markers, later tags and locks, and objects that were there "
    "before are not replicated",
)
def write_and_replicate(call: Call) -> Answer:
    """Write an object, and copy it where the bucket's replication rules say."""
    reply = call.forward()
    bucket = lookups.bucket(call.labels["Bucket"])
    if reply.ok and bucket is not None and extras(bucket).replication:
        backend = s3_backends[bucket.account_id][bucket.partition]
        key = backend.get_object(bucket.name, call.labels["Key"])
        if key is not None:
            replicate(bucket, key)
    return reply


def replicate(bucket: FakeBucket, key: FakeKey) -> None:
    """Copy a new object to the destination of each rule that selects it, if the role may."""
    configuration = extras(bucket).replication or {}
    for rule in configuration.get("Rules", ()):
        destination = lookups.bucket(rule["Destination"]["Bucket"].rpartition(":")[2])
        if destination is not None and _selects(rule, key):
            permissions = _permissions(bucket, key, destination, rule)
            role = lookups.role(configuration["Role"])
            if role is not None and all(
                role_may(role, permission, region) for permission, region in permissions
            ):
                _copy(key, destination, rule["Destination"])


def _selects(rule: Mapping[str, Any], key: FakeKey) -> bool:
    chosen = rule.get("Filter") or {}
    prefix = chosen.get("Prefix") or (chosen.get("And") or {}).get("Prefix") or rule.get("Prefix")
    criteria = (rule.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects") or {}
    return (
        rule["Status"] == "Enabled"
        and str(key.name).startswith(prefix or "")
        and not (chosen.get("Tag") or (chosen.get("And") or {}).get("Tags"))
        and (key.encryption != "aws:kms" or criteria.get("Status") == "Enabled")
    )


def _permissions(
    bucket: FakeBucket, key: FakeKey, destination: FakeBucket, rule: Mapping[str, Any]
) -> Iterable[tuple[Permission, str]]:
    """What the role needs, and in which region."""
    for owner, action in (
        (bucket, "s3:GetObjectVersionForReplication"),
        (destination, "s3:ReplicateObject"),
    ):
        yield (
            Permission(
                action=action,
                resource=f"{owner.arn}/{key.name}",
                owner=owner.account_id,
                policy=ResourcePolicy(text=extras(owner).policy),
            ),
            owner.region_name,
        )
    encryption = rule["Destination"].get("EncryptionConfiguration") or {}
    for owner, action, key_id in (
        (bucket, "kms:Decrypt", key.kms_key_id if key.encryption == "aws:kms" else None),
        (destination, "kms:Encrypt", encryption.get("ReplicaKmsKeyID")),
    ):
        if key_id:
            yield _on_key(owner, action, key_id, f"{owner.arn}/{key.name}"), owner.region_name


def _on_key(bucket: FakeBucket, action: str, key_id: str, object_arn: str) -> Permission:
    key = lookups.key(key_id, account_id=bucket.account_id, region=bucket.region_name)
    default = ((extras(bucket).encryption or {}).get("Rules") or [{}])[0]
    context = {
        "kms:ViaService": f"s3.{bucket.region_name}.amazonaws.com",
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
        "kms:EncryptionContext:aws:s3:arn": (
            bucket.arn if default.get("BucketKeyEnabled") else object_arn
        ),
    }
    if key is None:
        return Permission(action=action, resource=key_id, context=context)
    return on_key(key, action, context)


def _copy(key: FakeKey, destination: FakeBucket, wanted: Mapping[str, Any]) -> None:
    encryption = wanted.get("EncryptionConfiguration") or {}
    key_id = encryption.get("ReplicaKmsKeyID")
    copy = s3_backends[destination.account_id][destination.partition].put_object(
        destination.name,
        str(key.name),
        key.value,
        storage=wanted.get("StorageClass") or key.storage_class,
        encryption="aws:kms" if key_id else None,
        kms_key_id=key_id,
        lock_mode=key.lock_mode,
        lock_until=key.lock_until,
        lock_legal_status=key.lock_legal_status,
    )
    copy.set_metadata(dict(key.metadata))
