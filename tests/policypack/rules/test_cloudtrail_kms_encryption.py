from __future__ import annotations

from cloudtrail_guard_policies.rules.trail.cloudtrail_kms_encryption import RULE

from tests.policypack.support import (
    NATIVE_TRAIL,
    NOT_KNOWN,
    TRAIL,
    Case,
    secret,
    violation,
)
from tests.policypack.tables import Table, one

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CASES = [
    Case(name="arn", properties={"kmsKeyId": KEY}, verdict="pass"),
    Case(name="alias", properties={"kmsKeyId": "alias/cloudtrail"}, verdict="pass"),
    Case(name="secret", properties={"kmsKeyId": secret(KEY)}, verdict="pass"),
    Case(name="unknown-counts-as-set", properties={"kmsKeyId": NOT_KNOWN}, verdict="pass"),
    Case(name="secret-unknown", properties={"kmsKeyId": secret(NOT_KNOWN)}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="null", properties={"kmsKeyId": None}, verdict="fail"),
    Case(name="false", properties={"kmsKeyId": False}, verdict="fail"),
    Case(name="empty", properties={"kmsKeyId": ""}, verdict="fail"),
    Case(name="white-space", properties={"kmsKeyId": "  "}, verdict="fail"),
    Case(name="secret-empty", properties={"kmsKeyId": secret("")}, verdict="fail"),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)


def test_the_violation_says_what_is_wrong_and_how_to_fix_it() -> None:
    assert violation(RULE, {}) == (
        "aws:cloudtrail/trail:Trail 'audit', property kmsKeyId is not"
        " set: every principal that can read the bucket can read the log files.\n"
        "Fix: set kmsKeyId to the ARN of a KMS key that CloudTrail may use"
        " (in Python: kms_key_id)."
    )
