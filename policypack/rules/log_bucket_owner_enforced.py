"""A log bucket has no ACLs."""

from __future__ import annotations

from framework.rule import StackRule
from pulumi_policy import EnforcementLevel, Severity

from rules._checks import log_bucket_must
from rules._controls import controls
from rules._examples import BUCKET, TRAIL
from rules._log_buckets import BUCKETS, JOINED, OWNERSHIP

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
    mend="Add BucketOwnershipControls with objectOwnership BucketOwnerEnforced.",
    good=BUCKET
    + """\
aws.s3.BucketOwnershipControls(
    "logs",
    bucket=logs.bucket,
    rule={"object_ownership": "BucketOwnerEnforced"},
)
"""
    + TRAIL,
    bad=BUCKET
    + """\
aws.s3.BucketOwnershipControls(
    "logs",
    bucket=logs.bucket,
    rule={"object_ownership": "ObjectWriter"},
)
"""
    + TRAIL,
    check=log_bucket_must(
        OWNERSHIP,
        lambda value: value == "BucketOwnerEnforced",
        missing="is missing: only buckets made since April 2023 have ACLs off",
        wrong="is not BucketOwnerEnforced: ACLs can give log files away",
        mend="add BucketOwnershipControls of this bucket with BucketOwnerEnforced",
    ),
    fixes={each: {"rule": {"objectOwnership": "BucketOwnerEnforced"}} for each in OWNERSHIP.types},
)
