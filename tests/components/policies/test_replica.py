from typing import Any, cast

import pytest
from cloudtrail_guard.arns import Location
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.document import Document
from cloudtrail_guard.policies.replica import (
    Replication,
    replica_bucket_policy,
    replica_key_policy,
    replication_policy,
)

from tests.components.conftest import BREAK_GLASS, DEPLOYER, SECURITY
from tests.components.policies.test_actions import actions, exists

ARCHIVE = "444455556666"
ROLE = f"arn:aws:iam::{SECURITY}:role/replicate"
SOURCE_KEY = f"arn:aws:kms:eu-west-1:{SECURITY}:key/1"
KEY = f"arn:aws:kms:eu-central-1:{SECURITY}:key/2"
GUARD = BucketGuard(
    partition="aws",
    bucket="org-logs-replica",
    organization_id="o-a1b2c3d4e5",
    break_glass=(BREAK_GLASS,),
    deployers=(DEPLOYER,),
)


def replication(**change: Any) -> Replication:
    whole: dict[str, Any] = {
        "partition": "aws",
        "source_bucket": "org-logs",
        "source_region": "eu-west-1",
        "source_key": SOURCE_KEY,
        "bucket": "org-logs-replica",
        "region": "eu-central-1",
        "key": KEY,
        **change,
    }
    return Replication(**whole)


def statements(policy: Document) -> dict[str, dict[str, Any]]:
    return {s["Sid"]: s for s in cast("list[dict[str, Any]]", policy["Statement"])}


def bucket_policy(account: str = SECURITY) -> Document:
    return replica_bucket_policy(GUARD, account=account, replication_role=ROLE)


def key_policy(account: str = SECURITY) -> Document:
    return replica_key_policy(
        Location(partition="aws", region="eu-central-1", account=account),
        bucket="org-logs-replica",
        replication_role=ROLE,
        break_glass=(BREAK_GLASS,),
        deployers=(DEPLOYER,),
    )


def test_the_replica_denies_what_the_log_bucket_denies() -> None:
    assert list(statements(bucket_policy())) == [
        "DenyDeleteCloudTrailLogs",
        "DenyLogBucketTampering",
        "DenyLogForgery",
        "DenyOutsideOrganization",
        "DenyInsecureTransport",
        "DenyOutdatedTransport",
        "DenyReplicationByOthers",
    ]
    assert "cloudtrail.amazonaws.com" not in str(bucket_policy())


def test_one_role_alone_replicates_into_the_replica() -> None:
    deny = statements(bucket_policy())["DenyReplicationByOthers"]

    assert deny["Action"] == ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    assert deny["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": ROLE}}


def test_the_replicas_key_has_the_denies_of_the_log_key() -> None:
    policy = statements(key_policy())

    assert list(policy) == [
        "AllowAccountAdministration",
        "DenyKeyTampering",
        "DenyKeyDestruction",
        "DenyEarlyKeyDeletion",
        "DenyDestructionInUse",
    ]
    assert policy["DenyKeyTampering"]["Condition"] == {
        "ArnNotLike": {"aws:PrincipalArn": [BREAK_GLASS, DEPLOYER]}
    }


@pytest.mark.parametrize(
    ("sid", "resource"),
    [
        ("ReadReplicationConfiguration", "arn:aws:s3:::org-logs"),
        ("ReadLogVersions", "arn:aws:s3:::org-logs/*"),
        ("WriteReplicas", "arn:aws:s3:::org-logs-replica/*"),
        ("DecryptLogs", SOURCE_KEY),
        ("EncryptReplicas", KEY),
    ],
)
def test_the_role_reaches_these_two_buckets_and_keys(sid: str, resource: str) -> None:
    assert statements(replication_policy(replication()))[sid]["Resource"] == resource


def test_locks_are_copied_with_the_logs() -> None:
    read = statements(replication_policy(replication()))["ReadLogVersions"]["Action"]

    assert {"s3:GetObjectRetention", "s3:GetObjectLegalHold"} <= set(read)


def test_the_role_cannot_hide_a_replica() -> None:
    assert "Delete" not in str(list(actions(replication_policy(replication()))))


@pytest.mark.parametrize(
    ("partition", "suffix"),
    [("aws", "amazonaws.com"), ("aws-us-gov", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")],
)
def test_the_keys_are_used_through_s3_for_the_bucket_alone(partition: str, suffix: str) -> None:
    policy = statements(replication_policy(replication(partition=partition)))

    assert policy["DecryptLogs"]["Condition"] == {
        "StringEquals": {"kms:ViaService": f"s3.eu-west-1.{suffix}"},
        "StringLike": {
            "kms:EncryptionContext:aws:s3:arn": [
                f"arn:{partition}:s3:::org-logs",
                f"arn:{partition}:s3:::org-logs/*",
            ]
        },
    }
    through = policy["EncryptReplicas"]["Condition"]["StringEquals"]
    assert through == {"kms:ViaService": f"s3.eu-central-1.{suffix}"}


def test_another_account_is_admitted_by_one_role_that_writes_and_deletes_nothing() -> None:
    admitted = [s for s in statements(bucket_policy(ARCHIVE)).values() if s["Effect"] == "Allow"]
    by_one_role = {"ArnEquals": {"aws:PrincipalArn": ROLE}}

    assert admitted == [
        {
            "Sid": "AllowReplication",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{SECURITY}:root"},
            "Action": ["s3:ReplicateObject", "s3:ReplicateTags"],
            "Resource": "arn:aws:s3:::org-logs-replica/*",
            "Condition": by_one_role,
        },
        {
            "Sid": "AllowReplicationChecks",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{SECURITY}:root"},
            "Action": "s3:GetBucketVersioning",
            "Resource": "arn:aws:s3:::org-logs-replica",
            "Condition": by_one_role,
        },
    ]


def test_another_accounts_role_encrypts_through_s3_for_the_bucket_alone() -> None:
    allow = statements(key_policy(ARCHIVE))["AllowReplicationEncrypt"]

    assert allow["Principal"] == {"AWS": f"arn:aws:iam::{SECURITY}:root"}
    assert allow["Action"] == ["kms:Encrypt", "kms:GenerateDataKey"]
    assert allow["Condition"] == {
        "ArnEquals": {"aws:PrincipalArn": ROLE},
        "StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"},
        "StringLike": {
            "kms:EncryptionContext:aws:s3:arn": [
                "arn:aws:s3:::org-logs-replica",
                "arn:aws:s3:::org-logs-replica/*",
            ]
        },
    }


def test_the_role_of_an_account_without_the_organization_still_replicates() -> None:
    deny = statements(bucket_policy(ARCHIVE))["DenyOutsideOrganization"]

    assert deny["Condition"]["ArnNotLike"]["aws:PrincipalArn"] == [BREAK_GLASS, DEPLOYER, ROLE]


@pytest.mark.parametrize("foreign", [True, False])
def test_the_role_sees_the_versioning_of_another_accounts_bucket(foreign: bool) -> None:
    granted = statements(replication_policy(replication(foreign=foreign)))

    assert ("CheckReplicas" in granted) is foreign


@pytest.mark.parametrize(
    "policy",
    [bucket_policy(ARCHIVE), key_policy(ARCHIVE), replication_policy(replication(foreign=True))],
)
def test_every_action_is_one_that_aws_knows(policy: Document) -> None:
    assert {action for action in actions(policy) if not exists(action)} == set()
