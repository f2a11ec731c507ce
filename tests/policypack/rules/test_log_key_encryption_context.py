from __future__ import annotations

import pytest
from cloudtrail_guard_policies.rules.log_key.log_key_encryption_context import RULE

from tests.policypack.support import NOT_KNOWN, Case, analyzer, evaluated, log_key, policy
from tests.policypack.tables import Table


def grant(principal: object, **conditions: object) -> dict[str, object]:
    return policy(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "kms:GenerateDataKey*",
            "Resource": "*",
            "Condition": conditions,
        }
    )


CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="context", properties=grant(CLOUDTRAIL, StringLike={CONTEXT: ARN}), verdict="pass"),
    Case(name="another-service", properties=grant({"Service": "x.amazonaws.com"}), verdict="pass"),
    Case(
        name="source", properties=grant(CLOUDTRAIL, ArnLike={"aws:SourceArn": ARN}), verdict="fail"
    ),
    Case(
        name="any-trail-of-one-account",
        properties=grant(
            CLOUDTRAIL, StringLike={CONTEXT: "arn:aws:cloudtrail:*:111122223333:trail/*"}
        ),
        verdict="pass",
    ),
    Case(
        name="any-account",
        properties=grant(CLOUDTRAIL, StringLike={CONTEXT: "arn:aws:cloudtrail:*:*:trail/audit"}),
        verdict="fail",
    ),
    Case(
        name="any-account-of-the-organization",
        properties=grant(
            CLOUDTRAIL,
            StringLike={CONTEXT: "arn:aws:cloudtrail:*:*:trail/audit"},
            StringEquals={"aws:SourceOrgID": "o-a1b2c3d4e5"},
        ),
        verdict="pass",
    ),
    Case(name="null", properties=grant(CLOUDTRAIL, Null={CONTEXT: "false"}), verdict="fail"),
    Case(name="any", properties=grant(CLOUDTRAIL, StringLike={CONTEXT: ["*"]}), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)


@pytest.mark.parametrize(
    ("conditions", "problem"),
    [
        ({}, "lets CloudTrail encrypt for trails of every account"),
        (
            {"StringEquals": {"aws:SourceArn": ARN}},
            "lets CloudTrail encrypt anything for the trails it names, not log files alone",
        ),
        (
            {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
            "lets CloudTrail encrypt anything for the trails it names, not log files alone",
        ),
    ],
)
def test_the_violation_says_for_whom_cloudtrail_may_encrypt(
    conditions: dict[str, object], problem: str
) -> None:
    [(_, _, message)] = evaluated(analyzer(RULE), log_key(grant(CLOUDTRAIL, **conditions)))

    assert f"policy.Statement[0] {problem}." in message
