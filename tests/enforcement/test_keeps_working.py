"""What must keep working, tried under all documents at once: no deny may reach it.

Each request is authorized with the SCPs and RCPs, the resource's own policy, and the policy of the
role that asks, where this project writes that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard.operations import OPERATIONS, Allowed, Document

from tests.enforcement.asking import (
    CONFIG,
    COPIES,
    DELIVERY,
    FAR_READER,
    INTEGRITY,
    LOGS,
    READER,
    RESPONSE,
    STACK_SET,
    Asked,
    allows,
)
from tests.enforcement.documents import (
    ACCESS_LOGS,
    BREAK_GLASS,
    BUCKET,
    DEPLOYERS,
    KEY,
    MANAGEMENT,
    MEMBER_TRAIL,
    ORGANIZATION,
    OWN_TRAIL,
    REGION,
    REPLICA,
    REPLICA_KEY,
    REPLICATION,
    RESERVED,
    RESULTS,
    SECURITY,
    TRAIL,
    WORKLOAD,
)
from tests.enforcement.test_operations import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard.operations import Operation

CLOUDTRAIL = "cloudtrail.amazonaws.com"
S3_LOGGING = "logging.s3.amazonaws.com"


def of_trail(trail: str, action: str, resource: str, **context: str) -> Asked:
    """A call of CloudTrail for a trail."""
    facts = {
        "aws:SourceArn": trail,
        "aws:SourceAccount": trail.split(":")[4],
        "aws:SourceOrgID": ORGANIZATION,
    }
    return Asked(CLOUDTRAIL, action, resource, facts | context)


def written(trail: str, path: str) -> Asked:
    """CloudTrail writes a file."""
    acl = {"s3:x-amz-acl": "bucket-owner-full-control"}
    return of_trail(trail, "s3:PutObject", f"{LOGS}/AWSLogs/{path}.json.gz", **acl)


def encrypted(trail: str) -> Asked:
    """CloudTrail encrypts a file."""
    context = {"kms:EncryptionContext:aws:cloudtrail:arn": trail}
    return of_trail(trail, "kms:GenerateDataKey", KEY, **context)


def through_s3(region: str, bucket: str) -> dict[str, str]:
    """What S3 adds when it uses a key for a role."""
    return {
        "kms:ViaService": f"s3.{region}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}",
    }


LOCAL_TRAIL = f"arn:aws:cloudtrail:{REGION}:{SECURITY}:trail/Local"
DEPLOYER = f"{RESERVED}/eu-central-1/AWSReservedSSO_Deploy"
EMERGENCY = f"{RESERVED}/AWSReservedSSO_Emergency"
LOG = f"{LOGS}/AWSLogs/{ORGANIZATION}/{WORKLOAD}/CloudTrail/{REGION}/2026/01/01/log.json.gz"
OF_THE_TRAIL = {"kms:EncryptionContext:aws:cloudtrail:arn": TRAIL}

KEEPS_WORKING: Mapping[str, Asked] = {
    # CloudTrail, and the trails of member accounts
    "the organization trail writes a member's log": written(
        TRAIL, f"{ORGANIZATION}/{WORKLOAD}/CloudTrail/{REGION}/log"
    ),
    "the organization trail writes its own account's log": written(
        TRAIL, f"{MANAGEMENT}/CloudTrail/{REGION}/log"
    ),
    "the organization trail writes a digest": written(
        TRAIL, f"{ORGANIZATION}/{WORKLOAD}/CloudTrail-Digest/{REGION}/digest"
    ),
    "an account's trail writes its log": written(OWN_TRAIL, f"{WORKLOAD}/CloudTrail/log"),
    "an account's trail writes a digest": written(OWN_TRAIL, f"{WORKLOAD}/CloudTrail-Digest/d"),
    "a member trail writes its log": written(MEMBER_TRAIL, f"{WORKLOAD}/CloudTrail/log"),
    "a member trail writes a digest": written(MEMBER_TRAIL, f"{WORKLOAD}/CloudTrail-Digest/d"),
    "the organization trail checks the bucket": of_trail(TRAIL, "s3:GetBucketAcl", LOGS),
    "a member trail checks the bucket": of_trail(MEMBER_TRAIL, "s3:GetBucketAcl", LOGS),
    "the organization trail encrypts": encrypted(TRAIL),
    "an account's trail encrypts": encrypted(OWN_TRAIL),
    "a member trail encrypts": encrypted(MEMBER_TRAIL),
    "the organization trail looks at the key": of_trail(TRAIL, "kms:DescribeKey", KEY),
    "a member trail looks at the key": of_trail(MEMBER_TRAIL, "kms:DescribeKey", KEY),
    "a StackSet changes the trail that it made": Asked(
        STACK_SET, "cloudtrail:UpdateTrail", MEMBER_TRAIL
    ),
    "CloudTrail delivers to the log group": Asked(
        DELIVERY,
        "logs:PutLogEvents",
        f"arn:aws:logs:{REGION}:{MANAGEMENT}:log-group:trail:log-stream:"
        f"{MANAGEMENT}_CloudTrail_{REGION}",
    ),
    # Replication and access logs
    "the replication role reads its rules": Asked(
        REPLICATION, "s3:GetReplicationConfiguration", LOGS
    ),
    "the replication role reads a log": Asked(
        REPLICATION, "s3:GetObjectVersionForReplication", LOG
    ),
    "the replication role reads a log's lock": Asked(REPLICATION, "s3:GetObjectRetention", LOG),
    "the replication role decrypts a log": Asked(
        REPLICATION, "kms:Decrypt", KEY, through_s3(REGION, BUCKET)
    ),
    "the replication role writes a copy": Asked(
        REPLICATION, "s3:ReplicateObject", LOG.replace(LOGS, COPIES)
    ),
    "the replication role copies tags": Asked(
        REPLICATION, "s3:ReplicateTags", LOG.replace(LOGS, COPIES)
    ),
    "the replication role encrypts a copy": Asked(
        REPLICATION, "kms:GenerateDataKey", REPLICA_KEY, through_s3("us-west-2", REPLICA)
    ),
    "S3 writes an access log": Asked(
        S3_LOGGING,
        "s3:PutObject",
        f"arn:aws:s3:::{ACCESS_LOGS}/access/2026",
        {"aws:SourceArn": LOGS, "aws:SourceAccount": SECURITY},
    ),
    # Readers: they read, and Athena reads and writes as them
    "a reader lists logs": Asked(READER, "s3:ListBucket", LOGS, {"s3:prefix": "AWSLogs/"}),
    "a reader reads a log": Asked(READER, "s3:GetObject", LOG),
    "a reader reads a hidden version": Asked(READER, "s3:GetObjectVersion", LOG),
    "a reader decrypts a log": Asked(READER, "kms:Decrypt", KEY, OF_THE_TRAIL),
    "a reader's query writes its result": Asked(
        READER, "s3:PutObject", f"arn:aws:s3:::{RESULTS}/1.csv"
    ),
    "a reader reads the result": Asked(READER, "s3:GetObject", f"arn:aws:s3:::{RESULTS}/1.csv"),
    "a reader of another account reads a log": Asked(FAR_READER, "s3:GetObject", LOG),
    "a reader of another account decrypts a log": Asked(
        FAR_READER, "kms:Decrypt", KEY, OF_THE_TRAIL
    ),
    "the integrity job reads a digest": Asked(INTEGRITY, "s3:GetObject", LOG),
    "the integrity job decrypts a log": Asked(INTEGRITY, "kms:Decrypt", KEY, OF_THE_TRAIL),
    # Roles of IAM Identity Center, whatever suffix they have
    **{
        f"{what}, with the suffix {suffix}": Asked(f"{role}_{suffix}", action, resource)
        for suffix in ("0123456789abcdef", "fedcba9876543210")
        for what, role, action, resource in (
            ("a deployer changes the bucket", DEPLOYER, "s3:PutLifecycleConfiguration", LOGS),
            ("a deployer changes the key", DEPLOYER, "kms:PutKeyPolicy", KEY),
            ("a deployer changes a role of the stacks", DEPLOYER, "iam:PutRolePolicy", REPLICATION),
            ("break-glass deletes a log", EMERGENCY, "s3:DeleteObjectVersion", LOG),
            ("break-glass stops a trail", EMERGENCY, "cloudtrail:StopLogging", LOCAL_TRAIL),
        )
    },
    # What watches and repairs
    "the tamper response starts the trail": Asked(RESPONSE, "cloudtrail:StartLogging", TRAIL),
    "the tamper response restores selectors": Asked(
        RESPONSE, "cloudtrail:PutEventSelectors", TRAIL
    ),
    "the tamper response attaches a guardrail": Asked(
        RESPONSE,
        "organizations:AttachPolicy",
        f"arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/service_control_policy/"
        "p-11112222",
    ),
    "AWS Config reads the bucket's policy": Asked(CONFIG, "s3:GetBucketPolicy", LOGS),
    "AWS Config reads the key's policy": Asked(CONFIG, "kms:GetKeyPolicy", KEY),
}


@pytest.mark.parametrize("asked", KEEPS_WORKING.values(), ids=KEEPS_WORKING)
def test_what_must_keep_working_passes_all_documents(asked: Asked) -> None:
    assert allows(asked)


NEXT_TO_IT = (
    written("arn:aws:cloudtrail:eu-west-1:999988887777:trail/Own", f"{WORKLOAD}/log"),
    written(MEMBER_TRAIL, f"{SECURITY}/CloudTrail/log"),
    encrypted("arn:aws:cloudtrail:eu-west-1:999988887777:trail/Own"),
    Asked(READER, "s3:DeleteObject", LOG),
    Asked(READER, "s3:PutObject", LOG),
    Asked(FAR_READER, "s3:DeleteObjectVersion", LOG),
    Asked(REPLICATION, "s3:ReplicateDelete", LOG.replace(LOGS, COPIES)),
    Asked(REPLICATION, "s3:ReplicateObject", LOG),
    Asked(STACK_SET, "s3:PutBucketPolicy", LOGS),
    Asked(RESPONSE, "cloudtrail:StopLogging", TRAIL),
    Asked(BREAK_GLASS[0], "s3:PutObject", f"arn:aws:s3:::{ACCESS_LOGS}/access/2026"),
)
"""The same kinds of requests with another trail, source or role."""


@pytest.mark.parametrize("asked", NEXT_TO_IT)
def test_what_is_next_to_it_does_not_pass(asked: Asked) -> None:
    assert not allows(asked)


LOOK_ALIKES = tuple(
    Asked(role, action, resource)
    for role in (
        # On no path, on another path, of another account, of another permission set.
        f"arn:aws:iam::{SECURITY}:role/AWSReservedSSO_Deploy_0123456789abcdef",
        f"arn:aws:iam::{SECURITY}:role/x/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Deploy_01",
        f"{DEPLOYER}_01".replace(SECURITY, WORKLOAD),
        f"{DEPLOYER}er_01",
        f"{RESERVED}/AWSReservedSSO_Deploy_01",
        EMERGENCY.replace("sso.amazonaws.com/", "sso.amazonaws.com/eu-central-1/") + "_01",
    )
    for action, resource in (
        ("s3:PutLifecycleConfiguration", LOGS),
        ("kms:PutKeyPolicy", KEY),
        ("s3:DeleteObjectVersion", LOG),
    )
)
"""Roles that anyone may make, or that Identity Center makes of other permission sets."""


@pytest.mark.parametrize("asked", LOOK_ALIKES)
def test_a_role_that_looks_like_one_of_identity_center_is_not_exempt(asked: Asked) -> None:
    assert asked.case.ours() == "ExplicitlyDenied"


IN_A_MEMBER_ACCOUNT = [each for each in OPERATIONS if Document.SCP in each.denied_in]


@pytest.mark.parametrize(
    "operation",
    [each for each in IN_A_MEMBER_ACCOUNT if each.allowed is Allowed.DEPLOYER],
    ids=lambda each: each.action,
)
def test_a_deploying_role_does_what_the_table_leaves_to_it(operation: Operation) -> None:
    assert allows(Asked(DEPLOYERS[0], operation.action, RESOURCES[operation.target]))


@pytest.mark.parametrize(
    "operation",
    [each for each in IN_A_MEMBER_ACCOUNT if each.allowed is not Allowed.SERVICE],
    ids=lambda each: each.action,
)
def test_break_glass_does_everything_but_write_logs(operation: Operation) -> None:
    window = {"kms:ScheduleKeyDeletionPendingWindowInDays": "30"}

    for role in BREAK_GLASS:
        assert allows(Asked(role, operation.action, RESOURCES[operation.target], window))
