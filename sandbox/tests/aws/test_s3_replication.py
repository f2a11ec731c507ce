"""Replication as S3 has it: which rules it takes, and what it wants of both buckets."""

from typing import Any

import pytest

from sandbox.organization import Organization, role_arn
from sandbox.tests.support import Clients, allow, document, refused

KMS_OBJECTS = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
TIME = {"Status": "Enabled", "Time": {"Minutes": 15}}
METRICS = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}


@pytest.fixture
def replica(clients: Clients, bucket: str) -> str:
    """A bucket that another one replicates to; both are versioned."""
    s3 = clients("s3", "security")
    replica = f"{bucket}-replica"
    s3.create_bucket(Bucket=replica)
    for versioned in (bucket, replica):
        s3.put_bucket_versioning(Bucket=versioned, VersioningConfiguration={"Status": "Enabled"})
    return replica


def rule(to: str, destination: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
    """A rule of schema V2. None takes a member away."""
    whole = {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {},
        "Destination": {"Bucket": f"arn:aws:s3:::{to}", **(destination or {})},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        **more,
    }
    return {key: value for key, value in whole.items() if value is not None}


@pytest.fixture
def put(clients: Clients, organization: Organization, bucket: str) -> Any:
    """Puts rules on the bucket."""

    def put_rules(*rules: dict[str, Any], role: str = organization.roles["security"]) -> Any:
        configuration = {"Role": role, "Rules": list(rules)}
        clients("s3", "security").put_bucket_replication(
            Bucket=bucket, ReplicationConfiguration=configuration
        )
        return configuration

    return put_rules


def test_rules_are_kept_whole(
    clients: Clients, bucket: str, replica: str, put: Any, key_arn: str
) -> None:
    s3 = clients("s3", "security")
    more = {
        "EncryptionConfiguration": {"ReplicaKmsKeyID": key_arn},
        "ReplicationTime": TIME,
        "Metrics": METRICS,
    }
    wanted = put(
        rule(replica, more, Filter={"Prefix": "AWSLogs/"}, SourceSelectionCriteria=KMS_OBJECTS)
    )

    assert s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"] == wanted
    with refused("InvalidBucketState", "replication"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def test_a_rule_without_an_id_gets_one(
    clients: Clients, bucket: str, replica: str, put: Any
) -> None:
    put(rule(replica, ID=None))

    live = clients("s3", "security").get_bucket_replication(Bucket=bucket)
    assert live["ReplicationConfiguration"]["Rules"][0]["ID"]


def test_deleted_replication_is_gone_at_the_next_read(
    clients: Clients, bucket: str, replica: str, put: Any
) -> None:
    s3 = clients("s3", "security")
    put(rule(replica))

    s3.delete_bucket_replication(Bucket=bucket)

    with refused("ReplicationConfigurationNotFoundError"):
        s3.get_bucket_replication(Bucket=bucket)


def test_the_replica_bucket_must_exist_and_be_another_one(
    bucket: str, replica: str, put: Any
) -> None:
    with refused("InvalidRequest", "Destination bucket must exist"):
        put(rule(f"{replica}-none"))
    with refused("InvalidRequest", "same as the source"):
        put(rule(bucket))


def test_both_buckets_must_be_versioned(
    clients: Clients, bucket: str, replica: str, put: Any
) -> None:
    s3 = clients("s3", "security")
    suspended = {"Status": "Suspended"}
    s3.put_bucket_versioning(Bucket=replica, VersioningConfiguration=suspended)
    with refused("InvalidRequest", "Destination bucket must have versioning"):
        put(rule(replica))

    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=suspended)
    with refused("InvalidRequest", "Versioning must be 'Enabled'"):
        put(rule(replica))


def test_a_locked_bucket_replicates_only_to_a_locked_one(
    clients: Clients, organization: Organization, locked_bucket: str
) -> None:
    s3 = clients("s3", "security")
    plain, locked = f"{locked_bucket}-plain", f"{locked_bucket}-locked"
    s3.create_bucket(Bucket=plain)
    s3.put_bucket_versioning(Bucket=plain, VersioningConfiguration={"Status": "Enabled"})
    s3.create_bucket(Bucket=locked, ObjectLockEnabledForBucket=True)

    def put_to(replica: str) -> None:
        s3.put_bucket_replication(
            Bucket=locked_bucket,
            ReplicationConfiguration={
                "Role": organization.roles["security"],
                "Rules": [rule(replica)],
            },
        )

    with refused("InvalidRequest", "Object Lock"):
        put_to(plain)
    put_to(locked)


def test_the_role_must_exist_in_the_account_of_the_bucket(
    organization: Organization, replica: str, put: Any
) -> None:
    with refused("InvalidArgument", "Invalid role"):
        put(rule(replica), role=role_arn(organization.security_account_id, "absent"))
    with refused("InvalidArgument", "Invalid role"):
        put(rule(replica), role="replication")
    with refused("AccessDenied", "Cross-account pass role"):
        put(rule(replica), role=organization.roles["workload"])


@pytest.mark.parametrize(
    ("destination", "more", "message"),
    [
        ({}, {"Priority": None}, "Priority must be specified for this version"),
        ({}, {"DeleteMarkerReplication": None}, "DeleteMarkerReplication must be specified"),
        ({}, {"Filter": None, "Prefix": ""}, "Priority cannot be used for this version"),
        ({}, {"SourceSelectionCriteria": KMS_OBJECTS}, "EncryptionConfiguration must be"),
        (
            {"EncryptionConfiguration": {"ReplicaKmsKeyID": "key"}},
            {},
            "SseKmsEncryptedObjects must be specified",
        ),
        ({"ReplicationTime": TIME}, {}, "Metrics must be specified with ReplicationTime"),
        ({"Account": "111111111111"}, {}, "not the owner of the destination bucket"),
        (
            {"AccessControlTranslation": {"Owner": "Destination"}},
            {},
            "Account must be specified",
        ),
    ],
)
def test_members_of_a_rule_that_do_not_go_together_are_refused(
    destination: dict[str, Any], more: dict[str, Any], message: str, replica: str, put: Any
) -> None:
    with refused("InvalidRequest", message):
        put(rule(replica, destination, **more))


def test_replication_time_control_takes_fifteen_minutes(replica: str, put: Any) -> None:
    destination = {
        "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 30}},
        "Metrics": METRICS,
    }
    with refused("InvalidArgument", "Minutes must be 15"):
        put(rule(replica, destination))


def test_ids_and_priorities_are_unique(replica: str, put: Any) -> None:
    with refused("InvalidArgument", "ID must be unique"):
        put(rule(replica), rule(replica, Priority=2))
    with refused("InvalidArgument", "Priority must be unique"):
        put(rule(replica), rule(replica, ID="other"))
    with refused("MalformedXML", "rules' failed"):
        put()


@pytest.fixture
def replicating(clients: Clients, organization: Organization, bucket: str) -> str:
    """A role of the security account that may do everything with S3; its bucket is versioned."""
    iam = clients("iam", "security")
    trust = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}}
    iam.create_role(
        RoleName=bucket, AssumeRolePolicyDocument=document({**trust, "Action": "sts:AssumeRole"})
    )
    everything = document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    iam.put_role_policy(RoleName=bucket, PolicyName="all", PolicyDocument=everything)
    clients("s3", "security").put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    return role_arn(organization.security_account_id, bucket)


@pytest.mark.parametrize("admitted", ["", "-another", None])
def test_another_account_gets_copies_if_its_bucket_policy_admits_the_role(
    clients: Clients, bucket: str, put: Any, replicating: str, admitted: str | None
) -> None:
    far, there = clients("s3", "workload", "us-west-2"), f"{bucket}-far"
    far.create_bucket(Bucket=there, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    with refused("InvalidRequest", "Destination bucket must have versioning"):
        put(rule(there), role=replicating)
    far.put_bucket_versioning(Bucket=there, VersioningConfiguration={"Status": "Enabled"})
    if admitted is not None:
        policy = allow(
            {"AWS": replicating.split(":")[4]},
            "s3:ReplicateObject",
            f"arn:aws:s3:::{there}/*",
            Condition={"ArnEquals": {"aws:PrincipalArn": f"{replicating}{admitted}"}},
        )
        far.put_bucket_policy(Bucket=there, Policy=document(policy))
    put(rule(there), role=replicating)

    clients("s3", "security").put_object(Bucket=bucket, Key="log", Body=b"x")

    assert ("Contents" in far.list_objects_v2(Bucket=there)) is (admitted == "")
