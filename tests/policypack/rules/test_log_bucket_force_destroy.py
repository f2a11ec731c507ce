from __future__ import annotations

import pytest
from rules.log_bucket_force_destroy import RULE

from tests.policypack.support import BUCKET, NOT_KNOWN, Case, log_bucket, made, stack_verdict

CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="false", properties={"forceDestroy": False}, verdict="pass"),
    Case(name="true", properties={"forceDestroy": True}, verdict="fail"),
    Case(name="true-as-a-string", properties={"forceDestroy": "true"}, verdict="fail"),
    Case(name="unknown", properties={"forceDestroy": NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_bucket_is_judged_by_whether_it_is_emptied_when_destroyed(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket("", {}, bucket=case.properties)) == case.verdict


def test_other_buckets_may_be_emptied() -> None:
    scratch = made(BUCKET, "scratch", {"forceDestroy": True})

    assert stack_verdict(RULE, [*log_bucket("", {}), scratch]) == "pass"
