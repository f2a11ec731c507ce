from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from rules.scp_protects_trail import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict

if TYPE_CHECKING:
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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_organization_trail_is_judged_by_the_attached_scps(case: Case) -> None:
    policy = made(SCP, "protect", case.properties)
    attachment = made(ATTACHMENT, "protect", {"targetId": "r-a1b2"}, policyId=policy)

    assert stack_verdict(RULE, [*_stack(policy), attachment]) == case.verdict


def test_an_scp_can_be_attached_by_its_id() -> None:
    policy = made(SCP, "protect", {**deny(*ALL), "id": "p-12345678"})
    attachment = made(ATTACHMENT, "protect", {"policyId": "p-12345678", "targetId": "r-a1b2"})

    assert stack_verdict(RULE, [*_stack(policy), attachment]) == "pass"


def test_an_scp_that_is_attached_to_nothing_protects_nothing() -> None:
    assert stack_verdict(RULE, _stack(made(SCP, "protect", deny(*ALL)))) == "fail"


def test_the_trail_of_one_account_needs_no_scp() -> None:
    policy = made(SCP, "other", deny("ec2:*"))

    assert stack_verdict(RULE, _stack(policy, organization=False)) == "pass"
