from __future__ import annotations

import pytest
from rules.log_key_rotation import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key, stack_verdict

ROTATION = "enableKeyRotation"
CASES = [
    Case(name="true", properties={ROTATION: True}, verdict="pass"),
    Case(name="true-as-a-string", properties={ROTATION: "true"}, verdict="pass"),
    Case(name="false", properties={ROTATION: False}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={ROTATION: NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_key_is_judged_by_its_rotation(case: Case) -> None:
    assert stack_verdict(RULE, log_key(case.properties)) == case.verdict
