from __future__ import annotations

from cloudtrail_guard_policies.rules.trail.cloudtrail_insights import RULE

from tests.policypack.support import NATIVE_TRAIL, NOT_KNOWN, TRAIL, Case
from tests.policypack.tables import Table, one

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

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)
