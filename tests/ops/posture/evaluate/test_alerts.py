"""What event rules see, and how receivers of alerts are shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from posture.collect.alerts import receiver
from posture.evaluate.alerts import covers


@pytest.mark.parametrize(
    ("found", "covered"),
    [
        ({"source": ["aws.kms"], "detail": {"eventName": ["A", "B"]}}, True),
        ({"source": ["aws.kms"], "detail": {"eventName": ["A", "B", "C"]}}, True),
        ({"source": ["aws.kms"]}, True),
        ({"source": ["aws.kms"], "detail": {"eventName": ["A"]}}, False),
        ({"source": ["aws.kms"], "detail": {"eventName": ["A", "B"], "x": ["y"]}}, False),
        ({"source": [{"prefix": "aws."}]}, False),
    ],
)
def test_a_rule_sees_all_events_or_it_is_not_the_one(found: Any, covered: bool) -> None:
    wanted = {"source": ["aws.kms"], "detail": {"eventName": ["A", "B"]}}

    assert covers(json.dumps(found), json.dumps(wanted)) is covered


def test_a_rule_that_names_more_keys_in_an_alternative_sees_those_of_fewer() -> None:
    def pattern(*keys: str) -> str:
        either = [{"resources": {"ARN": [*keys]}}, {"requestParameters": {"keyId": [*keys]}}]
        return json.dumps({"detail": {"$or": either}})

    assert covers(pattern("one", "two"), pattern("one"))
    assert not covers(pattern("two"), pattern("one"))


def test_a_rule_whose_pattern_is_no_json_sees_nothing() -> None:
    assert not covers("", "{}")


def test_the_secret_in_a_webhooks_url_is_not_shown_and_another_one_is_another_receiver() -> None:
    one, other = (receiver(f"https://user:pass@hooks.example.com/{n}?token={n}") for n in "ab")

    assert one.startswith("https://hooks.example.com/…")
    assert not any(secret in one for secret in ("pass", "/a", "token"))
    assert one != other
    assert receiver("soc@example.com") == "soc@example.com"
