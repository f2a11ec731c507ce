from __future__ import annotations

from cloudtrail_guard_policies.rules.trail.cloudtrail_customer_managed_key import RULE

from tests.policypack.support import NATIVE_TRAIL, NOT_KNOWN, TRAIL, Case, secret
from tests.policypack.tables import Table, one

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

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)
