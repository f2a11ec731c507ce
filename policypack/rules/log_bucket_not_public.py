"""A log bucket is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from framework.rule import StackRule, Violation
from framework.values import at, items
from pulumi_policy import EnforcementLevel, Severity

from rules._checks import log_bucket_policies, no_statement_may
from rules._controls import controls
from rules._examples import TRAIL, bucket_policy
from rules._log_buckets import ACL, BUCKETS, JOINED, POLICY, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Stack
    from framework.rule import Finding
    from framework.settings import Settings
    from framework.values import Value

    from rules._documents import Statement

_PUBLIC_ACLS: Final = frozenset({"public-read", "public-read-write", "authenticated-read"})
_PUBLIC_GROUPS: Final = ("/global/AllUsers", "/global/AuthenticatedUsers")


def _is_public(statement: Statement) -> bool:
    return statement.allows and statement.everybody and not statement.names_callers


_by_policy = no_statement_may(
    log_bucket_policies,
    _is_public,
    problem="allows everybody, because no condition names the callers",
    mend="name the principals, or add a condition such as aws:PrincipalOrgID",
)


def _check(stack: Stack, settings: Settings) -> Iterator[Finding]:
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
                problem="grants access to everybody",
                mend=f"remove {path}",
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
        "Log files tell who does what, from where and with which resources; whoever may write"
        " among them can hide it. A statement for everybody counts as public unless a condition"
        " names the callers: an organization, account, VPC endpoint, source or address."
    ),
    mend="Name principals in the Allow statement, and remove public ACLs.",
    good=bucket_policy(
        """\
{
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::example-logs/*",
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
}
""",
        TRAIL,
    ),
    bad=bucket_policy(
        """\
{
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::example-logs/*",
}
""",
        TRAIL,
    ),
    check=_check,
)
