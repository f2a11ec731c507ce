"""No target has more SCPs or RCPs than AWS allows."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import StackRule, Violation
from cloudtrail_guard_policies.subjects.guardrails import ATTACHMENTS, POLICIES, RCP, SCP
from cloudtrail_guard_policies.subjects.quotas import QUOTAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings

_MOST = integer(
    "maximumPerTarget",
    "The most SCPs of one target; AWS's quota unless it has granted the organization more.",
    default=QUOTAS[SCP].per_target,
    minimum=1,
)


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    quotas = {SCP: settings[_MOST], RCP: QUOTAS[RCP].per_target}
    for (kind, _), attachments in _by_target(stack).items():
        most = quotas[kind]
        for attachment in attachments[most:]:
            name = "SCPs" if kind == SCP else "RCPs"
            yield Violation(
                resource=attachment,
                path="targetId",
                problem=f"is the target of {len(attachments)} {name} of the stack, but may have"
                f" {most}",
                remediation="pack the statements into fewer policies, or attach some to OUs below",
            )


def _by_target(stack: Stack) -> dict[tuple[str, str], list[Resource]]:
    """Return the attachments of known policies by type of policy and known target."""
    found: defaultdict[tuple[str, str], dict[str, Resource]] = defaultdict(dict)
    for attachment in stack.of_types(ATTACHMENTS):
        target = attachment.properties.get("targetId")
        for policy in stack.references(attachment, "policyId", POLICIES).certain:
            kind = policy.properties.get("type", SCP)
            if isinstance(target, str) and kind in (SCP, RCP):
                found[str(kind), target].setdefault(policy.urn, attachment)
    return {key: list(each.values()) for key, each in found.items()}


RULE = StackRule(
    id="scp-policies-per-target",
    title="A root, OU or account has no more SCPs and RCPs attached than AWS allows.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=ATTACHMENTS,
    joins=POLICIES,
    controls={},
    link="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html",
    rationale=(
        "AWS Organizations rejects one attachment too many when it is made, half-way through an"
        f" update. Since {QUOTAS[SCP].since} a target may have {QUOTAS[SCP].per_target} SCPs, and"
        f" {QUOTAS[RCP].per_target} RCPs; the policies that AWS attaches by itself, FullAWSAccess"
        " and RCPFullAWSAccess, and those of other stacks count too, but are not seen here."
    ),
    remediation="Pack the statements into fewer policies, or attach some of them to OUs below.",
    check=_check,
    parameters=(_MOST,),
)
