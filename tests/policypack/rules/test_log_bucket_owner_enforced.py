from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_owner_enforced import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket
from tests.policypack.tables import Table

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

TABLES = (Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),)
