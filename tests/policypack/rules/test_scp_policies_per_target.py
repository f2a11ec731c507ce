"""How many SCPs and RCPs a target may have.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules.guardrails.scp_policies_per_target import RULE

from tests.policypack.support import NOT_KNOWN, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"


def attached(
    count: int, kind: str | None = None, target: object = "r-a1b2"
) -> list[AnalyzerResource]:
    properties = {"type": kind} if kind else {}
    policies = [made(POLICY, f"p{each}", properties) for each in range(count)]
    return [
        *policies,
        *(made(ATTACHMENT, each.name, {"targetId": target}, policyId=each) for each in policies),
    ]


def eleventh(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    """Return ten attachments to one target, and an eleventh to the target that is given."""
    policy = made(POLICY, "eleventh")
    return [*attached(10), policy, made(ATTACHMENT, "eleventh", properties, policyId=policy)]


CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="elsewhere", properties={"targetId": "ou-a1b2-12345678"}, verdict="pass"),
    Case(name="the-same", properties={"targetId": "r-a1b2"}, verdict="fail"),
    Case(name="unknown", properties={"targetId": NOT_KNOWN}, verdict="pass"),
]

TABLES = (Table(RULE, CASES, eleventh),)


@pytest.mark.parametrize(
    ("kind", "count", "verdict"),
    [
        ("SERVICE_CONTROL_POLICY", 10, "pass"),
        ("SERVICE_CONTROL_POLICY", 11, "fail"),
        ("RESOURCE_CONTROL_POLICY", 5, "pass"),
        ("RESOURCE_CONTROL_POLICY", 6, "fail"),
        ("TAG_POLICY", 11, "pass"),
    ],
)
def test_each_type_of_policy_has_a_quota_of_its_own(kind: str, count: int, verdict: str) -> None:
    assert stack_verdict(RULE, attached(count, kind)) == verdict


def test_a_policy_that_is_attached_twice_counts_once() -> None:
    resources = attached(10)
    again = made(ATTACHMENT, "again", {"targetId": "r-a1b2"}, policyId=resources[0])

    assert stack_verdict(RULE, [*resources, again]) == "pass"


def test_a_larger_quota_can_be_set() -> None:
    assert stack_verdict(RULE, attached(12), maximumPerTarget=12) == "pass"
