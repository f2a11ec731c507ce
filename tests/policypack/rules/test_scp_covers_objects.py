from __future__ import annotations

import json

from cloudtrail_guard_policies.rules.guardrails.scp_covers_objects import RULE

from tests.policypack.support import NOT_KNOWN, Case
from tests.policypack.tables import Table, one

SCP = "aws:organizations/policy:Policy"


def guard(*actions: str, **changes: object) -> dict[str, object]:
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": "*", **changes}
    return {"content": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


def guards(*statements: dict[str, object]) -> dict[str, object]:
    document = [{"Effect": "Deny", **each} for each in statements]
    return {"content": json.dumps({"Version": "2012-10-17", "Statement": document})}


DELETE = ("s3:DeleteObject", "s3:DeleteBucket")
LOGS = "arn:aws:s3:::logs"
CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="both", properties=guard(*DELETE, Resource=[LOGS, f"{LOGS}/*"]), verdict="pass"),
    Case(name="prefix", properties=guard(*DELETE, Resource=f"{LOGS}/AWSLogs/*"), verdict="pass"),
    Case(name="everywhere", properties=guard(*DELETE), verdict="pass"),
    # In IAM a star spans slashes.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    Case(name="star-at-the-end", properties=guard(*DELETE, Resource=f"{LOGS}*"), verdict="pass"),
    Case(
        name="not-resource",
        properties=guard(*DELETE, Resource=None, NotResource="arn:aws:s3:::scratch/*"),
        verdict="pass",
    ),
    Case(
        name="by-another-statement",
        properties=guards(
            {"Action": list(DELETE), "Resource": LOGS},
            {"Action": "s3:DeleteObject*", "Resource": [f"{LOGS}/*"]},
        ),
        verdict="pass",
    ),
    Case(
        name="of-another-bucket",
        properties=guards(
            {"Action": list(DELETE), "Resource": LOGS},
            {"Action": "s3:DeleteObject*", "Resource": "arn:aws:s3:::other/*"},
        ),
        verdict="fail",
    ),
    Case(name="star-within", properties=guard(*DELETE, Resource=f"{LOGS}-*-audit"), verdict="fail"),
    Case(name="bucket-actions", properties=guard("s3:DeleteBucket", Resource=LOGS), verdict="pass"),
    Case(name="bucket-alone", properties=guard(*DELETE, Resource=LOGS), verdict="fail"),
    Case(
        name="versions", properties=guard("s3:DeleteObjectVersion", Resource=[LOGS]), verdict="fail"
    ),
    Case(name="unknown", properties={"content": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, one(SCP)),)
