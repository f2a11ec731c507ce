from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_versioning import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, stack_verdict
from tests.policypack.tables import Table

PART = "aws:s3/bucketVersioning:BucketVersioning"


def status(value: object) -> dict[str, object]:
    return {"versioningConfiguration": {"status": value}}


CASES = [
    Case(name="enabled", properties=status("Enabled"), verdict="pass"),
    Case(name="suspended", properties=status("Suspended"), verdict="fail"),
    Case(name="no-status", properties=status(None), verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown-status", properties=status(NOT_KNOWN), verdict="undecided"),
    Case(name="unknown", properties={"versioningConfiguration": NOT_KNOWN}, verdict="undecided"),
]
INLINE = [
    Case(name="enabled", properties={"versioning": {"enabled": True}}, verdict="pass"),
    Case(name="v2", properties={"versionings": [{"enabled": True}]}, verdict="pass"),
    Case(name="off", properties={"versioning": {"enabled": False}}, verdict="fail"),
    Case(name="unknown", properties={"versioning": NOT_KNOWN}, verdict="undecided"),
    Case(name="object-lock", properties={"objectLockEnabled": True}, verdict="pass"),
]

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
)


def test_the_separate_resource_wins_over_the_bucket() -> None:
    resources = log_bucket(PART, status("Enabled"), bucket={"versioning": {"enabled": False}})

    assert stack_verdict(RULE, resources) == "pass"
