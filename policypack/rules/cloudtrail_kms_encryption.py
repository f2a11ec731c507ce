"""A trail encrypts its log files with a key of AWS KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import ResourceRule, Violation
from framework.values import is_blank
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings


def _check(trail: Resource, _settings: Settings) -> Iterator[Finding]:
    # A key that is not known yet is made in the same program: it counts as set.
    if is_blank(trail.properties.get("kmsKeyId")):
        yield Violation(
            resource=trail,
            path="kmsKeyId",
            problem="is not set: whoever can read the bucket can read the log files",
            mend="set kmsKeyId to the ARN of a KMS key that CloudTrail may use",
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
    mend="Set kmsKeyId to the ARN of a KMS key that CloudTrail may use.",
    good="""\
import pulumi_aws as aws

key = aws.kms.Key("logs", enable_key_rotation=True)
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    kms_key_id=key.arn,
)
""",
    bad="""\
import pulumi_aws as aws

# Without kms_key_id the log files are encrypted with a key that S3 manages.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=_check,
)
