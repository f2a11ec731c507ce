"""Copying new objects to the destinations of a bucket's replication rules.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.s3.models import s3_backends

from sandbox.aws import lookups
from sandbox.aws.buckets import extras
from sandbox.aws.enforcement import Permission, ResourcePolicy, role_may
from sandbox.aws.enforcement.services.kms import policy_of
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moto.s3.models import FakeBucket, FakeKey

    from sandbox.aws.call import Answer, Call


@patch(
    "s3",
    ("PutObject", "CopyObject", "CompleteMultipartUpload"),
    "moto replicates nothing",
    limit="new objects are copied at once where the role may; what it may not is left out without "
    "a status of replication. Delete markers, later tags and locks, and objects that were there "
    "before are not replicated",
)
def put_object(call: Call) -> Answer:
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
    return Permission(
        action=action,
        resource=key.arn if key else key_id,
        owner=key.account_id if key else "",
        policy=policy_of(key.policy) if key else None,
        context={
            "kms:ViaService": f"s3.{bucket.region_name}.amazonaws.com",
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
            "kms:EncryptionContext:aws:s3:arn": (
                bucket.arn if default.get("BucketKeyEnabled") else object_arn
            ),
        },
    )


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
