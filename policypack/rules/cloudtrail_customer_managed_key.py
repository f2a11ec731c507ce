"""A trail's key is one that its owner manages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import ResourceRule, Violation
from pulumi_policy import EnforcementLevel, Severity

from rules._trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings


def _check(trail: Resource, _settings: Settings) -> Iterator[Finding]:
    # A key that is not known yet is made in the same program, where AWS-managed keys cannot be.
    key = trail.properties.get("kmsKeyId")
    if isinstance(key, str) and (key.startswith("alias/aws/") or ":alias/aws/" in key):
        yield Violation(
            resource=trail,
            path="kmsKeyId",
            problem="is the alias of a key that AWS manages: its policy cannot admit CloudTrail",
            mend="set kmsKeyId to the ARN of a customer managed key",
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
        " admit CloudTrail nor say who may decrypt log files. CloudTrail refuses such a key when"
        " the trail is made or changed; this rule says so in the preview."
    ),
    mend="Make a KMS key whose policy admits CloudTrail, and set kmsKeyId to its ARN.",
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

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    kms_key_id="arn:aws:kms:eu-west-1:111122223333:alias/aws/s3",
)
""",
    check=_check,
)
