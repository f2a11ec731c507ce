"""A log key is rotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import StackRule, Undecidable, Violation
from framework.values import UNKNOWN, is_true
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._keys import JOINED_WITH_KEYS, KEYS, log_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings


def _check(stack: Stack, _settings: Settings) -> Iterator[Finding]:
    for key, _ in log_keys(stack):
        value = key.properties.get("enableKeyRotation")
        if value is UNKNOWN:
            yield Undecidable(resource=key, path="enableKeyRotation")
        elif not is_true(value):
            yield Violation(
                resource=key,
                path="enableKeyRotation",
                problem="is not true: the key is never rotated",
                mend="set enableKeyRotation to true",
            )


RULE = StackRule(
    id="log-key-rotation",
    title="A key that encrypts log files is rotated every year.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=KEYS,
    joins=JOINED_WITH_KEYS,
    controls=controls("kms_cmk_rotation_enabled", "KMS.4"),
    link="https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    rationale=(
        "Rotation gives the key new key material every year, and keeps the old for decryption."
        " What one set of key material encrypts, and what its loss would expose, stays bounded."
        " It is off unless it is set."
    ),
    mend="Set enableKeyRotation to true.",
    good="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", enable_key_rotation=True)
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    bad="""\
import pulumi_aws as aws

key = aws.kms.Key("logs")
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn
)
""",
    check=_check,
    fixes={each: {"enableKeyRotation": True} for each in KEYS},
)
