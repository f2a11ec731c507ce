from __future__ import annotations

import pytest
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_lifecycle import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, made, stack_verdict
from tests.policypack.tables import Table

PART = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def expire(days: object, **more: object) -> dict[str, object]:
    return {"rules": [{"id": "r", "status": "Enabled", "expiration": {"days": days}, **more}]}


UPLOADS = {"id": "u", "status": "Enabled", "abortIncompleteMultipartUpload": {}}
CASES = [
    Case(name="long", properties=expire(2557), verdict="pass"),
    Case(name="just-long-enough", properties=expire(365), verdict="pass"),
    Case(name="never", properties={"rules": [UPLOADS]}, verdict="pass"),
    Case(name="markers", properties=expire(0), verdict="pass"),
    Case(name="off", properties=expire(1, status="Disabled"), verdict="pass"),
    Case(name="of-others", properties=expire(1, filter={"prefix": "tmp/"}), verdict="pass"),
    Case(name="short", properties=expire(364), verdict="fail"),
    Case(name="of-logs", properties=expire(1, filter={"prefix": "AWSLogs/o-1/"}), verdict="fail"),
    Case(name="of-everything", properties=expire(1, filter={"prefix": ""}), verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"rules": NOT_KNOWN}, verdict="undecided"),
    Case(name="unknown-rule", properties={"rules": [NOT_KNOWN]}, verdict="undecided"),
    Case(name="unknown-days", properties=expire(NOT_KNOWN), verdict="undecided"),
]
INLINE = [
    Case(
        name="short",
        properties={"lifecycleRules": [{"enabled": True, "expiration": {"days": 30}}]},
        verdict="fail",
    ),
    Case(
        name="off",
        properties={"lifecycleRules": [{"enabled": False, "expiration": {"days": 30}}]},
        verdict="pass",
    ),
]

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
)


@pytest.mark.parametrize(("years", "verdict"), [(1, "pass"), (7, "pass"), (8, "fail")])
def test_log_files_must_not_expire_before_their_lock_ends(years: int, verdict: str) -> None:
    resources = log_bucket(PART, expire(2557))
    retention = {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "years": years}}}
    lock = made(LOCK, "lock", retention, bucket=resources[0])

    assert stack_verdict(RULE, [*resources, lock]) == verdict


def test_the_retention_can_be_set() -> None:
    assert stack_verdict(RULE, log_bucket(PART, expire(90)), retentionDays=90) == "pass"
    assert stack_verdict(RULE, log_bucket(PART, expire(90)), retentionDays=91) == "fail"


def test_a_trail_with_a_prefix_of_its_own_writes_outside_awslogs() -> None:
    rule = expire(1, filter={"prefix": "trails/"})

    assert stack_verdict(RULE, log_bucket(PART, rule)) == "pass"
    assert stack_verdict(RULE, log_bucket(PART, rule, trail={"s3KeyPrefix": "trails"})) == "fail"
