from __future__ import annotations

import pytest
from rules.log_key_lockout_check import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key, made, policy, stack_verdict

BYPASS = "bypassPolicyLockoutSafetyCheck"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="false", properties={BYPASS: False}, verdict="pass"),
    Case(name="true", properties={BYPASS: True}, verdict="fail"),
    Case(name="unknown", properties={BYPASS: NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_key_is_judged_by_whether_its_policy_is_checked(case: Case) -> None:
    assert stack_verdict(RULE, log_key(case.properties)) == case.verdict


@pytest.mark.parametrize(("bypass", "verdict"), [(True, "fail"), (False, "pass")])
def test_a_separate_key_policy_is_judged_too(bypass: bool, verdict: str) -> None:
    resources = log_key({})
    separate = made(KEY_POLICY, "logs", {**policy(), BYPASS: bypass}, keyId=resources[0])

    assert stack_verdict(RULE, [*resources, separate]) == verdict
