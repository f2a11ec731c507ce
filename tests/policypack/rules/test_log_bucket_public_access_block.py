from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_public_access_block import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, made, stack_verdict
from tests.policypack.tables import Table

PART = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ALL: dict[str, object] = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}
CASES = [
    Case(name="all", properties=ALL, verdict="pass"),
    Case(name="as-strings", properties=dict.fromkeys(ALL, "true"), verdict="pass"),
    Case(name="one-false", properties=ALL | {"ignorePublicAcls": False}, verdict="fail"),
    Case(name="one-left-out", properties=ALL | {"restrictPublicBuckets": None}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="one-unknown", properties=ALL | {"blockPublicAcls": NOT_KNOWN}, verdict="undecided"),
    Case(
        name="one-unknown-one-false",
        properties=ALL | {"blockPublicAcls": NOT_KNOWN, "blockPublicPolicy": False},
        verdict="fail",
    ),
    Case(name="unknown", properties=dict.fromkeys(ALL, NOT_KNOWN), verdict="undecided"),
]

TABLES = (Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),)


ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
def test_a_block_of_the_whole_account_blocks_the_log_bucket() -> None:
    resources = log_bucket(PART, {})

    assert stack_verdict(RULE, [*resources, made(ACCOUNT, "account", ALL)]) == "pass"
    assert stack_verdict(RULE, [*resources, made(ACCOUNT, "account", {})]) == "fail"


def test_a_block_of_a_bucket_that_is_not_known_yet_may_be_the_one() -> None:
    resources = log_bucket(PART, {})
    elsewhere = made("x:y:Z", "z")

    block = made(PART, "block", ALL, bucket=elsewhere)

    assert stack_verdict(RULE, [*resources, elsewhere, block]) == "undecided"
