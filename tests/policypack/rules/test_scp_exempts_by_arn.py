from __future__ import annotations

import json

from cloudtrail_guard_policies.rules.guardrails.scp_exempts_by_arn import RULE

from tests.policypack.support import NOT_KNOWN, Case
from tests.policypack.tables import Table, one

SCP = "aws:organizations/policy:Policy"


def guard(*actions: str, **changes: object) -> dict[str, object]:
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": "*", **changes}
    return {"content": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def but(*arns: str, operator: str = "ArnNotLike") -> dict[str, object]:
    return guard("cloudtrail:StopLogging", Condition={operator: {"aws:PrincipalArn": list(arns)}})


FULL = "arn:aws:iam::111122223333:role/security/BreakGlass"
SSO = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="full", properties=but(FULL), verdict="pass"),
    Case(name="string", properties=but(FULL, operator="StringNotEquals"), verdict="pass"),
    # AWS alone can create roles below this path.
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    Case(name="identity-center", properties=but(f"{SSO}/*/AWSReservedSSO_Admin_*"), verdict="pass"),
    Case(
        name="identity-center-of-any-account",
        properties=but(f"{SSO}/*/AWSReservedSSO_Admin_*".replace("111122223333", "*")),
        verdict="fail",
    ),
    Case(
        name="a-name-like-identity-centers",
        properties=but("arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_*"),
        verdict="fail",
    ),
    Case(name="no-exemption", properties=guard("cloudtrail:StopLogging"), verdict="pass"),
    Case(
        name="only-for",
        properties=but("arn:aws:iam::*:role/x", operator="ArnLike"),
        verdict="pass",
    ),
    Case(
        name="no-guardrail",
        properties=guard(
            "ec2:*", Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}
        ),
        verdict="pass",
    ),
    Case(name="any-account", properties=but("arn:aws:iam::*:role/BreakGlass"), verdict="fail"),
    Case(name="name-pattern", properties=but(FULL, f"{FULL}*"), verdict="fail"),
    Case(name="whole-account", properties=but("arn:aws:iam::111122223333:root"), verdict="fail"),
    Case(
        name="of-a-bucket",
        properties=guard(
            "s3:DeleteBucket",
            Resource="arn:aws:s3:::logs",
            Condition={"StringNotLike": {"aws:PrincipalArn": "*"}},
        ),
        verdict="fail",
    ),
    Case(name="unknown", properties={"content": NOT_KNOWN}, verdict="undecided"),
    Case(
        name="unknown-type",
        properties={"type": NOT_KNOWN, "content": "{}"},
        verdict="undecided",
    ),
    Case(
        name="other-type",
        properties={**but("*"), "type": "RESOURCE_CONTROL_POLICY"},
        verdict="pass",
    ),
]

TABLES = (Table(RULE, CASES, one(SCP)),)
