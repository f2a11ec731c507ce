from __future__ import annotations

from cloudtrail_guard_policies.rules.log_key.log_key_encryption_context import RULE

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
    Case(name="context", properties=grant(CLOUDTRAIL, StringLike={CONTEXT: ARN}), verdict="pass"),
    Case(name="another-service", properties=grant({"Service": "x.amazonaws.com"}), verdict="pass"),
    Case(
        name="source", properties=grant(CLOUDTRAIL, ArnLike={"aws:SourceArn": ARN}), verdict="fail"
    ),
    Case(name="null", properties=grant(CLOUDTRAIL, Null={CONTEXT: "false"}), verdict="fail"),
    Case(name="any", properties=grant(CLOUDTRAIL, StringLike={CONTEXT: ["*"]}), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)
