from __future__ import annotations

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


def test_the_trail_of_one_account_needs_no_organization_prefix() -> None:
    assert stack_verdict(RULE, log_bucket(PART, admit(OWN))) == "pass"
