from __future__ import annotations

import pytest
from rules.log_key_encryption_context import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key, policy, stack_verdict


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
    Case(name="null", properties=grant(CLOUDTRAIL, Null={CONTEXT: "false"}), verdict="fail"),
    Case(name="any", properties=grant(CLOUDTRAIL, StringLike={CONTEXT: ["*"]}), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_key_is_judged_by_what_cloudtrail_may_encrypt(case: Case) -> None:
    assert stack_verdict(RULE, log_key(case.properties)) == case.verdict
