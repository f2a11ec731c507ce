"""A log bucket is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Violation
from cloudtrail_guard_policies.engine.values import at, items
from cloudtrail_guard_policies.iam.callers import admits_anyone
from cloudtrail_guard_policies.rules.checks import log_bucket_policies, no_statement_may
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import ACL, BUCKETS, JOINED, POLICY, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Statement

_PUBLIC_ACLS: Final = frozenset({"public-read", "public-read-write", "authenticated-read"})
_PUBLIC_GROUPS: Final = ("/global/AllUsers", "/global/AuthenticatedUsers")


def _problem(statement: Statement) -> str | None:
    if admits_anyone(statement):
        return "allows callers of any account: no condition limits them to fixed values"
    return None


_by_policy = no_statement_may(
    log_bucket_policies,
    _problem,
    remediation="name the principals, or add a condition such as aws:PrincipalOrgID",
)


def _check(stack: Stack, settings: RuleSettings) -> Iterator[Finding]:
    yield from _by_policy(stack, settings)
    for bucket in log_buckets(stack):
        for resource in (bucket.bucket, *bucket.separate(ACL)):
            granted = (
                resource.properties.get("grants"),
                at(resource.properties, "accessControlPolicy.grants"),
            )
            if resource.properties.get("acl") in _PUBLIC_ACLS:
                path = "acl"
            elif any(_is_public_grant(each) for grants in granted for each in items(grants)):
                path = "grants"
            else:
                continue
            yield Violation(
                resource=resource,
                path=path,
                problem="grants access to callers of any account",
                remediation=f"remove {path}",
            )


def _is_public_grant(grant: Value) -> bool:
    known = grant if isinstance(grant, dict) else {}
    group = known.get("uri") or at(known, "grantee.uri")
    return isinstance(group, str) and group.endswith(_PUBLIC_GROUPS)


RULE = StackRule(
    id="log-bucket-not-public",
    title="A log bucket grants nothing to everybody.",
    severity=Severity.CRITICAL,
    level=EnforcementLevel.MANDATORY,
    types=BUCKETS | POLICY.types | ACL.types,
    joins=JOINED,
    controls=controls(
        "cloudtrail_logs_s3_bucket_is_not_publicly_accessible",
        "s3_bucket_policy_public_write_access",
        "S3.2",
        "S3.3",
    ),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    rationale=(
        "Log files tell who does what, from where and with which resources; a principal that may"
        " write among them can hide it. A statement for everybody counts as public unless a"
        " condition limits the callers to fixed values: an organization, account, VPC endpoint,"
        " source or address. A wildcard, a policy variable or a very broad range limits nothing."
    ),
    remediation="Name principals in the Allow statement, and remove public ACLs.",
    check=_check,
)
