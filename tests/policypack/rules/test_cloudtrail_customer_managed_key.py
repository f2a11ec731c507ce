from __future__ import annotations

import pytest
from rules.cloudtrail_customer_managed_key import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, secret, verdict

ALIAS = "arn:aws:kms:eu-west-1:111122223333:alias/"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="unknown", properties={"kmsKeyId": NOT_KNOWN}, verdict="pass"),
    Case(name="own-alias", properties={"kmsKeyId": f"{ALIAS}logs"}, verdict="pass"),
    Case(name="own-alias-that-says-aws", properties={"kmsKeyId": f"{ALIAS}aws-x"}, verdict="pass"),
    Case(name="key", properties={"kmsKeyId": "arn:aws:kms:x:1:key/aws/s3"}, verdict="pass"),
    Case(name="aws-alias", properties={"kmsKeyId": f"{ALIAS}aws/s3"}, verdict="fail"),
    Case(name="aws-alias-by-name", properties={"kmsKeyId": "alias/aws/s3"}, verdict="fail"),
    Case(name="secret", properties={"kmsKeyId": secret("alias/aws/s3")}, verdict="fail"),
]


@pytest.mark.parametrize("trail_type", [TRAIL, "aws-native:cloudtrail:Trail"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_trail_is_judged_by_who_manages_its_key(case: Case, trail_type: str) -> None:
    assert verdict(RULE, case.properties, trail_type) == case.verdict
