from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_foreign_account import RULE

from tests.policypack.support import (
    NOT_KNOWN,
    Case,
    log_bucket,
    policy,
    secret,
    stack_verdict,
)
from tests.policypack.tables import Table

PART = "aws:s3/bucketPolicy:BucketPolicy"
OWN, FOREIGN = "111122223333", "444455556666"
WRITES = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:SourceArn": f"arn:aws:cloudtrail:x:{OWN}:trail/audit"}},
}


def reads(principal: object, effect: str = "Allow") -> dict[str, object]:
    reader = {"Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": "*"}
    return policy(WRITES, reader)


CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(
        name="trail-account",
        properties=reads({"AWS": f"arn:aws:iam::{OWN}:role/x"}),
        verdict="pass",
    ),
    Case(name="by-id", properties=reads({"AWS": OWN}), verdict="pass"),
    Case(name="a-service", properties=reads({"Service": "config.amazonaws.com"}), verdict="pass"),
    Case(name="denied", properties=reads({"AWS": FOREIGN}, "Deny"), verdict="pass"),
    Case(name="foreign", properties=reads({"AWS": f"arn:aws:iam::{FOREIGN}:root"}), verdict="fail"),
    Case(name="foreign-by-id", properties=reads({"AWS": [OWN, FOREIGN]}), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),)


def test_further_accounts_can_be_allowed() -> None:
    resources = log_bucket(PART, reads({"AWS": FOREIGN}))

    assert stack_verdict(RULE, resources, allowedAccounts=[FOREIGN]) == "pass"


def test_the_account_of_the_stack_is_no_foreign_one() -> None:
    trail = {"arn": f"arn:aws:cloudtrail:x:{FOREIGN}:trail/audit"}

    assert stack_verdict(RULE, log_bucket(PART, reads({"AWS": FOREIGN}), trail=trail)) == "pass"


def test_a_policy_that_is_secret_is_judged() -> None:
    hidden = {"policy": secret(reads({"AWS": FOREIGN})["policy"])}

    assert stack_verdict(RULE, log_bucket(PART, hidden)) == "fail"
