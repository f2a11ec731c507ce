"""A trail encrypts its log files with a key of AWS KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule, Violation
from cloudtrail_guard_policies.engine.values import is_blank
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
    # A key that is not known yet is made in the same program: it counts as set.
    if is_blank(trail.properties.get("kmsKeyId")):
        yield Violation(
            resource=trail,
            path="kmsKeyId",
            problem="is not set: every principal that can read the bucket can read the log files",
            remediation="set kmsKeyId to the ARN of a KMS key that CloudTrail may use",
        )


RULE = ResourceRule(
    id="cloudtrail-kms-encryption",
    title="A CloudTrail trail encrypts its log files with a KMS key.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    controls=controls("cloudtrail_kms_encryption_enabled", "CloudTrail.2"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
    rationale=(
        "Without a key of its own a trail's log files are encrypted with a key that S3 manages,"
        " which S3 uses for everybody who may read the bucket. With a KMS key, reading a log file"
        " takes a second permission, which the key's policy gives to those who investigate, and"
        " each use of the key is itself recorded."
    ),
    remediation="Set kmsKeyId to the ARN of a KMS key that CloudTrail may use.",
    check=_check,
)
