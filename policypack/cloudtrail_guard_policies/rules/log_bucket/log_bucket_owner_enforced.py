"""A log bucket has no ACLs."""

from __future__ import annotations

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.rules.checks import log_bucket_must
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, OWNERSHIP

RULE = StackRule(
    id="log-bucket-owner-enforced",
    title="A log bucket's owner owns every object, and ACLs are off.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | OWNERSHIP.types,
    joins=JOINED,
    controls=controls("s3_bucket_acl_prohibited", "S3.12"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
    rationale=(
        "With BucketOwnerEnforced, ACLs are off: the bucket policy alone says who may do what,"
        " and log files that another account's trail writes belong to the bucket's owner. Buckets"
        " made since April 2023 have it; older ones and those that say otherwise have not."
    ),
    remediation="Add BucketOwnershipControls with objectOwnership BucketOwnerEnforced.",
    check=log_bucket_must(
        OWNERSHIP,
        lambda value: value == "BucketOwnerEnforced",
        missing="is missing: only buckets made since April 2023 have ACLs off",
        wrong="is not BucketOwnerEnforced: ACLs can give log files away",
        remediation="add BucketOwnershipControls of this bucket with BucketOwnerEnforced",
    ),
    corrections={
        each: {"rule": {"objectOwnership": "BucketOwnerEnforced"}} for each in OWNERSHIP.types
    },
)
