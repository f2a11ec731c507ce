from __future__ import annotations

from cloudtrail_guard_policies.rules.log_key.log_key_deletion_window import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key, stack_verdict
from tests.policypack.tables import Table

WINDOW = "deletionWindowInDays"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="longest", properties={WINDOW: 30}, verdict="pass"),
    Case(name="shorter", properties={WINDOW: 29}, verdict="fail"),
    Case(name="short-as-text", properties={WINDOW: "7"}, verdict="fail"),
    Case(name="unknown", properties={WINDOW: NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)


def test_a_shorter_waiting_period_can_be_allowed() -> None:
    assert stack_verdict(RULE, log_key({WINDOW: 14}), minimumDays=14) == "pass"
    assert stack_verdict(RULE, log_key({WINDOW: 13}), minimumDays=14) == "fail"
