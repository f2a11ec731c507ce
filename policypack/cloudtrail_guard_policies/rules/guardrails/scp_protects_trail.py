"""SCPs protect an organization trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import is_true
from cloudtrail_guard_policies.iam.documents import document
from cloudtrail_guard_policies.subjects.guardrails import (
    ATTACHMENTS,
    POLICIES,
    TRAIL_TAMPERING,
    is_scp,
)
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    trails = [
        trail
        for trail in stack.of_types(TRAILS)
        if is_true(trail.properties.get("isOrganizationTrail"))
    ]
    if not trails:
        return
    attached = [
        each for each in stack.of_types(POLICIES) if is_scp(each) and _attached(stack, each)
    ]
    found = [document(each, "content") for each in attached]
    documents = [each for each in found if each is not None]
    denials = [
        statement for each in documents for statement in each.statements or () if statement.denies
    ]
    missing = [
        action for action in TRAIL_TAMPERING if not any(each.covers(action) for each in denials)
    ]
    unknown = [each for each in documents if each.statements is None]
    if missing and unknown:
        yield Undecidable(resource=unknown[0].resource, path="content")
    elif missing:
        for trail in trails:
            yield Violation(
                resource=trail,
                path="isOrganizationTrail",
                problem=f"is true, but no attached SCP of the stack denies {', '.join(missing)}",
                remediation="add an SCP that denies them, and attach it to the root or to OUs",
            )


def _attached(stack: Stack, policy: Resource) -> bool:
    return bool(stack.referring(policy, "policyId", ATTACHMENTS)) or any(
        policy in stack.named(each.properties.get("policyId"), POLICIES)
        for each in stack.of_types(ATTACHMENTS)
    )


RULE = StackRule(
    id="scp-protects-trail",
    title="Attached SCPs keep member accounts from stopping or changing trails.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS | POLICIES,
    joins=ATTACHMENTS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    rationale=(
        "An administrator of a member account can stop the trails of that account, and change"
        " what the organization trail leaves open. SCPs deny it to every principal of the"
        " account, its root user included. They do not bind the management account."
    ),
    remediation="Add an SCP that denies the actions, and attach it to the root or to OUs.",
    check=_check,
)
