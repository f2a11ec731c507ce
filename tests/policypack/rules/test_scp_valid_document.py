"""What AWS Organizations accepts as a policy document.

The quotas, 10,240 characters of an SCP since 15 May 2026 and 5,120 of an RCP:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""

from __future__ import annotations

import json

from cloudtrail_guard_policies.rules.guardrails.scp_valid_document import RULE

from tests.policypack.support import (
    CONTEXT,
    NOT_KNOWN,
    Case,
    analyzer,
    request,
    said,
)
from tests.policypack.tables import Table, one

SCP = "aws:organizations/policy:Policy"


STATEMENT = {"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}


def content(*statements: object, version: str = "2012-10-17", **more: object) -> dict[str, object]:
    return {"content": json.dumps({"Version": version, "Statement": statements, **more})}


def changed(**changes: object) -> dict[str, object]:
    statement = {**STATEMENT, **changes}
    return content({name: value for name, value in statement.items() if value is not None})


CASES = [
    Case(name="valid", properties=content(STATEMENT), verdict="pass"),
    Case(name="one-statement", properties=content(Statement=STATEMENT), verdict="pass"),
    Case(name="not-action", properties=changed(Action=None, NotAction="iam:*"), verdict="pass"),
    Case(name="other-type", properties={"type": "TAG_POLICY", "content": "{}"}, verdict="pass"),
    Case(name="no-json", properties={"content": "{"}, verdict="fail"),
    Case(name="a-list", properties={"content": "[]"}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="no-statement", properties=content(), verdict="fail"),
    Case(name="old-version", properties=content(STATEMENT, version="2008-10-17"), verdict="fail"),
    Case(name="no-object", properties=content("deny"), verdict="fail"),
    Case(name="no-effect", properties=changed(Effect=None), verdict="fail"),
    Case(name="wrong-effect", properties=changed(Effect="deny"), verdict="fail"),
    Case(name="principal", properties=changed(Principal="*"), verdict="fail"),
    Case(name="no-action", properties=changed(Action=None), verdict="fail"),
    Case(name="both-actions", properties=changed(NotAction="iam:*"), verdict="fail"),
    Case(name="no-resource", properties=changed(Resource=None), verdict="fail"),
    Case(name="long", properties=changed(Sid="x" * 10_000), verdict="pass"),
    Case(name="too-long", properties=changed(Sid="x" * 10_240), verdict="fail"),
    Case(name="unknown", properties={"content": NOT_KNOWN}, verdict="undecided"),
    Case(name="unknown-type", properties={"type": NOT_KNOWN, "content": "{"}, verdict="undecided"),
]


def rcp(**changes: object) -> dict[str, object]:
    return {"type": "RESOURCE_CONTROL_POLICY", **changed(**{"Principal": "*", **changes})}


# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
RCPS = [
    Case(name="rcp", properties=rcp(), verdict="pass"),
    Case(name="rcp-one-principal", properties=rcp(Principal={"AWS": "1"}), verdict="fail"),
    Case(name="rcp-allow", properties=rcp(Effect="Allow"), verdict="fail"),
    Case(name="rcp-not-action", properties=rcp(Action=None, NotAction="s3:*"), verdict="fail"),
    Case(name="rcp-too-long", properties=rcp(Sid="x" * 5_120), verdict="fail"),
]

TABLES = (Table(RULE, CASES, one(SCP)), Table(RULE, RCPS, one(SCP)))


def test_a_larger_quota_can_be_set() -> None:
    service = analyzer(RULE, config={RULE.id: ("MANDATORY", {"maximumCharacters": 20_480})})

    def found(length: int) -> int:
        return len(said(service.Analyze(request(changed(Sid="x" * length), SCP), CONTEXT)))

    assert (found(19_000), found(20_480)) == (0, 1)
