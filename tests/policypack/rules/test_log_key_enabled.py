from __future__ import annotations

import pytest
from rules.log_key_enabled import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key, stack_verdict

CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="true", properties={"isEnabled": True}, verdict="pass"),
    Case(name="false", properties={"isEnabled": False}, verdict="fail"),
    Case(name="unknown", properties={"isEnabled": NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_key_is_judged_by_whether_it_is_enabled(case: Case) -> None:
    assert stack_verdict(RULE, log_key(case.properties)) == case.verdict
