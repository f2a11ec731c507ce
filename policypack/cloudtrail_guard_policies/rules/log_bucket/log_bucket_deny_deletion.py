"""A log bucket denies the deletion of log files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule
from cloudtrail_guard_policies.iam.callers import denies_all_but_named
from cloudtrail_guard_policies.rules.checks import log_bucket_policies, policy_must
from cloudtrail_guard_policies.subjects.guardrails import OBJECT_TAMPERING
from cloudtrail_guard_policies.subjects.log_buckets import BUCKETS, JOINED, POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloudtrail_guard_policies.iam.documents import Statement


def _denies_deletion(statements: Sequence[Statement]) -> bool:
    denials = [each for each in statements if _denies(each)]
    return all(
        any(statement.covers(action) for statement in denials) for action in OBJECT_TAMPERING
    )


def _denies(statement: Statement) -> bool:
    return denies_all_but_named(statement) and any(
        isinstance(each, str) and each.endswith("*") for each in statement.resources
    )


RULE = StackRule(
    id="log-bucket-deny-deletion",
    title="A log bucket's policy denies deleting log files to all but named roles.",
    severity=Severity.HIGH,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | POLICY.types,
    joins=JOINED,
    controls={},
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html",
    rationale=(
        "Without a Deny, every principal with s3:DeleteObject in the bucket's account, first of"
        " all every administrator, can delete log files; with DeleteObjectVersion for good. The"
        " Deny may exempt break-glass roles by aws:PrincipalArn or aws:userid, and no other"
        " principal."
    ),
    remediation="Deny deleting objects and their versions to everybody but break-glass roles.",
    check=policy_must(
        log_bucket_policies,
        _denies_deletion,
        problem="does not deny deleting log files and versions to all but named principals",
        remediation=(
            "deny s3:DeleteObject and s3:DeleteObjectVersion on the bucket's objects to everybody"
            " but break-glass roles (aws:PrincipalArn)"
        ),
    ),
)
