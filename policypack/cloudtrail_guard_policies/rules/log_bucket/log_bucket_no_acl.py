"""A log bucket grants nothing by ACL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, items
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.log_buckets import ACL, BUCKETS, JOINED, log_buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value


_OF_THE_OWNER: Final = (
    None,
    "",
    "private",
    [],
    # S3 ignores them on a bucket.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
    "bucket-owner-read",
    "bucket-owner-full-control",
)


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for bucket in log_buckets(stack):
        for resource in (bucket.bucket, *bucket.separate(ACL)):
            for path in ("acl", "grants", "accessControlPolicy"):
                value = resource.properties.get(path)
                if value is UNKNOWN or _may_be_the_owners(value):
                    yield Undecidable(resource=resource, path=path)
                elif value not in _OF_THE_OWNER and not _is_the_owners(value):
                    yield Violation(
                        resource=resource,
                        path=path,
                        problem="grants access by ACL, beside the bucket policy",
                        remediation=f"remove {path}, and grant access in the bucket policy",
                    )


def _may_be_the_owners(grants: Value) -> bool:
    """Return whether there is one grant, of which it is not known yet whose it is."""
    given = items(grants)
    if len(given) != 1:
        return False
    grant = given[0] if isinstance(given[0], dict) else {"type": given[0]}
    return UNKNOWN in (grant.get("type"), *items(grant.get("permissions")))


def _is_the_owners(grants: Value) -> bool:
    """Return whether grants are what every bucket that is only read has: the owner's own."""
    whole = [
        grant
        for grant in items(grants)
        if isinstance(grant, dict)
        and grant.get("type") == "CanonicalUser"
        and grant.get("permissions") == ["FULL_CONTROL"]
    ]
    return len(whole) == len(items(grants)) == 1


RULE = StackRule(
    id="log-bucket-no-acl",
    title="A log bucket grants nothing by ACL.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=BUCKETS | ACL.types,
    joins=JOINED,
    controls=controls("s3_bucket_acl_prohibited", "S3.12"),
    link="https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html",
    rationale=(
        "An ACL grants beside the bucket policy, where no reviewer of the policy sees it. Only"
        " private grants nothing. Public grants are the business of log-bucket-not-public."
    ),
    remediation="Remove the BucketAcl, and the bucket's acl and grants.",
    check=_check,
)
