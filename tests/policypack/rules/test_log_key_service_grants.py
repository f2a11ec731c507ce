from __future__ import annotations

from cloudtrail_guard_policies.rules.log_key.log_key_service_grants import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key, policy
from tests.policypack.tables import Table


def grant(principal: object, **conditions: object) -> dict[str, object]:
    return policy(
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "kms:GenerateDataKey*",
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
