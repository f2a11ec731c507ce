from __future__ import annotations

import pytest
from rules.log_bucket_no_acl import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, stack_verdict

PART = "aws:s3/bucketAcl:BucketAcl"
OWNER = {"type": "CanonicalUser", "permissions": ["FULL_CONTROL"], "id": "abc"}
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="private", properties={"acl": "private"}, verdict="pass"),
    Case(name="log-delivery", properties={"acl": "log-delivery-write"}, verdict="fail"),
    Case(name="grants", properties={"accessControlPolicy": {"grants": []}}, verdict="fail"),
    Case(name="unknown", properties={"acl": NOT_KNOWN}, verdict="undecided"),
]
INLINE = [
    Case(name="private", properties={"acl": "private"}, verdict="pass"),
    Case(name="no-grants", properties={"grants": []}, verdict="pass"),
    Case(name="the-owner", properties={"grants": [OWNER]}, verdict="pass"),
    Case(name="public", properties={"acl": "public-read"}, verdict="fail"),
    Case(
        name="somebody-else",
        properties={"grants": [OWNER, {"type": "Group", "permissions": ["READ"]}]},
        verdict="fail",
    ),
    Case(name="unknown", properties={"grants": NOT_KNOWN}, verdict="undecided"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_bucket_is_judged_by_its_acl(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, case.properties)) == case.verdict


@pytest.mark.parametrize("case", INLINE, ids=lambda case: case.name)
def test_a_bucket_is_judged_by_its_own_properties_too(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, {}, bucket=case.properties)) == case.verdict
