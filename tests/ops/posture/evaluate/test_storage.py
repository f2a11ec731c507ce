"""Where logs are kept: the bucket, its readers, locks and life cycle, and the replica."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cloudtrail_guard.arns import Location
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.replica import replica_bucket_policy, replica_key_policy
from posture.evaluate.storage import encryption, lifecycle, object_lock
from posture.report import State

from tests.support.posture import (
    BREAK_GLASS,
    KEY,
    LOGS,
    ORGANIZATION,
    OUTPUTS,
    REPLICA,
    REPLICATION_ROLE,
    WORKLOAD,
    answer,
    changed,
    good_facts,
    report,
)
from tests.support.posture_changes import STRANGER, lock, with_statement


@pytest.mark.parametrize(
    ("named", "state"),
    [({"readerArns": [STRANGER]}, State.GOOD), ({"readerArns": []}, State.BAD), ({}, State.GOOD)],
)
def test_readers_are_those_that_the_stack_names_where_it_names_any(
    named: dict[str, Any], state: State
) -> None:
    reader = with_statement(
        Sid="AllowLogReadersGet",
        Effect="Allow",
        Principal={"AWS": STRANGER},
        Action="s3:GetObject",
    )

    found = report(changed("bucket.policy", reader), named)

    [check] = [check for check in found.checks if check.id == "bucket.policy.readers"]
    assert check.state is state


@pytest.mark.parametrize(
    ("region", "state"),
    [("us-west-2", State.GOOD), ("us-east-1", State.ATTENTION), (None, State.BAD)],
)
def test_a_replica_is_another_bucket_in_another_region(region: str | None, state: State) -> None:
    found = report(changed("replica.region", lambda _: region), {})

    [check] = [check for check in found.checks if check.id == "replica.replication"]
    assert check.state is state


@pytest.mark.parametrize(
    ("account", "state"), [(LOGS, State.ATTENTION), (WORKLOAD, State.GOOD)], ids=["same", "another"]
)
def test_a_replica_may_be_in_the_log_buckets_region_in_another_account(
    account: str, state: State
) -> None:
    facts = changed("replica.region", lambda _: "us-east-1")
    key = f"arn:aws:kms:us-east-1:{account}:key/abcd1234-12ab-34cd-56ef-1234567890ab"

    found = report(facts, {**OUTPUTS, "replicaKeyArn": key})

    [check] = [check for check in found.checks if check.id == "replica.replication"]
    assert check.state is state
    assert any("the copy is in the same one" in sentence for sentence in found.unprotected)


def test_without_a_replica_there_is_one_line_that_says_so() -> None:
    facts = changed("bucket.replication", lambda _: None)
    answers = {key: each for key, each in facts.answers.items() if not key.startswith("replica.")}

    found = report(replace(facts, answers=answers), {})

    [check] = [check for check in found.checks if check.subject == "replica"]
    assert (check.id, check.state) == ("replica.replication", State.OFF)
    assert any("no copy in a second one" in sentence for sentence in found.unprotected)


ARCHIVE_ADMIN = f"arn:aws:iam::{WORKLOAD}:role/ArchiveAdmin"


@pytest.mark.parametrize(
    ("named", "state"),
    [
        ({}, State.GOOD),
        ({"replicaBreakGlassRoleArns": [ARCHIVE_ADMIN]}, State.GOOD),
        ({"replicaBreakGlassRoleArns": [BREAK_GLASS]}, State.BAD),
    ],
)
def test_a_replica_in_an_account_of_its_own_has_exempt_roles_of_its_own(
    named: dict[str, Any], state: State
) -> None:
    admin = ARCHIVE_ADMIN
    key = f"arn:aws:kms:us-west-2:{WORKLOAD}:key/abcd1234-12ab-34cd-56ef-1234567890ab"
    documents: dict[str, Any] = {
        "replica.policy": replica_bucket_policy(
            BucketGuard(
                partition="aws",
                bucket=REPLICA,
                organization_id=ORGANIZATION,
                break_glass=(admin,),
                deployers=(),
            ),
            account=WORKLOAD,
            replication_role=REPLICATION_ROLE,
        ),
        "replica.key.policy": replica_key_policy(
            Location(partition="aws", region="us-west-2", account=WORKLOAD),
            bucket=REPLICA,
            replication_role=REPLICATION_ROLE,
            break_glass=(admin,),
            deployers=(),
        ),
    }
    facts = good_facts()
    answers = {**facts.answers, **{name: answer(each) for name, each in documents.items()}}
    outputs = {**OUTPUTS, "replicaKeyArn": key, **named}

    found = report(replace(facts, answers=answers), outputs)

    policies = {
        check.id.rpartition(".")[2]: check.state
        for check in found.checks
        if check.id.startswith(("replica.policy.", "replica.key.policy."))
    }
    assert {"AllowReplication", "AllowReplicationEncrypt"} <= policies.keys()
    assert policies["DenyDeleteCloudTrailLogs"] is state
    assert (set(policies.values()) == {State.GOOD}) is (state is State.GOOD)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (lock("GOVERNANCE", 365), State.GOOD),
        ({**lock("GOVERNANCE", 365), "ObjectLockEnabled": None}, State.BAD),
        ({"ObjectLockEnabled": "Enabled"}, State.BAD),
        (
            {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7}},
            },
            State.GOOD,
        ),
        (lock("GOVERNANCE", 364), State.ATTENTION),
        (None, State.BAD),
    ],
)
def test_object_lock_needs_a_default_retention(found: Any, state: State) -> None:
    assert object_lock(found)[0] is state


def test_the_default_encryption_is_with_the_log_key() -> None:
    def rules(algorithm: str, key: str | None) -> list[dict[str, Any]]:
        default = {"SSEAlgorithm": algorithm, "KMSMasterKeyID": key}
        return [{"ApplyServerSideEncryptionByDefault": default}]

    assert encryption(rules("aws:kms", KEY), KEY)[0] is State.GOOD
    assert encryption(rules("aws:kms", "other"), KEY)[0] is State.BAD
    assert encryption(rules("aws:kms", "other"), None)[0] is State.GOOD
    assert encryption(rules("AES256", None), KEY)[0] is State.BAD
    assert encryption(None, KEY)[0] is State.BAD


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (None, State.GOOD),
        ({"Status": "Disabled", "Expiration": {"Days": 1}}, State.GOOD),
        ({"Status": "Enabled", "Expiration": {"Days": 364}}, State.BAD),
        ({"Status": "Enabled", "Expiration": {"Days": 365}}, State.GOOD),
        ({"Status": "Enabled", "Expiration": {"Date": "2030-01-01"}}, State.BAD),
        ({"Status": "Enabled", "Expiration": {"ExpiredObjectDeleteMarker": True}}, State.GOOD),
    ],
)
def test_nothing_expires_before_its_lock_ends(rule: Any, state: State) -> None:
    assert lifecycle([rule] if rule else None, lock("GOVERNANCE", 365))[0] is state
