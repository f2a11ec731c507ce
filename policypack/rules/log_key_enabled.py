"""A log key is enabled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN, is_true
from pulumi_policy import EnforcementLevel, Severity

from rules._keys import JOINED_WITH_KEYS, KEYS, log_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for key, _ in log_keys(stack):
        value = key.properties.get("isEnabled")
        if value is UNKNOWN:
            yield Undecidable(resource=key, path="isEnabled")
        elif value is not None and not is_true(value):
            yield Violation(
                resource=key,
                path="isEnabled",
                problem="is false: CloudTrail can deliver no log files",
                mend="set isEnabled to true, or remove it",
            )


RULE = StackRule(
    id="log-key-enabled",
    title="A key that encrypts log files is enabled.",
    severity=Severity.CRITICAL,
    level=EnforcementLevel.MANDATORY,
    types=KEYS,
    joins=JOINED_WITH_KEYS,
    controls={},
    link="https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
    rationale=(
        "While its key is disabled, CloudTrail cannot encrypt, so it delivers no log files, and"
        " nobody can decrypt those that are there. A key is enabled unless isEnabled says"
        " otherwise."
    ),
    mend="Set isEnabled to true, or leave it out.",
    good="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", enable_key_rotation=True)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    bad="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", is_enabled=False)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    check=_check,
)
