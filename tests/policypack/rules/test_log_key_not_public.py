from __future__ import annotations

from cloudtrail_guard_policies.rules.log_key.log_key_not_public import RULE

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


CALLER = {"kms:CallerAccount": "111122223333"}
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="root", properties=grant({"AWS": "arn:aws:iam::111122223333:root"}), verdict="pass"),
    Case(name="callers", properties=grant({"AWS": "*"}, StringEquals=CALLER), verdict="pass"),
    Case(name="everybody", properties=grant("*"), verdict="fail"),
    Case(name="everybody-in-a-list", properties=grant({"AWS": ["*"]}), verdict="fail"),
    Case(name="all-but", properties=grant("*", StringNotEquals=CALLER), verdict="fail"),
    Case(name="unknown", properties={"policy": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)
