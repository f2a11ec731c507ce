"""Which events a filter pattern of CloudWatch Logs matches.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from typing import Any

import pytest

from sandbox.aws.patches.logs.patterns import matches

SIGN_IN = {
    "eventName": "ConsoleLogin",
    "userIdentity": {"type": "Root"},
    "additionalEventData": {"MFAUsed": "No"},
    "resources": [{"ARN": "a"}, {"ARN": "b"}],
    "errorCode": None,
    "readOnly": False,
    "retries": 3,
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ $.eventName = "ConsoleLogin" }', True),
        ("{ $.eventName = ConsoleLogin }", True),
        ("{ $.eventName = Console* }", True),
        ('{ $.eventName = "*Log" }', False),
        ("{ $.eventName = %^Console% }", True),
        ("{ $.eventName != StopLogging }", True),
        ("{ $.userIdentity.type = Root }", True),
        ("{ $.absent = Root }", False),
        # What is absent is not compared: a sign-in without the field is missed.
        ("{ $.absent != Root }", False),
        ("{ $.absent NOT EXISTS }", True),
        ("{ $.eventName NOT EXISTS }", False),
        ("{ $.errorCode IS NULL }", True),
        ("{ $.readOnly IS FALSE }", True),
        ("{ $.readOnly IS TRUE }", False),
        ("{ $.retries > 2 }", True),
        ("{ $.retries <= 2 }", False),
        ("{ $.eventName > 2 }", False),
        ('{ $.resources[1].ARN = "b" }', True),
        ('{ $.resources[0].ARN = "b" }', False),
        ('{ $.resources[*].ARN = "b" }', True),
        ("{ ($.eventName = ConsoleLogin) && ($.userIdentity.type = IAMUser) }", False),
        ("{ ($.eventName = ConsoleLogin) || ($.userIdentity.type = IAMUser) }", True),
        # && binds more than ||.
        ("{ $.retries = 3 || $.retries = 4 && $.eventName = StopLogging }", True),
        ("{ ($.retries = 3 || $.retries = 4) && $.eventName = StopLogging }", False),
    ],
)
def test_a_pattern_matches_what_it_says(pattern: str, *, expected: bool) -> None:
    assert matches(pattern, SIGN_IN) is expected


@pytest.mark.parametrize(
    "event", [{}, {"eventName": ["ConsoleLogin"]}, {"eventName": {"a": "ConsoleLogin"}}]
)
def test_an_event_without_the_field_is_not_matched(event: dict[str, Any]) -> None:
    assert not matches("{ $.eventName = ConsoleLogin }", event)


def test_a_pattern_that_cannot_be_read_matches_nothing_and_says_so() -> None:
    with pytest.raises(ValueError, match="the closing } is missing"):
        matches("{ $.eventName = StopLogging", SIGN_IN)
