from __future__ import annotations

import pytest
from rules.cloudtrail_cloudwatch_logs import RULE

from tests.policypack.support import NOT_KNOWN, Case, verdict

GROUP, ROLE = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"
CASES = [
    Case(name="both", properties={GROUP: "arn:group:*", ROLE: "arn:role"}, verdict="pass"),
    Case(name="unknown", properties={GROUP: NOT_KNOWN, ROLE: NOT_KNOWN}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="no-role", properties={GROUP: "arn:group:*"}, verdict="fail"),
    Case(name="no-group", properties={ROLE: NOT_KNOWN}, verdict="fail"),
    Case(name="empty", properties={GROUP: "", ROLE: ""}, verdict="fail"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_judged_by_its_log_group_and_role(case: Case) -> None:
    assert verdict(RULE, case.properties) == case.verdict


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_native_trail_names_its_log_group_otherwise(case: Case) -> None:
    properties = {
        "cloudWatchLogsLogGroupArn" if name == GROUP else name: value
        for name, value in case.properties.items()
    }

    assert verdict(RULE, properties, "aws-native:cloudtrail:Trail") == case.verdict
