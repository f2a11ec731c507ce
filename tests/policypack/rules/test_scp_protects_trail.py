from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.guardrails.scp_protects_trail import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

SCP = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
ALL = (
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
)


def deny(*actions: str, effect: str = "Deny") -> dict[str, object]:
    statement = {"Effect": effect, "Action": actions, "Resource": "*"}
    return {"content": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


CASES = [
    Case(name="all", properties=deny(*ALL), verdict="pass"),
    Case(name="by-pattern", properties=deny("cloudtrail:*"), verdict="pass"),
    Case(name="some", properties=deny(*ALL[1:]), verdict="fail"),
    Case(name="allowed", properties=deny(*ALL, effect="Allow"), verdict="fail"),
    Case(name="of-another-type", properties={**deny(*ALL), "type": "TAG_POLICY"}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"content": NOT_KNOWN}, verdict="undecided"),
]


def _stack(policy: AnalyzerResource, *, organization: bool = True) -> list[AnalyzerResource]:
    return [policy, made(TRAIL, "audit", {"isOrganizationTrail": organization})]


def _attached(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    policy = made(SCP, "protect", properties)
    return [*_stack(policy), made(ATTACHMENT, "protect", {"targetId": "r-a1b2"}, policyId=policy)]


TABLES = (Table(RULE, CASES, _attached),)


def test_an_scp_can_be_attached_by_its_id() -> None:
    policy = made(SCP, "protect", {**deny(*ALL), "id": "p-12345678"})
    attachment = made(ATTACHMENT, "protect", {"policyId": "p-12345678", "targetId": "r-a1b2"})

    assert stack_verdict(RULE, [*_stack(policy), attachment]) == "pass"


def test_an_scp_that_is_attached_to_nothing_protects_nothing() -> None:
    assert stack_verdict(RULE, _stack(made(SCP, "protect", deny(*ALL)))) == "fail"


def test_the_trail_of_one_account_needs_no_scp() -> None:
    policy = made(SCP, "other", deny("ec2:*"))

    assert stack_verdict(RULE, _stack(policy, organization=False)) == "pass"
