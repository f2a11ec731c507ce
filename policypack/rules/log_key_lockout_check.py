"""A log key's policy is checked for a lock-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN, is_true
from pulumi_policy import EnforcementLevel, Severity

from rules._keys import JOINED_WITH_KEYS, KEY_POLICIES, KEYS, log_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings

_PROPERTY = "bypassPolicyLockoutSafetyCheck"


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for key, documents in log_keys(stack):
        for resource in {
            each.urn: each for each in (key, *(d.resource for d in documents))
        }.values():
            value = resource.properties.get(_PROPERTY)
            if value is UNKNOWN:
                yield Undecidable(resource=resource, path=_PROPERTY)
            elif is_true(value):
                yield Violation(
                    resource=resource,
                    path=_PROPERTY,
                    problem="is true: a wrong policy can make the key unmanageable for good",
                    mend=f"set {_PROPERTY} to false, or remove it",
                )


RULE = StackRule(
    id="log-key-lockout-check",
    title="A key's policy is not set past the check that somebody can still change it.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS | KEY_POLICIES,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html",
    rationale=(
        "KMS refuses a key policy that would keep the caller from changing it again. Past that"
        " check, one wrong statement makes the key unmanageable for good: not even the root user"
        " can mend it, and AWS Support must be asked."
    ),
    mend="Set bypassPolicyLockoutSafetyCheck to false, or leave it out.",
    good="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", enable_key_rotation=True)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    bad="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", bypass_policy_lockout_safety_check=True)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    check=_check,
)
