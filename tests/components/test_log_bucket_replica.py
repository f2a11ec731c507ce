import json
from typing import Any

import pytest
from cloudtrail_guard import (
    ArgumentError,
    LogBucket,
    LogBucketReplica,
    LogBucketReplicaArgs,
)

from tests.support.deployment import KEY_ID, Deployment, deploy

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REPLICA_KEY = f"arn:aws:kms:eu-central-1:111122223333:key/{KEY_ID}"
ROLE = "arn:aws:iam::111122223333:role/replica"
ARGS: LogBucketReplicaArgs = {
    "log_bucket_name": "org-logs",
    "log_key_arn": KEY,
    "replica_bucket_name": "org-logs-replica",
    "replica_region": "eu-central-1",
    "organization_id": "o-a1b2c3d4e5",
    "break_glass_role_arns": ["arn:aws:iam::111122223333:role/AdminRole"],
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: LogBucketReplica("replica", args), **options)


def test_the_replica_is_in_its_own_region_and_the_replication_at_the_source() -> None:
    made = {r.name: r.inputs for r in make().resources if r.type.startswith("aws:")}

    at_source = {name for name, inputs in made.items() if inputs.get("region") is None}
    assert at_source == {"replica-role", "replica-replication"}
    assert {made[name]["region"] for name in made.keys() - at_source} == {"eu-central-1"}


def test_the_replica_is_locked_from_birth_and_encrypted_with_its_own_key() -> None:
    deployment = make()

    assert deployment.only("Bucket").inputs["objectLockEnabled"] is True
    assert deployment.only("BucketObjectLockConfiguration").inputs["rule"] == {
        "defaultRetention": {"mode": "GOVERNANCE", "days": 365}
    }
    (rule,) = deployment.only("BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == REPLICA_KEY
    assert deployment.only("Key").inputs["enableKeyRotation"] is True
    assert deployment.only("BucketPublicAccessBlock").inputs["blockPublicPolicy"] is True


def test_the_log_bucket_replicates_to_it() -> None:
    replication = make().only("BucketReplicationConfig")

    assert replication.inputs["bucket"] == "org-logs"
    assert replication.inputs["role"] == ROLE
    (rule,) = replication.inputs["rules"]
    assert rule["destination"] == {
        "bucket": "arn:aws:s3:::org-logs-replica",
        "encryptionConfiguration": {"replicaKmsKeyId": REPLICA_KEY},
    }


def test_replication_waits_until_both_buckets_have_versions() -> None:
    def program() -> None:
        source = LogBucket(
            "logs",
            {
                "log_bucket_name": "org-logs",
                "log_key_arn": KEY,
                "account_trail_arns": ["arn:aws:cloudtrail:eu-west-1:123456789012:trail/Trail"],
                "break_glass_role_arns": ["arn:aws:iam::111122223333:role/AdminRole"],
            },
        )
        args: Any = {**ARGS, "log_bucket_name": source.log_bucket_name}
        LogBucketReplica("replica", args)

    deployment = deploy(program)

    waits = " ".join(deployment.only("BucketReplicationConfig").dependencies)
    assert "replica-versioning" in waits
    assert "logs-policy" in waits
    assert "logs-versioning" in " ".join(
        deployment.only("BucketPolicy", "logs-policy").dependencies
    )


def test_s3_alone_assumes_the_role_and_for_the_log_bucket_alone() -> None:
    (trust,) = json.loads(make().only("Role").inputs["assumeRolePolicy"])["Statement"]

    assert trust["Principal"] == {"Service": "s3.amazonaws.com"}
    assert trust["Condition"]["ArnLike"] == {"aws:SourceArn": "arn:aws:s3:::org-logs"}


def test_the_policy_admits_the_role_by_the_name_that_it_gets() -> None:
    deployment = make({"role_name": "copy-logs"})

    assert deployment.only("Role").inputs["name"] == "copy-logs"
    statements = json.loads(deployment.only("BucketPolicy").inputs["policy"])["Statement"]
    exempt = statements[-1]["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert exempt == "arn:aws:iam::111122223333:role/copy-logs"


def test_a_preview_from_nothing_knows_both_resource_policies() -> None:
    deployment = make(preview=True)

    assert json.loads(deployment.only("BucketPolicy").inputs["policy"])["Statement"]
    assert json.loads(deployment.only("Key").inputs["policy"])["Statement"]


@pytest.mark.parametrize("protect", [True, False])
def test_everything_is_kept_in_aws_and_protected_unless_told_otherwise(protect: bool) -> None:
    for resource in make({"protect": protect}).resources[1:]:
        assert resource.retain_on_delete, resource.name
        assert resource.protect is protect, resource.name


def test_replication_time_control_is_opt_in() -> None:
    (plain,) = make().only("BucketReplicationConfig").inputs["rules"]
    timed = make({"replication_time_control": True}).only("BucketReplicationConfig")

    assert "replicationTime" not in plain["destination"]
    assert timed.inputs["rules"][0]["destination"]["replicationTime"]["status"] == "Enabled"


@pytest.mark.parametrize(
    ("home", "region", "partition"),
    [
        ("us-gov-west-1", "us-gov-east-1", "aws-us-gov"),
        ("cn-north-1", "cn-northwest-1", "aws-cn"),
    ],
)
def test_other_partitions_work_throughout(home: str, region: str, partition: str) -> None:
    change = {
        "replica_region": region,
        "log_key_arn": f"arn:{partition}:kms:{home}:111122223333:key/1",
        "break_glass_role_arns": [f"arn:{partition}:iam::111122223333:role/AdminRole"],
    }

    assert "arn:aws:" not in str([r.inputs for r in make(change, region=home).resources])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"replica_region": "eu-west-1"}, "LogBucketReplica 'replica': replica region 'eu-west-1'"),
        ({"replica_bucket_name": "org-logs"}, "is the log bucket itself"),
        ({"break_glass_role_arns": []}, "no break-glass role"),
        ({"object_lock": {"days": 0}}, "out of range"),
        ({"lifecycle": {"expire_after_days": 30}}, "expires logs after 30 days"),
    ],
)
def test_arguments_that_would_not_protect_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
