from __future__ import annotations

import pytest
from rules.log_key_not_public import RULE

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


CALLER = {"kms:CallerAccount": "111122223333"}
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="root", properties=grant({"AWS": "arn:aws:iam::111122223333:root"}), verdict="pass"),
    Case(name="callers", properties=grant({"AWS": "*"}, StringEquals=CALLER), verdict="pass"),
    Case(name="everybody", properties=grant("*"), verdict="fail"),
    Case(name="everybody-in-a-list", properties=grant({"AWS": ["*"]}), verdict="fail"),
    Case(name="all-but", properties=grant("*", StringNotEquals=CALLER), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_key_is_judged_by_whom_its_policy_allows(case: Case) -> None:
    assert stack_verdict(RULE, log_key(case.properties)) == case.verdict
