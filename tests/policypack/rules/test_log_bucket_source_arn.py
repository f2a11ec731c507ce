from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_source_arn import RULE

from tests.policypack.support import (
    NOT_KNOWN,
    Case,
    analyzer,
    evaluated,
    log_bucket,
    policy,
)
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping


PART = "aws:s3/bucketPolicy:BucketPolicy"
TRAIL_ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
OF_ACCOUNT = "arn:aws:cloudtrail:*:111122223333:trail/*"
OF_ANYBODY = "arn:aws:cloudtrail:*:*:trail/audit"


def admit(condition: Mapping[str, object], **changes: object) -> dict[str, object]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/AWSLogs/*",
        "Condition": condition,
    }
    return {**statement, **changes}


ARN = {"StringEquals": {"aws:SourceArn": TRAIL_ARN, "s3:x-amz-acl": "bucket-owner-full-control"}}
CASES = [
    Case(name="arn", properties=policy(admit(ARN)), verdict="pass"),
    Case(
        name="like",
        properties=policy(admit({"ArnLike": {"AWS:SourceArn": OF_ACCOUNT}})),
        verdict="pass",
    ),
    Case(
        name="any-account",
        properties=policy(admit({"ArnLike": {"aws:SourceArn": OF_ANYBODY}})),
        verdict="fail",
    ),
    Case(
        name="any-arn",
        properties=policy(admit({"ArnLike": {"aws:SourceArn": "arn:*"}})),
        verdict="fail",
    ),
    Case(
        name="any-account-of-the-organization",
        properties=policy(
            admit(
                {
                    "ArnLike": {"aws:SourceArn": OF_ANYBODY},
                    "StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
                }
            )
        ),
        verdict="pass",
    ),
    Case(
        name="organization-alone",
        properties=policy(admit({"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}})),
        verdict="fail",
    ),
    Case(name="acl-check", properties=policy(admit({}, Action="s3:GetBucketAcl")), verdict="pass"),
    Case(name="deny", properties=policy(admit({}, Effect="Deny")), verdict="pass"),
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="no-condition", properties=policy(admit({})), verdict="fail"),
    Case(name="one-of-two", properties=policy(admit(ARN), admit({})), verdict="fail"),
    Case(
        name="any", properties=policy(admit({"StringLike": {"aws:SourceArn": "*"}})), verdict="fail"
    ),
    Case(
        name="not", properties=policy(admit({"ArnNotLike": {"aws:SourceArn": "x"}})), verdict="fail"
    ),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),)


ORGANIZATION = {"aws:SourceOrgID": "o-a1b2c3d4e5"}


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ({}, "lets CloudTrail write for every trail of every account"),
        (
            {"StringEquals": ORGANIZATION},
            "lets CloudTrail write for every trail of the accounts that a condition names",
        ),
        (
            {"StringEqualsIfExists": ORGANIZATION},
            "lets CloudTrail write for every trail of every account",
        ),
        (
            {"ArnLike": {"aws:SourceArn": OF_ANYBODY}},
            "lets CloudTrail write for trails of any account that has one of this name",
        ),
    ],
)
def test_the_violation_says_whose_trails_may_write(
    condition: dict[str, object], problem: str
) -> None:
    [(_, _, message)] = evaluated(analyzer(RULE), log_bucket(PART, policy(admit(condition))))

    assert f"policy.Statement[0] {problem}." in message
