from __future__ import annotations

import pytest
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_lifecycle import RULE

from tests.policypack.support import (
    BUCKET,
    NOT_KNOWN,
    TRAIL,
    Case,
    log_bucket,
    made,
    policy,
    stack_verdict,
)
from tests.policypack.tables import Table

PART = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def expire(days: object, **more: object) -> dict[str, list[object]]:
    return {"rules": [{"id": "r", "status": "Enabled", "expiration": {"days": days}, **more}]}


def hide(days: object, **more: object) -> dict[str, list[object]]:
    return expire(2557, noncurrentVersionExpiration={"noncurrentDays": days}, **more)


UPLOADS = {"id": "u", "status": "Enabled", "abortIncompleteMultipartUpload": {}}
CASES = [
    Case(name="long", properties=expire(2557), verdict="pass"),
    Case(name="just-long-enough", properties=expire(365), verdict="pass"),
    Case(name="never", properties={"rules": [UPLOADS]}, verdict="pass"),
    Case(name="markers", properties=expire(0), verdict="pass"),
    Case(name="off", properties=expire(2557, status="Disabled"), verdict="fail"),
    Case(
        name="short-one-off",
        properties={"rules": [*expire(2557)["rules"], *expire(1, status="Disabled")["rules"]]},
        verdict="pass",
    ),
    Case(name="of-others", properties=expire(1, filter={"prefix": "tmp/"}), verdict="pass"),
    Case(name="short", properties=expire(364), verdict="fail"),
    Case(name="of-logs", properties=expire(1, filter={"prefix": "AWSLogs/o-1/"}), verdict="fail"),
    Case(name="of-everything", properties=expire(1, filter={"prefix": ""}), verdict="fail"),
    # A YAML program may write a number as text.
    Case(name="short-as-text", properties=expire("30"), verdict="fail"),
    Case(name="long-as-text", properties=expire("366"), verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"rules": NOT_KNOWN}, verdict="undecided"),
    Case(name="unknown-rule", properties={"rules": [NOT_KNOWN]}, verdict="undecided"),
    Case(name="unknown-status", properties=expire(1, status=NOT_KNOWN), verdict="undecided"),
    Case(name="unknown-status-long", properties=expire(366, status=NOT_KNOWN), verdict="pass"),
    Case(name="unknown-days", properties=expire(NOT_KNOWN), verdict="undecided"),
    Case(name="hidden-long", properties=hide(365), verdict="pass"),
    Case(name="hidden-short", properties=hide(364), verdict="fail"),
    Case(
        name="hidden-short-off",
        properties={"rules": [UPLOADS, *hide(1, status="Disabled")["rules"]]},
        verdict="pass",
    ),
    Case(name="hidden-of-others", properties=hide(1, filter={"prefix": "tmp/"}), verdict="pass"),
    Case(name="hidden-unknown", properties=hide(NOT_KNOWN), verdict="undecided"),
    Case(
        name="hidden-absent",
        properties=expire(2557, noncurrentVersionExpiration=None),
        verdict="pass",
    ),
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
        verdict="fail",
    ),
    Case(
        name="hidden-short",
        properties={
            "lifecycleRules": [{"enabled": True, "noncurrentVersionExpiration": {"days": 30}}]
        },
        verdict="fail",
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


@pytest.mark.parametrize(
    ("lock", "verdict"),
    [
        ({"days": 365}, "pass"),
        ({"years": 7}, "pass"),
        ({"days": 364}, "fail"),
        ({}, "fail"),
        (NOT_KNOWN, "undecided"),
    ],
)
def test_a_lock_keeps_hidden_log_files_as_well(lock: object, verdict: str) -> None:
    resources = log_bucket(PART, hide(1))
    retention = {"rule": {"defaultRetention": lock}}

    assert (
        stack_verdict(RULE, [*resources, made(LOCK, "lock", retention, bucket=resources[0])])
        == verdict
    )


def test_the_retention_can_be_set() -> None:
    assert stack_verdict(RULE, log_bucket(PART, expire(90)), retentionDays=90) == "pass"
    assert stack_verdict(RULE, log_bucket(PART, expire(90)), retentionDays=91) == "fail"


@pytest.mark.parametrize(
    ("prefix", "of_rule", "verdict"),
    [
        ("trails", "trails/", "fail"),
        ("trails", "trails/AWSLogs/111122223333/", "fail"),
        ("trails", "t", "fail"),
        ("trails", "alb/", "pass"),
        ("trails", "AWSLogs/", "pass"),
        ("trails", NOT_KNOWN, "undecided"),
        (NOT_KNOWN, "alb/", "undecided"),
        (NOT_KNOWN, "", "fail"),
        (None, "trails/", "pass"),
    ],
)
def test_a_rule_for_another_prefix_than_the_trails_expires_no_log_files(
    prefix: str | None, of_rule: str, verdict: str
) -> None:
    rule = expire(1, filter={"prefix": of_rule})

    assert stack_verdict(RULE, log_bucket(PART, rule, trail={"s3KeyPrefix": prefix})) == verdict


def test_a_bucket_that_two_trails_share_keeps_the_log_files_of_both() -> None:
    resources = log_bucket(PART, expire(1, filter={"prefix": "b/"}), trail={"s3KeyPrefix": "a"})
    second = made(TRAIL, "second", {"s3KeyPrefix": "b"}, s3BucketName=resources[0])

    assert stack_verdict(RULE, resources) == "pass"
    assert stack_verdict(RULE, [*resources, second]) == "fail"


@pytest.mark.parametrize(
    ("admitted", "verdict"), [("trails/AWSLogs/*", "fail"), ("AWSLogs/*", "pass"), ("*", "pass")]
)
def test_without_a_trail_the_policy_says_where_log_files_are(admitted: str, verdict: str) -> None:
    writes = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::logs/{admitted}",
    }
    logs = made(BUCKET, "logs", policy(writes))
    rule = made(PART, "rule", expire(1, filter={"prefix": "trails/"}), bucket=logs)

    assert stack_verdict(RULE, [logs, rule]) == verdict


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html
@pytest.mark.parametrize(
    "filters",
    [
        {"tag": {"key": "temporary", "value": "true"}},
        {"and": {"prefix": "AWSLogs/", "tags": {"temporary": "true"}}},
    ],
)
def test_a_rule_for_tagged_objects_expires_no_log_files(filters: dict[str, object]) -> None:
    assert stack_verdict(RULE, log_bucket(PART, expire(1, filter=filters))) == "pass"
