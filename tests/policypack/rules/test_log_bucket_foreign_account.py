from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_foreign_account import RULE

from tests.policypack.support import (
    KEY,
    NOT_KNOWN,
    Case,
    log_bucket,
    made,
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


def test_a_policy_that_is_secret_is_evaluated() -> None:
    hidden = {"policy": secret(reads({"AWS": FOREIGN})["policy"])}

    assert stack_verdict(RULE, log_bucket(PART, hidden)) == "fail"


def test_while_the_accounts_of_the_stack_are_unknown_none_is_called_foreign() -> None:
    properties = reads({"AWS": "arn:aws:iam::777788889999:root"})
    arn = "arn:aws:cloudtrail:eu-west-1:777788889999:trail/audit"

    preview = log_bucket(PART, properties, trail={"arn": NOT_KNOWN})
    update = log_bucket(PART, properties, trail={"arn": arn})

    assert stack_verdict(RULE, preview) == "undecided"
    assert stack_verdict(RULE, update) == "pass"


def test_a_log_key_and_the_expected_owner_name_the_account_of_the_stack() -> None:
    resources = log_bucket(PART, reads({"AWS": "777788889999"}))
    key = made(KEY, "logs", {"arn": "arn:aws:kms:eu-west-1:777788889999:key/1"})
    owned = log_bucket(
        PART, {**reads({"AWS": "777788889999"}), "expectedBucketOwner": "777788889999"}
    )

    assert stack_verdict(RULE, resources) == "fail"
    assert stack_verdict(RULE, [*resources, key]) == "pass"
    assert stack_verdict(RULE, owned) == "pass"
