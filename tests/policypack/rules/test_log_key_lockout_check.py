from __future__ import annotations

import pytest
from cloudtrail_guard_policies.rules.log_key.log_key_lockout_check import RULE

from tests.policypack.support import (
    NOT_KNOWN,
    Case,
    log_key,
    made,
    policy,
    stack_verdict,
)
from tests.policypack.tables import Table

BYPASS = "bypassPolicyLockoutSafetyCheck"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="false", properties={BYPASS: False}, verdict="pass"),
    Case(name="true", properties={BYPASS: True}, verdict="fail"),
    Case(name="unknown", properties={BYPASS: NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)


@pytest.mark.parametrize(("bypass", "verdict"), [(True, "fail"), (False, "pass")])
def test_a_separate_key_policy_is_evaluated_too(bypass: bool, verdict: str) -> None:
    resources = log_key({})
    separate = made(KEY_POLICY, "logs", {**policy(), BYPASS: bypass}, keyId=resources[0])

    assert stack_verdict(RULE, [*resources, separate]) == verdict
