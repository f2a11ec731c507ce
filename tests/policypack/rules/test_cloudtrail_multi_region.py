from __future__ import annotations

import pytest
from cloudtrail_guard_policies.rules.trail.cloudtrail_multi_region import RULE

from tests.policypack.support import (
    NATIVE_TRAIL,
    NOT_KNOWN,
    TRAIL,
    Case,
    secret,
    violation,
)
from tests.policypack.tables import Table, one

CASES = [
    Case(name="true", properties={"isMultiRegionTrail": True}, verdict="pass"),
    Case(name="true-as-a-string", properties={"isMultiRegionTrail": "true"}, verdict="pass"),
    Case(name="secret-true", properties={"isMultiRegionTrail": secret(True)}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="null", properties={"isMultiRegionTrail": None}, verdict="fail"),
    Case(name="false", properties={"isMultiRegionTrail": False}, verdict="fail"),
    Case(name="false-as-a-string", properties={"isMultiRegionTrail": "false"}, verdict="fail"),
    Case(name="empty", properties={"isMultiRegionTrail": ""}, verdict="fail"),
    Case(name="no-boolean", properties={"isMultiRegionTrail": "eu-west-1"}, verdict="fail"),
    Case(name="secret-false", properties={"isMultiRegionTrail": secret(False)}, verdict="fail"),
    Case(name="unknown", properties={"isMultiRegionTrail": NOT_KNOWN}, verdict="undecided"),
    Case(
        name="secret-unknown",
        properties={"isMultiRegionTrail": secret(NOT_KNOWN)},
        verdict="undecided",
    ),
    Case(
        name="another-property-unknown",
        properties={"isMultiRegionTrail": True, "s3BucketName": NOT_KNOWN},
        verdict="pass",
    ),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)


@pytest.mark.parametrize(
    ("properties", "state"),
    [
        ({}, "is not set"),
        ({"isMultiRegionTrail": None}, "is not set"),
        ({"isMultiRegionTrail": False}, "is not true"),
        ({"isMultiRegionTrail": secret("hunter2")}, "is not true"),
    ],
)
def test_the_violation_says_what_is_wrong_and_how_to_fix_it(
    properties: dict[str, object], state: str
) -> None:
    assert violation(RULE, properties) == (
        "aws:cloudtrail/trail:Trail 'audit', property isMultiRegionTrail"
        f" {state}: what happens in other regions is not recorded.\n"
        "Fix: set isMultiRegionTrail to true (in Python: is_multi_region_trail)."
    )
