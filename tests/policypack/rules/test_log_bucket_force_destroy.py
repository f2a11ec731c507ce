from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_force_destroy import RULE

from tests.policypack.support import (
    BUCKET,
    NOT_KNOWN,
    Case,
    log_bucket,
    made,
    stack_verdict,
)
from tests.policypack.tables import Table

CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="false", properties={"forceDestroy": False}, verdict="pass"),
    Case(name="true", properties={"forceDestroy": True}, verdict="fail"),
    Case(name="true-as-a-string", properties={"forceDestroy": "true"}, verdict="fail"),
    Case(name="unknown", properties={"forceDestroy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, lambda properties: log_bucket("", {}, bucket=properties)),)


def test_other_buckets_may_be_emptied() -> None:
    scratch = made(BUCKET, "scratch", {"forceDestroy": True})

    assert stack_verdict(RULE, [*log_bucket("", {}), scratch]) == "pass"
