from __future__ import annotations

import pytest
from rules.cloudtrail_log_file_validation import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, secret, verdict, violation

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


@pytest.mark.parametrize("trail_type", [TRAIL, "aws-native:cloudtrail:Trail"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_judged_by_its_digest_files(case: Case, trail_type: str) -> None:
    assert verdict(RULE, case.properties, trail_type) == case.verdict


def test_the_violation_says_what_is_wrong_and_how_to_mend_it() -> None:
    assert violation(RULE, {VALIDATION: False}) == (
        "A CloudTrail trail delivers digest files that prove its log files untouched.\n"
        "cloudtrail-log-file-validation: aws:cloudtrail/trail:Trail 'audit', property"
        " enableLogFileValidation is not true: nobody can prove that a log file was not changed.\n"
        "Mend: set enableLogFileValidation to true (in Python: enable_log_file_validation)."
    )
