from __future__ import annotations

import pytest
from rules.cloudtrail_global_service_events import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, secret, verdict

GLOBAL = "includeGlobalServiceEvents"
CASES = [
    Case(name="true", properties={GLOBAL: True}, verdict="pass"),
    Case(name="true-as-a-string", properties={GLOBAL: "true"}, verdict="pass"),
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="null", properties={GLOBAL: None}, verdict="pass"),
    Case(name="false", properties={GLOBAL: False}, verdict="fail"),
    Case(name="false-as-a-string", properties={GLOBAL: "false"}, verdict="fail"),
    Case(name="secret-false", properties={GLOBAL: secret(False)}, verdict="fail"),
    Case(name="unknown", properties={GLOBAL: NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("trail_type", [TRAIL, "aws-native:cloudtrail:Trail"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_judged_by_its_global_events(case: Case, trail_type: str) -> None:
    assert verdict(RULE, case.properties, trail_type) == case.verdict
