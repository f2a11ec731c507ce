from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_kms_encryption import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket
from tests.policypack.tables import Table

PART = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def default(**values: object) -> dict[str, object]:
    return {"rules": [{"applyServerSideEncryptionByDefault": values}]}


def inline(**values: object) -> dict[str, object]:
    rule = {"applyServerSideEncryptionByDefault": values}
    return {"serverSideEncryptionConfiguration": {"rule": rule}}


CASES = [
    Case(
        name="key", properties=default(sseAlgorithm="aws:kms", kmsMasterKeyId=KEY), verdict="pass"
    ),
    Case(
        name="dual-layer",
        properties=default(sseAlgorithm="aws:kms:dsse", kmsMasterKeyId=KEY),
        verdict="pass",
    ),
    Case(
        name="unknown-key",
        properties=default(sseAlgorithm="aws:kms", kmsMasterKeyId=NOT_KNOWN),
        verdict="pass",
    ),
    Case(name="s3", properties=default(sseAlgorithm="AES256"), verdict="fail"),
    Case(name="no-key", properties=default(sseAlgorithm="aws:kms"), verdict="fail"),
    Case(
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#aws-managed-customer-managed-keys
        name="key-of-aws",
        properties=default(sseAlgorithm="aws:kms", kmsMasterKeyId="alias/aws/s3"),
        verdict="fail",
    ),
    Case(name="no-default", properties={"rules": [{"bucketKeyEnabled": True}]}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"rules": NOT_KNOWN}, verdict="undecided"),
    Case(
        name="unknown-algorithm",
        properties=default(sseAlgorithm=NOT_KNOWN, kmsMasterKeyId=KEY),
        verdict="undecided",
    ),
]
INLINE = [
    Case(name="key", properties=inline(sseAlgorithm="aws:kms", kmsMasterKeyId=KEY), verdict="pass"),
    Case(name="s3", properties=inline(sseAlgorithm="AES256"), verdict="fail"),
]

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
)
