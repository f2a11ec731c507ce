from __future__ import annotations

import pytest
from rules.cloudtrail_insights import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, verdict

INSIGHTS = "insightSelectors"
CASES = [
    Case(
        name="one", properties={INSIGHTS: [{"insightType": "ApiCallRateInsight"}]}, verdict="pass"
    ),
    Case(name="unknown-type", properties={INSIGHTS: [{"insightType": NOT_KNOWN}]}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="none", properties={INSIGHTS: []}, verdict="fail"),
    Case(name="unknown", properties={INSIGHTS: NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("trail_type", [TRAIL, "aws-native:cloudtrail:Trail"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_judged_by_its_insights(case: Case, trail_type: str) -> None:
    assert verdict(RULE, case.properties, trail_type) == case.verdict
