"""A trail is protected from being destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule, Violation
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
    # Destroying a stack leaves alone what it only reads.
    if not trail.protect and not trail.read:
        yield Violation(
            resource=trail,
            path="protect",
            problem="is not set: a destroy, or its removal from the program, deletes the trail",
            remediation="set the resource option protect to true",
        )


RULE = ResourceRule(
    id="cloudtrail-protected",
    title="A CloudTrail trail is protected from being destroyed by Pulumi.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    rationale=(
        "A trail goes with a renamed resource, a wrong stack or a destroy of everything, and from"
        " then on nothing is recorded. With the resource option protect, which children inherit"
        " from a protected component, Pulumi refuses to delete it until somebody unprotects it."
    ),
    remediation="Set the resource option protect to true.",
    check=_check,
)
