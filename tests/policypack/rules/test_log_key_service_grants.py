from __future__ import annotations

from cloudtrail_guard_policies.rules.log_key.log_key_service_grants import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key, policy
from tests.policypack.tables import Table


def grant(
    principal: object, action: object = "kms:GenerateDataKey*", **conditions: object
) -> dict[str, object]:
    return policy(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": action,
            "Resource": "*",
            "Condition": conditions,
        }
    )


CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(
        name="source", properties=grant(CLOUDTRAIL, ArnLike={"aws:SourceArn": ARN}), verdict="pass"
    ),
    Case(name="context", properties=grant(CLOUDTRAIL, StringLike={CONTEXT: ARN}), verdict="pass"),
    Case(
        name="account",
        properties=grant(
            {"Service": "logs.amazonaws.com"}, StringEquals={"aws:SourceAccount": "1"}
        ),
        verdict="pass",
    ),
    Case(name="a-role", properties=grant({"AWS": "arn:aws:iam::1:role/x"}), verdict="pass"),
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-cmk-policy.html
    Case(
        name="older-default-policy", properties=grant(CLOUDTRAIL, "kms:DescribeKey"), verdict="pass"
    ),
    Case(
        name="more-than-the-older-default",
        properties=grant(CLOUDTRAIL, ["kms:DescribeKey", "kms:Decrypt"]),
        verdict="fail",
    ),
    Case(name="a-pattern", properties=grant(CLOUDTRAIL, "kms:Describe*"), verdict="fail"),
    Case(name="open", properties=grant(CLOUDTRAIL), verdict="fail"),
    Case(name="another", properties=grant({"Service": ["sns.amazonaws.com"]}), verdict="fail"),
    Case(name="any", properties=grant(CLOUDTRAIL, StringLike={CONTEXT: "*"}), verdict="fail"),
    Case(
        name="tls",
        properties=grant(CLOUDTRAIL, Bool={"aws:SecureTransport": "true"}),
        verdict="fail",
    ),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)
