"""SCPs protect an organization trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true
from cloudtrail_guard_policies.iam.callers import denies_all_but_named
from cloudtrail_guard_policies.iam.documents import document, matches, without_variables
from cloudtrail_guard_policies.subjects.guardrails import (
    ATTACHMENTS,
    POLICIES,
    TRAIL_TAMPERING,
    may_be_scp,
)
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Document, Statement

_TRAIL_SECTION: Final = 5
"""The section of a trail's ARN that is its name."""


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    trails = [
        trail
        for trail in stack.of_types(TRAILS)
        if is_true(trail.properties.get("isOrganizationTrail"))
    ]
    if not trails:
        return
    attached, possible = _documents(stack)
    unknown = [each for each in attached if not each.complete or not _is_certain(each)]
    for trail in trails:
        missing = {
            action: [_covers(statement, action, trail) for statement in _denials(attached)]
            for action in TRAIL_TAMPERING
        }
        open_ones = [action for action, covered in missing.items() if True not in covered]
        undecided = [
            *unknown,
            *possible,
            *(each for each in attached if any(None in covered for covered in missing.values())),
        ]
        if open_ones and undecided:
            yield Undecidable(resource=undecided[0].resource, path="content")
        elif open_ones:
            yield Violation(
                resource=trail,
                path="isOrganizationTrail",
                problem=(
                    "is true, but no attached SCP of the stack denies"
                    f" {', '.join(open_ones)} to all but named principals"
                ),
                remediation="add an SCP that denies them, and attach it to the root or to OUs",
            )


def _documents(stack: Stack) -> tuple[list[Document], list[Document]]:
    """Return the documents of the attached policies, and of those that may be attached."""
    named = [stack.references(each, "policyId", POLICIES) for each in stack.of_types(ATTACHMENTS)]
    attached = {policy.urn for each in named for policy in each.certain}
    maybe = {policy.urn for each in named for policy in each.possible}
    anything = any(each.unresolved for each in named)
    found = [
        (policy, one)
        for policy in stack.of_types(POLICIES)
        if may_be_scp(policy) and (one := document(policy, "content")) is not None
    ]
    return (
        [one for policy, one in found if policy.urn in attached],
        [
            one
            for policy, one in found
            if policy.urn not in attached and (anything or policy.urn in maybe)
        ],
    )


def _is_certain(one: Document) -> bool:
    return one.resource.properties.get("type") is not UNKNOWN


def _denials(documents: Sequence[Document]) -> list[Statement]:
    """Return the statements that certainly hold for all but named principals."""
    return [
        statement
        for one in documents
        if _is_certain(one)
        for statement in one.statements
        if denies_all_but_named(statement)
    ]


def _covers(statement: Statement, action: str, trail: Resource) -> bool | None:
    """Return whether a statement denies an action on a trail; None while that is not known."""
    if not statement.covers(action):
        return False
    if statement.not_resources:
        spared = [_names(each, trail) for each in statement.not_resources]
        return False if True in spared else None if None in spared else True
    named = [_names(each, trail) for each in statement.resources]
    return True if True in named else None if None in named else False


def _names(pattern: Value, trail: Resource) -> bool | None:
    """Return whether a pattern of resources names a trail; None while that is not known."""
    if not isinstance(pattern, str):
        return None
    pattern = without_variables(pattern)
    arns = [each for each in trail.identifiers if each.startswith("arn:")]
    if pattern == "*" or any(matches(pattern, arn) for arn in arns):
        return True
    if arns:
        return False
    sections = pattern.split(":", _TRAIL_SECTION)
    name = _trail_name(trail)
    if len(sections) <= _TRAIL_SECTION or name is None:
        return None
    if not matches(sections[_TRAIL_SECTION], f"trail/{name}"):
        return False
    region, account = sections[3:_TRAIL_SECTION]
    return True if (region, account) == ("*", "*") else None


def _trail_name(trail: Resource) -> str | None:
    name = trail.properties.get("name", trail.properties.get("trailName"))
    return name if isinstance(name, str) else None


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
        " account, its root user included. A statement counts if it holds for this trail, whatever"
        " the region, device or tag, for all but principals that it names. SCPs do not bind the"
        " management account."
    ),
    remediation="Add an SCP that denies the actions, and attach it to the root or to OUs.",
    check=_check,
)
