from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_tls_only import RULE

from tests.policypack.support import (
    NOT_KNOWN,
    Case,
    log_bucket,
    policy,
)
from tests.policypack.tables import Table

PART = "aws:s3/bucketPolicy:BucketPolicy"


def deny(**changes: object) -> dict[str, object]:
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
        "Condition": plain,
    }
    return {key: value for key, value in {**statement, **changes}.items() if value is not None}


BUCKET_ALONE = deny(Resource="arn:aws:s3:::logs")
OBJECTS_ALONE = deny(Resource="arn:aws:s3:::logs/*")
WITH_ORG = {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalOrgID": "o"}}
CASES = [
    Case(name="denied", properties=policy(deny()), verdict="pass"),
    Case(name="any-aws", properties=policy(deny(Principal={"AWS": "*"})), verdict="pass"),
    Case(name="any-action", properties=policy(deny(Action=["*"])), verdict="pass"),
    Case(name="two", properties=policy(BUCKET_ALONE, OBJECTS_ALONE), verdict="pass"),
    Case(name="objects-alone", properties=policy(OBJECTS_ALONE), verdict="fail"),
    Case(name="bucket-alone", properties=policy(BUCKET_ALONE), verdict="fail"),
    Case(name="puts-alone", properties=policy(deny(Action="s3:PutObject")), verdict="fail"),
    Case(name="an-allow", properties=policy(deny(Effect="Allow")), verdict="fail"),
    Case(name="for-one", properties=policy(deny(Principal={"AWS": "1"})), verdict="fail"),
    Case(name="for-some", properties=policy(deny(Condition=WITH_ORG)), verdict="fail"),
    Case(name="unconditional", properties=policy(deny(Condition=None)), verdict="fail"),
    Case(name="no-json", properties={"policy": "{"}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]
INLINE = [Case(name="denied", properties=policy(deny()), verdict="pass")]

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
)
