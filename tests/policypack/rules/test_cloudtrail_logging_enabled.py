from __future__ import annotations

import pytest
from rules.cloudtrail_logging_enabled import RULE

from tests.policypack.support import NOT_KNOWN, Case, verdict

NATIVE = "aws-native:cloudtrail:Trail"
CASES = [
    Case(name="true", properties={"enableLogging": True}, verdict="pass"),
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="false", properties={"enableLogging": False}, verdict="fail"),
    Case(name="false-as-a-string", properties={"enableLogging": "false"}, verdict="fail"),
    Case(name="unknown", properties={"enableLogging": NOT_KNOWN}, verdict="undecided"),
]
NATIVE_CASES = [
    Case(name="true", properties={"isLogging": True}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="false", properties={"isLogging": False}, verdict="fail"),
    Case(name="another-property", properties={"enableLogging": True}, verdict="fail"),
    Case(name="unknown", properties={"isLogging": NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_on_unless_it_is_switched_off(case: Case) -> None:
    assert verdict(RULE, case.properties) == case.verdict


@pytest.mark.parametrize("case", NATIVE_CASES, ids=lambda case: case.name)
def test_a_native_trail_must_be_switched_on(case: Case) -> None:
    assert verdict(RULE, case.properties, NATIVE) == case.verdict
