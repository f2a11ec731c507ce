from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_no_acl import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket
from tests.policypack.tables import Table

PART = "aws:s3/bucketAcl:BucketAcl"
OWNER = {"type": "CanonicalUser", "permissions": ["FULL_CONTROL"], "id": "abc"}
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="private", properties={"acl": "private"}, verdict="pass"),
    Case(name="log-delivery", properties={"acl": "log-delivery-write"}, verdict="fail"),
    Case(
        name="the-owner",
        properties={"acl": "bucket-owner-full-control"},
        verdict="pass",
    ),
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

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
)
