from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_not_public import RULE

from tests.policypack.support import (
    NOT_KNOWN,
    Case,
    log_bucket,
    policy,
)
from tests.policypack.tables import Table

PART = "aws:s3/bucketPolicy:BucketPolicy"


def allow(principal: object, **conditions: object) -> dict[str, object]:
    return policy(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:GetObject",
            "Resource": "*",
            "Condition": conditions,
        }
    )


GROUP = "http://acs.amazonaws.com/groups/global/AllUsers"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="one", properties=allow({"AWS": "111122223333"}), verdict="pass"),
    Case(
        name="org", properties=allow("*", StringEquals={"aws:PrincipalOrgID": "o"}), verdict="pass"
    ),
    Case(
        name="ip", properties=allow("*", IpAddress={"aws:SourceIp": "192.0.2.0/24"}), verdict="pass"
    ),
    Case(name="everybody", properties=allow("*"), verdict="fail"),
    Case(name="everybody-of-aws", properties=allow({"AWS": ["1", "*"]}), verdict="fail"),
    Case(name="tls", properties=allow("*", Bool={"aws:SecureTransport": "true"}), verdict="fail"),
    Case(
        name="any-ip",
        properties=allow("*", IpAddress={"aws:SourceIp": "0.0.0.0/0"}),
        verdict="fail",
    ),
    Case(
        name="all-but-one",
        properties=allow("*", StringNotEquals={"aws:PrincipalOrgID": "o"}),
        verdict="fail",
    ),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]
INLINE = [
    Case(name="private", properties={"acl": "private"}, verdict="pass"),
    Case(name="public-acl", properties={"acl": "public-read"}, verdict="fail"),
    Case(name="public-grant", properties={"grants": [{"uri": GROUP}]}, verdict="fail"),
    Case(name="own-grant", properties={"grants": [{"id": "abc"}]}, verdict="pass"),
]
ACLS = [
    Case(name="private", properties={"acl": "private"}, verdict="pass"),
    Case(name="public", properties={"acl": "authenticated-read"}, verdict="fail"),
    Case(
        name="grant",
        properties={"accessControlPolicy": {"grants": [{"grantee": {"uri": GROUP}}]}},
        verdict="fail",
    ),
]

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
    Table(RULE, ACLS, lambda properties: log_bucket("aws:s3/bucketAcl:BucketAcl", properties)),
)
