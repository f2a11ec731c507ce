"""Service control policies (SCPs), and what they protect.

The lists of actions come from ``operations.json``, which the table of CloudTrail Guard writes: the
pack itself imports nothing of it.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.rule import Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.iam.documents import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding, ResourceCheck
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.iam.documents import Document, Statement

POLICIES: Final = frozenset({"aws:organizations/policy:Policy"})
ATTACHMENTS: Final = frozenset({"aws:organizations/policyAttachment:PolicyAttachment"})
SCP: Final = "SERVICE_CONTROL_POLICY"
RCP: Final = "RESOURCE_CONTROL_POLICY"

_ACTIONS: Final[dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("operations.json").read_text(encoding="utf-8")
)
TRAIL_TAMPERING: Final = tuple(_ACTIONS["trailTampering"])
"""What stops, removes, changes or blinds a trail."""

OBJECT_TAMPERING: Final = tuple(_ACTIONS["logDeletion"])
"""What deletes log files and their versions."""

_STORE_TAMPERING: Final = tuple(_ACTIONS["storeTampering"])
"""What destroys log files, bucket or key, or removes what protects them."""


def is_scp(policy: Resource) -> bool:
    """Return whether an organization's policy is an SCP; the type is that unless it is set."""
    return policy.properties.get("type") in (None, SCP)


def may_be_scp(policy: Resource) -> bool:
    """Return whether a policy is an SCP, or may turn out to be one."""
    return is_scp(policy) or policy.properties.get("type") is UNKNOWN


def is_guardrail(statement: Statement) -> bool:
    """Return whether a statement protects a trail, a bucket or a key.

    It denies actions of CloudTrail by name, or deletes and policy changes on resources by name.
    """
    if not statement.denies:
        return False
    named = [each for each in statement.actions if isinstance(each, str)]
    if any(each.startswith("cloudtrail:") for each in named):
        return True
    on_named = all(each != "*" for each in statement.resources)
    return on_named and any(each.lower() in named for each in _STORE_TAMPERING)


def no_guardrail_may(
    breaks: Callable[[Statement, Document], bool], *, where: str, problem: str, remediation: str
) -> ResourceCheck:
    """Return the check that no guardrail says something.

    Args:
        breaks: Whether a guardrail of a document says it.
        where: The part of the statement, such as ``Resource``.
        problem: The problem of such a statement.
        remediation: What to do.

    Returns:
        The check.
    """

    def check(policy: Resource, _settings: RuleSettings) -> Iterator[Finding]:
        found = document(policy, "content")
        if policy.properties.get("type") is UNKNOWN:
            yield Undecidable(resource=policy, path="type")
        elif is_scp(policy) and found is not None:
            if not found.complete:
                yield Undecidable(resource=policy, path="content")
            for statement in found.statements:
                if is_guardrail(statement) and breaks(statement, found):
                    yield Violation(
                        resource=policy,
                        path=f"{statement.path}.{where}",
                        problem=problem,
                        remediation=remediation,
                    )

    return check
