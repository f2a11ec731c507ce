"""A trail's key is one that its owner manages."""

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
    # A key that is not known yet is made in the same program, where AWS-managed keys cannot be.
    key = trail.properties.get("kmsKeyId")
    if isinstance(key, str) and (key.startswith("alias/aws/") or ":alias/aws/" in key):
        yield Violation(
            resource=trail,
            path="kmsKeyId",
            problem="is the alias of a key that AWS manages: its policy cannot admit CloudTrail",
            remediation="set kmsKeyId to the ARN of a customer managed key",
        )


RULE = ResourceRule(
    id="cloudtrail-customer-managed-key",
    title="A CloudTrail trail's KMS key is a customer managed one.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk",
    rationale=(
        "The policy of an AWS managed key (alias/aws/...) cannot be changed, so it can neither"
        " admit CloudTrail nor say who may decrypt log files. CloudTrail rejects such a key when"
        " the trail is made or changed; this rule says so in the preview."
    ),
    remediation="Make a KMS key whose policy admits CloudTrail, and set kmsKeyId to its ARN.",
    check=_check,
)
