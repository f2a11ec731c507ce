from __future__ import annotations

import pytest
from cloudtrail_guard_policies.rules.log_bucket.log_bucket_object_lock import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, stack_verdict
from tests.policypack.tables import Table

PART = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"


def retention(**values: object) -> dict[str, object]:
    return {"rule": {"defaultRetention": values}}


AS_TEXT = retention(mode="GOVERNANCE", days="30")
LOCKED = retention(mode="GOVERNANCE", days=365)
CASES = [
    Case(name="days", properties=LOCKED, verdict="pass"),
    Case(name="days-as-text", properties=AS_TEXT, verdict="pass"),
    Case(name="years", properties=retention(mode="COMPLIANCE", years=7), verdict="pass"),
    Case(
        name="unknown-days", properties=retention(mode="GOVERNANCE", days=NOT_KNOWN), verdict="pass"
    ),
    Case(name="unknown-mode", properties=retention(mode=NOT_KNOWN, days=1), verdict="pass"),
    Case(name="no-mode", properties=retention(days=365), verdict="fail"),
    Case(name="no-period", properties=retention(mode="GOVERNANCE"), verdict="fail"),
    Case(name="no-rule", properties={"objectLockEnabled": "Enabled"}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"rule": NOT_KNOWN}, verdict="undecided"),
]
INLINE = [
    Case(name="locked", properties={"objectLockConfiguration": LOCKED}, verdict="pass"),
    Case(name="enabled-alone", properties={"objectLockEnabled": True}, verdict="fail"),
]

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
)


@pytest.mark.parametrize(
    ("given", "parameters", "verdict"),
    [
        (LOCKED, {"mode": "GOVERNANCE", "minimumDays": 365}, "pass"),
        (LOCKED, {"mode": "COMPLIANCE"}, "fail"),
        (LOCKED, {"minimumDays": 366}, "fail"),
        (retention(mode="GOVERNANCE", years=1), {"minimumDays": 365}, "pass"),
        (retention(mode="GOVERNANCE", days=NOT_KNOWN), {"minimumDays": 2}, "undecided"),
        (retention(mode=NOT_KNOWN, days=1), {"mode": "COMPLIANCE"}, "undecided"),
    ],
)
def test_mode_and_period_can_be_asked_for(
    given: dict[str, object], parameters: dict[str, object], verdict: str
) -> None:
    assert stack_verdict(RULE, log_bucket(PART, given), **parameters) == verdict
