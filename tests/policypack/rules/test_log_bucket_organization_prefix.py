from __future__ import annotations

import pytest
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_organization_prefix import RULE

from tests.policypack.support import (
    NOT_KNOWN,
    Case,
    log_bucket,
    policy,
    stack_verdict,
)
from tests.policypack.tables import Table

PART = "aws:s3/bucketPolicy:BucketPolicy"


def admit(*resources: str) -> dict[str, object]:
    return policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": list(resources),
        }
    )


OWN = "arn:aws:s3:::logs/AWSLogs/111122223333/*"
ORGANIZATION = "arn:aws:s3:::logs/AWSLogs/o-a1b2c3d4e5/*"
CASES = [
    Case(name="both", properties=admit(OWN, ORGANIZATION), verdict="pass"),
    Case(name="all-logs", properties=admit("arn:aws:s3:::logs/AWSLogs/*"), verdict="pass"),
    Case(name="everything", properties=admit("arn:aws-cn:s3:::logs/*"), verdict="pass"),
    Case(name="own-alone", properties=admit(OWN), verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (
    Table(
        RULE,
        CASES,
        lambda properties: log_bucket(PART, properties, trail={"isOrganizationTrail": True}),
    ),
)


# https://docs.aws.amazon.com/controltower/latest/userguide/logging-using-cloudtrail.html: Control
# Tower's trail puts the organization's id before AWSLogs.
CONTROL_TOWER = "arn:aws:s3:::logs/o-a1b2c3d4e5/AWSLogs/o-a1b2c3d4e5/*"


@pytest.mark.parametrize(
    ("prefix", "resource", "verdict"),
    [
        ("o-a1b2c3d4e5", CONTROL_TOWER, "pass"),
        (None, CONTROL_TOWER, "fail"),
        ("o-a1b2c3d4e5", ORGANIZATION, "fail"),
        ("o-a1b2c3d4e5", "arn:aws:s3:::logs/o-a1b2c3d4e5/AWSLogs/111122223333/*", "fail"),
        ("o-a1b2c3d4e5", "arn:aws:s3:::logs*", "pass"),
        ("trails/", "arn:aws:s3:::logs/trails/AWSLogs/*", "pass"),
        ("trails", "arn:aws:s3:::logs/trails/AWSLogs/${aws:SourceOrgID}/*", "pass"),
        (NOT_KNOWN, CONTROL_TOWER, "undecided"),
    ],
)
def test_the_logs_of_members_lie_below_the_trails_own_prefix(
    prefix: str | None, resource: str, verdict: str
) -> None:
    trail = {"isOrganizationTrail": True, "s3KeyPrefix": prefix}

    assert stack_verdict(RULE, log_bucket(PART, admit(resource), trail=trail)) == verdict


def test_the_trail_of_one_account_needs_no_organization_prefix() -> None:
    assert stack_verdict(RULE, log_bucket(PART, admit(OWN))) == "pass"
