from typing import Any

import pytest

from tests.support.preflight import SECURITY, management, security


@pytest.mark.parametrize(
    ("alerts", "warned"),
    [
        ({}, True),
        ({"digestHours": 4}, True),
        ({"emails": ["soc@example.com"]}, False),
        ({"httpsEndpoints": ["https://soc.example.com/hook"]}, False),
        ({"queueArns": [f"arn:aws:sqs:eu-west-1:{SECURITY}:soc"]}, False),
    ],
)
def test_alerts_that_reach_no_one_are_warned_of(alerts: dict[str, Any], *, warned: bool) -> None:
    for findings in (security(alerts=alerts), management(alerts=alerts)):
        assert ["names no address, endpoint or queue" in f.text for f in findings] == [
            True
        ] * warned
        assert not any(finding.fatal for finding in findings)


def test_a_stack_without_alerts_needs_no_one_to_hear_of_them() -> None:
    assert security(alerts={}, tamperAlerts=False) == []
    assert management(alerts={}, tamperAlerts=False, alarms={"enabled": False}) == []
