from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_deny_deletion import RULE

from tests.policypack.support import (
    NOT_KNOWN,
    Case,
    log_bucket,
    policy,
)
from tests.policypack.tables import Table

PART = "aws:s3/bucketPolicy:BucketPolicy"


def deny(*actions: str, **changes: object) -> dict[str, object]:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Resource": "arn:aws:s3:::logs/*",
    }
    return {key: value for key, value in {**statement, **changes}.items() if value is not None}


DELETIONS = ("s3:DeleteObject", "s3:DeleteObjectVersion")
EXEMPT = {"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/BreakGlass"}}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
BY_ID = {"StringNotLike": {"aws:userid": ["AROADBQP57FF2AEXAMPLE:*", "111122223333"]}}
NOT_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
CASES = [
    Case(name="denied", properties=policy(deny(*DELETIONS)), verdict="pass"),
    Case(
        name="but-one-role", properties=policy(deny(*DELETIONS, Condition=EXEMPT)), verdict="pass"
    ),
    Case(
        name="but-one-user-id", properties=policy(deny(*DELETIONS, Condition=BY_ID)), verdict="pass"
    ),
    Case(
        name="but-named-principals",
        properties=policy(
            deny(*DELETIONS, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::1:role/x"})
        ),
        verdict="pass",
    ),
    Case(
        name="but-everybody",
        properties=policy(
            deny(
                *DELETIONS, Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}
            )
        ),
        verdict="fail",
    ),
    Case(name="by-pattern", properties=policy(deny("s3:Delete*")), verdict="pass"),
    Case(name="in-two", properties=policy(*(deny(each) for each in DELETIONS)), verdict="pass"),
    Case(name="not-versions", properties=policy(deny("s3:DeleteObject")), verdict="fail"),
    Case(name="with-mfa", properties=policy(deny(*DELETIONS, Condition=NOT_MFA)), verdict="fail"),
    Case(
        name="on-the-bucket",
        properties=policy(deny(*DELETIONS, Resource="arn:aws:s3:::logs")),
        verdict="fail",
    ),
    Case(
        name="for-one",
        properties=policy(deny(*DELETIONS, Principal={"AWS": "arn:aws:iam::1:role/x"})),
        verdict="fail",
    ),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),)
