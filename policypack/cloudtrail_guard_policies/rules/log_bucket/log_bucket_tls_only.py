"""A log bucket denies requests without TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.rules.checks import log_bucket_policies, policy_must
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloudtrail_guard_policies.iam.documents import Statement


def _denies_plain_http(statements: Sequence[Statement]) -> bool:
    denials = [each for each in statements if _denies(each)]
    resources = [resource for each in denials for resource in each.resources]
    on_objects = any(isinstance(each, str) and each.endswith("*") for each in resources)
    on_bucket = any(isinstance(each, str) and "/" not in each for each in resources)
    return on_objects and on_bucket


def _denies(statement: Statement) -> bool:
    return (
        statement.denies
        and statement.everybody
        and statement.covers("s3:GetObject")
        and statement.covers("s3:PutObject")
        and len(statement.conditions) == 1
        and statement.conditions[0].key == "aws:securetransport"
        and statement.conditions[0].operator == "bool"
        and statement.conditions[0].values == ("false",)
    )


RULE = StackRule(
    id="log-bucket-tls-only",
    title="A log bucket's policy denies every request that comes without TLS.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | POLICY.types,
    joins=JOINED,
    controls=controls("s3_bucket_secure_transport_policy", "S3.5"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    rationale=(
        "S3 answers plain HTTP unless the bucket policy denies it, and log files read that way"
        " can be read on the way. Write the condition as the text false: Prowler looks for it,"
        " and a JSON boolean, though it denies as much, shows a difference in every preview."
    ),
    remediation="Deny s3:* to everybody where aws:SecureTransport is false, on bucket and objects.",
    check=policy_must(
        log_bucket_policies,
        _denies_plain_http,
        problem="does not deny every request without TLS, on the bucket and its objects",
        remediation=(
            "deny s3:* to everybody on the bucket and its objects under the condition Bool"
            " aws:SecureTransport false"
        ),
    ),
)
