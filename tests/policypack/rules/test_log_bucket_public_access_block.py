from __future__ import annotations

import pytest
from rules.log_bucket_public_access_block import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, made, stack_verdict

PART = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ALL: dict[str, object] = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}
CASES = [
    Case(name="all", properties=ALL, verdict="pass"),
    Case(name="as-strings", properties=dict.fromkeys(ALL, "true"), verdict="pass"),
    Case(name="one-false", properties=ALL | {"ignorePublicAcls": False}, verdict="fail"),
    Case(name="one-left-out", properties=ALL | {"restrictPublicBuckets": None}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="one-unknown", properties=ALL | {"blockPublicAcls": NOT_KNOWN}, verdict="undecided"),
    Case(
        name="one-unknown-one-false",
        properties=ALL | {"blockPublicAcls": NOT_KNOWN, "blockPublicPolicy": False},
        verdict="fail",
    ),
    Case(name="unknown", properties=dict.fromkeys(ALL, NOT_KNOWN), verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_bucket_is_judged_by_all_four_settings(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, case.properties)) == case.verdict


def test_a_block_of_nobody_knows_which_bucket_may_be_the_one() -> None:
    resources = log_bucket(PART, {})
    elsewhere = made("x:y:Z", "z")

    block = made(PART, "block", ALL, bucket=elsewhere)

    assert stack_verdict(RULE, [*resources, elsewhere, block]) == "undecided"
