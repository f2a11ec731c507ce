from __future__ import annotations

import pytest
from rules.log_bucket_versioning import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, stack_verdict

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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_bucket_is_judged_by_its_versioning(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, case.properties)) == case.verdict


@pytest.mark.parametrize("case", INLINE, ids=lambda case: case.name)
def test_a_bucket_is_judged_by_its_own_properties_too(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, {}, bucket=case.properties)) == case.verdict


def test_the_separate_resource_wins_over_the_bucket() -> None:
    resources = log_bucket(PART, status("Enabled"), bucket={"versioning": {"enabled": False}})

    assert stack_verdict(RULE, resources) == "pass"
