from __future__ import annotations

import pytest
from rules.log_bucket_owner_enforced import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, stack_verdict

PART = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"


def ownership(value: object) -> dict[str, object]:
    return {"rule": {"objectOwnership": value}}


CASES = [
    Case(name="enforced", properties=ownership("BucketOwnerEnforced"), verdict="pass"),
    Case(name="preferred", properties=ownership("BucketOwnerPreferred"), verdict="fail"),
    Case(name="writer", properties=ownership("ObjectWriter"), verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"rule": NOT_KNOWN}, verdict="undecided"),
    Case(name="unknown-value", properties=ownership(NOT_KNOWN), verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_bucket_is_judged_by_its_ownership(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, case.properties)) == case.verdict
