from __future__ import annotations

from cloudtrail_guard_policies.rules.trail.cloudtrail_log_file_validation import RULE

from tests.policypack.support import (
    NATIVE_TRAIL,
    NOT_KNOWN,
    TRAIL,
    Case,
    secret,
    violation,
)
from tests.policypack.tables import Table, one

VALIDATION = "enableLogFileValidation"
CASES = [
    Case(name="true", properties={VALIDATION: True}, verdict="pass"),
    Case(name="true-as-a-string", properties={VALIDATION: "True"}, verdict="pass"),
    Case(name="secret-true", properties={VALIDATION: secret(True)}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="null", properties={VALIDATION: None}, verdict="fail"),
    Case(name="false", properties={VALIDATION: False}, verdict="fail"),
    Case(name="false-as-a-string", properties={VALIDATION: "false"}, verdict="fail"),
    Case(name="empty", properties={VALIDATION: ""}, verdict="fail"),
    Case(name="secret-false", properties={VALIDATION: secret(False)}, verdict="fail"),
    Case(name="unknown", properties={VALIDATION: NOT_KNOWN}, verdict="undecided"),
    Case(name="secret-unknown", properties={VALIDATION: secret(NOT_KNOWN)}, verdict="undecided"),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)


def test_the_violation_says_what_is_wrong_and_how_to_fix_it() -> None:
    assert violation(RULE, {VALIDATION: False}) == (
        "aws:cloudtrail/trail:Trail 'audit', property"
        " enableLogFileValidation is not true: it cannot be proven that a log file was not"
        " changed.\n"
        "Fix: set enableLogFileValidation to true (in Python: enable_log_file_validation)."
    )
