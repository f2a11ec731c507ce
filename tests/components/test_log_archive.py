import json
from typing import Any

import pytest
from cloudtrail_guard import (
    ArgumentError,
    LogArchive,
    LogArchiveArgs,
    LogReplication,
    LogReplicationArgs,
)

from tests.support.deployment import Deployment, deploy

SOURCE = "444455556666"
ROLE = f"arn:aws:iam::{SOURCE}:role/replicate"
ARCHIVE: LogArchiveArgs = {
    "replica_bucket_name": "org-logs-archive",
    "replication_role_arn": ROLE,
    "organization_id": "o-a1b2c3d4e5",
    "break_glass_role_arns": ["arn:aws:iam::111122223333:role/ArchiveAdmin"],
}
KEY = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REPLICATION: LogReplicationArgs = {
    "log_bucket_name": "org-logs",
    "log_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1",
    "replica_bucket_name": "org-logs-archive",
    "replica_key_arn": KEY,
}


def archive(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARCHIVE, **(change or {})}
    return deploy(lambda: LogArchive("archive", args), **options)


def replication(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**REPLICATION, **(change or {})}
    return deploy(lambda: LogReplication("replicate", args), **options)


def statements(policy: str) -> dict[str, Any]:
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def test_the_archive_is_a_locked_bucket_and_its_key_and_no_role() -> None:
    made = archive()

    assert made.only("Bucket").inputs["objectLockEnabled"] is True
    assert made.only("BucketObjectLockConfiguration").inputs["rule"] == {
        "defaultRetention": {"mode": "GOVERNANCE", "days": 365}
    }
    assert made.only("BucketOwnershipControls").inputs["rule"] == {
        "objectOwnership": "BucketOwnerEnforced"
    }
    assert made.of_type("Role") == made.of_type("BucketReplicationConfig") == []


@pytest.mark.parametrize("preview", [True, False])
def test_both_policies_admit_the_one_role_before_it_exists(preview: bool) -> None:
    made = archive(preview=preview)

    for kind, sid in (("BucketPolicy", "AllowReplication"), ("Key", "AllowReplicationEncrypt")):
        allow = statements(made.only(kind).inputs["policy"])[sid]
        assert allow["Principal"] == {"AWS": f"arn:aws:iam::{SOURCE}:root"}
        assert allow["Condition"]["ArnEquals"] == {"aws:PrincipalArn": ROLE}


def test_the_log_bucket_replicates_to_the_archives_account() -> None:
    made = replication()

    (rule,) = made.only("BucketReplicationConfig").inputs["rules"]
    assert rule["destination"] == {
        "account": SOURCE,
        "bucket": "arn:aws:s3:::org-logs-archive",
        "encryptionConfiguration": {"replicaKmsKeyId": KEY},
    }
    assert made.of_type("Bucket") == made.of_type("Key") == []


def test_the_role_of_the_components_name_writes_to_the_archive() -> None:
    made = replication()

    assert made.only("Role").inputs["name"] == "replicate"
    granted = statements(made.only("RolePolicy").inputs["policy"])
    assert granted["WriteReplicas"]["Resource"] == "arn:aws:s3:::org-logs-archive/*"
    assert granted["EncryptReplicas"]["Resource"] == KEY
    through = granted["EncryptReplicas"]["Condition"]["StringEquals"]
    assert through == {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}


def test_the_archive_may_be_in_the_log_buckets_own_region() -> None:
    """As where logs may not leave it."""
    here = KEY.replace("eu-central-1", "eu-west-1")

    made = replication({"replica_key_arn": here})

    (rule,) = made.only("BucketReplicationConfig").inputs["rules"]
    assert rule["destination"]["account"] == SOURCE
    granted = statements(made.only("RolePolicy").inputs["policy"])
    for sid, bucket in (("DecryptLogs", "org-logs"), ("EncryptReplicas", "org-logs-archive")):
        condition = granted[sid]["Condition"]
        assert condition["StringEquals"] == {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
        [contexts] = condition["StringLike"].values()
        assert contexts == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


@pytest.mark.parametrize("make", [archive, replication])
@pytest.mark.parametrize("protect", [True, False])
def test_all_is_kept_in_aws_and_protected_unless_set_otherwise(make: Any, protect: bool) -> None:
    for resource in make({"protect": protect}).resources[1:]:
        assert resource.retain_on_delete, resource.name
        assert resource.protect is protect, resource.name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"replication_role_arn": "arn:aws:iam::111122223333:role/replicate"},
            "LogArchive 'archive': replication role .* is of the replica's own account",
        ),
        ({"replication_role_arn": f"arn:aws:iam::{SOURCE}:root"}, "must be an ARN like"),
        ({"break_glass_role_arns": []}, "no break-glass role"),
        ({"lifecycle": {"expire_after_days": 30}}, "expires logs after 30 days"),
    ],
)
def test_an_archive_that_would_not_protect_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        archive(change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"replica_key_arn": REPLICATION["log_key_arn"]}, "region 'eu-west-1' is the log bucket's"),
        ({"replica_key_arn": KEY.replace("aws", "aws-cn", 1)}, "of partition aws-cn"),
        ({"replica_bucket_name": "org-logs"}, "is the log bucket itself"),
    ],
)
def test_a_replication_that_s3_would_refuse_is_refused(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        replication(change)
