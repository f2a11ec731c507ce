from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.rules.guardrails.scp_protects_trail import RULE
from cloudtrail_guard_policies.subjects.guardrails import TRAIL_TAMPERING

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made, stack_verdict
from tests.policypack.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

SCP = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
ALL = TRAIL_TAMPERING


def document(**statement: object) -> dict[str, object]:
    given = {name: value for name, value in statement.items() if value is not None}
    return {"content": json.dumps({"Version": "2012-10-17", "Statement": given})}


def deny(*actions: str, effect: str = "Deny", **more: object) -> dict[str, object]:
    return document(**{"Effect": effect, "Action": actions, "Resource": "*", **more})


def deny_all_but(actions: list[str], condition: dict[str, object]) -> dict[str, object]:
    return document(Effect="Deny", NotAction=actions, Resource="*", Condition=condition)


BREAK_GLASS = "arn:aws:iam::111122223333:role/BreakGlass"


CASES = [
    Case(name="all", properties=deny(*ALL), verdict="pass"),
    Case(name="by-pattern", properties=deny("cloudtrail:*"), verdict="pass"),
    Case(name="some", properties=deny(*ALL[1:]), verdict="fail"),
    Case(name="allowed", properties=deny(*ALL, effect="Allow"), verdict="fail"),
    Case(name="of-another-type", properties={**deny(*ALL), "type": "TAG_POLICY"}, verdict="fail"),
    # A policy that keeps to regions, devices or tags protects no trail.
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
    Case(
        name="regions",
        properties=deny_all_but(
            ["iam:*", "organizations:*", "sts:*"],
            {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}},
        ),
        verdict="fail",
    ),
    Case(
        name="all-but-iam-everywhere",
        properties=deny_all_but(["iam:*", "sts:*"], {}),
        verdict="pass",
    ),
    Case(
        name="without-mfa",
        properties=deny(*ALL, Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
        verdict="fail",
    ),
    Case(
        name="untagged",
        properties=deny(*ALL, Condition={"StringNotEquals": {"aws:PrincipalTag/team": "x"}}),
        verdict="fail",
    ),
    Case(
        name="but-a-role",
        properties=deny(*ALL, Condition={"ArnNotLike": {"aws:PrincipalArn": BREAK_GLASS}}),
        verdict="pass",
    ),
    Case(
        name="but-every-role",
        properties=deny(
            *ALL, Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}
        ),
        verdict="fail",
    ),
    Case(
        name="but-an-account",
        properties=deny(
            *ALL, Condition={"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}
        ),
        verdict="fail",
    ),
    Case(
        name="another-trail",
        properties=deny(*ALL, Resource="arn:aws:cloudtrail:*:*:trail/other"),
        verdict="fail",
    ),
    Case(
        name="this-trail",
        properties=deny(*ALL, Resource="arn:aws:cloudtrail:*:*:trail/audit"),
        verdict="pass",
    ),
    Case(
        name="trails-by-pattern",
        properties=deny(*ALL, Resource=["arn:aws:cloudtrail:*:*:trail/a*"]),
        verdict="pass",
    ),
    Case(
        # Its account and region are known when it is made.
        name="this-trail-in-one-account",
        properties=deny(*ALL, Resource="arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"),
        verdict="undecided",
    ),
    Case(
        name="all-but-other-trails",
        properties=deny(*ALL, Resource=None, NotResource="arn:aws:cloudtrail:*:*:trail/scratch-*"),
        verdict="pass",
    ),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={"content": NOT_KNOWN}, verdict="undecided"),
]


def _stack(policy: AnalyzerResource, *, organization: bool = True) -> list[AnalyzerResource]:
    trail = {"name": "audit", "isOrganizationTrail": organization}
    return [policy, made(TRAIL, "audit", trail)]


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


@pytest.mark.parametrize("left_out", ALL)
def test_every_action_that_stops_or_blinds_a_trail_must_be_denied(left_out: str) -> None:
    policy = deny(*(action for action in ALL if action != left_out))

    assert stack_verdict(RULE, _attached(policy)) == "fail"


def test_the_trail_of_one_account_needs_no_scp() -> None:
    policy = made(SCP, "other", deny("ec2:*"))

    assert stack_verdict(RULE, _stack(policy, organization=False)) == "pass"


@pytest.mark.parametrize(("account", "verdict"), [("111122223333", "pass"), ("2", "fail")])
def test_a_trail_that_is_made_is_compared_by_its_arn(account: str, verdict: str) -> None:
    pattern = f"arn:aws:cloudtrail:*:{account}:trail/audit"
    [policy, trail, attachment] = _attached(deny(*ALL, Resource=pattern))
    trail.properties.update({"arn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"})

    assert stack_verdict(RULE, [policy, trail, attachment]) == verdict


def test_an_attachment_of_a_policy_that_is_not_known_yet_leaves_the_rule_undecided() -> None:
    policy = made(SCP, "protect", deny(*ALL))
    attachment = made(ATTACHMENT, "protect", {"policyId": NOT_KNOWN, "targetId": "r-a1b2"})

    assert stack_verdict(RULE, [*_stack(policy), attachment]) == "undecided"
